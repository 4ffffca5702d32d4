"""Rows that stand in a table of spend and are no spend: plans, averages, balances, credits; and amounts in thousands.

Each is set aside or counted with a word. What a row is called decides only at the foot of a table, or where a whole
column says for every row whether it is planned or spent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from rm_audit.numbers import exact_money
from rm_audit.profiles.headers import plain
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS

FEW_WORDS = 12  # judgement: a column that says what is planned and what is spent has two or three
FOOT = 8  # judgement: rows of averages and budgets under a table are fewer
PLANNED = frozenset(
    [
        "budget",
        "plan",
        "planned",
        "forecast",
        "target",
        "soll",
        "prognose",
        "estimate",
        "estimated",
        "geplant",
        "prévu",
        "budgeted",
    ]
)
SPENT = frozenset(
    [
        "actual",
        "actuals",
        "ist",
        "spent",
        "invoiced",
        "paid",
        "real",
        "réel",
        "booked",
        "actual cost",
        "spend",
        "billed",
        "posted",
    ]
)
_PLANS = frozenset(["forecast", "prognose", "target", "soll", "budget", "plan", "planned"])  # names of sheets
VOID = frozenset(["cancelled", "canceled", "void", "voided", "storniert", "rejected", "annulé", "draft"])
CREDITS = frozenset(
    [
        "credit",
        "credit note",
        "creditnote",
        "credit memo",
        "creditmemo",
        "refund",
        "refunded",
        "gutschrift",
        "avoir",
        "storno",
        "abono",
        "cr",
        "haben",
    ]
)
PAYMENT = "payment"  # as a text begins that goes on with who was paid
_PAYMENT = re.compile(rf"{PAYMENT}s?\b")
_CREDIT_HINTS = ("credit", "refund", "gutschrift", "avoir", "storno", "abono", "payment", "haben")
_CREDIT_SIGNS = {"cr", "h", "c"}
_CREDIT_MARKS = {"h": ("s h", "soll haben", "s h kennzeichen"), "c": ("d c", "dr cr", "debit credit")}
_FOOT = re.compile(
    r"(?:ø|avg|average|mean|median|min|max|minimum|maximum|durchschnitt|mittelwert|moyenne|gemiddelde|promedio|variance"
    r"|var|difference|diff|delta|abweichung|differenz|écart|verschil|budget|remaining|rest|restbudget|forecast|prognose"
    r"|target|plan|soll|last year|previous year|prior year|vorjahr|py|ly|yoy|mom|percent .*|change|share|vat|mwst|tva"
    r"|btw|running total"
    r"|cumulative|kumuliert|cumul|carried forward|brought forward|opening balance|closing balance|balance"
    r"|übertrag|hires?|headcount|applications?|interviews?|cph|cpa|(?:thereof|of which|davon|dont|waarvan)(?: .*)?"
    r"|(?:costs?|kosten|coûts?|costes?|custo|costo)s? (?:per|pro|par|por|je) .*|fx rate|exchange rate|wechselkurs"
    r"|(?:anzahl|nombre de|número de|aantal|number of|numero di) .*|(?:total |totals |summe |gesamt )?(?:19|20)\d\d"
    r"|(?:eur|usd|gbp|chf|sek|dkk|nok|pln|czk)(?: (?:eur|usd|gbp|chf|sek|dkk|nok|pln|czk))+)"
    r"(?: (?:budget|spend|cost|total|year|month|plan|change|actual|vs|percent|of))*[\W\d]*"
)
_COUNTS = re.compile(
    r"\b(?:hires?|hired|applications?|clicks|interviews|headcount|candidates|offers|budget|forecast|plan|target)\b"
)
_MONEY = re.compile(r"\b(?:spend|spent|costs?|actuals?|ist|ausgaben|kosten)\b")
_THOUSANDS = re.compile(
    r"\b(?:in )?thousands?\b|\bTEUR\b|\bT€|k[€$£]|[€$£] ?k\b|\bTsd\b|(?<![\d,.])['’€$£]?000s?\b|\bin k\b"
    r"|\b(?:USD|EUR|GBP) k\b",
    re.IGNORECASE,
)
_MILLIONS = re.compile(r"\bin millions?\b|\bmio\b|\b(?:USD|EUR|GBP) m\b|[€$£]m\b", re.IGNORECASE)
_CUMULATIVE = re.compile(r"\b(?:cumulative|kumuliert|cumulé|cumul|acumulado)\b", re.IGNORECASE)
NOT_SPENT, PERHAPS_CREDIT = "not-spent", "perhaps-credit"
Amounts = Sequence[int | None]


def stated_scale(lines: Iterable[str]) -> Fraction:
    """What the lines above a table say that its amounts are to be multiplied by."""
    text = " \n ".join(lines)
    return Fraction(1000) if _THOUSANDS.search(text) else Fraction(1_000_000) if _MILLIONS.search(text) else Fraction(1)


def other_title(text: str) -> bool:
    """Whether the title of a part of a sheet speaks of counts or plans, and of no money that was spent."""
    return bool(_COUNTS.search(text.casefold())) and not _MONEY.search(text.casefold())


def at_foot(text: str) -> bool:
    """Whether a name is one of a figure under a table, such as an average, and of no channel."""
    return _FOOT.fullmatch(plain(text.casefold())) is not None


def set_other_figures_aside(work: Work, amounts: Amounts) -> None:
    """Takes planned rows, void rows and the figures under a table out of the spend, and says so."""
    if work.layout.table != "spend":
        return
    for column in range(work.width):
        _by_column(work, column, amounts)
    _at_the_foot(work, amounts)
    _say_credits(work, amounts)
    _say_cumulative(work)
    name, header = plain(work.block.sheet.name), _money_header(work)
    if set(name.split()) & _PLANS - set(header.split()):
        words = f"the sheet is called '{work.block.sheet.name}', and counts as spent"
        help = "Leave it out, or call its amounts Budget, if the money is not spent yet."
        work.complain("warning", "perhaps-planned", words, help, (work.layout.header_row, 0))


def _money_header(work: Work) -> str:
    """The header of the money, where there is one: what it says itself needs no warning."""
    column = work.layout.columns.get("amount")
    return plain(work.layout.headers[column]) if column is not None else ""


def words_of_unspent(texts: Sequence[str], header: str | None) -> list[tuple[frozenset[str], str]]:
    """Which distinct texts of a column say of their rows that they are planned, and which that they are void, with why
    these are set aside. `header` is the column's own as compared; None where it has none."""
    texts = [text for text in texts if text.strip()]
    if not 1 < len(texts) <= FEW_WORDS or header is None:
        return []
    said = {text: text.strip().casefold() for text in texts}
    words, found = set(said.values()) - {header}, []
    if words & PLANNED and words <= PLANNED | SPENT | VOID and words & SPENT:
        found.append((PLANNED, "a planned figure"))
    if words & VOID and (words - VOID):
        found.append((VOID, "cancelled"))
    return [(frozenset(text for text, word in said.items() if word in meant), why) for meant, why in found]


