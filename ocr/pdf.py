"""Pages of PDF files: text layer, form fields, and pixels where the text layer is not to be trusted."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2
import pypdfium2.raw
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from models.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge
from models.geometry import Box
from models.page import Word
from ocr.acroform import FormValues, read_form
from ocr.drawing import NOTHING_DRAWN, Drawing, drawing_of
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.pagesource import PageSource, lost_page, no_memory_page, refused_page
from ocr.pdfframe import PdfFrame
from ocr.textlayer import all_drawn, is_trusted, large, letters_of, pictures_of, seen_words, text_words

# What pdfminer lets through on pages that were written wrongly: its own errors and those of reading absent or odd objects.
_FORM_ERRORS = (
    PdfminerException,
    MalformedPDFException,
    PDFPasswordIncorrect,
    AssertionError,
    struct.error,
    zlib.error,
    PDFException,
    PSException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
)
_NO_FORM: FormValues = ((), (), ())
_LEAST_SEEN = 0.7
_NO_INK = 250
# A page of a fillable form has a few hundred. With more of them than this it is read from its pixels, on which they are drawn.
_MOST_ANNOTATIONS = 3000


@dataclass(frozen=True, slots=True)
class _TextSide:
    """What a page says of itself: its words if they can be trusted, its form, the larger pictures, and what it draws."""

    words: tuple[Word, ...] | None = None
    form: FormValues = _NO_FORM
    pictures: tuple[Box, ...] = ()
    drawing: Drawing = NOTHING_DRAWN


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
        self._count = len(self._pdfium)
        if self._count == 0:
            raise EmptyFile("The PDF has no pages.")
        if self._count > options.max_pages:
            raise TooLarge(f"The PDF has {self._count} pages; the limit is {options.max_pages}.")
        self._pdfium.init_forms()
        # Opened a second time, for what PDFium does not tell of forms, when a page has annotations.
        self._file: BufferedReader = path.open("rb")
        self._form_pages: tuple[PDFPage, ...] | None = None

    def pages(self) -> Iterator[PageSource]:
        """The pages in order, each drawn when it is asked for."""
        for index in range(self._count):
            yield self._page(index)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._pdfium.close()

    def _page(self, index: int) -> PageSource:
        number = index + 1
        try:
            width, height = self._size_in(index)
            pixels = width * height * self._options.scan_dpi**2
            return refused_page(number, width, height, pixels, self._options.max_pixels) or self._read(index)
        except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
            return lost_page(number, f"The page cannot be drawn ({type(error).__name__}); ask the sender for it again.")
        except MemoryError:
            return no_memory_page(number)

    def _read(self, index: int) -> PageSource:
        number = index + 1
        text = self._text_side(index)
        words, check_boxes, fields = text.form
        if text.words is not None:
            dpi = self._options.layout_dpi
            image = self._draw(index, dpi)
            seen = seen_words(text.words, image)
            if len(seen) >= _LEAST_SEEN * len(text.words):
                known = (text.pictures, text.drawing)
                return PageSource(number, image, dpi, dpi, True, (*seen, *words), check_boxes, fields, *known)
        dpi = self._options.scan_dpi
        image = self._draw(index, dpi)
        if int(image.min()) >= _NO_INK and not self._all_drawn(index):
            return lost_page(number, "A picture on the page cannot be decoded; ask the sender for it again.")
        return PageSource(number, image, dpi, dpi, False, words, check_boxes, fields)

    def _all_drawn(self, index: int) -> bool:
        """Whether a blank page is blank: PDFium leaves out what it cannot decode, and does not say so."""
        page = self._pdfium[index]
        try:
            return all_drawn(page)
        finally:
            page.close()

    def _text_side(self, index: int) -> _TextSide:
        page = self._pdfium[index]
        try:
            frame = PdfFrame.of(page.get_cropbox(), page.get_rotation())
            form = self._form(index, page, frame)
            pictures = pictures_of(page, frame)
            letters = letters_of(page, frame)
            drawing = NOTHING_DRAWN if large(pictures) else drawing_of(page, frame)
        except pypdfium2.PdfiumError:
            return _TextSide()
        finally:
            page.close()
        if not is_trusted(letters, pictures, frame):
            return _TextSide(form=form)
        return _TextSide(text_words(letters, frame), form, large(pictures), drawing)

    def _form(self, index: int, page: pypdfium2.PdfPage, frame: PdfFrame) -> FormValues:
        """The values in the page's annotations; most pages have none."""
        if not 0 < pypdfium2.raw.FPDFPage_GetAnnotCount(page) <= _MOST_ANNOTATIONS:
            return _NO_FORM
        if self._form_pages is None:
            self._form_pages = _form_pages(self._file, self._count)
        try:
            return read_form(self._form_pages[index], frame)
        except _FORM_ERRORS:
            return _NO_FORM

    def _size_in(self, index: int) -> tuple[float, float]:
        page = self._pdfium[index]
        width, height = page.get_size()
        page.close()
        return width / 72, height / 72

    def _draw(self, index: int, dpi: int) -> GreyImage:
        page = self._pdfium[index]
        bitmap = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        image: GreyImage = np.array(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width], dtype=np.uint8)
        page.close()
        return image


def _form_pages(file: BufferedReader, count: int) -> tuple[PDFPage, ...]:
    """The pages with their annotations; none where they cannot be read, so that pages are read without them."""
    try:
        pages: tuple[PDFPage, ...] = tuple(page.page_obj for page in pdfplumber.open(file).pages)
    except _FORM_ERRORS:
        return ()
    return pages if len(pages) == count else ()
