"""The page in a real browser: found accessible by axe, right at every width, in the dark and on paper.

Needs Chromium and `pip install "rm-audit[browser]"`. Where either is missing these tests are skipped and say so;
with RM_AUDIT_BROWSER=required, as the gate sets it, they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = ("spend.xlsx", "plan.xlsx", "employer", "strange.csv")
STRANGE = (
    "<script>document.title='run'</script>",
    '"><b onclick=x>',
    "לוח משרות 24",
    "求人広告サービス株式会社東京",
    "W" * 90,
)
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
# Pixels inside the margins of 13 mm at 96 a inch: A4 is 210 mm wide, Letter 216 mm.
PAPER = {"A4": 695, "Letter": 717}


def _need(held: bool, why: str) -> None:
    if not held and os.environ.get("RM_AUDIT_BROWSER") == "required":
        pytest.fail(why)
    if not held:
        pytest.skip(why)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    try:
        from axe_playwright_python import sync_playwright as _axe  # noqa: F401
        from playwright.sync_api import sync_playwright
    except ImportError:
        _need(False, 'no browser driver: pip install "rm-audit[browser]"')
    _need(bool(CHROMIUM), "no Chromium: apt-get install chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of the page of every book."""
    folder = tmp_path_factory.mktemp("pages")
    rows = [f'2026-0{month},"{name.replace(chr(34), chr(34) * 2)}",{2000 + 900 * place},4000,20\n'
            for month in range(1, 5) for place, name in enumerate(STRANGE)]  # fmt: skip
    strange = folder / "strange.csv"
    strange.write_text("Month,Channel,Spend (EUR),Clicks,Applies\n" + "".join(rows), encoding="utf-8")
    made = {}
    for name in BOOKS:
        out = folder / f"{name}.html"
        source = strange if name == strange.name else EXAMPLES / name
        command = [
            sys.executable,
            "-m",
            "rm_audit",
            "analyze",
            str(source),
            "--as-of",
            "2026-10-15",
            "--quiet",
        ]
        subprocess.run([*command, "--output", str(out)], check=True)
        made[name] = out.as_uri()
    return made


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", BOOKS)
def test_axe_finds_nothing(browser: Any, pages: dict[str, str], name: str, scheme: str, width: int) -> None:
    """WCAG and best practice, contrast in both schemes, with every piece of evidence unfolded."""
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    found = Axe().run(page).response
    page.close()
    assert [(item["id"], [node["html"] for node in item["nodes"]][:3]) for item in found["violations"]] == []


@pytest.mark.parametrize("name", BOOKS)
def test_it_asks_for_one_file_and_complains_of_nothing(browser: Any, pages: dict[str, str], name: str) -> None:
    """No request but for the page itself, no line on the console, and no name has become a script."""
    page = browser.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(pages[name])
    title = page.title()
    page.close()
    assert (asked, told) == ([pages[name]], [])
    assert title.startswith("Recruitment marketing audit: ")


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("name", BOOKS)
def test_nothing_runs_over_the_side(browser: Any, pages: dict[str, str], name: str, width: int) -> None:
    """The page never scrolls sideways; only its tables do. One of the two charts shows, and its letters can be read."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figures, shown = page.locator("figure").count(), page.locator("figure svg:visible").count()
    assert figures == shown
    scales = page.evaluate(
        "[...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().width)"
        ".map(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
    )
    page.close()
    assert all(scale >= 0.75 for scale in scales)  # letters of 13 pixels stay near 10


def test_words_in_charts_stay_in_their_charts_and_apart(browser: Any, pages: dict[str, str]) -> None:
    """With names of every width, no word leaves its picture, and no two words lie over each other."""
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(pages["strange.csv"])
        boxes = page.evaluate(
            "[...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().width).map(svg =>"
            "[svg, ...svg.querySelectorAll('text')].map(item => {const box = item.getBoundingClientRect();"
            "return [box.left, box.top, box.right, box.bottom, item.textContent.slice(0, 30)]}))"
        )
        page.close()
        for (left, top, right, bottom, _), *words in boxes:
            outside = [word[4] for word in words if word[0] < left - 1 or word[2] > right + 1]
            assert outside == []
            assert [word[4] for word in words if word[1] < top - 1 or word[3] > bottom + 1] == []
            assert [
                (one[4], two[4]) for place, one in enumerate(words) for two in words[:place] if _over(one, two)
            ] == []


def _over(one: list[float], two: list[float]) -> bool:
    across = min(one[2], two[2]) - max(one[0], two[0])
    down = min(one[3], two[3]) - max(one[1], two[1])
    return across > 1 and down > 3  # boxes of letters have room above and below


def test_the_keyboard_reaches_everything(browser: Any, pages: dict[str, str]) -> None:
    """The first key shows the way past the head; evidence opens by a key; every table that scrolls can be reached."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(pages["spend.xlsx"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
    reached, opened = set(), False
    for _ in range(400):
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className")
        if kind == "SUMMARY." and not opened:
            page.keyboard.press("Enter")
            opened = page.evaluate("document.activeElement.parentElement.open")
        if kind == "BODY.":
            break
        reached.add(kind)
    page.close()
    assert opened
    assert {"A.", "SUMMARY.", "DIV.scroll"} <= reached


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", BOOKS)
def test_it_prints_on_paper(browser: Any, pages: dict[str, str], name: str, paper: str) -> None:
    """White in the dark too, nothing wider than the sheet, and evidence in full although nobody unfolded it."""
    page = browser.new_page(viewport={"width": PAPER[paper], "height": 1000}, color_scheme="dark")
    page.goto(pages[name])
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER[paper]
    heights = page.locator("details > :last-child").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert [height for height in heights if height < 8] == []
    pdf = page.pdf(format=paper)
    page.close()
    assert pdf.startswith(b"%PDF")
