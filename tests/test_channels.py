"""Names of channels: which spellings are one, which are not, and which are never shown."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from books import book
from hypothesis import assume, given
from hypothesis import strategies as st
from measure_channels import ALONE, joined, of_list, seconds_for, total

from rm_audit.book.sources import Unresolved
from rm_audit.channels import Channels, may_hold_person, spelled
from rm_audit.channels.data import grammar
from rm_audit.channels.grammar import read
from rm_audit.channels.persons import may_be_person
from rm_audit.cli.init import project_file
from rm_audit.config import KEYS, Config, load_config
from rm_audit.rulebook.model import PLAYS
from rm_audit.verbs import load_rules
from rm_audit.yamls import load

APART = [
    line for line in (Path(__file__).parent / "channels-apart.txt").read_text("utf-8").splitlines() if line[:1] != "#"
]
NAMES = st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", fullmatch=True)


def one(source: str, *spend: str) -> str:
    return joined(spend, [source])[source]


# --- how many resolve, and how many wrongly -----------------------------------------------------------------------


@pytest.mark.parametrize("half", ["dev", "held"])
def test_nearly_all_spellings_resolve_and_none_of_a_thousand_wrongly(half: str) -> None:
    """`python tests/measure_channels.py` shows the same by kind of decoration: 99 of 100 of either half."""
    whole = total(of_list(half).values())
    assert whole.resolved >= 0.98
    assert whole.wrongly <= 0.001, whole.misses


def test_the_list_is_long_and_no_line_stands_in_it_twice() -> None:
    """600 lines at least, half of them held back."""
    dev, held = (total(of_list(half).values()) for half in ("dev", "held"))
    assert dev.rows + held.rows >= 600
    assert held.rows >= 300


def test_no_two_of_three_hundred_channels_are_taken_for_each_other() -> None:
    """Each in turn is the only channel of the spend, and all others are sources."""
    taken = {}
    for channel in APART:
        found = joined([channel], [other for other in APART if other != channel])
        taken |= {source: came for source, came in found.items() if came != ALONE}
    assert taken == {}


def test_four_hundred_sources_against_sixty_channels_take_no_time() -> None:
    """Far under half a second of the processor on a busy machine, once the lists are read."""
    seconds_for(1)
    start = time.process_time()
    seconds_for(400, 60)
    assert time.process_time() - start < 0.5


# --- what is one channel ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "Job Board > Job Board - Zettel",
        "Inbound: Zettel Listings",
        "www.zettel.com",
        "utm_source=zettel&utm_medium=cpc",
        "zettel / cpc",
        "Beworben über Zettel",
        "Zettel (sponsorisé)",
        "Zettel - Germany",
        "Mara Quint - Zettel",
        "The Zettel",
        "Zettel GmbH",
    ],
)
def test_what_stands_around_a_name_is_taken_off(source: str) -> None:
    """For a channel that no list knows."""
    assert one(source, "Zettel") == "Zettel"


@pytest.mark.parametrize("word", grammar()["organic"])
def test_a_source_that_says_organic_in_any_language_is_its_own(word: str) -> None:
    """Before the name, behind it, and in brackets; the paid channel gets none of them."""
    sources = [f"Zettel {word}", f"{word.title()} - Zettel", f"zettel ({word})", f"Job Board - Zettel {word.upper()}"]
    assert joined(["Zettel"], sources) == dict.fromkeys(sources, ALONE)


@pytest.mark.parametrize("word", grammar()["paid"])
def test_a_source_that_says_paid_in_any_language_joins_the_paid_one(word: str) -> None:
    """And not the organic one beside it."""
    sources = [f"Zettel {word}", f"{word.title()} - Zettel", f"zettel ({word})"]
    assert joined(["Zettel", "Zettel organic"], sources) == dict.fromkeys(sources, "Zettel")


def test_countries_that_the_spend_tells_apart_stay_apart() -> None:
    """Two countries in the spend: one without a country joins none. One country: it does."""
    sources = ["Zettel Germany", "zettel.co.uk", "Zettel", "Zettel FR"]
    assert joined(["Zettel DE", "Zettel UK"], sources) == {
        "Zettel Germany": "Zettel DE", "zettel.co.uk": "Zettel UK", "Zettel": ALONE, "Zettel FR": ALONE,
    }  # fmt: skip
    assert joined(["Zettel UK"], sources) == {
        "Zettel Germany": ALONE, "zettel.co.uk": "Zettel UK", "Zettel": "Zettel UK", "Zettel FR": ALONE,
    }  # fmt: skip


def test_information_technology_is_not_italy() -> None:
    """'IT' is a job family more often; a code that is a word counts in capitals only."""
    assert (read("Zettel IT").country, read("Zettel Italy").country, read("zettel.it").country) == ("", "it", "it")
    assert (read("Zettel IN").country, read("check in").country) == ("in", "")


def test_names_in_other_scripts_are_names() -> None:
    """Letters of any script count, and accents do not."""
    assert spelled("Jobbörse  «Köln».de") == "jobborse koln de"
    assert joined(["Авито"], ["авито", "前程无忧"]) == {"авито": "Авито", "前程无忧": ALONE}


def test_spellings_of_a_source_without_spend_are_one_channel_too() -> None:
    """Named by the first that is met; the organic one stays apart."""
    channels = Channels()
    found = [channels.of_source(name) for name in ("Zettel", "zettel.com", "Job Board - Zettel", "Zettel organic")]
    assert found == ["Zettel", "Zettel", "Zettel", "Zettel organic"]


def test_an_alias_of_a_bare_name_holds_for_its_decorated_spellings() -> None:
    """`channels: {Zettel: Indeed}` settles 'Job Board - Zettel' as well, and not the organic one."""
    channels = Channels(aliases={"zettel": "Indeed"})
    channels.settle([("Indeed", None, 1)])
    found = [channels.of_source(name) for name in ("Zettel", "Job Board - Zettel", "zettel.com", "Zettel organic")]
    assert found == ["Indeed", "Indeed", "Indeed", "Zettel organic"]


def test_the_first_level_of_a_pick_list_says_the_kind() -> None:
    """'Job Board - X' is a job board, whoever X is, and 'X organic' is organic."""
    kinds = {
        name: Channels().kind(name) for name in ("Job Board - Zettel", "Social Media > Zettel", "Zettel free", "Zettel")
    }
    assert list(kinds.values()) == ["job-board", "social", "organic", None]


@pytest.mark.parametrize(
    ("source", "spend"),
    [
        ("Social Media Ads", "Job Board Ads"),
        ("Radio", "Online Radio"),
        ("Recruiters", "External Recruiters"),
        ("Denver", "Denver Post"),
        ("Campaign E", "Campaign"),
        ("Campaign", "Campaign E"),
        ("Source 1", "Campaign 1"),
        ("Job Board 7", "Campaign 7"),
        ("Organic Search", "Paid Search"),
        ("Organic Social", "Paid Social"),
        ("LinkedIn Post", "LinkedIn"),
        ("Agency - Indeed", "Indeed"),
        ("Indeed (Agency)", "Indeed"),
        ("Facebook - Indeed", "Indeed"),
        ("Text message - Indeed", "Indeed"),
        ("indeed.com / referral", "Indeed"),
        ("Internal Portal", "External Portal"),
        ("Nurse Fair Mainz", "Nurse Fair Main"),
        ("Job Fair July", "Job Fair June"),
        ("Hamburg Messe", "Homburg Messe"),
        ("hired", "Hired"),
        ("Talent Community", "Talent.com"),
        ("LinkedIn Recruiter", "LinkedIn Jobs"),
        ("Facebook group organic", "Facebook Ads"),
        ("google / organic", "Google Ads"),
    ],
)
def test_what_looks_like_a_channel_and_is_another_joins_nothing(source: str, spend: str) -> None:
    """Each would move hires to money that did not bring them."""
    assert one(source, spend) == ALONE


# --- what is never shown ------------------------------------------------------------------------------------------


@given(NAMES)
def test_the_name_of_a_person_beside_a_channel_is_never_shown(name: str) -> None:
    """Whoever it is, and whether the channel is in the spend or in no list at all."""
    assume(may_be_person(name))
    assert one(f"{name} - LinkedIn", "LinkedIn") == "LinkedIn"
    sources = [f"{name} - LinkedIn", f"{name} - Zettelwerk", f"LinkedIn - {name}", f"{name} (Referral)"]
    sources += [f"Referral - {name}", f"Referred by {name}", f"Empfohlen von {name}", f"{name}: LinkedIn Recruiter"]
    shown = [Channels().of_source(source) for source in sources]
    assert [channel for channel in shown if name in channel] == []
    assert all(map(may_hold_person, sources))


@pytest.mark.parametrize("source", ["qwerta - linkedin", "QWERTA ZZYX - LINKEDIN", "Zzyx, Qwerta - LinkedIn"])
def test_a_name_in_front_of_a_known_channel_is_not_shown_however_it_is_written(source: str) -> None:
    """In no case, and with the last name first."""
    assert Channels().of_source(source).casefold() == "linkedin"


def test_a_bonus_that_names_who_referred_is_called_a_referral() -> None:
    """In the spend too: two bonuses are one channel without names."""
    channels = Channels()
    channels.settle([("Referral - Qwerta Zzyx", None, 2), ("Referred by Zzyx Qwerta", None, 1)])
    assert channels.of_spend("Referral - Qwerta Zzyx") == channels.of_source("Referred by Aa Bb") == "Employee referral"


def test_an_address_is_never_shown() -> None:
    """Alone, and beside a channel."""
    sources = ["qwerta@zettel.com", "Zettelwerk - qwerta@zettel.com", "qwerta@zettel.com - Indeed"]
    assert [Channels().of_source(source) for source in sources] == ["An e-mail address", "Zettelwerk", "Indeed"]
    assert all(map(may_hold_person, sources))


def test_an_agency_behind_its_kind_keeps_its_name() -> None:
    """Two words behind 'Agency - ' are an agency, or none could be told from another."""
    assert Channels().of_source("Agency - Hartwig Lohse") == "Agency - Hartwig Lohse"
    assert not may_hold_person("Agency - Hartwig Lohse")


# --- what is said -------------------------------------------------------------------------------------------------


def said_of(*sources: str) -> list[str]:
    """The problems of a book with one spend channel, Zettel, and one hire a source."""
    lines = "".join(f"{number},{source},2026-01-05,2026-02-05\n" for number, source in enumerate(sources))
    of = book(
        spend="Month,Channel,Spend (EUR)\n2026-01,Zettel,100\n",
        ats=f"Application ID,Source,Applied at,Hired at\n{lines}",
    )
    return [problem.text() for problem in of.problems]


def test_what_joined_without_its_decorations_is_said_in_one_line() -> None:
    """With the line that undoes the first."""
    assert said_of("Job Board - Zettel", "Zettel", "zettel.com") == [
        "info: taken for channels of the spend without what stands around their names: "
        "'Job Board - Zettel' for 'Zettel', 'zettel.com' for 'Zettel'\n"
        "  help: If that is wrong, write under channels in rm-audit.yaml: {'Job Board - Zettel': 'Job Board - Zettel'}."
    ]


def test_names_beside_a_channel_are_counted_and_not_shown() -> None:
    """Two recruiters."""
    assert said_of("Mara Quint - Zettel", "Otto Brandel - Zettel") == [
        "info: 2 sources with another name beside 'Zettel' were taken for it\n"
        "  help: If one is another channel, write its spelling under channels in rm-audit.yaml."
    ]


def test_at_most_five_unresolved_sources_are_named() -> None:
    """The rest is counted, with its hires."""
    (text,) = said_of("Aa", "Bb", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Other")
    assert text == (
        "warning: 7 sources are no channel of the spend and of no known kind: 'Bb' (2 hires), 'Aa' (1 hire), "
        "'Cc' (1 hire), 'Dd' (1 hire), 'Ee' (1 hire), and 2 more with 2 hires\n"
        '  help: Write under channels in rm-audit.yaml what each is: {"Bb": CHANNEL, "Aa": CHANNEL, "Cc": CHANNEL, '
        '"Dd": CHANNEL, "Ee": CHANNEL}, with {kind: KIND} for one of its own.'
    )


def test_the_remedy_settles_an_unresolved_source() -> None:
    """The line that the problem asks for, once with a channel and once with a kind."""
    spend = "Month,Channel,Spend (EUR)\n2026-01,Zettel,100\n"
    ats = "Application ID,Source,Applied at\n1,Werkstatt Nord,2026-01-05\n"
    for config in (
        Config(channel_names={"werkstatt nord": "Zettel"}),
        Config(channel_kinds={"werkstatt nord": "event"}),
    ):
        assert [problem.code for problem in book(config, spend=spend, ats=ats).problems] == []
    assert [problem.code for problem in book(spend=spend, ats=ats).problems] == ["unresolved-source"]


def test_a_book_without_spend_has_no_unresolved_sources() -> None:
    """There is nothing that they could join."""
    assert [problem.code for problem in book(ats="Source,Hire date\nAa,2026-01-05\n").problems] == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_spelling(source: str, channel: str) -> None:
    """No text breaks the reading, and a source is its own spelling's channel."""
    assume(re.search(r"\w", channel) and not read(channel).organic)
    channels = Channels()
    channels.settle([(channel, None, 1)])
    assert isinstance(channels.of_source(source), str)
    assert channels.of_source(channel) == channels.of_spend(channel)


