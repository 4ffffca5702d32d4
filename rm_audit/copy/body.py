"""Which part of a message is its writer's own text: everything else becomes blanks, so that places stay true.

Not counted: markup, merge fields, addresses, headings, the prompts of an interview, quoted mail, the signature, small
print and everything from the sentence on that speaks of leaving the list. Every expression has bounded repetitions.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

SIGNATURE_WORDS = 60  # judgement: more than this after "Best regards" is text again
HEADING_WORDS = 8  # judgement: a longer line without a full stop is a bullet or a clause
PARAGRAPH_WORDS = 12  # judgement: a heading stands over at least this much
LEAST_PROMPTS = 2  # one question may be to the reader; two with answers under them are an interview

_MARKUP = re.compile(r"<!--|<(?:script|style)\b|</?[a-zA-Z][^<>]{0,800}>|&#?\w{1,12};")
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr|td|table|blockquote|hr)\b", re.IGNORECASE)
_UNSEEN_ENDS = {"<!--": "-->", "<script": "</script>", "<style": "</style>"}
_FIELDS = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\{[^{}\n]{0,80}\}|\[\[[^\[\]\n]{0,80}\]\]|<<[^<>\n]{0,80}>>|\*\|[^|\n]{0,80}\|\*|"
    r"%[A-Z_]{2,40}%|\[[A-Z][^\[\]\n]{0,40}\](?!\()"
)
_ADDRESSES = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,800}\)|\]\([^()\s]{0,800}\)|(?:https?://|www\.)[^\s<>]{1,2000}|"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,120}"
)
_FOOTER = re.compile(
    r"unsubscrib|(?:manage|update) (?:your )?(?:\w{1,20} )?preferences|stop receiving|"
    r"receiv(?:ed|ing) this (?:e-?mail|message|newsletter|mail)|you(?:'re| are)? receiv(?:e|ing) this because",
    re.IGNORECASE,
)
_FOOTER_WORDS = ("unsubscrib", "preferences", "stop receiving", "this e", "this m", "this newsletter", "this because")
_SMALL_PRINT = re.compile(
    r"in (?:your|a|the) browser|privacy (?:policy|notice)|all rights reserved|©|e-?mail is confidential|"
    r"sent from my|equal opportunity employer|without regard to race",
    re.IGNORECASE,
)
_PRINT_WORDS = ("browser", "privacy", "rights reserved", "©", "confidential", "sent from", "equal opp", "regard to")
_SIGN_OFF = re.compile(
    r"(?i:(?:with )?(?:best|kind|kindest|warm|warmest|many)? ?(?:regards|wishes|thanks)|all the best|best|cheers|rgds|"
    r"sincerely|yours \w{1,12}|thanks (?:again|so much)|thank you|(?:talk|speak) soon|-{2,5})"
    r"\W{0,3}(?:[A-Z][\w.'-]{0,20}(?: [A-Z][\w.'-]{0,20}){0,2})?\W{0,3}"
)
_QUOTED = re.compile(r"-{2,8} ?(?:original|forwarded) message|on .{6,80} wrote:$", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"p\.?s\b", re.IGNORECASE)
_PROMPT = re.compile(
    r"(?:q\d{0,2}[:.] ?|\d{1,2}[.)] )?(?:what|why|how|when|where|which|who|describe|tell|did|is|have|do|does|your|"
    r"any|can you (?:tell|describe)|could you (?:tell|describe))\b[^\n]{3,150}\?$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")
_CLOSERS = (".", "!", "?", ",", ";", ":", "…", '"', "”")
_BULLETS = ("-", "*", "•", "·", "–", "+", ">")


@dataclass(frozen=True)
class Plain:
    """A text without markup; `places` maps its characters back to the text that was given, None where they agree."""

    text: str
    places: tuple[list[int], list[int]] | None = None

    def place(self, at: int) -> int:
        if self.places is None:
            return at
        here, there = self.places
        part = bisect_right(here, at) - 1
        return there[part] + at - here[part]


def plain(text: str) -> Plain:
    """Tags become breaks or nothing, entities become characters; carriage returns and curly apostrophes are evened."""
    if "<" in text or "&" in text:
        return _without_markup(text)
    return Plain(_even(text))


def _even(text: str) -> str:
    if text.isascii() and "\r" not in text:
        return text
    return text.replace("\r", " ").replace("\u2019", "'").replace("\u2018", "'").replace("\u00a0", " ")


def _without_markup(text: str) -> Plain:
    parts: list[str] = []
    here, there = [0], [0]
    length = at = 0
    while (mark := _MARKUP.search(text, at)) is not None:
        piece = text[at : mark.start()]
        shown, end = _shown(text, mark)
        parts += [piece, shown]
        length += len(piece)
        here.append(length)
        there.append(mark.start())
        length += len(shown)
        here.append(length)
        there.append(end)
        at = end
    parts.append(text[at:])
    return Plain(_even("".join(parts)), (here, there))


def _shown(text: str, mark: re.Match[str]) -> tuple[str, int]:
    """What stands for a tag or an entity, and where the text goes on."""
    found = mark.group()
    if found.startswith("&"):
        return html.unescape(found)[:1] or " ", mark.end()
    for opening, closing in _UNSEEN_ENDS.items():
        if found.lower().startswith(opening):
            end = text.find(closing, mark.end())
            return "\n", len(text) if end < 0 else end + len(closing)
    return "\n" if _BREAKING.match(found) else "", mark.end()


def counted(text: str) -> str:
    """The plain text with everything blanked that does not count; as long as before."""
    if any(mark in text for mark in "{[<%*"):
        text = _FIELDS.sub(_blank, text)
    if "//" in text or "@" in text or "www." in text or "](" in text:
        text = _ADDRESSES.sub(_blank, text)
    lower = text.lower()
    lines = text[: _footer(text, lower)].split("\n")
    if ">" in text or "wrote:" in lower or "ed message" in lower or "al message" in lower:
        _drop_quoted(lines)
    _drop_signature(lines)
    if lower.count("?") >= LEAST_PROMPTS:
        _drop_prompts(lines)
    _drop_headings(lines)
    if any(map(lower.__contains__, _PRINT_WORDS)):
        _drop_small_print(lines)
    return "\n".join(lines).ljust(len(text))


def _blank(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())


def _footer(text: str, lower: str) -> int:
    """Where the sentence begins that speaks of leaving the list; else the end."""
    mark = _FOOTER.search(text) if any(map(lower.__contains__, _FOOTER_WORDS)) else None
    if mark is None:
        return len(text)
    ends = [text.rfind(end, 0, mark.start()) for end in (". ", "! ", "? ", "\n")]
    return max(0, max(ends) + 1)


def _drop(lines: list[str], start: int, end: int) -> None:
    for index in range(start, end):
        lines[index] = " " * len(lines[index])


def _drop_quoted(lines: list[str]) -> None:
    for index, line in enumerate(lines):
        if line.startswith((">", " >")):
            _drop(lines, index, index + 1)
        elif ("-" in line or line.rstrip().endswith(":")) and _QUOTED.match(line.strip()):
            _drop(lines, index, len(lines))
            return


def _drop_signature(lines: list[str]) -> None:
    """From the first sign-off on that has only a few words behind it; a postscript is kept."""
    start, words = len(lines), 0
    while start and (words := words + len(lines[start - 1].split())) <= SIGNATURE_WORDS:
        start -= 1
    for index in range(max(start, 1), len(lines)):
        line = lines[index].strip()
        if len(line) <= 90 and line and _SIGN_OFF.fullmatch(line):
            scripts = (later for later in range(index, len(lines)) if _POSTSCRIPT.match(lines[later].strip()))
            _drop(lines, index, next(scripts, len(lines)))
            return


def _drop_prompts(lines: list[str]) -> None:
    """Questions on a line of their own with an answer under them, where there are two: an interviewer wrote them."""
    asked = []
    for index, line in enumerate(lines):
        if line.rstrip().endswith("?") and _PROMPT.match(line.strip()):
            below = next((later for later in lines[index + 1 : index + 4] if later.strip()), "?")
            if not below.rstrip().endswith("?"):
                asked.append(index)
    if len(asked) >= LEAST_PROMPTS:
        for index in asked:
            _drop(lines, index, index + 1)


def _drop_headings(lines: list[str]) -> None:
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped and (_is_markdown_heading(stripped) or (_is_heading(stripped) and _over_text(lines, index))):
            _drop(lines, index, index + 1)


def _is_markdown_heading(line: str) -> bool:
    return line.startswith("#") and line.lstrip("#").startswith(" ")


def _is_heading(line: str) -> bool:
    short = len(line) <= 90 and len(line.split()) <= HEADING_WORDS and not any(map(str.isdigit, line))
    return short and not line.endswith(_CLOSERS) and not line.startswith(_BULLETS)


def _over_text(lines: list[str], index: int) -> bool:
    if index and lines[index - 1].strip():
        return False
    below = next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
    return len(below.split()) >= PARAGRAPH_WORDS


def _drop_small_print(lines: list[str]) -> None:
    for index, line in enumerate(lines):
        if _SMALL_PRINT.search(line):
            parts = _SENTENCE_END.split(line)
            lines[index] = " ".join(" " * len(part) if _SMALL_PRINT.search(part) else part for part in parts)
