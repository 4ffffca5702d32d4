"""The words of the evidence that rules may use: rows for the vocabulary, each a name, unit, evidence and meaning."""

BRING = "spend with a date, a campaign and a job family a row, and an ATS export with dates and a job family a row"
_BOTH = "spend.amount applications.hired_at"
_DATES = "applications.applied_at applications.hired_at"
_VERDICT = "whether it costs twice the median channel for the same jobs: confirmed, watch, fine, too_early, cannot_tell"
_TREND = "late applications cheaper and hired less often than early ones: volume_up_quality_down, none, cannot_tell"
ROWS = (
    ("verdict", "text", _BOTH, _VERDICT),
    ("probability_wasteful", "ratio", _BOTH, "how sure it is that it costs that"),
    ("ratio_to_benchmark", "multiple", _BOTH, "cost per hire over the median channel's, for the same jobs"),
    ("ratio_to_benchmark_low", "multiple", _BOTH, "low end of that ratio"),
    ("ratio_to_benchmark_high", "multiple", _BOTH, "high end of that ratio"),
    ("excess_spend", "money", "spend.amount", "spend above what the median channel takes for the same hires"),
    ("excess_spend_low", "money", "spend.amount", "low end of that excess"),
    ("excess_spend_high", "money", "spend.amount", "high end of that excess"),
    ("hires_expected_high", "count", "spend.amount", "high end of the hires expected"),
    ("quality_trend", "text", _DATES, _TREND),
    ("quality_trend_probability", "ratio", _DATES, "how sure that trend is"),
)
