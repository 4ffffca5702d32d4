"""A row of headers, of one line or of two → the canonical table that it fits, and where the columns stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rm_audit.profiles.blocks import EMPTY, is_number
from rm_audit.profiles.contents import content
from rm_audit.profiles.headers import bare, gross, plain, without_code
from rm_audit.profiles.model import Layout, Profile, TableProfile
from rm_audit.profiles.signature import changes, fits, renamed, stamps_of
from rm_audit.profiles.wide import Months, months_of, wide_layout
from rm_audit.readers import Sheet, Value
from rm_audit.tables import MONEY_COLUMN, TABLES

CLEAR = 0.85  # judgement: of two guesses one must be as good as this
SURE = 1000  # more than any number of columns: the headers of a known platform's export


@dataclass(frozen=True)
class Head:
    """A row of headers and what it was taken for; the head of a known platform's export scores above all others."""

    score: float
    layout: Layout  # in rows of the sheet

    @property
    def first(self) -> int:
        return self.layout.header_row - self.layout.lines + 1


def joined(sheet: Sheet, index: int) -> list[Value]:
    """A header in two lines as one: what spans several columns above belongs to each of them."""
    above, row = list(sheet.rows[index - 1]), sheet.rows[index]
    spans = [area for area in sheet.merged if area.top <= index - 1 <= area.bottom and area.right > area.left]
    covered = {c: area.left for area in spans for c in range(area.left, area.right + 1)}
    out: list[Value] = []
    carry: Value = None
    for column, own in enumerate(row):
        top = above[covered[column]] if column in covered else above[column] if column < len(above) else None
        if top in EMPTY and not spans and own not in EMPTY and column > 0:
            top = carry  # a workbook saved as text keeps the first cell of a merged one
        carry = top if top not in EMPTY else carry if own not in EMPTY else None
        out.append(_both(top, own))
    return out


def _both(top: Value, own: Value) -> Value:
    if top in EMPTY or top == own:
        return own
    if own in EMPTY:
        return top
    words = str(top).removesuffix(".0") if is_number(top) else str(top)
    return f"{words} {own}"


@dataclass(frozen=True)
class Line:
    """A row that may be headers: its cells, the same as words, where it stands, of how many lines, what is around.

    `below` are the rows under it, as far as anybody looks for what they mean.
    """

    row: Sequence[Value]
    words: Sequence[str]
    index: int
    lines: int
    around: Sequence[str]
    below: Sequence[Sequence[Value]] = ()

    def values(self, position: int) -> list[Value]:
        return [row[position] if position < len(row) else None for row in self.below]


def best_head(
    row: Sequence[Value],
    index: int,
    lines: int,
    around: Sequence[str],
    profiles: Sequence[Profile],
    below: Sequence[Sequence[Value]] = (),
) -> Head | None:
    """The best reading of a row of headers by any of the profiles, the last of which is the one for ordinary sheets."""
    line = Line(row, [without_code(plain(value)) for value in row], index, lines, around, below)
    known = [_known_head(line, profile) for profile in profiles if fits(profile, line.words, around)]
    best = max((head for head in known if head), key=lambda head: head.score, default=None)
    best = best or _changed_head(line, profiles) or _ordinary_head(line, profiles[-1])
    return best or _meant_head(line, profiles[-1])


def _changed_head(line: Line, profiles: Sequence[Profile]) -> Head | None:
    """By a profile one of whose telling headers has changed its name: which one, and what is taken for it, is said."""
    found = []
    for profile in profiles:
        change = renamed(profile, line.words, line.around) if len(profile.tables) == 1 else None
        if change is not None:
            position, lost = change
            words = [*line.words[:position], lost, *line.words[position + 1 :]]
            head = _platform_head(replace(line, words=words), profile)
            layout = replace(head.layout, renamed={str(line.row[position]): lost})
            found.append(replace(head, score=head.score - SURE / 2, layout=layout))
    return max(found, key=lambda head: head.score, default=None)


def _known_head(line: Line, profile: Profile) -> Head | None:
    """By a profile with columns of its own, or by one that only says that an ordinary sheet is a known one."""
    if len(profile.tables) == 1:
        return _platform_head(line, profile)
    head = _ordinary_head(line, profile)
    return replace(head, score=head.score + SURE) if head and head.layout.table == profile.table else None


