"""Pages of PDF files: text layer, form fields, and pixels where the text layer is not to be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from models.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge
from models.geometry import Box
from models.page import Method, PageProblem, Word
from ocr.acroform import read_form
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.pagesource import PageSource
from ocr.textlayer import is_trusted


class PdfSource:
    """The pages of one PDF. Not for several threads at once: PDFium keeps global state."""

    def __init__(self, path: Path, options: ReadingOptions) -> None:
        self._options = options
        try:
            self._pdfium = pypdfium2.PdfDocument(str(path))
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise EncryptedFile("The PDF is protected by a password.") from error
            raise DamagedFile("The PDF cannot be opened.") from error
        self._pdfium.init_forms()
        self._count = len(self._pdfium)
        if self._count == 0:
            raise EmptyFile("The PDF has no pages.")
        if self._count > options.max_pages:
            raise TooLarge(f"The PDF has {self._count} pages; the limit is {options.max_pages}.")
        self._plumber: PDF | None
        try:
            self._plumber = pdfplumber.open(path)
            if len(self._plumber.pages) != self._count:
                self._plumber = None
        except (PDFSyntaxError, PDFPasswordIncorrect, PdfminerException, ValueError, TypeError, KeyError):
            self._plumber = None

    def pages(self) -> Iterator[PageSource]:
        """The pages in order, each drawn when it is asked for."""
        for index in range(self._count):
            yield self._page(index)

    def close(self) -> None:
        """Let go of the file."""
        if self._plumber is not None:
            self._plumber.close()
        self._pdfium.close()

    def _page(self, index: int) -> PageSource:
        number = index + 1
        plumber = self._plumber.pages[index] if self._plumber is not None else None
        try:
            form = read_form(plumber) if plumber is not None else ((), (), ())
            digital = plumber is not None and is_trusted(plumber)
            dpi = self._options.layout_dpi if digital else self._options.scan_dpi
            image = self._draw(index, dpi)
        except (pypdfium2.PdfiumError, PdfminerException, ValueError) as error:
            message = f"The page cannot be drawn ({type(error).__name__}); ask the sender for it again."
            return PageSource(number, None, 200.0, 200.0, problems=(PageProblem(number, "damaged_page", message),))
        words, check_boxes, fields = form
        if digital and plumber is not None:
            words = (*_text_words(plumber), *words)
        if plumber is not None:
            plumber.close()
        return PageSource(number, image, dpi, dpi, digital, words, check_boxes, fields)

    def _draw(self, index: int, dpi: int) -> GreyImage:
        page = self._pdfium[index]
        width, height = page.get_size()
        pixels = int(width * height * (dpi / 72) ** 2)
        if pixels > self._options.max_pixels:
            raise TooLarge(f"Page {index + 1} has {pixels} pixels; the limit is {self._options.max_pixels}.")
        bitmap = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        image: GreyImage = np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width])
        image = image.copy()
        page.close()
        return image


def _text_words(page: PlumberPage) -> tuple[Word, ...]:
    left, top, right, bottom = page.bbox
    width, height = float(right - left), float(bottom - top)
    found: list[dict[str, Any]] = page.extract_words(x_tolerance=1.5, y_tolerance=2, use_text_flow=False)
    words = []
    for item in found:
        box = Box.clipped(
            (item["x0"] - left) / width, (item["top"] - top) / height, (item["x1"] - left) / width, (item["bottom"] - top) / height
        )
        if box.area > 0:
            words.append(Word(item["text"], box, 0.99, Method.PDF_TEXT))
    return tuple(words)