def say_unspent(rows: int, word: str, amount: int) -> tuple[str, str]:
    """What is said of rows that are not counted, with their micro-units, and what to do about it."""
    money = exact_money(amount / MICROS)
    words = f"not counted as spent: {_rows(rows)} called '{word.strip()}', {money} in all"
    return words, "Take the word out of the rows if the money was spent."


def _by_column(work: Work, column: int, amounts: Amounts) -> None:
    header = plain(work.layout.headers[column]) if column < len(work.layout.headers) else None
    for texts, reason in words_of_unspent(work.texts(column), header):
        rows = [position for position, value in enumerate(work.cells(column)) if value in texts]
        _drop(work, rows, amounts, column, reason)


def _drop(work: Work, rows: Sequence[int], amounts: Amounts, column: int, reason: str) -> None:
    rows = [position for position in rows if position not in work.aside]
    for position in rows:
        work.set_aside(position, reason, amounts[position] or 0)
    if rows:
        money = sum(amounts[position] or 0 for position in rows)
        said = say_unspent(len(rows), str(work.cell_in(rows[0], column)), money)
        work.complain("warning", NOT_SPENT, *said, work.at(rows[0], column))


def _rows(count: int) -> str:
    return f"{count} row{'s' if count > 1 else ''}"


def _at_the_foot(work: Work, amounts: Amounts) -> None:
    """Averages, budgets and balances in the last rows of a table, whose name is no channel's."""
    keys = sorted({c for name, c in work.layout.columns.items() if name in ("channel", "vendor", "campaign")})
    last = len(work.rows) - FOOT
    for position in range(max(last, 1), len(work.rows)):
        if position in work.aside or amounts[position] is None:
            continue
        labels = [(c, work.cell_in(position, c)) for c in (keys or [0])]
        named = [(c, value) for c, value in labels if isinstance(value, str) and value.strip()]
        if len(named) == 1 and at_foot(named[0][1]):
            _drop(work, [position], amounts, named[0][0], "a figure under the table")