def _platform_head(line: Line, profile: Profile) -> Head:
    table = profile.tables[0]
    columns = _places(line.row, line.words, table)
    if table.table == "spend":
        _without_loose_end(columns, line.words)
    spots = [p for p, word in enumerate(line.words) if word in profile.currencies]
    if spots and "currency" not in columns and "currency" in TABLES[table.table].columns:
        columns["currency"] = spots[0]  # no amount without its currency, whatever the profile knows
    stamps, named = stamps_of(profile, line.row)
    gone, new = changes(profile, line.row, line.words)
    layout = _layout(table.table, line.index, columns, line.row, profile)
    taken = {position for positions in stamps.values() for position in positions} | set(named)
    layout = replace(
        layout,
        lines=line.lines,
        stamps=stamps,
        named=named,
        gone=gone,
        new=new,
        unmapped=tuple(p for p in layout.unmapped if p not in taken),
    )
    matched = len(set(line.words) & profile.spellings) + len(taken)
    return Head(SURE + matched - line.lines / 10, layout)


def _ordinary_head(line: Line, profile: Profile) -> Head | None:
    own = " ".join(value for value in line.row if isinstance(value, str)).casefold()
    wide = wide_layout(line.row, line.words, (own, *line.around), profile)
    if wide is not None:
        return _wide_head(wide, line, profile)
    found = []
    for table in profile.tables:
        mapped = _map(line.row, line.words, table, profile)
        if mapped is not None:
            layout = replace(_layout(table.table, line.index, mapped, line.row, profile), lines=line.lines)
            found.append(Head(len(mapped) - line.lines / 10, layout))
    return max(found, key=lambda head: head.score, default=None)


def _meant_head(line: Line, profile: Profile) -> Head | None:
    """By what headers that no profile spells mean, together with what stands under them."""
    from rm_audit.profiles.meaning import assign  # only where no profile knows the headers

    found = [head] if (head := _meant_wide_head(line, profile)) else []
    for table in profile.tables:
        if table.never & set(line.words) or not any(line.below):
            continue
        columns = _places(line.row, line.words, table)
        taken, people = set(columns.values()), {p for p, word in enumerate(line.words) if word in profile.person}
        free = [None if p in taken or p in people else value for p, value in enumerate(line.row)]
        guesses = assign(free, [line.values(p) for p in range(len(line.row))], table.table)
        guessed = {column: guess for column, guess in guesses.items() if column not in columns}
        columns |= {column: place for column, (place, _, _) in guessed.items()}
        if guessed and _is_enough(columns, guessed, line.words, table, profile):
            layout = _layout(table.table, line.index, columns, line.row, profile)
            layout = replace(layout, lines=line.lines, guessed={p: (sure, why) for p, sure, why in guessed.values()})
            sure = sum(sure for _, sure, _ in guessed.values()) - len(guessed)
            found.append(Head(len(columns) + sure - line.lines / 10, layout))
    return max(found, key=lambda head: head.score, default=None)


def filled_up(head: Head, below: Sequence[Sequence[Value]]) -> Head:
    """An ordinary sheet's head with the columns that its left-over headers mean; never its money, and no person."""
    from rm_audit.profiles.meaning import assign  # only where headers are left over

    layout = head.layout
    if layout.profile.signature is not None or layout.months or layout.guessed or not layout.unmapped:
        return head
    free = [value if p in layout.unmapped else None for p, value in enumerate(layout.headers)]
    values = [[row[p] if p < len(row) else None for row in below] for p in range(len(free))]
    known = {*layout.columns, MONEY_COLUMN.get(layout.table, "")}
    found = {
        column: guess
        for column, guess in assign(free, values, layout.table).items()
        if column not in known and guess[1] >= CLEAR
    }
    if layout.table == "spend":
        found.pop("end", None)
    taken = {place for place, _, _ in found.values()}
    layout = replace(
        layout,
        columns={**layout.columns, **{column: place for column, (place, _, _) in found.items()}},
        guessed={place: (sure, why) for place, sure, why in found.values()},
        unmapped=tuple(p for p in layout.unmapped if p not in taken),
    )
    return replace(head, layout=layout)


def with_job_codes(head: Head, below: Sequence[Sequence[Value]]) -> Head:
    """A column that is called job, of an ordinary sheet without ids of jobs: its codes are ids, and no titles."""
    layout = head.layout
    if layout.profile.signature is not None or "job" in layout.columns or "job" not in TABLES[layout.table].columns:
        return head
    own = [place for place, header in enumerate(layout.headers) if plain(header) == "job"]
    free = {*layout.unmapped, layout.columns.get("job_title", -1)}
    if len(own) != 1 or own[0] not in free or content([row[own[0]] for row in below if own[0] < len(row)]).kind != "id":
        return head
    columns = {name: place for name, place in layout.columns.items() if place != own[0]}
    unmapped = tuple(place for place in layout.unmapped if place != own[0])
    return replace(head, layout=replace(layout, columns={**columns, "job": own[0]}, unmapped=unmapped))


