"""`--redact`: a report to be shown outside holds no name, no amount, or neither, in any byte of any format."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from making import Case, told

import rm_audit
from rm_audit.config import Config
from rm_audit.redacting import CHOICES, is_money, redacted
from rm_audit.rendering import FORMATS
from rm_audit.report import Report, schema

# Every text here is nobody's: it is found again wherever it slips through. So are the amounts.
FILES = {
    "zorvex-export.csv": [
        "Month,Channel,Campaign,Job ID,Spend (EUR),Clicks,Applies,Cost type\n",
        *(f"2026-{month:02},Zorvex,Quillmar push,BRENT-{month},{48213 + month * 1117}.37,9000,21,media\n"
          for month in range(1, 10)),
        *(f"2026-{month:02},Thimbrel Board,Quillmar push,BRENT-{month},{27411 + month * 713}.19,5000,190,media\n"
          for month in range(1, 10)),
        *(f"2026-{month:02},Zorvex,Licence of Dulnath,,6118.43,,,licence\n" for month in range(1, 4)),
    ],
    "people-of-varnholt.csv": [
        "Application ID,Job ID,Job title,Source,Applied,Interviewed,Offered,Hired\n",
        *(f"A{number},BRENT-{number % 9 + 1},Glimmen welder,{'Thimbrel Board' if number % 3 else 'Zorvex'},"
          f"2026-{number % 6 + 1:02}-03,{f'2026-{number % 6 + 1:02}-10' if number % 4 == 0 and number % 3 else ''},"
          f"{'2026-07-01' if number % 8 == 0 and number % 3 else ''},"
          f"{'2026-07-05' if number % 8 == 0 and number % 3 else ''}\n" for number in range(400)),
    ],
    "sum-of-varnholt.csv": [
        "Month,Channel,Spend (EUR)\n",
        *(f"2026-{month:02},Zorvex,{48213 + month * 1117}.37\n" for month in range(1, 10)),
        *(f"2026-{month:02},Thimbrel Board,{27411 + month * 713}.19\n" for month in range(1, 10)),
        *(f"2026-{month:02},Zorvex,6118.43\n" for month in range(1, 4)),
    ],
    "jobs-of-varnholt.csv": [
        "Job ID,Job title,Opened,Closed,Openings\n",
        *(f"BRENT-{number},Glimmen welder,2026-01-01,2026-0{number}-02,2\n" for number in range(1, 10)),
    ],
    "licences-of-varnholt.csv": [
        "Vendor,Product,Purpose,Seats,Active seats,Annual cost,End,Notice days\n",
        "Zorvex,Zorvex Suite,Krumbling insight,400,14,71339.41,2026-12-31,60\n",
        "Ostrelle,Ostrelle Desk,Krumbling insight,50,49,33127.77,2027-06-30,30\n",
    ],
    "plan-of-varnholt.csv": [
        "Line,Play,Budget,KPI,Owner,Objective,Month\n",
        "Fennick fair,Mirthal outreach,152877.61,Jubelsum views,,,2027-01\n",
        "Corrin meetup,Mirthal outreach,9441.83,hires,Wendelow,meet drivers,2027-02\n",
    ],
    "rm-audit.yaml": [
        "currency: EUR\n",
        "rules: {site-concentration: {for: {channel: {Thimbrel*: {cap: 0.9}}}}}\n",
        "waivers: [{rule: clicks-without-applies, where: channel == \"Zorvex\", reason: Hasplund asked 88231.12, "
        "owner: Wendelow, until: 2027-03-31}]\n",
    ],
}  # fmt: skip
NAMES = (
    *("Zorvex", "Thimbrel", "Quillmar", "BRENT-", "Dulnath", "varnholt", "Glimmen", "Krumbling", "Ostrelle"),
    *("Fennick", "Corrin", "Mirthal", "Jubelsum", "Wendelow", "Hasplund"),
)
RULE = "board-zero-hire"


def bytes_of(data: bytes) -> str:
    """All that can be read in a file: of a workbook every part unpacked, escapes undone, in small letters."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [packed.read(name) for name in packed.namelist()] + [" ".join(packed.namelist()).encode()]
            parts += [packed.comment, *(info.comment + info.extra for info in packed.infolist())]
    text = "\n".join(part.decode("utf-8", "replace") for part in parts)
    return "\n".join((text, unescape(text), unquote(text), re.sub(r"<[^>]*>", "", text))).casefold()


