"""A page is matched with a blank by its printed words, however it was scaled and shifted, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.forms import place, propose
from models.geometry import Box
from tests.extraction.forms.blanks import blank, filled, place_of, scaled
from tests.extraction.typed_pages import COVER, NOTES, page_of

_FORM = propose("northfield", (blank(),)).pages[0]
_NEAR = 0.004


@pytest.mark.parametrize(
    "moves",
    [
        (1.0, 1.0, 0.0, 0.0, 0.0),
        (0.94, 0.97, 0.03, 0.02, 0.0),
        (0.88, 1.05, 0.06, -0.01, 0.0),
        (0.97, 0.96, 0.01, 0.02, 0.02),
    ],
)
def test_a_place_of_the_blank_is_found_again_on_a_copy(moves: tuple[float, float, float, float, float]) -> None:
    move = scaled(*moves)
    placement = place(_FORM, filled({(3, 0): "Okonkwo", (4, 1): "03/14/1961"}, move))
    assert placement is not None
    assert placement.share > 0.95
    left, top = place_of(7, 1)
    box = Box.clipped(left, top, left + 0.1, top + 0.012)
    found, wanted = placement.box(box), move(box)
    assert max(abs(found.x - wanted.x), abs(found.y - wanted.y)) < _NEAR


def test_words_that_are_lost_or_misread_do_no_harm() -> None:
    page = filled({})
    worn = tuple(replace(word, text="x" + word.text[1:]) if n % 5 == 0 else word for n, word in enumerate(page.words) if n % 3 != 0)
    placement = place(_FORM, replace(page, words=worn))
    assert placement is not None
    left, top = place_of(10, 0)
    assert abs(placement.box(Box.clipped(left, top, left + 0.1, top + 0.01)).top - top) < _NEAR


def test_a_part_of_the_page_that_strays_is_followed() -> None:
    page = filled({})
    lower = tuple(
        replace(w, box=Box.clipped(w.box.left, w.box.top + 0.012, w.box.right, w.box.bottom + 0.012)) if w.box.top > 0.5 else w
        for w in page.words
    )
    placement = place(_FORM, replace(page, words=lower))
    assert placement is not None
    for row, moved in ((4, 0.0), (10, 0.012)):
        left, top = place_of(row, 0)
        assert abs(placement.box(Box.clipped(left, top, left + 0.1, top + 0.01)).top - top - moved) < _NEAR


@pytest.mark.parametrize("text", [COVER, NOTES])
def test_another_page_is_none_of_the_form(text: str) -> None:
    assert place(_FORM, page_of(text)) is None


def test_the_same_words_in_other_places_are_none_of_the_form() -> None:
    page = filled({})
    boxes = [word.box for word in page.words]
    shuffled = tuple(replace(word, box=boxes[(n * 17 + 5) % len(boxes)]) for n, word in enumerate(page.words))
    assert place(_FORM, replace(page, words=shuffled)) is None
