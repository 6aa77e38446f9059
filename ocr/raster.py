"""Pages of TIFF, PNG and JPEG files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from models.errors import DamagedFile, TooLarge
from models.page import PageProblem
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.source import PageSource


class RasterSource:
    """The frames of an image file, through Pillow."""

    def __init__(self, path: Path, options: ReadingOptions) -> None:
        self._options = options
        Image.MAX_IMAGE_PIXELS = None
        try:
            self._image = Image.open(path)
            self._count = int(getattr(self._image, "n_frames", 1))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise DamagedFile("The image file cannot be opened.") from error
        if self._count > options.max_pages:
            raise TooLarge(f"The file has {self._count} pages; the limit is {options.max_pages}.")

    def pages(self) -> Iterator[PageSource]:
        """The frames in order, decoded one at a time."""
        for index in range(self._count):
            yield self._page(index)

    def close(self) -> None:
        """Let go of the file."""
        self._image.close()

    def _page(self, index: int) -> PageSource:
        number = index + 1
        try:
            self._image.seek(index)
            width, height = self._image.size
            if width * height > self._options.max_pixels:
                raise TooLarge(f"Page {number} has {width * height} pixels; the limit is {self._options.max_pixels}.")
            grey: GreyImage = np.asarray(self._image.convert("L"), dtype=np.uint8)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            return _broken(number, type(error).__name__)
        dpi_x, dpi_y = resolution(width, height, self._image.info.get("dpi"))
        return PageSource(number, grey, dpi_x, dpi_y)


def resolution(width: int, height: int, stated: object) -> tuple[float, float]:
    """Dots per inch across and down, from what the file states where that is believable, else from the size in pixels."""
    if isinstance(stated, tuple) and len(stated) == 2:
        x, y = float(stated[0]), float(stated[1])
        if 60 <= x <= 1200 and 60 <= y <= 1200 and 3.5 <= width / x <= 18 and 3 <= height / y <= 24:
            return x, y
    if 1680 <= width <= 1776:
        return 204.0, 98.0 if height < 1500 else 196.0
    guess = width / 8.5 if width <= height else width / 11.0
    return guess, guess


def _broken(number: int, reason: str) -> PageSource:
    message = f"The page cannot be decoded ({reason}); ask the sender to fax it again."
    return PageSource(number, None, 200.0, 200.0, problems=(PageProblem(number, "damaged_page", message),))