def _meant_wide_head(line: Line, profile: Profile) -> Head | None:
    """A sheet with a column a month, whose label has a header that nobody knows: 'Werbekanal, Jan, Feb, März'."""
    from rm_audit.profiles.meaning import THRESHOLD, candidates

    if not any(line.below) or months_of(line.row, profile) is None:
        return None
    labels = profile.wide["spend"]["labels"]
    for position, header in enumerate(line.row):
        best = next(iter(candidates(header, line.values(position), "spend")), None)
        if best is not None and best.column in labels and best.confidence >= THRESHOLD:
            words = [*line.words[:position], best.column, *line.words[position + 1 :]]
            head = _ordinary_head(replace(line, words=words), profile)
            if head is not None and head.layout.months:
                guessed = {position: (best.confidence, best.why)}
                return replace(head, layout=replace(head.layout, guessed=guessed))
    return None


def _is_enough(
    columns: Mapping[str, int],
    guessed: Mapping[str, tuple[int, float, str]],
    words: Sequence[str],
    table: TableProfile,
    profile: Profile,
) -> bool:
    """Whether a table has what it needs, and not by two doubtful meanings alone: those make a table out of nothing."""
    certain = {**columns}.keys() - guessed.keys() | {name for name, (_, sure, _) in guessed.items() if sure >= CLEAR}
    return _has_all(columns, words, table, profile) and any(certain & set(group) for group in table.needs)


def _has_all(columns: Mapping[str, int], words: Sequence[str], table: TableProfile, profile: Profile) -> bool:
    """Whether a row of headers has what its table needs: one of each group."""
    people = {"person"} if any(word in profile.person for word in words) else set()
    return all({*columns, *people} & set(group) for group in table.needs)


def _wide_head(wide: tuple[str, dict[str, int], Months, bool], line: Line, profile: Profile) -> Head:
    table, columns, months, said = wide
    layout = _layout(table, line.index, columns, line.row, profile)
    taken = {*months.columns, *months.sums, *months.other}
    layout = replace(
        layout,
        months=months.columns,
        sums=months.sums,
        other=months.other,
        unsaid=not said,
        unmapped=tuple(p for p in layout.unmapped if p not in taken),
        lines=line.lines,
    )
    years = sum(span.year is not None for span in months.columns.values())
    told = (years + bool(months.kind) * len(months.columns)) / 2 + len(months.other)
    return Head(len(columns) + len(months.columns) + told - line.lines / 10, layout)


def _map(row: Sequence[Value], words: Sequence[str], table: TableProfile, profile: Profile) -> dict[str, int] | None:
    if table.never & set(words):
        return None
    columns = _places(row, words, table)
    if table.table == "spend":
        _without_loose_end(columns, words)
    return columns if _has_all(columns, words, table, profile) else None


def _places(row: Sequence[Value], words: Sequence[str], table: TableProfile) -> dict[str, int]:
    """Where each canonical column stands: of several headers for one, that which the profile names first."""
    columns: dict[str, int] = {}
    rank: dict[str, int] = {}
    order = {word: position for position, word in enumerate(table.headers)}
    for position, word in enumerate(words):
        column = table.headers.get(word)
        place = order.get(word, 0) + len(order) * gross(row[position])  # with tax in it only where there is no other
        if column is not None and place < rank.get(column, 2 * len(order)):
            columns[column], rank[column] = position, place
    return columns


# An end belongs to the start of the same words; a day of its own beside the range of a whole report has no end.
_PAIRS = {
    "end date": ("start date",),
    "period end": ("period start",),
    "reporting ends": ("reporting starts",),
    "término dos relatórios": ("início dos relatórios",),
}


def _without_loose_end(columns: dict[str, int], words: Sequence[str]) -> None:
    if "end" in columns:
        partners = _PAIRS.get(words[columns["end"]])
        start = words[columns["start"]] if "start" in columns else ""
        if not start or (partners is not None and start not in partners):
            del columns["end"]


def _layout(table: str, index: int, columns: dict[str, int], row: Sequence[Value], profile: Profile) -> Layout:
    used = set(columns.values())
    stripped = [bare(value) for value in row]
    person = None
    if table in ("applications", "advocacy"):
        free = {word: position for position, word in reversed(list(enumerate(stripped))) if position not in used}
        person = next((free[word] for word in profile.person if word in free), None)
    personal = [p for p, word in enumerate(stripped) if word in profile.personal and p not in used and p != person]
    rest = set(range(len(row))) - used - set(personal) - {person}
    unmapped = tuple(sorted(position for position in rest if row[position] not in EMPTY))
    return Layout(
        table, index, tuple(row), columns, profile=profile, person=person, personal=tuple(personal), unmapped=unmapped
    )
