"""Files packed with gzip, as data warehouses and report schedulers send them: `spend.csv.gz`."""

from __future__ import annotations

import zlib
from pathlib import Path

from rm_audit.readers import problems
from rm_audit.readers.problems import FileError

MAGIC = b"\x1f\x8b"
# A file of some megabytes can be packed so that it fills every disk. What is larger than this does not fit into memory
# as a table either, and no export of spend comes near it. Judgement.
MOST_BYTES = 1 << 30
_PIECE = 1 << 18
WITH_HEADER = 31  # tells zlib to expect gzip's header, and to check the sum at the end


def unpacked(data: bytes) -> bytes:
    """The bytes that were packed, of all parts where there are several; raises FileError."""
    parts: list[bytes] = []
    left = MOST_BYTES
    while data.startswith(MAGIC):
        stream = zlib.decompressobj(WITH_HEADER)
        try:
            parts.append(stream.decompress(data, left + 1))
        except zlib.error as error:
            raise FileError(problems.BROKEN_GZIP) from error
        left -= len(parts[-1])
        if left < 0:
            raise FileError(problems.GZIP_TOO_LARGE)
        if not stream.eof:
            raise FileError(problems.BROKEN_GZIP)
        data = stream.unused_data.lstrip(b"\0")  # tapes and block devices fill up with zeros
    return b"".join(parts)


def is_sound(path: Path) -> bool:
    """Whether a packed file has all its parts, and their sums are right: an engine does not look. Nothing is kept."""
    with path.open("rb") as file:
        data = file.read(_PIECE)
        while data.startswith(MAGIC):
            stream = zlib.decompressobj(WITH_HEADER)
            while not stream.eof:
                if not data:
                    return False
                try:
                    stream.decompress(data, _PIECE)
                except zlib.error:
                    return False
                data = stream.unconsumed_tail or (b"" if stream.eof else file.read(_PIECE))
            data = stream.unused_data
            data += file.read(_PIECE) if len(data) < len(MAGIC) else b""
    return True
