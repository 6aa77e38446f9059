"""Pages of TIFF, PNG and JPEG files."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from models.document import MediaType
from models.errors import DamagedFile, EmptyFile, TooLarge
from models.page import PageProblem
from ocr.images import GreyImage
from ocr.noise import decoder_messages
from ocr.options import ReadingOptions
from ocr.pagesource import PageSource, lost_page, no_memory_page, refused_page

_PARTLY = "A part of the page is missing; compare it with the original, or ask the sender to fax it again."
_ENDS_HERE = "The file is damaged from this page on, and more pages may be missing; ask the sender to fax it again."
# Named, so that a file is never given to a decoder that its first bytes did not announce. MPO is a JPEG with several pictures.
_FORMATS = {MediaType.TIFF: ("TIFF",), MediaType.PNG: ("PNG",), MediaType.JPEG: ("JPEG", "MPO")}
# What a page is brought to before it is read.
_READING_DPI = 200
_LOST_SHARE = 0.01
# From half a letter page to a ledger sheet; a fax may be a long strip.
_SHORT_SIDE_IN, _LONG_SIDE_IN = (3.0, 12.0), 36.0


# What Pillow raises on bytes that are not what they say.
_DECODE_ERRORS = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error)


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns of odd metadata, which says nothing about the pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


class RasterSource:
    """The frames of an image file, through Pillow."""

    def __init__(self, path: Path, media_type: MediaType, options: ReadingOptions) -> None:
        self._path = path
        self._formats = _FORMATS[media_type]
        self._options = options
        # The limit of this project is checked before pixels are decoded, and says what to do.
        Image.MAX_IMAGE_PIXELS = None
        try:
            with _quiet():
                self._image = Image.open(path, formats=self._formats)
        except (UnidentifiedImageError, *_DECODE_ERRORS) as error:
            raise DamagedFile("The image file cannot be opened.") from error
        try:
            with _quiet():
                self._count, self._ends_damaged = _page_count(self._image, options.max_pages)
        except _DECODE_ERRORS as error:
            self._image.close()
            raise DamagedFile("The pages of the image file cannot be counted.") from error
        if not 0 < self._count <= options.max_pages:
            self._image.close()
            if self._count == 0:
                raise EmptyFile("The image file has no pages.")
            raise TooLarge(f"The file has more than {options.max_pages} pages, which is the limit.")

    def pages(self) -> Iterator[PageSource]:
        """The frames in order, decoded one at a time."""
        for index in range(self._count):
            with _quiet():
                page = self._page(index)
            yield page

    def close(self) -> None:
        """Let go of the file."""
        self._image.close()

    def _page(self, index: int) -> PageSource:
        number = index + 1
        try:
            self._image.seek(index)
            width, height = self._image.size
        except _DECODE_ERRORS as error:
            if self._ends_damaged and number == self._count:
                return lost_page(number, _ENDS_HERE)
            return _broken(number, type(error).__name__)
        if width <= 0 or height <= 0:  # Pillow refuses this of the first page alone
            return _broken(number, "no pixels")
        dpi_x, dpi_y = resolution(width, height, self._image.info.get("dpi"))
        try:
            width_in, height_in = width / dpi_x, height / dpi_y
            pixels = max(width * height, width_in * height_in * _READING_DPI**2)
            refused = refused_page(number, width_in, height_in, pixels, self._options.max_pixels)
            return refused or self._decoded(index, height, (dpi_x, dpi_y))
        except MemoryError:
            return no_memory_page(number)

    def _decoded(self, index: int, height: int, dpi: tuple[float, float]) -> PageSource:
        number = index + 1
        try:
            with decoder_messages() as messages:
                image = _grey(self._image)
            problems = (PageProblem(number, "damaged_page", _PARTLY),) if _lost_lines(messages, height) else ()
            return PageSource(number, image, *dpi, problems=problems)
        except _DECODE_ERRORS as error:
            salvaged = self._salvaged(index)
            if salvaged is None:
                return _broken(number, type(error).__name__)
        return PageSource(number, salvaged, *dpi, problems=(PageProblem(number, "damaged_page", _PARTLY),))

    def _salvaged(self, index: int) -> GreyImage | None:
        """What can be decoded of a damaged page: Pillow told to go on, else OpenCV's own decoders."""
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            # What decoders print names the file, and its name is PHI.
            with decoder_messages(), Image.open(self._path, formats=self._formats) as again:
                again.seek(index)
                return _with_ink(_grey(again))
        except _DECODE_ERRORS:
            return _with_ink(_by_opencv(self._path, index))
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _page_count(image: Image.Image, most: int) -> tuple[int, bool]:
    """How many pages there are, or one more than ``most``: counting all of a million costs a minute.

    Also, whether the last one is where the file is damaged. Pages are gone to one by one: what Pillow says of their number is
    wrong after a longer step, and an error where a directory is damaged, though the pages before it can be read.
    """
    if image.format != "TIFF":
        return int(getattr(image, "n_frames", 1)), False
    for index in range(1, most + 1):
        try:
            image.seek(index)
        except EOFError:
            return index, False
        except _DECODE_ERRORS:
            return index + 1, True
    return most + 1, False


def _with_ink(image: GreyImage | None) -> GreyImage | None:
    return None if image is None or not bool((image < 128).any()) else image


def _lost_lines(messages: list[str], height: int) -> bool:
    """Whether the decoder complained about more lines than a fax line of ordinary quality loses.

    In Group 4 each line builds on the one above, so that one bad line spoils the rest of its strip.
    """
    bad = [message for message in messages if "Bad code" in message or "remature" in message or "mismatch" in message]
    return len(bad) > _LOST_SHARE * height or any(message.startswith("Fax4") for message in bad)


def _grey(image: Image.Image) -> GreyImage:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        image = Image.alpha_composite(paper, coloured)
    if image.mode.startswith("I"):
        wide = np.asarray(image, dtype=np.float64)
        return np.asarray(np.clip(wide / 257.0, 0, 255), dtype=np.uint8)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _by_opencv(path: Path, index: int) -> GreyImage | None:
    try:
        with decoder_messages():
            _, pages = cv2.imreadmulti(str(path), index, 1, flags=cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return np.asarray(pages[0], dtype=np.uint8) if pages else None


def resolution(width: int, height: int, stated: object) -> tuple[float, float]:
    """Dots per inch across and down, from what the file states where that is believable, else from the size in pixels."""
    if isinstance(stated, tuple) and len(stated) == 2:
        x, y = float(stated[0]), float(stated[1])
        if min(x, y) >= 60 and max(x, y) <= 1200:
            short, long = sorted((width / x, height / y))
            if _SHORT_SIDE_IN[0] <= short <= _SHORT_SIDE_IN[1] and long <= _LONG_SIDE_IN:
                return x, y
    if 1712 <= width <= 1744:
        return 204.0, 98.0 if height < 1500 else 196.0
    guess = width / 8.5 if width <= height else width / 11.0
    return guess, guess


def _broken(number: int, reason: str) -> PageSource:
    return lost_page(number, f"The page cannot be decoded ({reason}); ask the sender to fax it again.")
