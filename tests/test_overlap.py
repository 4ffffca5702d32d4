"""The same money in two sheets counts once, both figures are said, and no cent is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from books import document, file
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.rendering.sentences import steps
from rm_audit.rendering.terminal import terminal

DAILY = "Date,Source,Campaign,Clicks,Spend\n"
MONTHLY = "Month,Channel,Spend\n"


def book(files: Mapping[str, str], config: Config | None = None) -> Book:
    """A book of csv files by name."""
    return build([file(name, text) for name, text in files.items()], config or Config())


def used(of: Book) -> dict[str, float]:
    """File (and sheet) → the amount that counts."""
    names = [f"{ref.file}#{ref.sheet}".rstrip("#") for ref in of.sheets]
    return {name: sheet.amount_used / 1_000_000 for name, sheet in zip(names, of.accounts, strict=True)}


def said(of: Book) -> list[tuple[str, str]]:
    """Code and words of what was said about overlaps."""
    return [(p.code, p.message) for p in of.problems if p.code in ("same-money", "counted-once")]


# --- siblings -----------------------------------------------------------------------------------------------------

EXPORT = (
    DAILY + "2026-01-05,Indeed,Nurses,80,120.40\n2026-01-06,Indeed,Nurses,70,99.10\n2026-01-07,Indeed,Nurses,7,9.10\n"
)


def test_an_export_saved_twice_in_another_order_counts_once() -> None:
    """The same three rows, last first."""
    lines = EXPORT.splitlines()
    again = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    of = book({"a.csv": EXPORT, "b.csv": again})
    assert used(of) == {"a.csv": 228.6, "b.csv": 0.0}
    assert said(of) == [
        (
            "counted-once",
            "this sheet and a.csv add up to the same: 228.60 in 3 rows here, 228.60 in 3 rows there; "
            "counted once, there",
        )
    ]
    assert document(of)["money"]["read"] == 457.2


def test_which_file_is_named_first_changes_nothing() -> None:
    """The same two files the other way round."""
    files = {"a.csv": EXPORT, "b.csv": EXPORT + "\n"}
    assert used(book(dict(reversed(files.items())))) == used(book(files))


def test_a_later_download_that_holds_the_earlier_one_counts_each_day_once() -> None:
    """January to the 7th, and to the 9th: 228.60 stand in both, 50 more in the later one."""
    later = EXPORT + "2026-01-08,Indeed,Nurses,11,20.00\n2026-01-09,Indeed,Nurses,14,30.00\n"
    of = book({"a.csv": EXPORT, "b.csv": later})
    assert used(of) == {"a.csv": 0.0, "b.csv": 278.6}


def test_two_regions_of_one_platform_are_other_money() -> None:
    """The same campaign and days, other amounts, and no row alike: nothing is said."""
    south = EXPORT.replace("120.40", "44.00").replace("99.10", "31.00").replace("9.10", "2.00").replace(",70,", ",9,")
    of = book({"north.csv": EXPORT, "south.csv": south})
    assert (sum(used(of).values()), said(of)) == (305.6, [])


def test_the_same_daily_budgets_with_other_clicks_are_a_doubt() -> None:
    """Two accounts spend 50 and 30 a day to the cent; their clicks say that they are two."""
    lines = [("A", "50.00"), ("B", "30.00")]
    north, south = (
        DAILY
        + "".join(f"2026-01-0{day},Indeed,{name},{day + extra},{spend}\n" for day in (1, 2, 3) for name, spend in lines)
        for extra in (0, 4)
    )
    of = book({"north.csv": north, "south.csv": south})
    assert sum(used(of).values()) == 480.0
    assert said(of) == [("same-money", "north.csv and south.csv add up to the same: 240 may be counted twice")]


def test_a_doubt_is_said_once_among_the_things_to_do_and_not_as_what_a_score_needs() -> None:
    """Three accounts that spend the same a day: three pairs, one step."""
    files = {
        f"{name}.csv": DAILY
        + "".join(f"2026-01-0{day},Indeed,{line},{day + extra},30.00\n" for day in (1, 2, 3) for line in ("A", "B"))
        for extra, name in enumerate(("north", "south", "west"))
    }
    found = document(book(files))
    assert [problem["code"] for problem in found["problems"]].count("same-money") == 3
    assert steps(found)[0] == "Leave one of the two out if it is the same money."
    assert len(steps(found)) == len(set(steps(found)))
    assert "Leave one" not in terminal(found).partition("Spend examined")[0]


def test_two_lists_with_a_few_equal_rows_lose_no_money() -> None:
    """One of four days is alike in both: chance or not, both count and the 120.40 are a doubt."""
    north = DAILY.replace(",Clicks", "") + "".join(
        f"2026-01-0{day},Indeed,Nurses,{amount}\n" for day, amount in [(1, 120.4), (2, 11), (3, 12), (4, 13)]
    )
    south = DAILY.replace(",Clicks", "") + "".join(
        f"2026-01-0{day},Indeed,Nurses,{amount}\n" for day, amount in [(1, 120.4), (2, 21), (3, 22), (4, 23)]
    )
    of = book({"north.csv": north, "south.csv": south})
    assert sum(used(of).values()) == 342.8
    assert said(of) == [
        ("same-money", "north.csv and south.csv give 1 row alike: 120.40 may be counted twice"),
    ]


def test_equal_rows_inside_one_file_are_two_costs() -> None:
    """A file with a row twice beside its copy: 100.50 twice in each, counted once for each row of one file."""
    rows = MONTHLY + "2026-01,Indeed,100.50\n2026-01,Indeed,100.50\n2026-02,Indeed,80\n"
    assert used(book({"a.csv": rows, "b.csv": rows.replace("100.50", "100.5")})) == {"a.csv": 281.0, "b.csv": 0.0}


def test_two_undated_downloads_of_the_same_campaigns_are_a_doubt() -> None:
    """Downloaded today and last week, no date in either: the smaller sum may be counted twice."""
    one = "Campaign,Source,Clicks,Spend\nNurses,Indeed,80,120.40\nDrivers,Indeed,9,15\n"
    two = "Campaign,Source,Clicks,Spend\nNurses,Indeed,91,140.40\nDrivers,Indeed,12,19\n"
    of = book({"report.csv": one, "report (1).csv": two})
    assert sum(used(of).values()) == 294.8
    assert said(of) == [
        (
            "same-money",
            "report (1).csv and report.csv name the same in 2 rows without days: 135.40 may be counted twice",
        )
    ]


# --- cards --------------------------------------------------------------------------------------------------------


def test_two_single_rows_with_one_round_amount_are_two_costs() -> None:
    """A stand at one fair, a stand at another: 500 each."""
    of = book({"a.csv": "Channel,Spend\nJob fair A,500\n", "b.csv": "Channel,Spend\nJob fair B,500\n"})
    assert (sum(used(of).values()), said(of)) == (1000.0, [])


def test_equal_totals_of_other_days_are_other_money() -> None:
    """The same fees in January and in February."""
    of = book({"jan.csv": MONTHLY + "2026-01,Indeed,300\n2026-01,Reed,200\n", "feb.csv": MONTHLY + "2026-02,Indeed,300\n2026-02,Reed,200\n"})  # fmt: skip  # noqa: E501
    assert (sum(used(of).values()), said(of)) == (1000.0, [])


def test_undated_files_that_are_numbered_otherwise_are_a_doubt() -> None:
    """The same fees in files called 1 and 2: both count, and it is said."""
    text = "Channel,Spend\nIndeed,300\nReed,200\n"
    of = book({"spend-1.csv": text, "spend-2.csv": text + "\n"})
    assert sum(used(of).values()) == 1000.0
    assert [code for code, _ in said(of)] == ["same-money"]


def test_equal_totals_of_other_channels_are_a_doubt() -> None:
    """500.50 on job boards, 500.50 at fairs: nothing is lost."""
    of = book({"boards.csv": "Channel,Spend\nIndeed,300.50\nReed,200\n", "fairs.csv": "Channel,Spend\nFair A,400\nFair B,100.50\n"})  # fmt: skip  # noqa: E501
    assert sum(used(of).values()) == 1001.0
    assert said(of) == [("same-money", "boards.csv and fairs.csv add up to the same: 500.50 may be counted twice")]


def test_a_summary_of_two_sheets_is_set_aside() -> None:
    """All = North + South, channel by channel."""
    sheets = {
        "All": [["Channel", "Spend"], ["Indeed", 300], ["Reed", 70]],
        "North": [["Channel", "Spend"], ["Indeed", 180], ["Reed", 30]],
        "South": [["Channel", "Spend"], ["Indeed", 120], ["Reed", 40]],
    }
    of = build([file("book.xlsx", sheets)], Config())
    assert used(of) == {"book.xlsx#All": 0.0, "book.xlsx#North": 210.0, "book.xlsx#South": 160.0}
    assert said(of) == [
        (
            "counted-once",
            "this sheet gives each channel what 2 other sheets add up to: 370 here, 370 there; counted once, there",
        )
    ]


# --- the team's sheet and the export ------------------------------------------------------------------------------

TEAM = MONTHLY + "2026-01,Indeed,300\n2026-02,Indeed,200\n2026-01,Reed,40\n"


@pytest.mark.parametrize(
    ("overlaps", "team", "export"),
    [
        ({}, 240.0, 228.6),
        ({"": "export"}, 240.0, 228.6),
        ({"": "team"}, 540.0, 0.0),
        ({"indeed": "team"}, 540.0, 0.0),
        ({"": "team", "Indeed.com": "export"}, 240.0, 228.6),
        ({"": "both"}, 540.0, 228.6),
        ({"Reed": "team"}, 240.0, 228.6),
    ],
)
def test_the_project_file_says_which_counts(overlaps: dict[str, str], team: float, export: float) -> None:
    """January of Indeed stands in both: 300 in the team's sheet, 228.60 in the export."""
    assert used(book({"team.csv": TEAM, "x.csv": EXPORT}, Config(overlaps=overlaps))) == {
        "team.csv": team,
        "x.csv": export,
    }


