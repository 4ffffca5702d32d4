"""Bytes to text: byte-order marks, UTF-8, then the older encodings, which can only be guessed."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.problems import FileError

SAMPLE = 1 << 16
MANY_CONTROLS = 0.02  # a text has next to none
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LEAST_ASCII = (
    0.5  # a text in which half of the letters have accents, and some no reading, is in none of ours. Judgement.
)
MAGICS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"SQLite format 3\0")
CONTROLS = [chr(code) for code in (*range(9), *range(14, 26), *range(28, 32), 127)]

# What spreadsheet programs save where it is not Unicode. All others make wild guesses out of short files.
OLD_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "big5", "cp949"]
# Rare in Western text: unused bytes, three accented letters in a row, and a sign in the middle of a word.
NOT_WESTERN = re.compile(
    r"\N{REPLACEMENT CHARACTER}|[À-ÖØ-öø-ÿ]{3}|[a-zß-öø-ÿ][¡-©«-´¶¸¹»-¿×÷][a-zß-öø-ÿ]|[£¥¹³¿][a-zß-öø-ÿ]"
)


_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decode(data: bytes, suffix: str) -> tuple[str, list[Problem]]:
    """The text without its byte-order mark; raises FileError (binary-file) where the bytes are no text."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _decode_whole(data.removeprefix(mark), encoding)
    wide = _unmarked_utf16(data)
    if wide:
        return _decode_whole(data, wide)
    if data.startswith(MAGICS) or _has_controls(data[:SAMPLE].decode("latin-1")):
        raise FileError(problems.binary_file(suffix, data[:4]))
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        # Cut off inside a character, where other characters before it prove that this is UTF-8.
        cut = error.reason == "unexpected end of data" and not data[: error.start].isascii()
        return _decode_whole(data, "utf-8") if cut else _decode_old(data)


def encoding_of(file: BinaryIO) -> str:
    """The encoding of a text that is too large to hold, as `decode` would find it; the file stands behind its mark."""
    head = file.read(SAMPLE)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            file.seek(len(mark))
            return encoding
    file.seek(0)
    found = _unmarked_utf16(head) or _encoding_by_lines(file)
    file.seek(0)
    return found


def _encoding_by_lines(file: BinaryIO) -> str:
    cut, damaged, telling = False, False, bytearray()
    for line in file:
        if line.isascii():
            continue
        damaged |= cut  # it was not the last line
        try:
            line.decode()
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data"
            damaged |= not cut
        if len(telling) < SAMPLE:
            telling += b"".join(part + b"\n" for part in line.splitlines() if not part.isascii())
    return _guess(bytes(telling[:SAMPLE])) if damaged else "utf-8"


def _decode_whole(data: bytes, encoding: str) -> tuple[str, list[Problem]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        cut = error.reason in ("unexpected end of data", "truncated data")
        problem = problems.CUT_CHARACTER if cut else problems.DAMAGED_TEXT
        return data.decode(encoding, errors="replace"), [problem]


def _unmarked_utf16(data: bytes) -> str:
    """Mostly Latin text in UTF-16 has a NUL in every other byte, and next to none in between."""
    even, odd = data[:SAMPLE:2], data[1:SAMPLE:2]
    if len(data) < 4:
        return ""
    even_nuls, odd_nuls = even.count(0) / len(even), odd.count(0) / len(odd)
    encoding = "utf-16-le" if odd_nuls > even_nuls else "utf-16-be"
    if max(even_nuls, odd_nuls) < 0.4 or _has_controls(data[:SAMPLE].decode(encoding, errors="replace")):
        return ""
    return encoding


def _has_controls(sample: str) -> bool:
    return sum(map(sample.count, CONTROLS)) > MANY_CONTROLS * len(sample)


def _decode_old(data: bytes) -> tuple[str, list[Problem]]:
    encoding = _guess(b"\n".join(line for line in data.splitlines() if not line.isascii())[:SAMPLE])
    text = data.decode(encoding, errors="replace")
    damaged = REPLACEMENT in text
    if damaged and sum(map(str.isascii, text)) < LEAST_ASCII * len(text):
        raise FileError(problems.UNKNOWN_ENCODING)
    return text, [problems.old_encoding(encoding), *([problems.DAMAGED_TEXT] if damaged else [])]


def _guess(telling: bytes) -> str:
    """The Western encoding where its text looks right, because guessers take a lone £ for Japanese. `telling` are lines
    with letters that are no ASCII."""
    from charset_normalizer import from_bytes  # a rare path, and slow to import

    if not NOT_WESTERN.search(telling.decode("cp1252", errors="replace")):
        return "cp1252"
    best = from_bytes(telling, cp_isolation=OLD_ENCODINGS).best()
    return best.encoding if best else "cp1252"
