"""The page: what it shows is what the document holds, whole in one file, and a name is never more than a name."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from books import book, document
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Element, read_page

from rm_audit.errors import visible
from rm_audit.numbers import exact_money
from rm_audit.rendering.html import html

EXAMPLES = Path(__file__).parent.parent / "examples"
BOOKS = ("spend.xlsx", "plan.xlsx", "employer")
CLASSES = ("avoidable", "unproven", "misdirected", "unclaimed")


def run(form: str, name: str, folder: Path = EXAMPLES, **surroundings: str) -> str:
    command = [sys.executable, "-W", "error", "-m", "rm_audit", "analyze", name, "--as-of", "2026-10-15"]
    done = subprocess.run(
        [*command, "--format", form], capture_output=True, check=False, encoding="utf-8", cwd=folder,
        env={**os.environ, **surroundings},
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


@cache
def text_of(name: str) -> str:
    return run("html", name)


@cache
def page_of(name: str) -> Element:
    return read_page(text_of(name))


@cache
def document_of(name: str) -> Any:
    return json.loads(run("json", name))


def words(elements: list[Element]) -> list[str]:
    return [element.text for element in elements]


# --- one file ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_the_page_asks_for_nothing_and_runs_nothing(name: str) -> None:
    """No script, no picture, no address: every link stays in the page, and the page forbids itself all else."""
    page = page_of(name)
    assert page.all("script", "link", "img", "iframe", "object", "embed", "form", "base", "image") == []
    links = [value for item in page.all() for key, value in item.attributes.items() if key in ("href", "src")]
    assert [link for link in links if not link.startswith("#")] == []
    assert [key for item in page.all() for key in item.attributes if key.startswith("on")] == []
    policy = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert set(re.findall(r"https?://[^\"' ]*", text_of(name))) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in text_of(name)


@pytest.mark.parametrize("name", BOOKS)
def test_every_id_is_there_once_and_every_reference_finds_its_own(name: str) -> None:
    page = page_of(name)
    ids = [item.attributes["id"] for item in page.all() if "id" in item.attributes]
    assert len(ids) == len(set(ids))
    wanted = re.findall(r"""(?:href="#|aria-labelledby="|url\(#)([^")]+)""", text_of(name))
    assert set(wanted) - set(ids) == set()


def test_the_same_inputs_give_the_same_bytes_whatever_matplotlib_is_told(tmp_path: Path) -> None:
    """Twice in processes of their own, the second with a matplotlibrc beside it and in another time zone."""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\naxes.facecolor: red\n")
    (tmp_path / "spend.xlsx").write_bytes((EXAMPLES / "spend.xlsx").read_bytes())
    told = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    assert run("html", "spend.xlsx", tmp_path, **told) == text_of("spend.xlsx")


# --- for every reader -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_headings_stand_in_order(name: str) -> None:
    """One h1, and no level is left out on the way down."""
    levels = [int(item.tag[1]) for item in page_of(name).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", BOOKS)
def test_every_table_says_what_it_is_and_what_its_columns_are(name: str) -> None:
    """A caption, a th with a scope over every column, and one at the start of every row."""
    for table in page_of(name).all("table"):
        (caption,), (head,), (body,) = table.all("caption"), table.all("thead"), table.all("tbody")
        assert caption.text
        columns = head.all("th")
        assert {cell.attributes.get("scope") for cell in columns} == {"col"}
        for row in body.all("tr"):
            assert [cell.tag for cell in row.children] == ["th"] + ["td"] * (len(columns) - 1)
            assert row.children[0].attributes == {"scope": "row"}


@pytest.mark.parametrize("name", BOOKS)
def test_every_chart_can_be_read_without_seeing_it(name: str) -> None:
    """Each is a picture with words, in two widths that say the same; its letters are letters."""
    for figure in page_of(name).all("figure"):
        wide, narrow = figure.all("svg")
        (title,) = words(figure.all("figcaption"))
        assert {wide.attributes["role"], narrow.attributes["role"]} == {"img"}
        assert wide.attributes["aria-label"] == narrow.attributes["aria-label"]
        assert wide.attributes["aria-label"].startswith(f"{title}. ")
        assert wide.all("text")
        assert not re.search(r"#[0-9a-f]{6}\b", " ".join(item.attributes.get("style", "") for item in wide.all()))


def test_the_way_in_by_keyboard() -> None:
    """The first link skips to the report; what scrolls sideways can be reached, and says what it is."""
    page = page_of("spend.xlsx")
    first = page.all("a")[0]
    assert (first.text, first.attributes["href"]) == ("Skip to the report", "#report")
    assert [item.attributes["id"] for item in page.all("main")] == ["report"]
    scrolling = [item for item in page.all("div") if item.attributes.get("class") == "scroll"]
    assert {(item.attributes["tabindex"], item.attributes["role"]) for item in scrolling} == {("0", "region")}
    assert all(item.attributes["aria-label"] for item in scrolling)


# --- what it says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_the_score_and_the_money_come_first(name: str) -> None:
    """Before any other heading: the score with its ends and what it means, and every class to the cent."""
    page, found = page_of(name), document_of(name)
    assert words(page.all("h2"))[:3] == ["Score", "The money", "What to do next"]
    first = next(item for item in page.all("section") if item.attributes["class"] == "first")
    score, money = found["score"], found["money"]
    if score["value"] is None:
        assert "No score Too little could be judged: " in first.text
    else:
        assert f"{score['value']:.0f} of 100" in first.text
        assert f"{score['low']:.0f} if all that was not judged fails, {score['high']:.0f} if it holds" in first.text
    shown = dict(zip(words(first.all("dt")), words(first.all("strong"))[-4:], strict=True))
    assert shown == {kind: exact_money(money[kind], found["currency"]) for kind in CLASSES}
    claimed = round(sum(money[kind] for kind in CLASSES[:3]), 2)
    assert f"{exact_money(claimed, found['currency'])} of {exact_money(money['examined'], found['currency'])}" in (
        first.text
    )


@pytest.mark.parametrize("name", BOOKS)
def test_every_open_finding_is_there_with_its_remedy_and_its_cells(name: str) -> None:
    """Each message stands on the page, in its own words, beside what to do and the first cells behind it."""
    said = page_of(name).text
    for finding in document_of(name)["findings"]:
        if finding["state"] == "fail" and finding["play"] != "trust":
            parts = [finding["message"], finding["fix"], *finding["cells"][:3]]
            assert [part for part in parts if " ".join(part.split()) not in said] == []


def test_a_channel_is_one_row_with_its_range_and_its_findings() -> None:
    """The row of a channel that a finding names leads to that finding; the whole book comes last."""
    page = page_of("spend.xlsx")
    table = next(item for item in page.all("table") if item.all("caption")[0].text.startswith("Channels"))
    rows = {row.children[0].text: row for row in table.all("tbody")[0].all("tr")}
    names = {item["name"] for item in document_of("spend.xlsx")["subjects"]["channel"]}
    assert {*rows} == names | {"The whole book"}
    assert words(rows["LinkedIn"].all("td"))[:6] == [
        "199,042", "1,003", "150", "40", "1,327(1,159 to 1,526)", "4,976(3,823 to 6,592)",
    ]  # fmt: skip
    (link, *_) = rows["JobSprint"].all("a")
    target = next(
        item for item in page.all("article") if item.attributes["id"] == link.attributes["href"].removeprefix("#")
    )
    assert "JobSprint" in target.all("h3")[0].text
    assert [*rows][-1] == "The whole book"


def test_a_step_says_whom_it_is_about_and_what_it_is_worth() -> None:
    """Three channels lose applicants in the form: one step, their names, and the sum of what is claimed of them."""
    found = document_of("spend.xlsx")
    own = [item for item in found["findings"] if item["rule"] == "clicks-without-applies"]
    claimed = sum(item["money"]["amount"] for item in own)
    todo = next(item for item in page_of("spend.xlsx").all("section") if item.attributes["class"] == "todo")
    assert todo.all("li")[0].text == (
        f"{own[0]['fix']} Paid clicks rarely become applications: JobSprint, AdCascade, HireBarrel; "
        f"unproven EUR {claimed:,.0f}"
    )


def test_what_is_claimed_of_a_channel_stands_in_its_row() -> None:
    """The amounts of its findings, those of its licence too; the last row has all that is claimed."""
    page, found = page_of("spend.xlsx"), document_of("spend.xlsx")
    table = next(item for item in page.all("table") if item.all("caption")[0].text.startswith("Channels"))
    place = words(table.all("thead")[0].all("th")).index("Claimed")
    rows = {row.children[0].text: row.children[place].text for row in table.all("tbody")[0].all("tr")}
    of_boards = sum(item["money"]["amount"] for item in found["findings"]
                    if "JobSprint" in (item["subject"].get("channel"), item["subject"].get("contract")))  # fmt: skip
    assert rows["JobSprint"] == f"{of_boards:,.0f}"
    assert rows["Career site"] == "-"
    assert rows["The whole book"] == f"{sum(found['money'][kind] for kind in CLASSES[:3]):,.0f}"


def test_the_charts_of_the_book_of_the_readme() -> None:
    """Four charts; each says every number that it draws."""
    charts = {item.all("figcaption")[0].text: item.all("svg")[0] for item in page_of("spend.xlsx").all("figure")}
    assert [*charts] == [
        "Claimed and unclaimed spend, by play, EUR",
        "Cost per conversation by channel, EUR",
        "Volume against quality, by channel",
        "Spend by month, EUR",
    ]
    said = [chart.attributes["aria-label"] for chart in charts.values()]
    assert "The whole book: 29% of 435,388 claimed; Programmatic ad software: 27% of 337,088 claimed" in said[0]
    assert "JobSprint: 22,009 (8,516 to 80,750)" in said[1]
    assert "JobSprint: 3 of 521 had a talk" in said[2]
    assert "2026-08: 45,088, 25% of it matured" in said[3]


def test_what_was_not_judged_says_what_to_bring() -> None:
    """Every export that would let a rule judge which counts, and a doubt beside a score that rests on little."""
    page, found = page_of("employer"), document_of("employer")
    silent = [rule for rule in found["rules"] if rule["judged"]["not_evaluated"] and rule["status"] == "stable"]
    wanted = {part for rule in silent for part in rule["bring"].split("; ")}
    brought = {text.removeprefix("Bring ") for text in words(page.all("dt")) if text.startswith("Bring ")}
    assert brought == {part for part in wanted if part}
    assert "Too little could be judged: 14% of the weight; a score needs 20% and some money." in page.text


def test_a_plan_alone_has_no_channels_and_no_months() -> None:
    assert words(page_of("plan.xlsx").all("h2"))[3:] == [
        "What would raise the score most", "Money by play", "What the money is for", "Findings",
        "What could not be judged", "About the data", "How to read it",
    ]  # fmt: skip


def test_hires_without_spend_make_a_page_too() -> None:
    """Nothing is divided by nothing: no score, no money, and what to bring."""
    page = read_page(html(document(book(hires="Source,Hire date\nReferral,2026-02-01\nIndeed,2026-03-01\n"))))
    assert "No score" in page.text
    assert "No money was examined." in page.text
    assert [item for item in words(page.all("dt")) if item.startswith("Bring ")] != []


def test_channels_without_talks_are_drawn_by_what_there_is() -> None:
    """No export says who was talked to: the charts are about hires."""
    hires = "\n".join(f"{source},2026-0{1 + day % 3}-1{day % 9},2026-0{2 + day % 3}-20" for day in range(9)
                      for source in ("Indeed", "Xing"))  # fmt: skip
    spend = "Month,Channel,Spend (EUR)\n" + "".join(f"2026-0{month},{name},900\n" for month in (1, 2, 3)
                                                    for name in ("Indeed", "Xing"))  # fmt: skip
    page = read_page(html(document(book(spend=spend, hires=f"Source,Applied date,Hire date\n{hires}\n"))))
    titles = words(page.all("figcaption"))
    assert "Cost per hire by channel, EUR" in titles
    assert "Spend by month, EUR" in titles


# --- strangers' words -------------------------------------------------------------------------------------------

_MARKUP = "<script>alert(1)</script>"
_HEBREW = "לוח משרות"
_STRANGE = (
    _MARKUP,
    _HEBREW,
    "Board \u202e\x07evil",
    "{{ 7*7 }}{% if %}",
    '" onload="x',
    "&lt;b&gt;",
    "求人広告サービス",
    "$x^2$",
)


def strange_book() -> Any:
    rows = [f'2026-0{month},"{name.replace(chr(34), chr(34) * 2)}",{3000 + 400 * place},4000,20\n'
            for month in range(1, 5) for place, name in enumerate(_STRANGE)]  # fmt: skip
    return document(book(spend="Month,Channel,Spend (EUR),Clicks,Applies\n" + "".join(rows)))


def test_markup_control_characters_and_templates_in_names_stay_text() -> None:
    """They are read out as they were written, with what cannot be seen made visible; nothing is run or filled in."""
    found = strange_book()
    page = read_page(html(found))
    assert page.all("script", "b") == []
    names = {item.text for item in page.all("bdi") if item.inside("tbody")}
    assert {visible(name) for name in _STRANGE} <= names | {" ".join(visible(name).split()) for name in _STRANGE}
    assert _MARKUP in page.text
    assert "{{ 7*7 }}{% if %}" in page.text
    assert not set(html(found)) & set("\u202e\x07")


def test_a_name_from_right_to_left_is_kept_apart_in_every_sentence() -> None:
    """Numbers beside it stay where they belong: wherever the name stands in a sentence it is in a bdi."""
    page = read_page(html(strange_book()))
    sentences = [item for item in page.all("p", "td", "h3", "caption") if _HEBREW in item.text]
    assert sentences != []
    assert [item.text for item in sentences if _HEBREW not in "".join(words(item.all("bdi")))] == []


@settings(max_examples=12)
@given(st.lists(st.text(min_size=1, max_size=40).filter(lambda text: visible(text).strip()), min_size=13, max_size=13))
def test_whatever_channels_are_called_the_page_has_no_other_elements(names: list[str]) -> None:
    """Names of any letters: no element and no attribute is there that was not there before."""
    plain = document_of("spend.xlsx")
    named = copy.deepcopy(plain)
    for item, name in zip(named["subjects"]["channel"], names, strict=True):
        item["name"] = name
    before, after = page_of("spend.xlsx"), read_page(html(named))
    assert {item.tag for item in after.all()} <= {item.tag for item in before.all()}
    kinds = [{(item.tag, key) for item in page.all() for key in item.attributes} for page in (before, after)]
    assert kinds[1] <= kinds[0]
