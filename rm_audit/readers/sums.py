"""Formulas that add up cells of their own column: =SUM(D2:D9), =SUBTOTAL(109,D2:D9), =SUM(D2:D4,D6:D9), =D5+D10."""

from __future__ import annotations

import re

from rm_audit.readers.marks import Place, column_index

REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})")
_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_RUN = rf"{_CELL}(?::{_CELL})?"
# 9 and 109 mean "sum" in SUBTOTAL, 9 in AGGREGATE, whose second argument says which cells to pass over.
_CALL = rf"(?:SUM\(|SUBTOTAL\((?:10)?9,|(?:_XLFN\.)?AGGREGATE\(9,\d,){_RUN}(?:,{_RUN})*\)"
SUM = re.compile(rf"\+?(?:{_CALL}(?:\+(?:{_CALL}|{_CELL}))*|{_CELL}(?:\+(?:{_CALL}|{_CELL}))+)")
STARTS = ("S", "A", "_", "+", "$")
LONGEST = 2000  # a list of single cells, one a row, can be long; more is not a sum that a person wrote. Judgement.


def column_sum(formula: str, at: Place, moved: Place = (0, 0)) -> tuple[int, int] | None:
    """First and last row, from 0, of what a formula in the cell `at` adds up in its own column above or below.

    A formula that cells share stands in the first of them; `moved` is how far from it this one is.
    """
    text = formula.replace(" ", "").upper()
    if len(text) > LONGEST or ("+" not in text and not text.startswith(STARTS)) or not SUM.fullmatch(text):
        return None
    rows: list[int] = []
    for fixed_column, column, fixed_row, row in REFERENCE.findall(text):
        if column_index(column) + (0 if fixed_column else moved[1]) != at[1]:
            return None
        rows.append(int(row) - 1 + (0 if fixed_row else moved[0]))
    first, last = min(rows), max(rows)
    return None if first <= at[0] <= last or first < 0 else (first, last)


def from_ods(formula: str) -> str:
    """A formula of OpenDocument as a workbook of Excel would hold it: `of:=SUM([.D2:.D9])` → `SUM(D2:D9)`."""
    text = formula.partition("=")[2]
    return text.replace("[.", "").replace(":.", ":").replace("]", "").replace(";", ",")
