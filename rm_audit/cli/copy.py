"""`rm-audit copy`: judges message texts alone, for a writer who wants to mend one before it is sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rm_audit.cli.options import say, usage

Texts = Annotated[
    list[str], typer.Argument(metavar="FILE...|-", help="Texts (txt, md, eml, html), folders; - is stdin.")
]
CopyForm = Annotated[str, typer.Option("--format", metavar="FORMAT", help="terminal or json.")]
Families = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="PATH", help="Families of phrases to lay over the built-in ones; repeatable."),
]


def copy(texts: Texts, form: CopyForm = "terminal", rules: Families = None) -> None:
    """Judge message texts alone: bland, review, fine or not assessed, with the phrases."""
    from rm_audit.copy import judge, load_detector
    from rm_audit.copy.files import TextRead, read_bytes, read_texts
    from rm_audit.rendering.copy import copy_json, copy_terminal

    if form not in ("terminal", "json"):
        raise usage(f"--format: copy has no format '{form}'", "There are terminal and json.")
    if "" in texts:
        raise usage("an empty path names no file", "Give a file or a folder; - is stdin.")
    detector = load_detector(rules or [])
    read: list[TextRead] = []
    for path in texts:
        read += [read_bytes(sys.stdin.buffer.read(), "-")] if path == "-" else read_texts([path])
    say([problem for item in read for problem in item.problems])
    judged = [(item.file, item.text, judge(item.text, detector)) for item in read if item.text is not None]
    typer.echo(copy_json(judged) if form == "json" else copy_terminal(judged, detector), nl=False)
    raise typer.Exit(3 if len(judged) < len(read) else 0)
