"""One page as it arrived, and what yields pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from models.geometry import Box
from models.page import CheckBox, FormField, PageProblem, Word
from ocr.drawing import NOTHING_DRAWN, Drawing
from ocr.images import GreyImage

TOO_LARGE = "page_too_large"
"""The code of the problem of a page that was not drawn, since that would take too much."""

_NO_DPI = 200.0
_COUNTABLE = 1e18
_LEAST_SIDE_IN = 0.25
# A fax of a whole roll of paper is a strip, but none of this length.
_LONGEST_STRIP = 25.0


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page as it arrived.

    ``image`` is what the page looks like, ``dpi_x`` and ``dpi_y`` its resolution. ``words`` are those of a trusted text layer
    and of form fields; ``digital`` says that they are all there is to read and that the image needs no cleaning.
    ``check_boxes`` and ``fields`` come from a fillable form. ``pictures`` are the larger ones on a digital page, which have to be
    read by an engine. ``drawing`` is what a digital page
    draws, where it is known. A page that could not be decoded has no image and a problem.
    """

    number: int
    image: GreyImage | None
    dpi_x: float
    dpi_y: float
    digital: bool = False
    words: tuple[Word, ...] = ()
    check_boxes: tuple[CheckBox, ...] = ()
    fields: tuple[FormField, ...] = ()
    pictures: tuple[Box, ...] = ()
    drawing: Drawing = NOTHING_DRAWN
    problems: tuple[PageProblem, ...] = ()


def lost_page(number: int, why: str, code: str = "damaged_page") -> PageSource:
    """A page without pixels, without which the document goes on. ``why`` says what is the matter and what to do, in sentences."""
    return PageSource(number, None, _NO_DPI, _NO_DPI, problems=(PageProblem(number, code, why),))


def refused_page(number: int, width_in: float, height_in: float, pixels: float, limit: int) -> PageSource | None:
    """The page that stands for one that is not drawn, since it is too large or of a shape that no paper has; else ``None``.

    ``pixels`` and the inches may be infinite, or no numbers.
    """
    short, long = sorted((width_in, height_in))
    if not (short >= _LEAST_SIDE_IN and long <= _LONGEST_STRIP * short):
        return lost_page(number, "The page has the shape of no paper; ask the sender for it again.")
    if not pixels <= limit:
        how_many = f"{pixels:.0f}" if pixels < _COUNTABLE else "countless"
        why = f"The page has {how_many} pixels; the limit is {limit}. Look at it by eye, or raise max_pixels if it is genuine."
        return lost_page(number, why, TOO_LARGE)
    return None


def no_memory_page(number: int) -> PageSource:
    """A page that could not be drawn within the memory that the settings allow."""
    why = "The page needs more memory than the settings allow. Look at it by eye, or raise max_memory_bytes if it is genuine."
    return lost_page(number, why, TOO_LARGE)


class SourceReader(Protocol):
    """Something that yields the pages of one document."""

    def pages(self) -> Iterator[PageSource]:
        """The pages in order, each made when it is asked for."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
