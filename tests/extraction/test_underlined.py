"""Printed answers of which a hand has underlined one."""

from __future__ import annotations

import pytest

from extraction.choice import choose
from extraction.options import read_options
from models.geometry import Box
from models.page import Page, Rule
from tests.extraction import typed_pages as typed

LINES = ["Turnaround:   Routine        Urgent        Retro", "", "Name: Ann Lee"]


def page(*strokes: tuple[float, float, float]) -> Page:
    """The page with strokes from left to right at a height."""
    rules = tuple(Rule(Box(left, y, right, y + 0.002), horizontal=True) for left, right, y in strokes)
    return Page(1, 1.294, typed.words_of(LINES), rules=rules)


def under(word: str) -> tuple[float, float, float]:
    box = next(one.box for one in page().words if one.text == word)
    return box.left, box.right, box.bottom + 0.001


@pytest.mark.parametrize(("word", "value"), [("Routine", "routine"), ("Urgent", "urgent"), ("Retro", "retroactive")])
def test_the_answer_that_is_underlined_is_chosen(word: str, value: str) -> None:
    choice = choose(read_options(page(under(word))), "request.urgency")
    assert choice is not None
    assert choice.value == value


def test_a_line_to_write_on_or_two_strokes_choose_nothing() -> None:
    left, _, y = under("Urgent")
    assert choose(read_options(page((left, 0.9, y))), "request.urgency") is None
    assert choose(read_options(page(under("Routine"), under("Retro"))), "request.urgency") is None
