"""From a document to its pages as they arrived: one at a time, so that memory does not grow with the document."""

from __future__ import annotations

from models.document import Document, MediaType
from models.errors import EmptyFile
from ocr.options import ReadingOptions
from ocr.pagesource import SourceReader
from ocr.pdf import PdfSource
from ocr.raster import RasterSource


def open_source(document: Document, options: ReadingOptions) -> SourceReader:
    """The reader for the document's media type.

    Raises:
        DocumentError: the file is empty, damaged, encrypted or beyond the limits.
    """
    if document.path.stat().st_size == 0:
        raise EmptyFile("The file has no bytes.")
    if document.media_type is MediaType.PDF:
        return PdfSource(document.path, options)
    return RasterSource(document.path, document.media_type, options)
