"""Numbers as people read them: thousands marked, no false precision, the unit said."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from rm_audit.tables import MICROS

SHARE = "%"  # stands where a currency does when amounts are hidden: they are percentages of the whole then


def money(amount: float, currency: str = "") -> str:
    """An amount in whole units of the currency, e.g. `EUR 84,465`; cents only under 100, two figures under a cent."""
    if currency == SHARE:
        return _share(amount)
    digits = 2 if abs(amount) < 100 and round(amount, 2) != round(amount) else 0
    if 0 < abs(amount) < 0.01:
        digits = 1 - math.floor(math.log10(abs(amount)))
    return f"{currency} {amount:,.{digits}f}".strip()


def _share(amount: float) -> str:
    """A percentage to three figures, without the zeros at its end."""
    digits = max(2 - math.floor(math.log10(abs(amount))), 0) if amount else 0
    text = f"{amount:,.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def exact_money(amount: float, currency: str = "") -> str:
    """An amount to the cent where it has cents, for control totals."""
    if currency == SHARE:
        return money(amount, SHARE)
    digits = 0 if round(amount, 2) == round(amount) else 2
    return f"{currency} {amount:,.{digits}f}".strip()


def ends(low: float, high: float) -> str:
    """The ends of a range: whole units, and cents only where whole units would say little."""
    alike = round(low) == round(high)
    return " to ".join(money(end) if alike or abs(end) < 10 else f"{end:,.0f}" for end in (low, high))


def units(micros: int) -> float:
    """Micro-units → units of the currency, rounded to the cent."""
    return round(micros / MICROS, 2) + 0.0


def count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 20 else f"{value:,.1f}"


def percent(value: float) -> str:
    """A share as a percentage: two figures that mean something, e.g. 41%, 4.2%, 0.31%."""
    share = value * 100
    digits = 0 if abs(share) >= 10 or share == round(share) else 1 if abs(share) >= 1 else 2
    return f"{share:.{digits}f}%"


def days(value: float) -> str:
    return f"{value:,.0f} day{'' if round(value) == 1 else 's'}"


def multiple(value: float) -> str:
    return f"{value:.1f} times"


def text(value: object) -> str:
    return str(value)


FORMATS: Mapping[str, Callable[..., str]] = {
    "money": money,
    "count": count,
    "ratio": percent,
    "percent": percent,
    "days": days,
    "multiple": multiple,
}


def show(value: object, unit: str, currency: str = "") -> str:
    """A value in its unit; unknown is said and never shown as zero."""
    if value is None:
        return "unknown"
    if isinstance(value, bool) or not isinstance(value, int | float) or unit not in FORMATS:
        return str(value)
    return money(value, currency) if unit == "money" else FORMATS[unit](value)