def test_an_export_without_cost_in_a_month_takes_nothing_away() -> None:
    """Clicks and no cost in January: the team's 300 stay."""
    export = DAILY + "2026-01-05,Indeed,Nurses,80,0\n2026-02-05,Indeed,Nurses,80,190\n"
    assert used(book({"team.csv": TEAM, "x.csv": export})) == {"team.csv": 340.0, "x.csv": 190.0}


def test_hires_beside_money_that_counts_elsewhere_stay() -> None:
    """The team's sheet counts hires, the export does not: its money is set aside, its hires are not."""
    team = "Month,Channel,Spend,Hires\n2026-01,Indeed,300,4\n"
    of = book({"team.csv": team, "x.csv": EXPORT})
    assert used(of)["team.csv"] == 0.0
    assert of.tables["outcome_totals"]["hires"].tolist() == [4]


def test_hires_that_stand_in_two_copies_count_once() -> None:
    """A team's sheet saved twice: its hires are not doubled either."""
    team = "Month,Channel,Spend,Hires\n2026-01,Indeed,300,4\n2026-02,Indeed,310,3\n"
    of = book({"team.csv": team, "team (1).csv": team + "\n"})
    assert of.tables["outcome_totals"]["hires"].tolist() == [4, 3]


def test_an_export_that_names_only_campaigns_is_a_doubt_beside_a_teams_sheet() -> None:
    """The team books 'Google Ads', the export calls its rows Nurses and Drivers: nobody can tell."""
    team = MONTHLY + "2026-01,Google Ads,150\n"
    export = "Date,Campaign,Clicks,Spend\n2026-01-05,Nurses,20,90.00\n2026-01-06,Drivers,11,59.00\n"
    of = book({"team.csv": team, "x.csv": export})
    assert sum(used(of).values()) == 299.0
    assert said(of) == [
        (
            "same-money",
            "this export names no channel, so it cannot be told whether its 149 are in a team's sheet too",
        )
    ]