@cache
def files(folder: Path) -> Path:
    for name, lines in FILES.items():
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder


def run(folder: Path, what: str) -> dict[str, bytes]:
    """Every format of one run, by its name: those of files, and those of the screen."""
    outputs = {form: f"out/{form}{suffix}" for form, suffix in FORMATS.items() if suffix}
    (folder / "out").mkdir()
    redact = f"--redact {what}" if what else ""
    line = f"analyze {' '.join(name for name in FILES if name.endswith('.csv'))} --as-of 2026-10-15 {redact}"
    written = dict.fromkeys(outputs.values(), "")
    found: dict[str, bytes] = {}
    for form in ("github", "terminal"):
        more = " ".join(f"--output {name}" for name in written) if form == "github" else "--verbose"
        case = Case("", f"{line} --format {form} {more}", 0, written=dict.fromkeys(written, ""))
        done = told(case, folder)
        assert (done.exit, done.leaked) == (0, ()), done.stderr
        found[f"screen {form}"] = done.stdout.encode()
    return {**found, **{form: (folder / name).read_bytes() for form, name in outputs.items()}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return run(files(tmp_path_factory.mktemp("whole")), "")


@pytest.fixture(scope="module", params=list(CHOICES))
def cut(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, bytes]]:
    return request.param, run(files(tmp_path_factory.mktemp("cut")), request.param)


def amounts(document: Any) -> set[str]:
    """Every amount of the files and every one that the report made of them, from ten thousand up, as they show."""
    said = {float(number) for lines in FILES.values() for line in lines for number in re.findall(r"\d{4,}\.\d\d", line)}
    found = {abs(value) for value in (*said, *_money(document)) if abs(value) >= 10_000}
    forms = ("{:.0f}", "{:,.0f}", "{:.2f}", "{:,.2f}", "{:.1f}", "{:,.1f}")
    return {form.format(value) for value in found for form in forms}


def _money(item: Any, name: str = "") -> list[float]:
    """The numbers under a name that is one of an amount."""
    if isinstance(item, dict):
        inside = (
            "low",
            "value",
            "high",
            "read",
            "used",
            "set_aside",
            "avoidable",
            "unproven",
            "misdirected",
            "upcoming",
        )
        return [found for key, part in item.items()
                for found in _money(part, name if key in inside and name != "score" else key)]  # fmt: skip
    if isinstance(item, list):
        return [found for part in item for found in _money(part, name)]
    amount = is_money(name) or name in (
        *("money", "amount", "wanted", "examined", "unclaimed", "judged_money", "matured", "planned", "spent"),
        *("difference", "a_year", "credit", "budget"),
    )
    return [float(item)] if amount and isinstance(item, int | float) and not isinstance(item, bool) else []


def test_the_files_of_this_test_say_enough(whole: dict[str, bytes]) -> None:
    """Without `--redact` the names and amounts are there: a search that finds nothing could not fail."""
    text = bytes_of(whole["json"])
    seen = [name for name in NAMES if name.casefold() in text]
    assert {*NAMES} - {*seen} == {"Glimmen", "Mirthal"}  # what a job and a play are called is nowhere told
    document = json.loads(whole["json"])
    assert {finding["state"] for finding in document["findings"]} == {"fail", "waived"}
    assert len({finding["rule"] for finding in document["findings"]}) > 8
    assert len([amount for amount in amounts(document) if amount in text]) > 50


def test_nothing_that_is_redacted_is_in_any_byte(whole: dict[str, bytes], cut: tuple[str, dict[str, bytes]]) -> None:
    """Names in small letters and escaped or not; amounts with and without marks between thousands."""
    what, outputs = cut
    document = json.loads(whole["json"])
    secret = [name.casefold() for name in NAMES] if "names" in CHOICES[what] else []
    secret += sorted(amounts(document)) if "amounts" in CHOICES[what] else []
    leaked = {form: [word for word in secret if _stands(word, bytes_of(data))] for form, data in outputs.items()}
    assert leaked == {form: [] for form in outputs}
    hashes = [item["sha256"] for item in document["inputs"]]
    assert [form for form, data in outputs.items() if any(hash in bytes_of(data) for hash in hashes)] == []


