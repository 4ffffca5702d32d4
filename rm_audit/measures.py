"""More words of the vocabulary, as rows of a table: families, which export brings them, and the measures themselves.

A measure is a name, a unit, the columns whose cells are its evidence, and a meaning. A derived name is a name, a
unit, a formula, and a meaning.
"""

from __future__ import annotations

from typing import TypeAlias

Row: TypeAlias = tuple[str, str, str, str]
_MONEY, _COUNT, _RATIO, _DAYS, _MARK = "money", "count", "ratio", "days", "mark"
_ATS = "an ATS export with a row an application and the dates of its stages and of rejections"
_LICENCES = "a list of licences with seats, active seats, cost and end dates"
_PLAN = "a planning sheet with a budget, a KPI, an objective and an owner a line"
_BOTH = "spend.amount applications.hired_at"
_DATES = "applications.applied_at applications.hired_at"
_SHARES = "the advocacy tool's share log, with a person and a date a share"

MEASURES: tuple[tuple[str, str, tuple[Row, ...]], ...] = (
    (
        "programme contract",
        _LICENCES,
        (
            ("seats", _COUNT, "contracts.seats", "seats that are paid for"),
            ("contract_amount", _MONEY, "contracts.amount", "yearly cost of the contract"),
            ("contract_cost", _MONEY, "contracts.amount", "what the spend shows was paid for it; else its yearly cost"),
        ),
    ),
    (
        "programme",
        _SHARES,
        (
            ("shares", _COUNT, "advocacy.programme", "shares by employees"),
            ("original_shares", _COUNT, "advocacy.original", "shares in the employee's own words"),
            ("active_people", _COUNT, "advocacy.programme", "people who shared in the last 30 days of the log"),
            ("log_days", _DAYS, "advocacy.shared_at", "days from the first to the last share of the log"),
            ("texts_assessed", _COUNT, "advocacy.body", "shares whose text could be judged, each text once"),
            ("bland_texts", _COUNT, "advocacy.body", "of those, texts that are bland"),
            ("work_texts", _COUNT, "advocacy.body", "of those, texts in which somebody is seen doing a piece of work"),
        ),
    ),
    (
        "contract",
        _LICENCES,
        (
            ("vendor", "text", "contracts.amount", "who is paid"),
            ("capability", "text", "contracts.amount", "what the tool is for"),
            ("active_seats", _COUNT, "contracts.active_seats", "seats that somebody used"),
            ("days_to_notice", _DAYS, "contracts.end", "days from the as-of date to the last day for notice"),
            ("days_to_end", _DAYS, "contracts.end", "days from the as-of date to the end of the contract"),
            ("cheaper_same", _MONEY, "contracts.amount", "cost, if a dearer running contract has the same capability"),
        ),
    ),
    (
        "line",
        _PLAN,
        (
            ("budget", _MONEY, "plan.budget", "money planned on the line"),
            ("play", "text", "plan.play", "the kind of work that the line pays for"),
            ("kpi", "text", "plan.kpi", "how the line says it will be judged"),
            ("has_kpi", _MARK, "plan.kpi", "the line names a KPI"),
            ("has_owner", _MARK, "plan.owner", "the line names an owner"),
            ("has_objective", _MARK, "plan.objective", "the line names an objective"),
            ("kpi_outcome", _MARK, "plan.kpi", "the KPI counts conversations, interviews, offers, hires or staying"),
            ("kpi_vanity", _MARK, "plan.kpi", "the KPI counts views, clicks, opens, followers or applications"),
        ),
    ),
    (
        "outcomes",
        "spend with a date, a campaign and a job family a row, and an ATS export with dates and a job family a row",
        (
            ("verdict", "text", _BOTH, "twice the median channel: confirmed, watch, fine, too_early, cannot_tell"),
            ("probability_wasteful", _RATIO, _BOTH, "how sure it is that it costs that"),
            ("ratio_to_benchmark", "multiple", _BOTH, "cost per hire over the median channel's, for the same jobs"),
            ("ratio_to_benchmark_low", "multiple", _BOTH, "low end of that ratio"),
            ("ratio_to_benchmark_high", "multiple", _BOTH, "high end of that ratio"),
            ("excess_spend", _MONEY, "spend.amount", "spend above what the median channel takes for the same hires"),
            ("excess_spend_low", _MONEY, "spend.amount", "low end of that excess"),
            ("excess_spend_high", _MONEY, "spend.amount", "high end of that excess"),
            ("hires_expected_high", _COUNT, "spend.amount", "high end of the hires expected"),
            ("quality_trend", "text", _DATES, "late against early: volume_up_quality_down, none, cannot_tell"),
            ("quality_trend_probability", _RATIO, _DATES, "how sure that trend is"),
        ),
    ),
    (
        "outcomes portfolio",
        _ATS,
        (
            ("aged_applications", _COUNT, "applications.applied_at", "applications of 30 days and more"),
            ("answered", _COUNT, "applications.rejected_at", "of those, which reached a stage or were turned down"),
            ("answered_week", _COUNT, "applications.rejected_at", "of those, within seven days of the application"),
            ("dated_hires", _COUNT, "applications.hired_at", "hires of an export that has dates of first interviews"),
            ("hires_without_talk", _COUNT, "applications.interviewed_at", "of those, without an interview date"),
        ),
    ),
    (
        "outcomes portfolio",
        "an ATS export with a person, a job id and an application id (or its day) a row",
        (
            (
                "named_applications",
                _COUNT,
                "applications.person",
                "applications that say whose they are, for which job and through which source; not by campaign",
            ),
            (
                "repeat_applications",
                _COUNT,
                "applications.person",
                "of those, at least so many of people who had applied for the job through the source before; "
                "unknown where fewer than nine of ten applications say whose they are",
            ),
            (
                "unclear_applications",
                _COUNT,
                "applications.person",
                "of those, more of one person, job and source on one day, where no application has an id: they may be "
                "stages of one",
            ),
        ),
    ),
    (
        "outcomes",
        "spend by channel, and an ATS export with a row an application and its source and stage dates",
        (
            ("others_media", _MONEY, "spend.amount", "media spend of the other channels with media and applications"),
            ("others_talks", _COUNT, "applications.interviewed_at", "two-way talks of those channels"),
            ("others_applications", _COUNT, "applications.source", "applications of those channels"),
            ("others_qualified", _COUNT, "applications.qualified_at", "of those, passed the recruiter's screen"),
        ),
    ),
    (
        "outcomes",
        "a list of requisitions with opening dates and openings, and spend and applications with a job id a row",
        (
            ("open_days", _DAYS, "jobs.opened", "days from opening to closing, or to the last outcome"),
            ("openings", _COUNT, "jobs.openings", "people whom the job is open for"),
            ("paid_channels", _COUNT, "spend.amount", "channels with media spend for the job"),
            ("spend_after_filled", _MONEY, "spend.amount", "spend after the hire that filled it, and the grace days"),
        ),
    ),
    (
        "portfolio",
        "a spend sheet with a channel, a cost type and a job id a row",
        (
            ("media_with_job", _MONEY, "spend.job", "media spend with a job id"),
            ("spend_typed", _MONEY, "spend.cost_type", "spend with a cost type that is known"),
            ("spend_placed", _MONEY, "spend.channel", "spend with a channel"),
        ),
    ),
    (
        "portfolio",
        "an ATS export with a source a hire, and spend by channel",
        (
            ("boards_paid", _COUNT, "spend.amount", "job boards with media spend"),
            ("boards_without_hire", _COUNT, "spend.amount", "of those, without a hire"),
        ),
    ),
    (
        "portfolio",
        "a planning sheet with a budget a line",
        (("plan_boards", _MONEY, "plan.budget", "budget of lines for ads on boards, big sites and ad exchanges"),),
    ),
    (
        "portfolio",
        "a planning sheet with a total row under its lines",
        (("plan_adds_up", _MARK, "plan.budget", "the plan's own total is the sum of its lines, to the cent"),),
    ),
    (
        "sequence",
        "sequence statistics with delivered a step",
        (("delivered", _COUNT, "messages.delivered", "messages that arrived, all steps"),),
    ),
    (
        "sequence",
        "sequence statistics with opens a step",
        (("opens", _COUNT, "messages.opens", "opens, as information: programs open mails too, and no rule uses them"),),
    ),
    (
        "programme",
        _SHARES,
        (
            ("sharers", _COUNT, "advocacy.programme", "different people who ever shared"),
            ("top_shares", _COUNT, "advocacy.programme", "shares by the busiest tenth of them"),
            ("first_shares", _COUNT, "advocacy.shared_at", "shares in the first 90 days of the log"),
            ("last_shares", _COUNT, "advocacy.shared_at", "shares in the last 90 days of the log"),
            ("typed_shares", _COUNT, "advocacy.asset_type", "shares of items whose type is known"),
            ("promo_shares", _COUNT, "advocacy.asset_type", "of those, of job ads, awards, press and culture pieces"),
        ),
    ),
    (
        "contract",
        _LICENCES,
        (
            ("has_deadline", _MARK, "contracts.end", "the list gives the end and the notice days"),
            ("paid_year", _MONEY, "spend.amount", "licence spend of the vendor in the year before the as-of date"),
            ("paid_after_end", _MONEY, "spend.amount", "licence spend of the vendor after the contract ended"),
        ),
    ),
    (
        "line",
        _PLAN,
        (
            ("has_target", _MARK, "plan.target", "the line names a target"),
            ("has_experiment", _MARK, "plan.experiment", "the line names a test"),
            ("plan_months", _COUNT, "plan.period", "months that the line pays for: 12 for a year, 6, 3 or 1"),
        ),
    ),
    (
        "line",
        "a list of licences with end dates and notice days, whose vendor is the line's name or channel",
        (("line_notice", _DAYS, "plan.budget", "days to the last day for notice of the contract that the line pays"),),
    ),
    (
        "line",
        "spend with a date a row for the line's channel, and hires with a source and dates",
        (
            ("channel_monthly", _MONEY, "plan.budget", "media spend of the channel in a month that has any"),
            ("channel_budget", _MONEY, "plan.budget", "budget a month of all lines for that channel"),
            ("channel_hires", _COUNT, "plan.budget", "hires of that channel"),
            ("channel_due", _COUNT, "plan.budget", "hires due there at the high end of the others' cost per hire"),
            ("channel_benchmark_hires", _COUNT, "plan.budget", "hires behind that cost"),
        ),
    ),
)  # fmt: skip

