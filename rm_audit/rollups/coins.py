"""Amounts of several currencies, each with its sign: in a plain copy the currency stands in a column of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rm_audit.profiles.cleaning import text_of
from rm_audit.profiles.currencies import currency_of_row
from rm_audit.profiles.headers import header_currency
from rm_audit.profiles.model import Layout
from rm_audit.rollups.plain import Numbers, with_cell
from rm_audit.rollups.plan import NotPlainError

HEADER = "Currency"
Rows = Sequence[Sequence[str]]


@dataclass
class Coins:
    """The currencies of a column of amounts. The first piece of the file decides whether there are `several`; they go
    to the place `at`, behind all other columns where the file has none for them."""

    amounts: Numbers
    layout: Layout
    header: Sequence[str]
    several: bool | None = None

    @property
    def at(self) -> int:
        return self.layout.columns.get("currency", len(self.header))

    def written(self, rows: Rows) -> list[str]:
        """The amounts of a piece as they are written; not asked for where they are of one currency."""
        place = self.amounts.place
        return [] if self.several is False else [row[place] if place < len(row) else "" for row in rows]

    def beside(self, plain: Rows, written: Sequence[str]) -> Rows:
        """The rows of a piece in plain writing, with the currencies that stood in its amounts as `written`."""
        if self.several is None:
            self.several = len(self.amounts.codes) > 1
        if not self.several:
            return plain
        if header_currency(self.layout.headers[self.amounts.place]):
            raise NotPlainError("amounts in other currencies than the header says")
        return [self._row(list(row), own) for row, own in zip(plain, written, strict=True)]

    @property
    def apart(self) -> bool:
        """Whether the copy has a column for them that the file has not."""
        return bool(self.several) and self.at == len(self.header)

    def headed(self, header: list[str]) -> list[str]:
        """The row of headers."""
        return [*header, HEADER] if self.apart else header

    def _row(self, row: list[str], written: str) -> Sequence[str]:
        code, width = self.amounts.code.get(written) or "", len(self.header)
        why = "amounts in several currencies in rows of another length than the header"
        if self.at == width:
            again = written == self.header[self.amounts.place]  # the header may stand there again
            return with_cell(row, width, HEADER if again else code, why)
        if len(row) != width:
            if code:
                raise NotPlainError(why)
            return row
        own = text_of(row[self.at], self.amounts.blanks)
        if code and not (own and currency_of_row(own)):
            row[self.at] = code
        return row

    def settled(self, layout: Layout) -> Layout:
        """The layout of the copy from that of the file: with a column for the currency, or with the one that there is
        in the header of the amounts. Raises NotPlainError where a later piece has another."""
        header, codes = str(self.layout.headers[self.amounts.place]), self.amounts.codes
        if self.several:
            more = [HEADER] if self.apart else []
            columns = {**layout.columns, "currency": self.at}
            return replace(layout, columns=columns, headers=(*layout.headers, *more))
        if codes <= {None}:
            return layout
        if len(codes) > 1 or header_currency(header) not in (None, *codes):
            raise NotPlainError("amounts in several currencies")
        headers = list(layout.headers)
        headers[self.amounts.place] = header if header_currency(header) else f"{header} ({next(iter(codes))})"
        return replace(layout, headers=tuple(headers))
