"""What was worked out of a page, kept while the page is at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from models.page import Page

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 16
"""How many pages, each in a few states of repair, are at hand at a time."""


def once_a_page(work: Callable[Concatenate[Page, P], T]) -> Callable[Concatenate[Page, P], T]:
    """Work the same out of the same page once.

    A page is told by which object it is, and not by what it says: the steps tell words apart so, and an equal page holds others.
    """
    kept: OrderedDict[object, tuple[Page, T]] = OrderedDict()

    def known(page: Page, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = id(page), args, tuple(kwargs.items())
        if key not in kept:
            kept[key] = page, work(page, *args, **kwargs)  # held with its page, so that its id stays its own
            if len(kept) > _MOST:
                kept.popitem(last=False)
        return kept[key][1]

    return known
