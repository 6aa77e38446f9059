"""Whether a file has its end: senders that write slowly leave a file that keeps still for a while and is not finished."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

from intake.identify import media_type_of, regular_file
from models.document import MediaType
from models.errors import InaccessibleFile

_HEAD_BYTES = 1024
_TAIL_BYTES = 4096
# What is read of a TIFF, all directories and tables of strips together: those of a thousand pages, and a tenth of a second. It is
# looked at in the service itself, which a file with more than that must not keep busy.
_MOST_BYTES = 1 << 22
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_FIELD_FORMATS = {3: "H", 4: "I"}
_BIG_TIFF = 43


class _TooMuchToRead(Exception):
    """The directories take more reading than a look may cost."""


def is_whole(path: Path) -> bool:
    """Whether the file's structure reaches its end.

    What is of no known type has no end that could be missing, and counts as whole; so does what has too much structure to be
    followed here, for the reader says what is wrong with it. A file that cannot be read does not.
    """
    try:
        with regular_file(path, follow_links=False) as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(_HEAD_BYTES)
            media_type = media_type_of(head)
            if media_type is MediaType.TIFF:
                return _TiffLook(file, head, size).is_whole()
            file.seek(max(0, size - _TAIL_BYTES))
            return _ends_well(media_type, file.read(_TAIL_BYTES))
    except (InaccessibleFile, struct.error):
        return False
    except _TooMuchToRead:
        return True


def _ends_well(media_type: MediaType | None, tail: bytes) -> bool:
    if media_type is MediaType.PDF:
        return b"%%EOF" in tail
    if media_type is MediaType.PNG:
        return b"IEND" in tail
    if media_type is MediaType.JPEG:
        return b"\xff\xd9" in tail
    return True


class _TiffLook:
    """Follows the chain of directories (TIFF 6.0, section 2): every directory and every strip must lie in the file."""

    def __init__(self, file: BinaryIO, head: bytes, size: int) -> None:
        self._file = file
        self._size = size
        self._order = "<" if head.startswith(b"II") else ">"
        self._version, self._first = struct.unpack_from(self._order + "HI", head, 2)
        self._left = _MOST_BYTES

    def is_whole(self) -> bool:
        """Whether the chain comes to its end inside the file."""
        if self._version == _BIG_TIFF:
            return True  # no fax machine writes it; the reader says what is wrong with it
        offset = self._first
        while offset != 0:
            if not 8 <= offset <= self._size - 2:
                return False
            (count,) = struct.unpack(self._order + "H", self._read(offset, 2))
            directory = self._read(offset + 2, count * 12 + 4)
            if len(directory) < count * 12 + 4 or not self._strips_are_inside(directory[:-4]):
                return False
            (offset,) = struct.unpack(self._order + "I", directory[-4:])
        return True

    def _read(self, offset: int, length: int) -> bytes:
        # A directory costs more than its bytes, and a chain of them may lead back to itself.
        self._left -= length + 1024
        if self._left < 0:
            raise _TooMuchToRead
        self._file.seek(offset)
        return self._file.read(length)

    def _strips_are_inside(self, directory: bytes) -> bool:
        fields = {
            tag: (kind, count, value)
            for tag, kind, count, value in struct.iter_unpack(self._order + "HHI4s", directory)
            if tag in {_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS}
        }
        for offsets_tag, counts_tag in ((_STRIP_OFFSETS, _STRIP_COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
            if offsets_tag not in fields:
                continue
            offsets = self._numbers(*fields[offsets_tag])
            counts = self._numbers(*fields[counts_tag]) if counts_tag in fields else (0,) * len(offsets)
            if not offsets or any(start + length > self._size for start, length in zip(offsets, counts, strict=False)):
                return False
        return True

    def _numbers(self, kind: int, count: int, value: bytes) -> tuple[int, ...]:
        letter = _FIELD_FORMATS.get(kind)
        if letter is None or count * struct.calcsize(letter) > self._size:
            return ()
        length = count * struct.calcsize(letter)
        data = value if length <= len(value) else self._read(struct.unpack(self._order + "I", value)[0], length)
        return struct.unpack_from(f"{self._order}{count}{letter}", data)