# --- what holds for ever ------------------------------------------------------------------------------------------

ROW = st.tuples(
    st.sampled_from(["2026-01-05", "2026-01-06", "2026-02-01", "2026-02-02", "2026-03", ""]),
    st.sampled_from(["Indeed", "Reed", "Xing", ""]),
    st.sampled_from(["Nurses", "Drivers"]),
    st.sampled_from(["100.00", "50.00", "12.34", "0.01", "-5.00", "0", "99.999"]),
    st.sampled_from(["", "7", "12"]),
)
Rows = list[tuple[str, str, str, str, str]]


@st.composite
def overlapping(draw: st.DrawFn) -> dict[str, str]:
    """Two or three files of rows of one pool, each with or without clicks, campaigns and dates."""
    pool: Rows = draw(st.lists(ROW, min_size=1, max_size=10))
    files = {}
    for name in draw(st.sampled_from([("a.csv", "b.csv"), ("a.csv", "b.csv", "c.csv")])):
        rows: Rows = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=9)) if draw(st.booleans()) else pool
        columns = [1, 3, *[column for column in (0, 2, 4) if draw(st.booleans())]]
        titles = ("Date", "Channel", "Campaign", "Spend", "Clicks")
        lines = [",".join(titles[c] for c in columns), *[",".join(row[c] for c in columns) for row in rows]]
        files[name] = "\n".join(lines) + "\n" * (1 + len(files))
    return files


@given(overlapping(), st.sampled_from([{}, {"": "team"}, {"": "both"}, {"Indeed": "team", "Reed": "both"}]))
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_no_cent_is_lost_and_the_order_of_files_changes_no_total(
    files: dict[str, str], overlaps: dict[str, str]
) -> None:
    """Read = used + set aside for each sheet, in rows and micro-units; any order gives the same."""
    config = Config(overlaps=overlaps)
    of, alone = book(files, config), {name: book({name: text}) for name, text in files.items()}
    turned = book(dict(reversed(files.items())), config)

    for ref, sheet in zip(of.sheets, of.accounts, strict=True):
        one = alone[ref.file].accounts[0]
        assert sheet.amount_used + sheet.amount_aside == one.amount_used + one.amount_aside
        assert len(sheet.set_aside) == len({item.row for item in sheet.set_aside}) <= sheet.rows_read
    spend = of.tables["spend"]
    by_sheet = spend.groupby("_sheet")["amount"].sum()
    assert {n: s.amount_used for n, s in enumerate(of.accounts) if s.amount_used} == {
        int(str(n)): int(a) for n, a in by_sheet.items() if a
    }
    assert used(turned) == used(of)
    assert sorted(said(turned)) == sorted(said(of))
    taken = [item.amount for sheet in of.accounts for item in sheet.set_aside if item.reason.startswith("the same")]
    assert not taken or said(of)
    assert overlaps.get("") != "both" or not [
        amount
        for sheet in of.accounts
        for amount in (i.amount for i in sheet.set_aside if i.reason.startswith("the same"))
        if amount
    ]
