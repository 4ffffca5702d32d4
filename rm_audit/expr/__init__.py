"""The rules' own small language: parse once, check names, evaluate on whole columns, three-valued.

It is a whitelisted part of Python's expression syntax: names, numbers, strings, comparisons, `in`,
and/or/not, arithmetic, and the functions of `functions.py`. A pack from a stranger can compute, and
nothing else: no attribute, no subscript, no call outside the list.
"""

from rm_audit.expr.column import KNOWN, MISSING, ZERO, Column, column, numbers, unknown
from rm_audit.expr.evaluate import Shared
from rm_audit.expr.functions import FUNCTIONS
from rm_audit.expr.parse import Expression, ExpressionError, Words, parse
from rm_audit.expr.scope import Scope, formula
from rm_audit.expr.units import UNITS

__all__ = [
    "FUNCTIONS",
    "KNOWN",
    "MISSING",
    "UNITS",
    "ZERO",
    "Column",
    "Expression",
    "ExpressionError",
    "Scope",
    "Shared",
    "Words",
    "column",
    "formula",
    "numbers",
    "parse",
    "unknown",
]
