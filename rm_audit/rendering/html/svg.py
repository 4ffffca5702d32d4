"""Figures of matplotlib → SVG that lies inside a page: its colours and letters are the page's, its ids are its own.

The same figure gives the same bytes: no date, no random ids, no letters of the machine's own fonts.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# A colour here is a mark: the page says what it looks like, in light, in dark and on paper.
COLOURS = {
    name: f"#{number:02x}{number:02x}{number:02x}"
    for number, name in enumerate(
        (*("ink", "soft", "rule", "paper"), *("avoidable", "unproven", "misdirected", "unclaimed", "accent", "waits")),
        1,
    )
}
TEXT = 13.0  # pixels
_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_GROUP = f"{{{_SVG}}}g"
# A style of matplotlib's would hold for the whole page; the page has its own for lines in a chart.
_LEFT_OUT = (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters stay letters, so that they can be read out, searched and copied
    "svg.hashsalt": "rm-audit",
    "font.family": "DejaVu Sans",
    "font.size": TEXT,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "axes.unicode_minus": False,
    "path.simplify": False,
}


@contextmanager
def _plain() -> Iterator[None]:
    """Settings of nobody but us; letters that the measuring font lacks are the browser's business, and no warning."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def drawn(draw: Callable[[float], Figure], width: float, name: str, words: str) -> str:
    """An `<svg>` of the given width in pixels. `name` begins its ids; `words` are its text alternative."""
    with _plain():
        figure = draw(width)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inside(out.getvalue(), name, words, width)


def _inside(text: str, name: str, words: str, width: float) -> str:
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(text)
    for element in root.iter():
        for child in [child for child in element if child.tag in _LEFT_OUT]:
            element.remove(child)
        _own(element, name)
    # Last, for these are words, in which nothing is looked for.
    root.attrib |= {"viewBox": root.attrib["viewBox"], "width": f"{width:g}", "role": "img", "aria-label": words}
    for gone in ("height", "version", "id"):
        root.attrib.pop(gone, None)
    return re.sub(r"\n\s*", "\n", ElementTree.tostring(root, encoding="unicode"))


def _own(element: ElementTree.Element, name: str) -> None:
    """Ids are used once in the page; colours and letters are left to it."""
    for key, value in list(element.attrib.items()):
        if key == "id":
            element.attrib[key] = f"{name}-{value}"
        elif key == _LINK:
            del element.attrib[key]
            element.attrib["href"] = value.replace("#", f"#{name}-", 1)
        else:
            element.attrib[key] = _coloured(value.replace("url(#", f"url(#{name}-"))
    if element.tag == _GROUP:
        element.attrib.pop("id", None)  # groups are never referred to


def _coloured(value: str) -> str:
    for name, mark in COLOURS.items():
        value = value.replace(mark, f"var(--{name})")
    return value.replace("font-family: 'DejaVu Sans'; ", "")
