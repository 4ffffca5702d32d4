"""The words that rules may use: name, unit, grain, formula, meaning, and which export brings them.

A name with a formula is derived from others in the rules' own language; the rest are measured by
`metrics/`. Rules, tests inside rules, messages, `rules vocabulary` and the errors' did-you-mean all
speak from this one table. Names ending in `_low` and `_high` are the ends of a 90% two-sided interval:
Jeffreys for rates, exact gamma for counts (sources: Brown, Cai, DasGupta 2001; Garwood 1936).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rm_audit.measures import DERIVED, MEASURES

# A grain is one or more keys; a family of grains shares its measures.
KEYS: Mapping[str, str] = {
    "channel": "outcomes",
    "campaign": "outcomes",
    "month": "outcomes",
    "job": "outcomes",
    "sequence": "sequence",
    "programme": "programme",
    "contract": "contract",
    "line": "line",
}
PORTFOLIO = "portfolio"
TEXT, MONEY, COUNT, RATIO, DAYS = "text", "money", "count", "ratio", "days"


@dataclass(frozen=True)
class Name:
    """One word of the vocabulary.

    `families` are those of `KEYS` (and "portfolio") where it can be used. `tables` names the table and
    column whose cells are the evidence for it. `bring` says which export would bring it.
    """

    name: str
    unit: str
    families: frozenset[str]
    meaning: str
    formula: str = ""
    tables: tuple[str, ...] = ()
    bring: str = ""


_O, _P = "outcomes", PORTFOLIO
_names: dict[str, Name] = {}


def _add(
    families: str, name: str, unit: str, meaning: str, tables: str = "", bring: str = "", formula: str = ""
) -> None:
    _names[name] = Name(name, unit, frozenset(families.split()), meaning, formula, tuple(tables.split()), bring)


def _measures(families: str, bring: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
    for name, unit, tables, meaning in rows:
        _add(families, name, unit, meaning, tables, bring)


def _derived(families: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
    for name, unit, formula, meaning in rows:
        _add(families, name, unit, meaning, formula=formula)


for _key, _family in KEYS.items():
    _add(_family, _key, TEXT, f"the {_key} that the verdict is about")

_measures(
    f"{_O} {_P}",
    "a spend sheet with an amount a channel",
    [
        ("spend", MONEY, "spend.amount", "all cost booked here"),
        ("media_spend", MONEY, "spend.amount", "cost of type media (also where no type is given)"),
    ],
)
_measures(
    f"{_O} {_P}",
    "a 'Cost type' column in the spend sheet",
    [
        ("licence_spend", MONEY, "spend.amount", "cost of type licence"),
        ("total_media_spend", MONEY, "spend.amount", "media spend of the whole book"),
        ("fee_spend", MONEY, "spend.amount", "cost of type fee: agencies, managed service, bonuses"),
        ("labour_spend", MONEY, "spend.amount", "cost of type labour: the pay of own recruiters and marketers"),
    ],
)
_measures(
    f"{_O} {_P}",
    "an ad platform's export, or a spend sheet with these columns",
    [
        ("impressions", COUNT, "spend.impressions", "times an ad was shown"),
        ("clicks", COUNT, "spend.clicks", "paid clicks as the platform reports them"),
        ("apply_starts", COUNT, "spend.apply_starts", "application forms opened, as the platform reports them"),
        ("applies", COUNT, "spend.applies", "applications as the platform reports them"),
    ],
)
_measures(
    f"{_O} {_P}",
    "an ATS export with a row an application and its source and stage dates, or totals per source",
    [
        ("applications", COUNT, "applications.source outcome_totals.applications", "applications in the ATS"),
        ("qualified", COUNT, "applications.qualified_at outcome_totals.qualified", "passed the recruiter's screen"),
        ("interviews", COUNT, "applications.interviewed_at outcome_totals.interviews", "reached a first interview"),
        ("conversations", COUNT, "applications.interviewed_at outcome_totals.interviews", "two-way talks held"),
        ("offers", COUNT, "applications.offered_at outcome_totals.offers", "offers made"),
        ("hires", COUNT, "applications.hired_at outcome_totals.hires", "hires"),
    ],
)
_measures(
    _O,
    "spend with a date a row, and hires with a source and dates",
    [
        ("spend_matured", MONEY, "spend.amount", "spend times the share of its hires that can have arrived by now"),
        (
            "hires_expected",
            COUNT,
            "spend.amount",
            "hires the matured spend would bring at the other advertised channels' cost",
        ),
        ("hires_expected_low", COUNT, "spend.amount", "the same at the high end of the others' cost per hire"),
        ("benchmark_cost_per_hire", MONEY, "spend.amount", "matured cost per hire of the other advertised channels"),
        ("benchmark_hires", COUNT, "applications.hired_at", "hires behind that benchmark"),
        ("total_hires", COUNT, "applications.hired_at outcome_totals.hires", "hires of the whole book"),
        ("total_applications", COUNT, "applications.source outcome_totals.applications", "applications of the book"),
    ],
)
_measures(
    _O,
    "a 'Channel type' column in the spend sheet, or channels: in rm-audit.yaml, that says what kind each channel is",
    [("channel_kind", TEXT, "", "kind of channel: job-board, big-site, programmatic, referral, ...")],
)
_measures(
    f"{_O} {_P}",
    "a people file or ATS export with leaving dates",
    [
        ("followed", COUNT, "applications.hired_at", "hires whose first year is over"),
        ("left_first_year", COUNT, "applications.left_at", "of those, who left within 365 days"),
    ],
)
_measures(
    f"{_O} {_P}",
    "a people file with performance ratings",
    [
        ("rated", COUNT, "applications.performance", "hires with a performance rating that says something"),
        ("rated_well", COUNT, "applications.performance", "of those, rated as meeting expectations or better"),
    ],
)
_measures(
    _O,
    "a list of requisitions with closing dates, and spend with a job id a row",
    [("spend_after_close", MONEY, "spend.amount", "spend dated more than the grace days after the requisition closed")],
)
_measures(
    _P,
    "an ATS export with a source a hire",
    [
        (
            "hires_inside",
            COUNT,
            "applications.hired_at",
            "hires through referral, rehire, internal or community channels",
        ),
        (
            "hires_source_unknown",
            COUNT,
            "applications.hired_at",
            "hires with no source, 'other', or one that fits no channel",
        ),
        ("spend_matured_share", RATIO, "spend.amount", "share of the spend whose hires can have arrived by now"),
    ],
)
_measures(
    _P,
    "a planning sheet with a budget a line",
    [
        ("plan_budget", MONEY, "plan.budget", "budget of all lines of the plan"),
        ("plan_software", MONEY, "plan.budget", "budget of lines for software, licences and dashboards"),
        ("plan_trust", MONEY, "plan.budget", "budget of lines that connect people or share expertise"),
    ],
)
_measures(
    "sequence",
    "the sequences with the text of each step",
    [
        ("steps", COUNT, "messages.body", "steps of the sequence"),
        ("steps_assessed", COUNT, "messages.body", "steps whose text is long enough and in a language that is judged"),
        ("ask_steps", COUNT, "messages.body", "assessed steps that ask for a call, a CV, an application or a click"),
        ("give_steps", COUNT, "messages.body", "assessed steps that give the reader something to know or do"),
        ("steps_before_give", COUNT, "messages.body", "assessed steps before the first that gives; all, if none does"),
        ("copy_steps", COUNT, "messages.body", "steps whose copy could be judged"),
        ("bland_steps", COUNT, "messages.body", "of those, steps whose copy is bland"),
        ("alike_steps", COUNT, "messages.body", "steps that repeat an earlier one or its template"),
        ("same_ask_steps", COUNT, "messages.body", "steps that carry the sequence's most frequent kind of ask"),
        ("same_ask", TEXT, "messages.body", "that kind: call, reply, cv, apply, click or refer"),
    ],
)
_measures(
    "sequence",
    "sequence statistics with sent and replies a step",
    [
        ("sent", COUNT, "messages.sent", "messages sent, all steps"),
        ("entered", COUNT, "messages.sent", "people who got the first step"),
        ("replies", COUNT, "messages.replies", "replies, all steps"),
        ("unsubscribes", COUNT, "messages.unsubscribes", "people who left the list"),
        ("complaints", COUNT, "messages.complaints", "readers who reported a mail as spam"),
        ("interested", COUNT, "messages.interested", "replies that say yes"),
        ("late_sent", COUNT, "messages.sent", "messages sent in steps after the fourth"),
        ("late_replies", COUNT, "messages.replies", "replies to steps after the fourth"),
    ],
)
for _families, _bring, _rows in MEASURES:
    _measures(_families, _bring, _rows)
_derived(
    f"{_O} {_P}",
    [
        ("applies_per_click", RATIO, "applies / clicks", "applications per paid click"),
        ("applies_per_click_low", RATIO, "rate_low(applies, clicks)", "low end of applications per paid click"),
        ("applies_per_click_high", RATIO, "rate_high(applies, clicks)", "high end of applications per paid click"),
        (
            "external_spend",
            MONEY,
            "spend - coalesce(labour_spend, 0)",
            "all cost but the pay of own people",
        ),
        ("cost_per_application", MONEY, "external_spend / applications", "external cost per application in the ATS"),
        ("cost_per_conversation", MONEY, "external_spend / conversations", "external cost per two-way talk"),
        ("cost_per_hire", MONEY, "external_spend / hires", "external cost per hire (no recruiter's pay in it)"),
        ("hires_low", COUNT, "count_low(hires)", "low end of the hires that this process would bring again"),
        ("hires_high", COUNT, "count_high(hires)", "high end of the same"),
        ("left_share", RATIO, "left_first_year / followed", "share of hires who left within a year"),
        (
            "stayed_low",
            RATIO,
            "rate_low(followed - left_first_year, followed)",
            "low end of the share who stayed a year",
        ),
    ],
)
_derived(
    _O,
    [
        ("media_share", RATIO, "media_spend / total_media_spend", "share of the book's media spend"),
        ("hire_share", RATIO, "hires / total_hires", "share of the book's hires"),
        ("hire_share_high", RATIO, "rate_high(hires, total_hires)", "high end of the share of the book's hires"),
        ("application_share", RATIO, "applications / total_applications", "share of the book's applications"),
    ],
)
_derived(
    _P,
    [
        ("inside_share", RATIO, "hires_inside / hires", "share of hires from inside sources"),
        ("inside_share_low", RATIO, "rate_low(hires_inside, hires)", "low end of that share"),
        ("source_unknown_share", RATIO, "hires_source_unknown / hires", "share of hires whose source nobody knows"),
        (
            "plan_trust_share",
            RATIO,
            "plan_trust / plan_budget",
            "share of the plan that connects people or shares expertise",
        ),
    ],
)
_derived(
    "sequence",
    [
        ("reply_rate", RATIO, "replies / sent", "replies per message sent"),
        ("replies_per_person_high", RATIO, "rate_high(replies, entered)", "high end of replies per person who entered"),
        ("replies_per_person_low", RATIO, "rate_low(replies, entered)", "low end of the same"),
        ("give_share", RATIO, "give_steps / steps_assessed", "share of steps that give something"),
        ("bland_share", RATIO, "bland_steps / copy_steps", "share of steps whose copy is bland"),
    ],
)
_derived(
    "programme",
    [
        ("active_share", RATIO, "active_people / seats", "share of seats whose owner shared in the last 30 days"),
        ("active_share_high", RATIO, "rate_high(active_people, seats)", "high end of that share"),
        ("original_share", RATIO, "original_shares / shares", "share of posts in the employee's own words"),
        ("original_share_high", RATIO, "rate_high(original_shares, shares)", "high end of that share"),
    ],
)
_derived("contract", [("idle_share", RATIO, "1 - active_seats / seats", "share of paid seats that nobody used")])

for _families, _rows in DERIVED:
    _derived(_families, _rows)

VOCABULARY: Mapping[str, Name] = _names


def family(grain: Iterable[str]) -> str:
    """The family of a grain, e.g. ["channel", "month"] → outcomes; [] and ["portfolio"] → portfolio."""
    keys = [key for key in grain if key != PORTFOLIO]
    return KEYS[keys[0]] if keys else PORTFOLIO


@cache
def words(of_family: str) -> Mapping[str, Name]:
    """The names that a rule of this family may use."""
    return {name: word for name, word in VOCABULARY.items() if of_family in word.families}
