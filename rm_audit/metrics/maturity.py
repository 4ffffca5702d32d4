"""How much of what a dollar will hire can have arrived by now, and what the other channels' money hires."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.tables import MICROS

# Median days from application to hire, and spread of their logarithm. Source: LinkedIn 2021, 33 to 49 days by
# function over 400,000 hires; 42 is its middle, the spread is judgement. A book's own lags come with the verdicts.
LAG_MEDIAN, LAG_SPREAD = 42.0, 0.6

Floats = NDArray[np.float64]


def matured_share(days_old: Floats) -> Floats:
    """The share of the eventual hires that spend of this age has brought (log-normal lag); 0 for the future."""
    from rm_audit.special import ndtr

    age = np.maximum(days_old, 1e-9)
    return np.where(days_old <= 0, 0.0, ndtr((np.log(age) - np.log(LAG_MEDIAN)) / LAG_SPREAD))


def matured_rows(spend: pd.DataFrame, data_through: int) -> Floats:
    """Matured amount of every spend row in units of currency; NaN where a row has no date.

    A row that spans several days is as old as its last one: recent money is never called late too early.
    """
    end = spend["end"].fillna(spend["start"]) if "end" in spend else spend["start"]
    # There are fewer days than rows: each is looked at once; -1, no day, is the last one.
    days, distinct = pd.factorize((data_through - end).to_numpy(dtype=float, na_value=np.nan))
    shares = np.append(matured_share(distinct), np.nan)
    found: Floats = shares[days] * spend["amount"].to_numpy(dtype=float) / MICROS
    return found


def benchmark(matured: Floats, hires: Floats, paid: NDArray[np.bool_]) -> dict[str, Floats]:
    """For each channel the other advertised channels' matured spend and hires, and what they would expect of it.

    Referral bonuses and licences are no benchmark for media: only channels with media spend are `paid`.
    `hires_expected_low` takes the others' cost per hire at the high end of what their hires allow (exact gamma, 90%).
    """
    from rm_audit.special import gammaincinv

    others_spend = (matured * paid).sum() - matured * paid
    others_hires = (hires * paid).sum() - hires * paid
    low = np.where(others_hires > 0, gammaincinv(np.maximum(others_hires, 1e-9), 0.05), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "benchmark_hires": others_hires,
            "benchmark_cost_per_hire": np.where(others_hires > 0, others_spend / others_hires, np.nan),
            "hires_expected": np.where(others_spend > 0, matured * others_hires / others_spend, np.nan),
            "hires_expected_low": np.where(others_spend > 0, matured * low / others_spend, np.nan),
        }
