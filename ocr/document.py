"""The reader of one document: its pages, its second looks, its images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from models.document import Document
from models.geometry import Box
from models.page import Page, Word
from ocr.engines.protocol import EngineFailed
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.read import Readers, ReadPage, read_page
from ocr.second_look import look_again
from ocr.source import open_source

Onlooker = Callable[[Page, GreyImage | None], None]
"""Is shown each page as it is read, with the upright, straightened image that its boxes refer to, where there is one."""

_FAST_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page's pixels as PNG, so that many pages fit in memory: the clean image in 16 greys, and the lines to take out."""

    image: bytes
    lines: bytes | None
    dpi: float

    @classmethod
    def of(cls, read: ReadPage, image: GreyImage) -> _Kept:
        greys = np.asarray((image >> 4) * 17, dtype=np.uint8)
        return cls(_packed(greys), None if read.lines is None else _packed(read.lines), read.dpi)


class DocumentReader:
    """Reads one document, page by page. A context manager; for one thread.

    Example::

        with DocumentReader(document, ReadingOptions()) as reader:
            for page in reader.pages():
                ...
            words = reader.reread(1, box, "npi")

    Raises:
        DocumentError: when opened, the file is empty, damaged, encrypted or beyond the limits.
    """

    def __init__(self, document: Document, options: ReadingOptions, onlooker: Onlooker | None = None) -> None:
        # The pages of many documents are read side by side: threads within a page only wait for each other, at the price of CPU.
        cv2.setNumThreads(1)
        self._options = options
        self._onlooker = onlooker
        self._source = open_source(document, options)
        self._kept: dict[int, _Kept] = {}
        # The page that was looked at last: second looks come page by page, and unpacking costs as much as reading a line.
        self._open: tuple[int, GreyImage, GreyImage] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of the pages' pixels."""
        self._source.close()
        self._kept.clear()
        self._open = None

    def pages(self) -> Iterator[Page]:
        """The pages in order, each read when it is asked for; a page that fails is a page with a problem.

        Raises:
            EngineUnavailable: a page needs an OCR engine and there is none.
            TooLarge: a page has more pixels than the limit.
        """
        for source in self._source.pages():
            read = read_page(source, self._options)
            if read.image is not None:
                self._kept[read.page.number] = _Kept.of(read, read.image)
            if self._onlooker is not None:
                self._onlooker(read.page, read.image)
            yield read.page

    def reread(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
        """A second look at a crop; see :class:`models.protocols.Reread`. Empty for a page of a text layer."""
        kept = self._kept.get(page)
        if kept is None or kept.lines is None:
            return ()
        if self._open is None or self._open[0] != page:
            self._open = (page, _unpacked(kept.image), _unpacked(kept.lines))
        _, image, lines = self._open
        try:
            return look_again(image, lines, kept.dpi, box, kind, Readers.started(self._options))
        except EngineFailed:
            # A second look is a bonus: the first reading stands, and the page's own problems are reported with it.
            return ()

    def image(self, page: int, dpi: int) -> GreyImage:
        """The clean upright page at ``dpi`` dots per inch of a page 8.5 inches wide.

        Raises:
            KeyError: the page has not been read, or could not be.
        """
        full = _unpacked(self._kept[page].image)
        size = (round(8.5 * dpi), round(8.5 * dpi * full.shape[0] / full.shape[1]))
        return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _packed(image: GreyImage) -> bytes:
    return bytes(cv2.imencode(".png", image, _FAST_PNG)[1].tobytes())


def _unpacked(stored: bytes) -> GreyImage:
    return np.asarray(cv2.imdecode(np.frombuffer(stored, dtype=np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
