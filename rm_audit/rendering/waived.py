"""What is let be, by whom and until when, and what the settings themselves have to say."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rm_audit.rendering.words import Document, amount, clean, is_setting, place


def waived(console: Console, document: Document, _verbose: bool) -> None:
    """Every waived finding with its reason. It counts in the score and in the money, and trips no gate."""
    found = [finding for finding in document["findings"] if finding["state"] == "waived"]
    if not found:
        return
    _title(console, "Waived: counted as failing, and no gate closes for it")
    for finding in found:
        money = finding["money"]
        stake = f", {money['class']} {amount(document, money['amount'])}" if money["amount"] else ""
        by = finding["waiver"]
        until = f"until {by['until']} [{by['place']}]"
        _indented(
            console, f"{clean(finding['id'])}{stake}: {clean(by['reason'])} ({clean(by['owner'])}), {clean(until)}"
        )


def counted(document: Document) -> str:
    """How many findings are waived, for the short form; nothing where none is."""
    count = sum(finding["state"] == "waived" for finding in document["findings"])
    return f"{count} finding{'s are' if count > 1 else ' is'} waived." if count else ""


def noted(console: Console, document: Document, _verbose: bool) -> None:
    """Waivers that ran out or fit nothing, rules that have another name now, packs that changed."""
    found = [problem for problem in document["problems"] if is_setting(problem)]
    if found:
        _title(console, "About the settings")
    for problem in found:
        _indented(console, f"{place(problem)}{problem['level']}: {clean(problem['message'])}. {clean(problem['help'])}")


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _indented(console: Console, words: str) -> None:
    console.print(Padding(Text(words), (0, 0, 0, 2)))
