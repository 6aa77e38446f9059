"""Text files as plans send them: UTF-8 with or without its mark, UTF-16 with it, or Windows-1252."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from roster.broken import BrokenFile

_PIECE = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WINDOWS = "cp1252"
_BEGINNING = 1 << 16


def encoding_of(path: Path) -> str:
    """The encoding of a file: by its mark, else UTF-8 where all its bytes are that, else Windows-1252.

    The file is gone through once, in pieces: a letter that is not UTF-8 may stand in its last row.

    Raises:
        BrokenFile: its bytes are text in none of these.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if _is(path, "utf-8"):
        return "utf-8"
    if _is(path, _WINDOWS):
        return _WINDOWS
    raise BrokenFile("The file is no text in UTF-8, UTF-16 or Windows-1252.")


def _is(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def beginning_of(path: Path) -> str:
    """The first characters of a file, by which its kind is known: some 64,000, without going through the rest.

    Raises:
        BrokenFile: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_BEGINNING)
    except OSError as error:
        raise BrokenFile("The file cannot be read.") from error
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    return head.decode(encoding, errors="replace")


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """A text file, its line ends as they are.

    Raises:
        BrokenFile: it cannot be read, or is no text.
    """
    try:
        with path.open(encoding=encoding_of(path), newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        raise BrokenFile("The file is no text in the encoding that its first bytes say.") from error
    except OSError as error:
        raise BrokenFile("The file cannot be read.") from error
