"""The evidence as measures of a frame, so that rules may use it."""

from __future__ import annotations

from dataclasses import replace

from rm_audit.expr import Column, column
from rm_audit.metrics.evidence.verdict import Evidence, Judged
from rm_audit.metrics.frame import Frame

GRAINS = (("channel",), ("channel", "campaign"))


def judged(part: Frame, evidence: Evidence) -> list[Judged | None]:
    """What is known of each subject of a frame of channels or campaigns; None where nothing was weighed."""
    names = [part.columns[key].values for key in part.grain]
    if part.grain == GRAINS[0]:
        return [evidence.channels.get(str(name)) for name in names[0]]
    pairs = zip(*names, strict=True)
    return [evidence.campaigns.get((str(channel), str(campaign))) for channel, campaign in pairs]


def with_verdicts(part: Frame, evidence: Evidence) -> Frame:
    """The frame with verdict, probability, ratio and excess; hires expected and matured spend as the evidence has them,
    for it knows the jobs and the book's own lags."""
    found = judged(part, evidence)
    if not any(found):
        return part
    columns: dict[str, Column] = {
        "verdict": column([item.verdict if item else None for item in found]),
        "probability_wasteful": column([item.probability if item else None for item in found]),
    }
    for name, ranges in (
        ("ratio_to_benchmark", [item.ratio if item else None for item in found]),
        ("excess_spend", [item.excess if item else None for item in found]),
    ):
        for end in ("value", "low", "high"):
            label = name if end == "value" else f"{name}_{end}"
            columns[label] = column([getattr(one, end) if one else None for one in ranges])
    expected = [item.expected if item else None for item in found]
    columns["hires_expected"] = _over(part, "hires_expected", [one.value if one else None for one in expected])
    columns["hires_expected_low"] = _over(part, "hires_expected_low", [one.low if one else None for one in expected])
    columns["hires_expected_high"] = column([one.high if one else None for one in expected])
    columns["spend_matured"] = _over(part, "spend_matured", [item.due if item else None for item in found])
    if part.grain == GRAINS[0]:
        trends = [evidence.trends.get(str(name)) for name in part.columns["channel"].values]
        columns["quality_trend"] = column([one.verdict if one else None for one in trends])
        columns["quality_trend_probability"] = column([one.probability if one else None for one in trends])
    return replace(part, columns={**part.columns, **columns})


def _over(part: Frame, name: str, values: list[float | None]) -> Column:
    """New values, and the old ones where there is none."""
    old = part.columns.get(name)
    if old is None:
        return column(values)
    was = [float(old.values[row]) if old.known[row] else None for row in range(part.length)]
    return column([new if new is not None else before for new, before in zip(values, was, strict=True)])
