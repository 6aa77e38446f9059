"""Requests whose pages a person named: nothing is split any more, and each is a request, whatever its pages look like."""

from __future__ import annotations

import math
from collections.abc import Iterable

from extraction.classify import facts
from extraction.pages import PageKind, RequestPages
from extraction.split import FORMS, split
from models.page import Page

Arrangement = tuple[tuple[int, ...], ...]
"""For each request its pages, 1-based in the source. Pages in none belong to no request."""


def requests_of(pages: tuple[Page, ...], arrangement: Arrangement | None) -> tuple[RequestPages, ...]:
    """The requests of a document.

    Args:
        pages: all pages of the document.
        arrangement: which pages are which request, where a person said so; ``None`` leaves it to :func:`extraction.split.split`.
            A request of which the document has no page, or that has the same pages as one before it, is left out.
    """
    if arrangement is None:
        return split(pages)
    groups: dict[tuple[int, ...], tuple[Page, ...]] = {}
    for numbers in arrangement:
        mine = tuple(page for page in pages if page.number in numbers)
        groups.setdefault(tuple(page.number for page in mine), mine)
    taken = {number for numbers in groups for number in numbers}
    spare = tuple(page for page in pages if page.number not in taken and not facts(page).blank)
    starts = sorted(numbers[0] for numbers in groups if numbers)
    return tuple(_request(mine, _beside(mine[0].number, starts, spare)) for mine in groups.values() if mine)


def _beside(start: int, starts: list[int], spare: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages of no request that came with this one: those before the first of all, and those before the next."""
    following = next((other for other in starts if other > start), math.inf)
    return tuple(page for page in spare if page.number < starts[0] or start < page.number < following)


def _request(pages: tuple[Page, ...], beside: tuple[Page, ...]) -> RequestPages:
    """One request of these pages; which of them carry it, and which are only attached, is seen as in any document.

    What came ``beside`` them is no part of it. A value is the surer for standing there too, whoever sorted the pages.
    """
    found = split(pages)
    kind, carrying = _joined(found) if found else _unrecognised(pages)
    rest = (page for page in pages if page.number not in {page.number for page in carrying})
    return RequestPages(kind, carrying, _in_order((*rest, *beside)), tuple(page.number for page in pages))


def _joined(found: tuple[RequestPages, ...]) -> tuple[PageKind, tuple[Page, ...]]:
    """What looks like several requests is one; letters beside a form are attached to it."""
    alike = [request for request in found if request.kind in FORMS] or list(found)
    return alike[0].kind, _in_order(page for request in alike for page in request.pages)


def _unrecognised(pages: tuple[Page, ...]) -> tuple[PageKind, tuple[Page, ...]]:
    """Pages of which none looks like a request: a letter where one is written so, else what a form may have among its pages."""
    seen = [each for each in map(facts, pages) if not each.blank]
    letters = [each.page for each in seen if each.kind is PageKind.LETTER]
    if letters:
        return PageKind.LETTER, tuple(letters)
    return PageKind.FORM, tuple(each.page for each in seen) or pages


def _in_order(pages: Iterable[Page]) -> tuple[Page, ...]:
    return tuple(sorted(pages, key=lambda page: page.number))