def _stands(word: str, text: str) -> bool:
    """A name anywhere; a number where it is not a part of a longer one."""
    return word in text and (
        not word[0].isdigit() or re.search(rf"(?<![\d.,]){re.escape(word)}(?![\d]|[.,]\d)", text) is not None
    )


def test_what_is_not_redacted_stays(whole: dict[str, bytes], cut: tuple[str, dict[str, bytes]]) -> None:
    """The score, the counts and the verdicts; with `names` every amount too, and with `amounts` every name."""
    what, outputs = cut
    before, after = json.loads(whole["json"]), json.loads(outputs["json"])
    same = ["as_of", "data_through", "period", "score"] + (["money", "plays", "currency"] if what == "names" else [])
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert [rule["judged"] for rule in after["rules"]] == [rule["judged"] for rule in before["rules"]]
    kept = ["rule", "severity", "state", "known", *(["id", "subject", "cells"] if what == "amounts" else [])]
    kept += ["money"] if what == "names" else []
    assert [[item[name] for name in kept] for item in after["findings"]] == [
        [item[name] for name in kept] for item in before["findings"]
    ]
    assert list(after) == [*(name for name in before if name != "measurements"), "redacted"]
    Draft202012Validator(schema()).validate(after)


def test_a_name_has_one_stand_in_everywhere(cut: tuple[str, dict[str, bytes]]) -> None:
    """A channel that is a contract and a programme too is called the same in each, so that what belongs together
    stays together; `of` the alphabet, so that the next report of the same channels calls them the same."""
    what, outputs = cut
    document = json.loads(outputs["json"])
    names = sorted(item["name"] for item in document["subjects"]["channel"])
    assert names == (["Thimbrel Board", "Zorvex"] if what == "amounts" else ["Channel 1", "Channel 2"])
    channels = {item["subject"]["channel"] for item in document["findings"] if "channel" in item["subject"]}
    assert channels <= set(names)
    for item in document["findings"]:
        keys = ",".join(f"{key}={value}" for key, value in item["subject"].items() if key not in ("kind", "name"))
        assert item["id"] == f"{item['rule']}[{keys}]"


def test_amounts_are_shares_to_three_figures() -> None:
    """What was examined is 100%, and each other amount is its percentage of that."""
    before, after = _report().document, redacted(_report(), "amounts").document
    assert (before["currency"], after["currency"]) == ("EUR", "%")
    whole = before["money"]["examined"]
    shares = {name: float(f"{100 * before['money'][name] / whole:.3g}") for name in before["money"] if name != "basis"}
    assert after["money"] == {"basis": "spend", **shares}
    assert after["money"]["examined"] == 100


def test_a_finding_is_told_anew() -> None:
    """The same sentence with a stand-in for the channel, and a share for the money."""
    told_anew = {
        what: [item["message"] for item in redacted(_report(), what).document["findings"] if item["rule"] == RULE]
        for what in CHOICES
    }
    rest = "at the cost of the other advertised channels it would be 63."
    assert told_anew == {
        "names": [f"0 hires for EUR 223,465 of matured spend at Channel 2; {rest}"],
        "amounts": [f"0 hires for 28.6% of matured spend at Zorvex; {rest}"],
        "all": [f"0 hires for 28.6% of matured spend at Channel 2; {rest}"],
    }


@cache
def _report() -> Report:
    config = Config(currency="EUR")
    texts = {name.removesuffix(".csv"): "".join(lines) for name, lines in FILES.items() if name.endswith(".csv")}
    return rm_audit.audit(book(config, **texts), config=config, as_of=date(2026, 10, 15))


