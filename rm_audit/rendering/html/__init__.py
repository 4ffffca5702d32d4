"""The report as one page of HTML: no script, no network, nothing beside it; for screens, phones and paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any

from rm_audit.rendering.words import Document, clean


def html(document: Document) -> str:
    """The page. Every word of a file is escaped, its control characters made visible, its direction kept apart."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    from rm_audit.rendering.html.view import view

    surroundings = Environment(
        loader=FunctionLoader(_part),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    surroundings.filters["apart"] = _apart
    style = Markup(_part("report.css"))
    return surroundings.get_template("report.html.jinja").render(**view(document), style=style)


def _part(name: str) -> str:
    return resources.files("rm_audit.rendering.html").joinpath(name).read_text(encoding="utf-8")


def _shown(value: Any) -> Any:
    """Text without control characters; what is markup of ours stays as it is."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _apart(text: str, names: Iterable[str]) -> Any:
    """A sentence of ours in which names that are written from right to left do not turn what stands around them."""
    from markupsafe import Markup, escape

    found = escape(clean(text))
    for name in sorted({name for name in map(clean, names) if _right_to_left(name)}, key=len, reverse=True):
        found = found.replace(escape(name), Markup("<bdi>{}</bdi>").format(name))
    return found


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
