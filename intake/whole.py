"""Whether a file has its end: senders that write slowly leave a file that keeps still for a while and is not finished."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

from intake.identify import media_type_of
from models.document import MediaType

_HEAD_BYTES = 1024
_TAIL_BYTES = 4096
_MOST_DIRECTORIES = 4096  # a chain that is longer than any document is a loop
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_FIELD_FORMATS = {3: "H", 4: "I"}
_BIG_TIFF = 43


def is_whole(path: Path) -> bool:
    """Whether the file's structure reaches its end.

    What is of no known type has no end that could be missing, and counts as whole. A file that cannot be read does not.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(_HEAD_BYTES)
            media_type = media_type_of(head)
            if media_type is MediaType.TIFF:
                return _tiff_is_whole(file, head, size)
            file.seek(max(0, size - _TAIL_BYTES))
            return _ends_well(media_type, file.read())
    except (OSError, struct.error):
        return False


def _ends_well(media_type: MediaType | None, tail: bytes) -> bool:
    if media_type is MediaType.PDF:
        return b"%%EOF" in tail
    if media_type is MediaType.PNG:
        return b"IEND" in tail
    if media_type is MediaType.JPEG:
        return b"\xff\xd9" in tail
    return True


def _tiff_is_whole(file: BinaryIO, head: bytes, size: int) -> bool:
    """Follow the chain of directories (TIFF 6.0, section 2); every directory and every strip must lie in the file."""
    order = "<" if head.startswith(b"II") else ">"
    version, offset = struct.unpack_from(order + "HI", head, 2)
    if version == _BIG_TIFF:
        return True  # no fax machine writes it; the reader says what is wrong with it
    for _ in range(_MOST_DIRECTORIES):
        if offset == 0:
            return True
        if not 8 <= offset <= size - 2:
            return False
        file.seek(offset)
        (count,) = struct.unpack(order + "H", file.read(2))
        directory = file.read(count * 12 + 4)
        if len(directory) < count * 12 + 4 or not _strips_are_inside(file, order, directory[:-4], size):
            return False
        (offset,) = struct.unpack(order + "I", directory[-4:])
    return True


def _strips_are_inside(file: BinaryIO, order: str, directory: bytes, size: int) -> bool:
    fields = {
        tag: (kind, count, value)
        for tag, kind, count, value in struct.iter_unpack(order + "HHI4s", directory)
        if tag in {_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS}
    }
    for offsets_tag, counts_tag in ((_STRIP_OFFSETS, _STRIP_COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
        if offsets_tag not in fields:
            continue
        offsets = _numbers(file, order, *fields[offsets_tag], size)
        counts = _numbers(file, order, *fields[counts_tag], size) if counts_tag in fields else (0,) * len(offsets)
        if not offsets or any(start + length > size for start, length in zip(offsets, counts, strict=False)):
            return False
    return True


def _numbers(file: BinaryIO, order: str, kind: int, count: int, value: bytes, size: int) -> tuple[int, ...]:
    letter = _FIELD_FORMATS.get(kind)
    if letter is None or count * struct.calcsize(letter) > size:
        return ()
    length = count * struct.calcsize(letter)
    data = value
    if length > len(value):
        file.seek(struct.unpack(order + "I", value)[0])
        data = file.read(length)
    return struct.unpack_from(f"{order}{count}{letter}", data)
