"""One page as it arrived, and what yields pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from models.geometry import Box
from models.page import CheckBox, FormField, PageProblem, Word
from ocr.images import GreyImage


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page as it arrived.

    ``image`` is what the page looks like, ``dpi_x`` and ``dpi_y`` its resolution. ``words`` are those of a trusted text layer
    and of form fields; ``digital`` says that they are all there is to read and that the image needs no cleaning.
    ``check_boxes`` and ``fields`` come from a fillable form. ``pictures`` are the larger ones on a digital page, which have to be
    read by an engine. A page that could not be decoded has no image and a problem.
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
    problems: tuple[PageProblem, ...] = ()


class SourceReader(Protocol):
    """Something that yields the pages of one document."""

    def pages(self) -> Iterator[PageSource]:
        """The pages in order, each made when it is asked for."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
