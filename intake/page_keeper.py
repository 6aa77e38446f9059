"""Keeps each page as it is read. In the reading process alone: what is seen of foreign bytes is drawn and written there."""

from __future__ import annotations

import shutil

from intake.kept_pages import PRINT, SEALED, KeptPage, SeenWord, page_file, pages_folder
from intake.storage import storage_errors
from models.document import Document
from models.files import write_atomically
from models.page import Page
from ocr.images import GreyImage
from ocr.page_png import page_png
from ocr.page_print import page_print

_PRIVATE = 0o700


class PageKeeper:
    """Keeps the pages of one document in its folder, in place of those of an earlier reading.

    Pages of the same bytes stay until they are written again: people look at them meanwhile. Pages of other bytes go at once.

    Raises:
        StorageUnavailable: the folder cannot be written now.
    """

    def __init__(self, document: Document) -> None:
        self._folder = document.path.parent
        place = pages_folder(self._folder)
        mark = place / "digest"
        with storage_errors():
            if not mark.is_file() or mark.read_bytes() != document.sha256.encode("ascii"):
                if place.is_dir():
                    shutil.rmtree(place)
                place.mkdir(mode=_PRIVATE)
                write_atomically(mark, document.sha256.encode("ascii"))

    def keep(self, page: Page, image: GreyImage | None) -> None:
        """Keep a page; one that could not be drawn is kept without an image, so that the pages can be counted.

        Raises:
            StorageUnavailable: the folder cannot be written now.
        """
        seen = tuple(SeenWord(_printable(word.text), word.box) for word in page.words)
        kept = KeptPage(b"" if image is None else page_png(image), seen)
        path = page_file(self._folder, page.number)
        with storage_errors():
            write_atomically(path, kept.packed())
            path.with_suffix(SEALED).unlink(missing_ok=True)
            if image is not None:
                write_atomically(path.with_suffix(PRINT), page_print(image).packed())


def _printable(text: str) -> str:
    """The text layer of a damaged PDF may give halves of letters, which no JSON can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
