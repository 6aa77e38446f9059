"""Which pages are one request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.page import Page


class PageKind(StrEnum):
    """What a page is."""

    FORM = "form"
    FORM_CONTINUED = "form_continued"
    CHANGE_FORM = "change_form"
    LETTER = "letter"
    COVER = "cover"
    NOTES = "notes"
    INSTRUCTIONS = "instructions"
    ORDER = "order"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RequestPages:
    """The pages of one request, in order.

    ``pages`` carry the request (the form with its continuation, or the letter); ``attached`` are the cover sheet, instruction
    pages and chart notes that came with it, whose values are not the request's. ``kind`` is that of the first page that
    is no instruction: ``FORM``, ``CHANGE_FORM`` or ``LETTER``. ``named`` are the numbers of the pages that a person said the
    request has, where one did.
    """

    kind: PageKind
    pages: tuple[Page, ...]
    attached: tuple[Page, ...] = ()
    named: tuple[int, ...] | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The pages that are the request's, in order: those that a person named, else those that carry it."""
        return tuple(page.number for page in self.pages) if self.named is None else self.named
