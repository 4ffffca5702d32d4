"""Which platform's export a row of headers belongs to, by the headers that only it has."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.profiles.model import Profile, Signature
from rm_audit.readers import Value

# Judgement, tried on the built-in profiles with each of their headers spelled otherwise: two shared words of three.
NEAR = 70
LEAST_GROUPS, LEAST_KNOWN, MOST_OF = 3, 5, 0.6


def fits(profile: Profile, words: Sequence[str], around: Sequence[str]) -> bool:
    """Whether headers (as compared) and the words around them are those of a profile."""
    signature = profile.signature
    if signature is None:
        return False
    there = set(words)
    return (
        all(not group.isdisjoint(there) for group in signature.groups)
        and signature.never.isdisjoint(there)
        and _stands_around(signature, around)
    )


def _stands_around(signature: Signature, around: Sequence[str]) -> bool:
    return not signature.around or any(p.search(text) for p in signature.around for text in around)


def renamed(profile: Profile, words: Sequence[str], around: Sequence[str]) -> tuple[int, str] | None:
    """Which header (its position) most likely stands for the one that an export lost, and how that was spelled.

    None unless all but one of the headers that tell the export are there, most others are known too, and a header that
    nobody knows is spelled much like the lost one.
    """
    signature, there = profile.signature, {word for word in words if word}
    if signature is None or len(signature.groups) < LEAST_GROUPS or not signature.never.isdisjoint(there):
        return None
    lost = [group for group in signature.groups if group.isdisjoint(there)]
    known = there & profile.spellings
    if len(lost) != 1 or len(known) < max(LEAST_KNOWN, MOST_OF * len(there)) or not _stands_around(signature, around):
        return None
    return _nearest(sorted(lost[0]), words, profile.spellings | profile.personal)


def _nearest(lost: Sequence[str], words: Sequence[str], known: frozenset[str]) -> tuple[int, str] | None:
    from rapidfuzz import fuzz  # only where an export is nearly a known one

    new = [(position, word) for position, word in enumerate(words) if word and word not in known]
    pairs = [(fuzz.token_sort_ratio(word, spelled), position, spelled) for position, word in new for spelled in lost]
    best = max(pairs, default=(0, 0, ""))
    return best[1:] if best[0] >= NEAR else None


def stamps_of(profile: Profile, row: Sequence[Value]) -> tuple[dict[str, tuple[int, ...]], dict[int, str]]:
    """Columns that hold a day each: by what they date, and those whose header names a source."""
    texts = {position: value for position, value in enumerate(row) if isinstance(value, str)}
    days = {
        day: tuple(p for p, text in texts.items() if any(pattern.fullmatch(text) for pattern in patterns))
        for day, patterns in profile.stamps.days.items()
    }
    pattern = profile.stamps.named
    found = {p: pattern.fullmatch(text) for p, text in texts.items()} if pattern else {}
    named = {p: match[1].strip() for p, match in found.items() if match and match[1].strip()}
    return {day: columns for day, columns in days.items() if columns}, named


def changes(profile: Profile, row: Sequence[Value], words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By which headers an export differs from what its profile says: those that are gone, those that are new."""
    if not profile.fixed:
        return (), ()
    there = set(words)
    columns: dict[str, list[str]] = {}
    for header, column in profile.tables[0].headers.items():
        columns.setdefault(column, []).append(header)
    gone = [spelled[0] for spelled in (*columns.values(), *profile.known) if there.isdisjoint(spelled)]
    new = [str(value) for value, word in zip(row, words, strict=True) if word and word not in profile.spellings]
    return tuple(gone), tuple(new)
