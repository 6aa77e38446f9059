"""The reader of one document: its pages, its second looks, its images."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from models.document import Document
from models.geometry import Box
from models.page import Page, Word
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.read import read_page
from ocr.source import open_source


class DocumentReader:
    """Reads one document, page by page. A context manager.

    Raises:
        DocumentError: when opened, the file is empty, damaged, encrypted or beyond the limits.
    """

    def __init__(self, document: Document, options: ReadingOptions) -> None:
        self._options = options
        self._source = open_source(document, options)
        self._images: dict[int, bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()

    def pages(self) -> Iterator[Page]:
        """The pages in order, each read when it is asked for; a page that fails is a page with a problem."""
        for source in self._source.pages():
            page, image = read_page(source, self._options)
            if image is not None:
                self._images[page.number] = cv2.imencode(".png", image)[1].tobytes()
            yield page

    def reread(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
        """A second look at a crop; see :class:`models.protocols.Reread`."""
        del page, box, kind
        return ()

    def image(self, page: int, dpi: int) -> GreyImage:
        """The clean upright page.

        Raises:
            KeyError: the page has not been read, or could not be.
        """
        stored = np.frombuffer(self._images[page], dtype=np.uint8)
        full = np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
        size = (round(8.5 * dpi), round(8.5 * dpi * full.shape[0] / full.shape[1]))
        return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
