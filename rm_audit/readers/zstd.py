"""Files packed with zstd: whether all of one is there. An engine unpacks them, and takes a file that is cut off for one
that ends there.

No byte is unpacked here: a file is a row of frames, a frame a row of blocks, and each block says how long it is (RFC
8878). To step from one to the next costs a small part of what unpacking does.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

MAGIC = b"\x28\xb5\x2f\xfd"
_FRAME = int.from_bytes(MAGIC, "little")
_SKIPPED = 0x184D2A50  # and the next fifteen: a frame of no text, as programs that pack on several processors write
_SIZES_OF_DICTIONARY = (0, 1, 2, 4)
_SIZES_OF_CONTENT = (0, 2, 4, 8)
_CHECKSUM = 4
_REPEATED, _RESERVED = 1, 3  # kinds of blocks: one byte that stands for many, and none that there is


def is_zstd(start: bytes) -> bool:
    """Whether the first four bytes of a file are those of a frame."""
    return start == MAGIC or (len(start) == len(MAGIC) and _is_skipped(int.from_bytes(start, "little")))


def all_there(path: Path) -> bool:
    """Whether the last block of every frame is there, and nothing else behind it."""
    size = path.stat().st_size
    at = 0
    with path.open("rb", buffering=0) as file:
        try:
            while at < size:
                at = _behind_frame(file, at)
        except ValueError:
            return False
    return 0 < at == size


def _behind_frame(file: BinaryIO, at: int) -> int:
    magic = _number(file, at, len(MAGIC))
    if _is_skipped(magic):
        return at + 8 + _number(file, at + 4, 4)
    if magic != _FRAME:
        raise ValueError("no frame")
    described = _number(file, at + 4, 1)
    at += 5 + _rest_of_header(described)
    last = False
    while not last:
        block = _number(file, at, 3)
        last, kind, length = bool(block & 1), block >> 1 & 3, block >> 3
        if kind == _RESERVED:
            raise ValueError("no block")
        at += 3 + (1 if kind == _REPEATED else length)
    return at + (_CHECKSUM if described & 4 else 0)


def _rest_of_header(described: int) -> int:
    """How many bytes of a frame's header stand behind the one that describes them."""
    single = bool(described & 0x20)  # then there is no byte for a window, and always one for the size
    content = _SIZES_OF_CONTENT[described >> 6] or int(single)
    return (not single) + _SIZES_OF_DICTIONARY[described & 3] + content


def _is_skipped(magic: int) -> bool:
    return magic & ~0xF == _SKIPPED


def _number(file: BinaryIO, at: int, size: int) -> int:
    """The number at a place. Raises ValueError where the file has ended."""
    file.seek(at)
    data = file.read(size)
    if len(data) < size:
        raise ValueError("the file has ended")
    return int.from_bytes(data, "little")
