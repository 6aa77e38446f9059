"""What parting a page into runs may cost: the rules of a form are many, and the page is parted for every question about it."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from extraction.lines import runs_of
from models.geometry import Box
from models.page import Method, Page, Rule, Word


def _page(rules: int) -> Page:
    words = tuple(
        Word(text, Box(left, 0.1, left + 0.05, 0.11), 1.0, Method.PDF_TEXT) for text, left in (("Name", 0.1), ("Doe", 0.155))
    )
    below = tuple(Rule(Box(0.05, 0.2 + n / 1000, 0.9, 0.2 + n / 1000), horizontal=True) for n in range(rules))
    return Page(1, 0.77, words, rules=below)


def _boxes_drawn(page: Page) -> int:
    drawn = 0
    around = Box.around

    def counted(boxes: Iterable[Box]) -> Box:
        nonlocal drawn
        drawn += 1
        return around(boxes)

    with patch.object(Box, "around", counted):
        runs_of(page)
    return drawn


def test_the_boxes_of_lines_are_not_drawn_again_for_each_rule() -> None:
    assert _boxes_drawn(_page(500)) == _boxes_drawn(_page(1))
