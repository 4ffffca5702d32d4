"""What `rm-audit inspect` prints: per sheet what was recognised, mapped, left over and set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding

from rm_audit.numbers import exact_money
from rm_audit.rendering.paper import paper, text_of
from rm_audit.rendering.sentences import first_of_a_kind
from rm_audit.rendering.words import Document, clean, place
from rm_audit.tables import MONEY_COLUMN

MOST_BRING = 5
_ROWS = {
    "applications": "applications or hires",
    "outcome_totals": "totals of sources",
    "jobs": "requisitions",
    "advocacy": "shares",
    "traffic": "rows of views and visits",
    "contracts": "licences",
    "plan": "lines of a plan",
}


def inspection(document: Document, *, width: int = 100, color: bool = False) -> str:
    """The inspect document as text."""
    console = paper(width, color)
    for file in document["inputs"]:
        console.print(clean(file["file"]), style="bold" if color else "")
        for sheet in file["sheets"]:
            for line in _sheet(sheet):
                _hanging(console, f"  {line}")
        if not file["sheets"]:
            console.print("  could not be read")
        console.print()
    problems = [problem for problem in document["problems"] if problem["level"] != "error"]
    for problem, left in first_of_a_kind(problems, ("info",)):
        console.print(clean(f"{place(problem)}{problem['level']}: {problem['message']}"))
        if problem["help"]:
            console.print(Padding(clean(problem["help"]), (0, 0, 0, 2)))
        if left:
            console.print(f"and {left:,} more of that kind: --format json has each")
    for line in _together(document):
        _hanging(console, line)
    return text_of(console)


def _hanging(console: Console, line: str) -> None:
    """A line whose next lines begin under its first word."""
    indent = len(line) - len(line.lstrip())
    console.print(Padding(line.lstrip(), (0, 0, 0, indent)))


def _together(document: Document) -> list[str]:
    """What all files hold, where there is more than one sheet to add up; and what would make the audit fuller."""
    lines = []
    spend = document["book"]["spend"]
    sheets = sum(bool(sheet["table"]) for file in document["inputs"] for sheet in file["sheets"])
    if sheets > 1:
        parts = [f"{count:,} {_ROWS.get(name, name)}" for name, count in document["book"]["rows"].items()]
        if spend:
            days = f", {spend['start']} to {spend['end']}" if spend["start"] else ", without dates"
            money = exact_money(spend["amount"], spend["currency"] or "")
            many = "s" if spend["channels"] != 1 else ""
            parts[0:0] = [f"{money} spent on {spend['channels']} channel{many}{days}"]
            parts = [part for part in parts if not part.endswith(" spend")]
        lines += ["All together", f"  {'; '.join(parts)}"]
    if document["bring"]:
        more = f"; and {len(document['bring']) - MOST_BRING} more" if len(document["bring"]) > MOST_BRING else ""
        lines += ["For a fuller audit, bring", f"  {'; '.join(document['bring'][:MOST_BRING])}{more}"]
    return lines


def _sheet(sheet: Mapping[str, Any]) -> list[str]:
    name = clean(sheet["name"]) or "the sheet"
    if sheet["profile"] and not sheet["table"]:
        read = sheet["rows"]["read"]
        return [f"{name}: {f'{read:,} rows, known and not used' if read else 'an export without a row'}"]
    if not sheet["table"]:
        return [f"{name}: not recognised, {sheet['rows']['read']:,} rows not read"]
    rows, amount, columns = sheet["rows"], sheet["amount"], sheet["columns"]
    currency = sheet["currency"] or ""
    how = "by its headers" if sheet["profile"] == "generic" else "a known export"
    how = "by what its headers mean" if sheet["columns"].get("guessed") else how
    lines = [f"{name}: {sheet['table']}, {how} (profile {sheet['profile']})"]
    read, used, aside = (f"{rows[part]:,}" for part in ("read", "used", "set_aside"))
    lines.append(f"  rows    {read} read = {used} used + {aside} set aside")
    if sheet["table"] in MONEY_COLUMN:
        read, used, aside = (exact_money(amount[part], currency) for part in ("read", "used", "set_aside"))
        lines.append(f"  amount  {read} read = {used} used + {aside} set aside")
    for item in sheet["set_aside"]:
        money = f", {exact_money(item['amount'], currency)}" if item["amount"] else ""
        count = f"{item['rows']:,} row{'s' if item['rows'] > 1 else ''}" if item["rows"] else "parts of rows"
        lines.append(f"  set aside: {item['reason']}, {count}{money}")
    mapped: dict[str, list[str]] = {}
    for header, column in columns["mapped"].items():
        mapped.setdefault(column, []).append(clean(header))
    read = "; ".join(f"{column} from {', '.join(headers)}" for column, headers in mapped.items())
    lines += [f"  columns {read}"] if read else []
    for header, guess in columns.get("guessed", {}).items():
        lines.append(
            f"  guessed: {guess['column']} from {clean(header)}, {guess['confidence']:.0%} sure: {guess['why']}"
        )
    for key, words in (("personal", "personal, dropped or hashed"), ("unmapped", "left over")):
        if columns[key]:
            lines.append(f"  {words}: {', '.join(clean(header) for header in columns[key])}")
    return lines
