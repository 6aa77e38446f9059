"""What is kept of a page is that page's own: words are told apart by which object they are."""

from __future__ import annotations

from dataclasses import replace

from extraction.lines import runs_of
from models.geometry import Box
from models.page import Page, Word


def page() -> Page:
    boxes = (Box(0.1, 0.1, 0.15, 0.112), Box(0.2, 0.1, 0.25, 0.112))
    return Page(1, 1.294, tuple(Word(text, box, 0.99) for text, box in zip(("NPI", "1234"), boxes, strict=True)))


def test_an_equal_page_has_its_own_words() -> None:
    one = page()
    other = replace(one, words=tuple(replace(word) for word in one.words))
    assert one == other
    runs_of(one)
    assert {id(word) for run in runs_of(other) for word in run.words} == {id(word) for word in other.words}


def test_a_page_is_parted_once_for_each_width_of_gap() -> None:
    one = page()
    assert runs_of(one) is runs_of(one)
    assert [len(runs_of(one, gap)) for gap in (1.2, 20.0)] == [2, 1]
