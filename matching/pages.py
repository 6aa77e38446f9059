"""How alike the pages of two requests are."""

from __future__ import annotations

from collections.abc import Sequence

from models.page_print import PagePrint

ALIKE, BETWEEN, UNLIKE, UNKNOWN = "alike", "between", "unlike", "unknown"
LEVELS = ((0.85, ALIKE), (0.6, BETWEEN))
"""From which likeness on pages are of a level. The same page faxed again over a good line comes to 0.89 and more, over a poor one
to 0.5 and more; another member on the same form to the same, a little lower. See docs/matching.md."""


def page_level(one: Sequence[PagePrint], other: Sequence[PagePrint]) -> str:
    """The level of the page that fits least; pages are compared in their order. Another number of pages is ``BETWEEN`` at most."""
    if not one or not other:
        return UNKNOWN
    least = min(first.likeness(second) for first, second in zip(one, other, strict=False))
    level = next((name for limit, name in LEVELS if least >= limit), UNLIKE)
    return BETWEEN if level == ALIKE and len(one) != len(other) else level