# --- the project file that init writes ----------------------------------------------------------------------------


def test_the_project_file_of_init_holds_every_key_and_each_example_is_valid(tmp_path: Path) -> None:
    """As it is written, and with every line switched on."""
    text = project_file(None, [])
    (tmp_path / "as-written.yaml").write_text(text, encoding="utf-8")
    assert load_config(tmp_path / "as-written.yaml", tuple(PLAYS)).origins == {}
    for folder in ("our-exports", "our-rules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "audit-2026-q3.json").write_text("{}", encoding="utf-8")
    (tmp_path / "all-on.yaml").write_text(re.sub(r"^# (?=[a-z_]+: )", "", text, flags=re.MULTILINE), encoding="utf-8")
    config = load_config(tmp_path / "all-on.yaml", tuple(PLAYS))
    assert set(config.origins) == {*KEYS}
    load_rules(overrides=config.rules)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=5, unique=True))
def test_whatever_a_source_is_called_its_line_can_be_switched_on(names: list[str]) -> None:
    """Quotes, marks, line breaks and other scripts: the file is valid before, and after CHANNEL was filled in."""
    sources = [Unresolved(name, 1, None) for name in names if not may_hold_person(name)]
    assume(sources)
    text = project_file("EUR", sources)
    assert load(text, "rm-audit.yaml").data == {"currency": "EUR", "channels": None}
    filled = load(re.sub(r'^#(?=  ")', "", text, flags=re.MULTILINE), "rm-audit.yaml")
    assert filled.data == {"currency": "EUR", "channels": {source.name: "CHANNEL" for source in sources}}
