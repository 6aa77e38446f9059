"""From a document to its pages as they arrived: one at a time, so that memory does not grow with the document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from models.document import Document, MediaType
from models.errors import EmptyFile
from models.page import CheckBox, FormField, PageProblem, Word
from ocr.images import GreyImage
from ocr.options import ReadingOptions


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page as it arrived.

    ``image`` is what the page looks like, ``dpi_x`` and ``dpi_y`` its resolution. ``upright`` says that the image needs no
    cleaning because it was drawn from a digital page. ``words`` are those of a trusted text layer and of form fields;
    ``digital`` says that they are all there is to read. ``check_boxes`` and ``fields`` come from a fillable form. A page that
    could not be decoded has no image and a problem.
    """

    number: int
    image: GreyImage | None
    dpi_x: float
    dpi_y: float
    digital: bool = False
    words: tuple[Word, ...] = ()
    check_boxes: tuple[CheckBox, ...] = ()
    fields: tuple[FormField, ...] = ()
    problems: tuple[PageProblem, ...] = field(default=())


class SourceReader(Protocol):
    """Something that yields the pages of one document."""

    def pages(self) -> Iterator[PageSource]:
        """The pages in order, each made when it is asked for."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def open_source(document: Document, options: ReadingOptions) -> SourceReader:
    """The reader for the document's media type.

    Raises:
        DocumentError: the file is empty, damaged, encrypted or beyond the limits.
    """
    if document.path.stat().st_size == 0:
        raise EmptyFile("The file has no bytes.")
    if document.media_type is MediaType.PDF:
        from ocr.pdf import PdfSource

        return PdfSource(document.path, options)
    from ocr.raster import RasterSource

    return RasterSource(document.path, options)