def test_nothing_new_in_the_document_slips_through() -> None:
    """A key of the document that redaction does not know is left out. This fails for a new one, which needs a line in
    `rm_audit/redacting.py`; and for a new measure, which is money or is not."""
    assert {*redacted(_report(), "all").document} == {*schema()["properties"]} - {"measurements"}
    measures = {*schema()["$defs"]["measured"]["properties"]}
    measures |= {name for items in _report().document["subjects"].values() for item in items for name in item}
    assert {name for name in measures if is_money(name)} == {
        *("spend", "spend_matured", "excess_spend", "budget", "contract_amount", "contract_cost"),
        *("cost_per_application", "cost_per_qualified", "cost_per_conversation", "cost_per_hire"),
    }


# Letters that no word of ours is written in.
GREEK = st.text(alphabet="αβγδεζηθικλμνξπρστυφχψω", min_size=3, max_size=12)


@settings(deadline=None, max_examples=25)
@given(names=st.lists(GREEK, min_size=2, max_size=5, unique=True), what=st.sampled_from(["names", "all"]))
def test_whatever_things_are_called_no_letter_of_it_is_left(names: list[str], what: str) -> None:
    """Channels, campaigns, headers of columns and lines of the plan, in every format that is text."""
    spend = "".join(f"2026-0{month},{name},{name} {month},{8000 + 100 * month},900,2,{name}\n"
                    for month in range(1, 7) for name in names)  # fmt: skip
    plan = "".join(f"{name},{name},9000,{name},,\n" for name in names)
    of = book(
        spend=f"Month,Channel,Campaign,Spend (EUR),Clicks,Applies,{names[0]}\n{spend}",
        plan=f"Line,Play,Budget,KPI,Owner,Objective\n{plan}",
    )
    report = rm_audit.audit(of, as_of=date(2026, 10, 15))
    for form in ("json", "html", "markdown", "csv", "sarif", "junit", "github", "terminal"):
        assert re.findall("[α-ω]+", str(rm_audit.render(report, form, redact=what))) == []


def test_a_redacted_workbook_is_no_copy(tmp_path: Path) -> None:
    """A copy of the book would hold all of it: the workbook has the findings and the gaps, and no other sheet."""
    rows = [["Channel", "Spend"], ["Zorvex", 48213.37], ["Thimbrel", 27411.19]]
    files = {"book.xlsx": {"make": "xlsx", "sheets": {"Spend": rows}}}
    sheets = {"out.xlsx": "Audit\nCould not judge\n"}
    case = Case("", "analyze book.xlsx --quiet --redact names --output out.xlsx", 0, files, written=sheets)
    assert told(case, tmp_path).written == sheets


@pytest.mark.parametrize(
    "run", ["compare out.json spend.csv", "rejudge out.json", "analyze spend.csv --baseline out.json"]
)
def test_a_redacted_report_is_compared_with_nothing(tmp_path: Path, run: str) -> None:
    """Its `Channel 1` may be another one's, and its amounts are none: exit 2 and a sentence."""
    files = {"spend.csv": "Channel,Spend\nZorvex,48213.37\nThimbrel,27411.19\n"}
    told(
        Case("", "analyze spend.csv --quiet --redact all --output out.json", 0, files, written={"out.json": ""}),
        tmp_path,
    )
    done = told(Case("", run, 2), tmp_path)
    assert (done.exit, done.stdout) == (2, "")
    assert "is a report that leaves out names and amounts" in done.stderr


def test_a_word_that_is_none_of_the_three_is_told(tmp_path: Path) -> None:
    """`--redact name`."""
    done = told(Case("", "analyze . --redact name", 2), tmp_path)
    assert (done.exit, done.stderr) == (2, "error: --redact: there is no 'name'\n  help: did you mean 'names'?\n")


def test_a_gate_does_not_tell_the_amount(tmp_path: Path) -> None:
    """What failed is on stderr, where the log of a build may be read by all: only the limit is named."""
    files = {name: "".join(lines) for name, lines in FILES.items()}
    line = "analyze . --as-of 2026-10-15 --quiet --fail-on-amount 10 --redact amounts"
    done = told(Case("", line, 1, files), tmp_path)
    assert (done.exit, done.stderr.splitlines()[-1]) == (1, "failed: avoidable and unproven money is at or over 10.00")
