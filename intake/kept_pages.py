"""The pages of a document as its reader saw them, kept in the document's folder for people to look at.

Each page is one file, so that it is there whole or not at all, and can be sealed by itself::

    .intake/pages/digest          SHA-256 of the bytes that the pages are of
    .intake/pages/0001.page       length of the words, 4 bytes | the words as JSON, compressed by zlib | the image as PNG
    .intake/pages/0001.sealed     in an archive with keys: the same, sealed
    .intake/pages/0001.print      in work alone: how its ink is spread, on its way to the store
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from intake.work_item import OUR_FOLDER
from models.geometry import Box
from models.page_print import PagePrint

PLAIN, SEALED, PRINT = ".page", ".sealed", ".print"
_LENGTH = struct.Struct(">I")
_PNG_HEAD = struct.Struct(">8s4x4sII")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# A page of small print has some two thousand words. What a reading process wrote is believed no further than that.
_MOST_JSON_BYTES = 1 << 23
_WORDS = TypeAdapter(tuple[tuple[str, float, float, float, float], ...])
_DIGITS = 4
_PLACES = 4


class NotAPage(Exception):
    """A file that is none of a reader's making."""


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word and where it stands, in fractions of the page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as kept; ``image`` is a PNG of ``width`` x ``height`` pixels, empty where the page could not be drawn."""

    image: bytes
    words: tuple[SeenWord, ...] = ()
    width: int = 0
    height: int = 0

    def packed(self) -> bytes:
        """As it lies in its file."""
        words = zlib.compress(_WORDS.dump_json(tuple(_row(word) for word in self.words)))
        return _LENGTH.pack(len(words)) + words + self.image

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """What :meth:`packed` gave. The image is looked at no further than its size.

        Raises:
            NotAPage: it is nothing of the kind.
        """
        try:
            (length,) = _LENGTH.unpack_from(content)
            image = content[_LENGTH.size + length :]
            words = _unpacked_words(content[_LENGTH.size : _LENGTH.size + length])
            width, height = _size_of(image) if image else (0, 0)
        except (struct.error, zlib.error, ValidationError, ValueError) as error:
            # Not chained: it may carry what stands on the page.
            raise NotAPage(type(error).__name__) from None
        return cls(image, words, width, height)


def _row(word: SeenWord) -> tuple[str, float, float, float, float]:
    box = word.box
    return word.text, round(box.left, _PLACES), round(box.top, _PLACES), round(box.right, _PLACES), round(box.bottom, _PLACES)


def _unpacked_words(compressed: bytes) -> tuple[SeenWord, ...]:
    unpacker = zlib.decompressobj()
    written = unpacker.decompress(compressed, _MOST_JSON_BYTES)
    if not unpacker.eof:
        raise ValueError("too many words")
    return tuple(SeenWord(text, Box(*edges)) for text, *edges in _WORDS.validate_json(written))


def _size_of(image: bytes) -> tuple[int, int]:
    """Width and height as the head of a PNG (ISO/IEC 15948, 11.2.2) states them."""
    signature, kind, width, height = _PNG_HEAD.unpack_from(image)
    if signature != _PNG_SIGNATURE or kind != b"IHDR" or not (width and height):
        raise ValueError("no PNG")
    return width, height


def pages_folder(folder: Path) -> Path:
    """Where the pages of a document's folder lie."""
    return folder / OUR_FOLDER / "pages"


def page_file(folder: Path, number: int) -> Path:
    """Where one page lies, 1-based, while it is not sealed."""
    return pages_folder(folder) / f"{number:0{_DIGITS}d}{PLAIN}"


def kept_numbers(folder: Path) -> frozenset[int]:
    """The pages that are kept, 1-based; none where the document could not be opened.

    Raises:
        OSError: the folder cannot be read now.
    """
    return frozenset(int(path.stem) for path in _files(folder, (PLAIN, SEALED)))


def unfinished_pages(folder: Path) -> tuple[Path, ...]:
    """What a reader left that was killed while it wrote a page."""
    return tuple(_files(folder, (".tmp",)))


def page_prints(folder: Path) -> Mapping[int, PagePrint]:
    """The prints of the pages, 1-based; what a reading process wrote is believed no further than that it is one.

    Raises:
        OSError: the folder cannot be read now.
    """
    found = {int(path.stem): PagePrint.unpacked(path.read_bytes()) for path in _files(folder, (PRINT,))}
    return {page: one for page, one in found.items() if one is not None}


def forget_prints(folder: Path) -> None:
    """Remove the prints: they are in the store.

    Raises:
        OSError: the folder cannot be written now.
    """
    for path in _files(folder, (PRINT,)):
        path.unlink()


def _files(folder: Path, endings: tuple[str, ...]) -> Iterable[Path]:
    place = pages_folder(folder)
    try:
        found = list(place.iterdir())
    except FileNotFoundError:
        return ()
    return (path for path in found if path.suffix in endings and (path.stem.isdecimal() or path.suffix == ".tmp"))
