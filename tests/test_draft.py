"""`rm-audit profiles draft FILE`: what it writes reads the file, as it is or after the edit that it points at."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import Case, told

FILES = {
    "a German board's export": (
        """
        Anzeigen-ID;Werbekanal;Ausgaben gesamt (EUR);Einblendungen;Klicks;Buchungstag
        A-1;Stellennetz;1.200,50;4000;120;03.02.2026
        A-2;Stellennetz;80,00;900;11;14.02.2026
        """,
        "EUR 1,280.50 read = EUR 1,280.50 used",
    ),
    "a French one": (
        """
        Campagne;Dépense totale;Vues;Clics;Jour
        Infirmiers;400,25;9000;80;2026-02-03
        Chauffeurs;99,75;1000;12;2026-02-04
        """,
        "500 read = 500 used",
    ),
    "a board with words of its own, and no column for itself": (
        """
        Job ad,Budget burned,Sightings,Taps,Went live
        Nurse Bern,310.10,8000,95,2026-02-03
        Driver Basel,40.00,700,6,2026-02-04
        """,
        "",
    ),
    "a Spanish list of candidates": (
        """
        Nombre,Correo electrónico,Fuente de contratación,Fecha de solicitud,Fecha de contratación
        Testperson Uno,uno@example.org,Jobwelt,2026-02-03,2026-03-01
        Testperson Dos,dos@example.org,Aushang24,2026-02-04,
        """,
        "2 read = 2 used",
    ),
}


def _rows(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


@pytest.mark.parametrize("name", [name for name, (_, wanted) in FILES.items() if wanted])
def test_a_draft_reads_the_file_it_was_made_from(name: str, tmp_path: Path) -> None:
    """Drafted, tested by its own test, and used: no edit between."""
    text, wanted = FILES[name]
    draft = _told("profiles draft export.csv --output export.yaml", {"export.csv": _rows(text)}, tmp_path / "a")
    files = {"export.csv": _rows(text), "export.yaml": draft}
    assert _told("profiles test export.yaml", files, tmp_path / "b", written="").startswith("1 profiles, 1 tests")
    assert _told("profiles lint export.yaml", files, tmp_path / "c", written="") == "1 profiles, no complaint\n"
    shown = _told("inspect export.csv --profiles export.yaml", files, tmp_path / "d", written="")
    assert "a known export (profile export)" in shown
    assert wanted in shown
    assert "testperson" not in draft.casefold()


def test_a_draft_without_money_says_where_to_write_it(tmp_path: Path) -> None:
    """Nobody can know that a budget burned is spend: the draft points at the line, and one edit makes it work."""
    text = _rows(FILES["a board with words of its own, and no column for itself"][0])
    draft = _told("profiles draft export.csv --output export.yaml", {"export.csv": text}, tmp_path / "a")
    line = "  amount: []  # CHECK: write the header of the money between the brackets"
    assert line in draft.splitlines()
    edited = draft.replace(line, '  amount: ["Budget burned"]').replace('  - "Budget burned"\n', "")
    files = {"export.csv": text, "export.yaml": edited}
    shown = _told("inspect export.csv --profiles export.yaml", files, tmp_path / "b", written="")
    assert "350.10 read = 350.10 used" in shown


def _told(run: str, files: dict[str, str], folder: Path, written: str = "export.yaml") -> str:
    out = told(Case("", run, 0, files, written={written: ""} if written else {}), folder)
    assert (out.exit, out.changed) == (0, ()), out.stderr
    return str(out.written[written]) if written else out.stdout
