"""One spelling → the name in it, and what was put around it: paid or organic, a country, a kind of channel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rm_audit.channels.data import grammar, known_cores, spelled

_WORD = re.compile(r"[^\W_]+")
_UTM = re.compile(r"utm_(source|medium)=([^&\s]*)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:/\S*)?(?![\w.])", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—|/>•]\s*|\s*[-–—|/>•]\s+|\s*[:>|]\s*|\s*[()\[\]]\s*")
_REGION_TLDS = {"uk": "gb", "eu": "eu"}

LEAST_LETTERS = 3  # judgement: fewer are no name by themselves

Phrases = Mapping[tuple[str, ...], str]  # words → what they say


@dataclass(frozen=True)
class Spelling:
    """`words` are the name alone and `core` the same without blanks, or the known channel that it is.

    `medium` is 'paid', 'organic', 'unclear' or '' (not said); `country` an ISO code or ''; `kind` what a pick list
    in front says ('job-board'), or ''.
    """

    core: str
    words: tuple[str, ...] = ()
    medium: str = ""
    country: str = ""
    kind: str = ""

    @property
    def organic(self) -> bool:
        return self.medium == "organic"


@lru_cache(maxsize=65_536)
def read(text: str) -> Spelling:
    """The parts of a spelling.

    'Job Board - Job Fairs' and 'jobfairs_cpc' → 'jobfairs'; 'de.indeed.com' → 'indeed' of 'de'.
    """
    text, medium = _without_utm(unicodedata.normalize("NFKC", text).strip())
    text, country = _without_domain(text)
    if " / " in text and not medium:
        medium = _medium(text.rpartition(" / ")[2])
        text = text.rpartition(" / ")[0] if medium in ("paid", "organic") else text
    found = _Stripping(
        _WORD.findall(text), medium, country, {tuple(spelled(part).split()) for part in parts(text)}
    ).run()
    core = known_cores().get(found.core, found.core)
    return replace(found, core=grammar()["paid_names"].get(core, core) if found.medium == "paid" else core)


@lru_cache(maxsize=65_536)
def parts(text: str) -> tuple[str, ...]:
    """What marks with blanks, colons and brackets divide: 'Jane Doe - LinkedIn (UK)' → three parts."""
    return tuple(part.strip() for part in _PARTS.split(text) if part and part.strip())


def _medium(text: str) -> str:
    words = tuple(spelled(text).split())
    if words in phrases("organic"):
        return "organic"
    if words in phrases("paid"):
        return "paid"
    return "unclear" if words in phrases("mediums") else ""


def _without_utm(text: str) -> tuple[str, str]:
    found = {name.lower(): value for name, value in _UTM.findall(text)}
    return (found["source"], _medium(found.get("medium", ""))) if "source" in found else (text, "")


def _without_domain(text: str) -> tuple[str, str]:
    """A domain becomes its name; its end or the part before it may say the country."""
    match = _DOMAIN.search(text)
    if match is None:
        return text, ""
    before = match[1].lower().split(".")
    last = before.pop()
    country = _REGION_TLDS.get(last, last if last in grammar()["countries"] else "")
    if not country and last not in grammar()["tlds"]:
        return text, ""
    if len(before) > 1 and before[-1] in ("co", "com", "org") and country:
        before.pop()
    name = before.pop()
    for part in before:
        code = _REGION_TLDS.get(part, part)
        country = code if code in grammar()["countries"] else country
        if code not in grammar()["countries"] and part not in grammar()["subdomains"]:
            return text, ""  # somebody's own site
    shown = f"{name} {last}" if name in grammar()["generic"] else name
    return f"{text[: match.start()]} {shown} {text[match.end() :]}", country


@cache
def phrases(name: str) -> Phrases:
    """A list of the grammar as words; of `before` and `countries` with the key that each stands under."""
    data = grammar()[name]
    if isinstance(data, Mapping):
        return {tuple(spelled(str(word)).split()): str(key) for key, words in data.items() for word in words}
    return {tuple(spelled(str(word)).split()): name for word in data}


@cache
def _longest(name: str) -> int:
    return max(map(len, phrases(name)))


class _Stripping:
    """Takes phrases off both ends until a known channel or nothing more is left."""

    def __init__(self, raw: Sequence[str], medium: str, country: str, apart: Container[tuple[str, ...]]) -> None:
        pairs = [(word, key) for word in raw for key in spelled(word).split()]
        self.raw, self.words = [word for word, _ in pairs], [key for _, key in pairs]
        self.medium, self.country, self.kind, self.apart = medium, country, "", apart

    def run(self) -> Spelling:
        self._take_organic()
        while not self._known() and (
            self._behind("paid")
            or self._front("paid")
            or self._front("before")
            or self._behind("after")
            or self._country()
            or self._behind("after_agency")
            or self._behind("forms")
        ):
            pass
        inside = [word for word in self.words[1:-1] if word not in grammar()["fillers"]]
        words = (*self.words[:1], *inside, *self.words[1:][-1:])
        return Spelling("".join(words), words, self.medium, self.country, self.kind)

    def _known(self) -> bool:
        return len(self.words) < 2 or "".join(self.words) in known_cores()

    def _take_organic(self) -> None:
        """Wherever it stands; said beside a word for paid, nobody can tell."""
        for start, end in _spans(self.words, "organic"):
            if len(self.words) > end - start:
                del self.words[start:end], self.raw[start:end]
                self.medium = "organic"
                return

    def _say_paid(self) -> None:
        self.medium = "unclear" if self.medium == "organic" else self.medium or "paid"

    def _last(self, count: int) -> Sequence[str]:
        return self.words[-count:]

    def _first(self, count: int) -> Sequence[str]:
        return self.words[:count]

    def _behind(self, name: str) -> bool:
        size = self._size(name, self._last)
        left = self.words[:-size]
        if name == "after" and size and (_letters(left) < LEAST_LETTERS or (len(left) == 1 and left[0] in _generic())):
            return False  # 'Talent.com' is not 'Talent'
        if size:
            del self.words[-size:], self.raw[-size:]
            if name == "paid":
                self._say_paid()
            self.kind = self.kind or ("agency" if name == "after_agency" else "")
        return bool(size)

    def _front(self, name: str) -> bool:
        size = self._size(name, self._first)
        if name == "before" and self._says_too_little(size):
            return False
        if size:
            said = phrases(name)[tuple(self.words[:size])]
            del self.words[:size], self.raw[:size]
            if name == "paid":
                self._say_paid()
            else:
                self.kind = self.kind or said
        return bool(size)

    def _says_too_little(self, size: int) -> bool:
        """'Online Radio' is not 'Radio', nor 'Job Board Ads' any ads, nor 'Source 1' the 'Campaign 1'."""
        left = self.words[size:]
        if tuple(self.words[:size]) in self.apart:  # 'Online - Radio' is
            return not _letters(left)
        return _letters(left) < LEAST_LETTERS or set(left) <= set(grammar()["plain"])

    def _size(self, name: str, some: Callable[[int], Sequence[str]]) -> int:
        most = min(_longest(name), len(self.words) - 1)
        return next((count for count in range(most, 0, -1) if tuple(some(count)) in phrases(name)), 0)

    def _country(self) -> bool:
        for behind in (True, False):
            size = self._size("countries", self._last if behind else self._first)
            where = slice(-size, None) if behind else slice(0, size)
            if not size or not self._is_code(self.words[where], self.raw[where]):
                continue
            code = phrases("countries")[tuple(self.words[where])]
            if self.country and code != self.country:
                continue
            self.country = code
            del self.words[where], self.raw[where]
            return True
        return False

    def _is_code(self, words: Sequence[str], raw: Sequence[str]) -> bool:
        return len(words) > 1 or words[0] not in grammar()["capitals_only"] or raw[0].isupper()


def _letters(words: Iterable[str]) -> int:
    return sum(char.isalpha() for word in words for char in word)


@cache
def _generic() -> frozenset[str]:
    return frozenset(grammar()["generic"])


def _spans(words: Sequence[str], name: str) -> Iterable[tuple[int, int]]:
    """Where a phrase of a list stands, the longest first."""
    for count in range(min(_longest(name), len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            if tuple(words[start : start + count]) in phrases(name):
                yield start, start + count


def holds(text: str, name: str) -> bool:
    """Whether a phrase of a list stands anywhere in a spelling."""
    return next(iter(_spans(spelled(text).split(), name)), None) is not None