def _say_credits(work: Work, amounts: Amounts) -> None:
    """Rows that say they give money back, and whose amounts say the opposite: added as they stand, and said."""
    people = {*work.layout.personal, work.layout.person}
    for column in (c for c in range(work.width) if c not in people):
        header = plain(work.layout.headers[column]) if column < len(work.layout.headers) else ""
        texts = texts_of_credits(work.texts(column), header)
        values = work.cells(column) if texts else ()
        rows = [p for p, v in enumerate(values) if v in texts and p not in work.aside and _is_odd(v, amounts[p])]
        if rows:
            said = say_credits(len(rows), str(values[rows[0]]), sum(amounts[position] or 0 for position in rows))
            work.complain("warning", PERHAPS_CREDIT, *said, work.at(rows[0], column))
    used = [amounts[p] or 0 for p in range(len(work.rows)) if p not in work.aside]
    if sum(used) < 0:
        words = "the amounts add up to less than nothing: outflows may be written as negative amounts"
        help = "Write what was spent as positive amounts, and what came back as negative ones."
        place = (work.layout.header_row, work.layout.columns.get("amount", 0))
        work.complain("warning", "negative-spend", words, help, place)


def texts_of_credits(texts: Sequence[str], header: str) -> frozenset[str]:
    """Which distinct texts of a column say that money came back, or was paid. `header` is the column's as compared."""
    blob = "\n".join(texts).casefold()  # a quick look: most columns of a large sheet hold none
    if not any(hint in blob for hint in _CREDIT_HINTS) and _CREDIT_SIGNS.isdisjoint(blob.split()):
        return frozenset()
    return frozenset(text for text in texts if _is_credit(text.strip().casefold(), header))


def words_of_credits(header: str) -> frozenset[str]:
    """The words that say so under a header, but for what begins with `PAYMENT`."""
    return CREDITS | {word for word, headers in _CREDIT_MARKS.items() if header in headers}


def say_credits(rows: int, word: str, amount: int) -> tuple[str, str]:
    """What is said of rows that may be credits, with their micro-units, and what to do about it."""
    shown = word.strip().split()[0] if word.strip().casefold().startswith(PAYMENT) else word  # and not who was paid
    words = f"added up as written: {_rows(rows)} called '{shown}', {exact_money(amount / MICROS)} in all"
    return words, "Write money that came back as a negative amount, and leave payments out."


def _is_credit(word: str, header: str) -> bool:
    return word in words_of_credits(header) or _PAYMENT.match(word) is not None


def _is_odd(value: Value, amount: int | None) -> bool:
    return amount is not None and (amount > 0 or str(value).strip().casefold().startswith(PAYMENT))


def _say_cumulative(work: Work) -> None:
    if any(_CUMULATIVE.search(text) for text in (*work.block.above[-3:], work.block.sheet.name)):
        words = "a title says that these amounts are cumulative, and they are added up"
        help = "Give the amount of each month, or only the last column."
        work.complain("warning", "cumulative", words, help, (work.layout.header_row, 0))
