"""What `rm-audit inspect` prints: per sheet what was recognised, mapped, left over and set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.padding import Padding

from rm_audit.numbers import exact_money
from rm_audit.rendering.paper import paper, text_of
from rm_audit.rendering.words import Document, clean, place
from rm_audit.tables import MONEY_COLUMN


def inspection(document: Document, *, width: int = 100, color: bool = False) -> str:
    """The inspect document as text."""
    console = paper(width, color)
    for file in document["inputs"]:
        console.print(clean(file["file"]), style="bold" if color else "")
        for sheet in file["sheets"]:
            for line in _sheet(sheet):
                console.print(Padding(line, (0, 0, 0, 2)))
        if not file["sheets"]:
            console.print("  could not be read")
        console.print()
    for problem in document["problems"]:
        if problem["level"] != "error":
            console.print(clean(f"{place(problem)}{problem['level']}: {problem['message']}"))
            if problem["help"]:
                console.print(Padding(clean(problem["help"]), (0, 0, 0, 2)))
    return text_of(console)


def _sheet(sheet: Mapping[str, Any]) -> list[str]:
    name = clean(sheet["name"]) or "the sheet"
    if sheet["profile"] and not sheet["table"]:
        read = sheet["rows"]["read"]
        return [f"{name}: {f'{read} rows, known and not used' if read else 'an export without a row'}"]
    if not sheet["table"]:
        return [f"{name}: not recognised, {sheet['rows']['read']} rows not read"]
    rows, amount, columns = sheet["rows"], sheet["amount"], sheet["columns"]
    currency = sheet["currency"] or ""
    lines = [f"{name}: {sheet['table']} (profile {sheet['profile']})"]
    lines.append(f"  rows    {rows['read']} read = {rows['used']} used + {rows['set_aside']} set aside")
    if sheet["table"] in MONEY_COLUMN:
        read, used, aside = (exact_money(amount[part], currency) for part in ("read", "used", "set_aside"))
        lines.append(f"  amount  {read} read = {used} used + {aside} set aside")
    for item in sheet["set_aside"]:
        money = f", {exact_money(item['amount'], currency)}" if item["amount"] else ""
        count = f"{item['rows']} row{'s' if item['rows'] > 1 else ''}" if item["rows"] else "parts of rows"
        lines.append(f"  set aside: {item['reason']}, {count}{money}")
    mapped: dict[str, list[str]] = {}
    for header, column in columns["mapped"].items():
        mapped.setdefault(column, []).append(clean(header))
    lines += [f"  {column:<15} from {', '.join(headers)}" for column, headers in mapped.items()]
    for key, words in (("personal", "personal, dropped or hashed"), ("unmapped", "left over")):
        if columns[key]:
            lines.append(f"  {words}: {', '.join(clean(header) for header in columns[key])}")
    return lines
