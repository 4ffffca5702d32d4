"""Job titles: family and level by the words of `titles.yaml`, by the project file, and by the sheet's own columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from books import file
from hypothesis import given
from hypothesis import strategies as st
from measure_titles import measure, titles

from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.readers import Value
from rm_audit.titles import Mapped, families, levels, place

TITLES = st.sampled_from([title.text for half in ("dev", "held") for title in titles(half)])


@pytest.mark.parametrize(
    ("title", "family", "level"),
    [
        ("Registered Nurse", "Nursing", None),
        ("AI Trainer | Part-Time | Remote", "Data", None),
        ("Krankenpfleger*in (m/w/d) - Nachtdienst", "Nursing", None),
        ("KRANKENPFLEGERIN", "Nursing", None),
        ("Lagerhelfer", "Warehouse and logistics", None),
        ("LKW-Fahrer (m/w/d)", "Driving", None),
        ("Verkäufer", "Retail", None),
        ("Verkaeufer", "Retail", None),
        ("Infirmier(e) diplômé(e) d’État", "Nursing", None),
        ("Enfermero/a", "Nursing", None),
        ("Senior Software Engineer", "Software engineering", "senior"),
        ("Werkstudent Marketing", "Marketing", "trainee"),
        ("Head of Brand", "Marketing", "director"),
        ("Chief Financial Officer", "Finance", "executive"),
        ("Alltagsbegleiter", "Care", None),  # the ending 'leiter' says nothing here
        ("Account Executive", "Sales", None),  # no executive
        ("Key Account Manager", "Sales", None),  # no manager
        ("Executive Assistant to the CEO", "Administration", None),
        ("Junior Product Manager", "Product and design", "junior"),
        ("Manager", "Management", "manager"),
        ("Manager of Unheard-of Things", None, "manager"),  # 'manager' alone would be a guess
        ("Team Member", None, None),
        ("Nurseryman's friend", None, None),  # words count whole: 'nurse' is not in it
        ("", None, None),
        ("(m/w/d)", None, None),
    ],
)
def test_a_title_has_a_family_and_a_level(title: str, family: str | None, level: str | None) -> None:
    assert place(title) == (family, level)


def test_most_titles_are_placed_and_few_of_them_wrongly() -> None:
    """The floors lie under what `python tests/measure_titles.py` prints: held 89.5% placed and 6.0% wrong (2026-11)."""
    tuned, held = measure(titles("dev")), measure(titles("held"))
    assert tuned.placed >= 0.97
    assert tuned.wrong <= 0.02
    assert held.placed >= 0.87
    assert held.wrong <= 0.08
    assert held.level <= 0.03


def test_the_halves_share_no_title() -> None:
    dev, held = ({title.text for title in titles(half)} for half in ("dev", "held"))
    assert len(dev) + len(held) >= 400
    assert not dev & held


@given(TITLES, st.sampled_from(["(m/w/d)", "(f/m/x)", "(H/F)", "[all genders]", "m/w/d"]))
def test_marks_of_gender_and_case_change_nothing(title: str, mark: str) -> None:
    assert place(f"{title} {mark}") == place(title)
    assert place(title.upper()).family == place(title.upper().lower()).family


@given(st.text(max_size=60))
def test_any_text_has_a_known_family_or_none(title: str) -> None:
    found = place(title)
    assert found.family in {*families(), None}
    assert found.level in {*levels(), None}


def test_the_project_files_title_goes_before_its_globs_and_the_longer_glob_before_the_shorter() -> None:
    mapped = Mapped({"*Nurse*": "Nursing", "*nurse recruiter*": "HR", "Nurse [ICU]": "Critical care", "x?": "nursing"})
    assert mapped.of("Staff NURSE - Nights") == "Nursing"
    assert mapped.of("Senior Nurse Recruiter") == "HR"
    assert mapped.of("nurse  [icu]") == "Critical care"
    assert mapped.of("X1") == "Nursing"  # a family that is known keeps its own spelling
    assert mapped.of("Cook") is None


def book(header: str, *rows: Sequence[Value], **mapped: str) -> Book:
    sheet: list[list[Value]] = [list(header.split(",")), *(list(row) for row in rows)]
    return build(
        [file("ats.xlsx", {"ATS": sheet})], Config(families={k.replace("_", "*"): v for k, v in mapped.items()})
    )


def placed(of: Book, table: str = "applications") -> list[tuple[str | None, str | None]]:
    return list(of.tables[table][["job_family", "level"]].itertuples(index=False, name=None))


def said(of: Book) -> list[str]:
    return [problem.message for problem in of.problems if problem.code == "titles-unplaced"]


def test_the_project_file_goes_first_then_the_sheet_then_the_words_of_the_title() -> None:
    found = book(
        "Application ID,Job title,Department,Seniority,Source,Applied at",
        [1, "Staff Nurse", "Ward 7", None, "Indeed", "2026-01-05"],  # the project file knows the title
        [2, "Cook", "Ward 7", "P3", "Indeed", "2026-01-05"],  # the sheet's own family and level
        [3, "Cook", "Galley", "Sr.", "Indeed", "2026-01-05"],  # the project file knows the sheet's family
        [4, "Senior Cook", None, None, "Indeed", "2026-01-05"],  # the words of the title
        [5, None, "NURSING", None, "Indeed", "2026-01-05"],  # no title: the sheet's family, as it is spelled here
        [6, "Sandwich Wizard", None, None, "Indeed", "2026-01-05"],  # nobody knows
        _nurse_="Nursing",
        galley="Ship's kitchen",
    )
    assert placed(found) == [
        ("Nursing", None),
        ("Ward 7", "P3"),
        ("Ship's kitchen", "senior"),
        ("Hospitality", "senior"),
        ("Nursing", None),
        (None, None),
    ]
    assert said(found) == [
        "1 of 5 rows with a job title (20%) have no job family; the commonest: 'Sandwich Wizard' (1)"
    ]


def test_requisitions_are_placed_too() -> None:
    found = book("Job ID,Title,Opened,Closed", ["J1", "Bauleiter (m/w/d)", "2026-01-05", "2026-02-05"])
    assert placed(found, "jobs") == [("Construction", "manager")]
    assert said(found) == []


def test_nothing_is_said_where_no_sheet_has_a_title() -> None:
    found = book("Application ID,Source,Applied at", [1, "Indeed", "2026-01-05"])
    assert said(found) == []
    assert not {"job_family", "level"} & set(found.tables["applications"].columns)
