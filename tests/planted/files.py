"""A book as the files that a team would send: logs as csv, lists and plans as sheets of a workbook; and its audit."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from books import built_in

from planted.book import AS_OF, Book
from rm_audit import audit, read


@dataclass(frozen=True)
class Spoken:
    """What an audit said: (rule, subject) of every flaw found and every trust earned, and how many subjects each rule
    came to a pass or a fail on. A trust rule under trial names no subject."""

    fired: frozenset[tuple[str, str]]
    judged: dict[str, int]
    document: Any

    def names(self, rule: str, subject: str) -> bool:
        return (rule, subject) in self.fired or (rule, "") in self.fired


def sheets(book: Book) -> dict[str, list[list[Any]]]:
    """The tables of a book by the name of their sheet, the header first."""
    tables = {"Spend": book.spend, "Applicants": book.ats, "Shares": book.shares, "Requisitions": book.jobs,
              "Mails": book.messages, "Licences": book.contracts, "Plan 2027": book.plan}  # fmt: skip
    return {
        name: [list(rows[0]), *([row.get(header) for header in rows[0]] for row in rows)]
        for name, rows in tables.items()
    }


LOGS = ("Spend", "Applicants", "Shares")


def write(book: Book, folder: Path) -> None:
    """Spend.csv, Applicants.csv and Shares.csv; Lists.xlsx has sheets of requisitions, mails, licences and the plan."""
    lists = openpyxl.Workbook(write_only=True)
    for name, rows in sheets(book).items():
        if name in LOGS:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        else:
            sheet = lists.create_sheet(name)
            for line in rows:
                sheet.append(line)
    lists.save(folder / "Lists.xlsx")


def audited(book: Book, folder: Path) -> Spoken:
    """Written, read and audited by the library's own verbs, as `rm-audit analyze FOLDER` does it."""
    folder.mkdir(parents=True, exist_ok=True)
    write(book, folder)
    return spoken(audit(read(folder), built_in(), as_of=AS_OF).document)


def spoken(document: Any) -> Spoken:
    rules = {item["id"]: item for item in document["rules"]}
    flaws = {(item["rule"], item["subject"]["name"]) for item in document["findings"]}
    fired = {(rule, subject) for rule, subject in flaws if rules[rule]["kind"] != "trust"}
    fired |= {(item["rule"], item["subject"]) for item in document["earned"]}
    trial = [item for item in rules.values() if item["kind"] == "trust" and item["status"] != "stable"]
    fired |= {(item["id"], "") for item in trial if item["judged"]["pass"]}
    judged = {rule: item["judged"]["pass"] + item["judged"]["fail"] for rule, item in rules.items()}
    return Spoken(frozenset(fired), judged, document)
