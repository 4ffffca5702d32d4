"""The documented functions of the language: their arguments, units, meaning, and what unknowns do to them.

`rules vocabulary` prints this table, and the check of units reads it. The code behind it stands in
`elementwise.py` (row by row), `windows.py` (over all rows of the grain) and `intervals.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rm_audit.expr import elementwise, intervals, windows
from rm_audit.expr.column import Part

_EACH = "unknown where an argument is"
_OVER = "unknown in rows whose value is; the others are computed without them"
_WHOLE = "unknown rows are left out; unknown where all are"


@dataclass(frozen=True)
class Function:
    """A function of the language.

    `arguments` are their names; those in square brackets may be left out, and one that ends in `...` may come up to
    nine times. `takes` and `gives` are rules of `units.py`. `fixed` are the positions of arguments that must be a
    constant or a parameter. The code is called with the scope of the rows and one Part an argument.
    """

    arguments: tuple[str, ...]
    takes: str
    gives: str
    meaning: str
    unknowns: str
    call: Callable[..., Part]
    fixed: tuple[int, ...] = ()

    @property
    def least(self) -> int:
        return sum(not name.startswith("[") for name in self.arguments)

    @property
    def most(self) -> int:
        return 9 if self.arguments[-1].endswith("...") else len(self.arguments)

    def wants(self) -> str:
        """How many values it takes, in words."""
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(("x",), "alike", "same", "size without sign", _EACH, elementwise.size),
    "min": Function(("x", "y..."), "alike", "same", "the smallest of its arguments", _EACH, elementwise.smallest),
    "max": Function(("x", "y..."), "alike", "same", "the largest of its arguments", _EACH, elementwise.largest),
    "coalesce": Function(("x", "y..."), "any alike", "same", "the first argument that is known",
                         "unknown where all arguments are", elementwise.coalesce),
    "matches": Function(("text", "patterns"), "texts", "mark", "the text fits a pattern such as '*view*|*click*': * is "
                        "any text, ? one letter, | parts patterns; case and outer spaces do not count", _EACH,
                        elementwise.matches, fixed=(1,)),
    "share": Function(("x", "[by]"), "window", "ratio", "part of the sum over all rows; with 'by', over the rows with "
                      "the same by, as in share(spend, month)", f"{_OVER}; 0/0 where the sum is 0", windows.share),
    "rank": Function(("x", "[by]"), "window", "count", "1 for the largest; equal values share a rank", _OVER,
                     windows.rank),
    "sum": Function(("x", "[by]"), "window", "total", "sum over all rows, or over those with the same by; of marks, "
                    "how many are true", _WHOLE, windows.total),
    "mean": Function(("x", "[by]"), "window", "same", "mean over all rows, or over those with the same by", _WHOLE,
                     windows.mean),
    "median": Function(("x", "[by]"), "window", "same", "median over all rows, or over those with the same by", _WHOLE,
                       windows.median),
    "quantile": Function(("x", "q"), "quantile", "same", "the value under which the part q of all rows lies; 0.5 is "
                         "the median", _WHOLE, windows.quantile, fixed=(1,)),
    "prior": Function(("x", "[months]"), "prior", "same", "x of the same subject one month before, or so many months "
                      "before; for grains with a month", "unknown where that month has no row, or x is unknown in it",
                      windows.prior, fixed=(1,)),
    "rate_low": Function(("hits", "tries"), "counts", "ratio", "low end of hits / tries: 90% Jeffreys, two-sided",
                         f"{_EACH}; 0/0 where tries is 0", intervals.rate_low),
    "rate_high": Function(("hits", "tries"), "counts", "ratio", "high end of hits / tries: 90% Jeffreys, two-sided",
                          f"{_EACH}; 0/0 where tries is 0", intervals.rate_high),
    "count_low": Function(("x",), "counts", "count", "low end of a count: 90% exact gamma, two-sided", _EACH,
                          intervals.count_low),
    "count_high": Function(("x",), "counts", "count", "high end of a count: 90% exact gamma, two-sided", _EACH,
                           intervals.count_high),
}  # fmt: skip