DERIVED: tuple[tuple[str, tuple[Row, ...]], ...] = (
    (
        "outcomes portfolio",
        (
            ("answered_share", _RATIO, "answered / aged_applications", "share of them that got an answer"),
            ("answered_week_low", _RATIO, "rate_low(answered_week, aged_applications)", "low end of answers in a week"),
            ("talk_share_low", _RATIO, "rate_low(conversations, applications)", "low end of talks per application"),
            ("accepted_low", _RATIO, "rate_low(hires, offers)", "low end of hires per offer"),
            ("repeat_share", _RATIO, "repeat_applications / named_applications", "share of applications made again"),
            (
                "most_repeat_share",
                _RATIO,
                "(repeat_applications + unclear_applications) / named_applications",
                "the same, if all that is not clear was made again",
            ),
            (
                "applicants",
                _COUNT,
                "named_applications - repeat_applications - unclear_applications",
                "people who applied, each counted once a job and source",
            ),
        ),
    ),
    ("portfolio", (("plan_boards_share", _RATIO, "plan_boards / plan_budget", "share of the plan for such ads"),)),
    (
        "sequence",
        (("interested_high", _RATIO, "rate_high(interested, entered)", "high end of people who say yes"),),
    ),
    (
        "programme",
        (
            ("active_share_low", _RATIO, "rate_low(active_people, seats)", "low end of seats whose owner shares"),
            ("original_share_low", _RATIO, "rate_low(original_shares, shares)", "low end of posts in own words"),
            ("promo_share_low", _RATIO, "rate_low(promo_shares, typed_shares)", "low end of promotional shares"),
        ),
    ),
)  # fmt: skip
