"""Words that a hand has ringed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.layout import layout_of
from ocr.rings import ringed_words
from tests.ocr.drawing import DPI, HEIGHT, WIDTH, Sheet

PLACES = (("Male", 300), ("Female", 480), ("M", 700), ("Urgent", 860))


def words(sheet: Sheet) -> tuple[Word, ...]:
    """Words in a row, drawn and as an engine would give them."""
    seen = []
    for text, x in PLACES:
        sheet.text(x, 400, text, 26)
        right = x + round(sheet.draw.textlength(text, font_size=26))
        seen.append(Word(text, Box(x / WIDTH, 402 / HEIGHT, right / WIDTH, 426 / HEIGHT), 0.99))
    return tuple(seen)


def rings(sheet: Sheet, seen: tuple[Word, ...]) -> tuple[CheckBox, ...]:
    layout = layout_of(sheet.page())
    return ringed_words(seen, np.asarray(cv2.subtract(layout.ink, layout.masks.lines), dtype=np.uint8), DPI)


def arc(sheet: Sheet, box: tuple[int, int, int, int], degrees: int) -> None:
    sheet.draw.arc(box, 20, 20 + degrees, fill=0, width=4)


@pytest.mark.parametrize("degrees", [330, 360])
def test_a_loop_around_a_word_chooses_it(degrees: int) -> None:
    sheet = Sheet()
    seen = words(sheet)
    arc(sheet, (460, 388, 590, 440), degrees)
    found = rings(sheet, seen)
    assert [box.state for box in found] == [MarkState.TICKED]
    assert [word.text for word in seen if word.box.inside_share(found[0].box) > 0.9] == ["Female"]


def test_words_and_half_a_loop_are_no_rings() -> None:
    sheet = Sheet()
    seen = words(sheet)
    arc(sheet, (460, 388, 590, 440), 180)
    sheet.text(860, 395, "O", 60)
    assert rings(sheet, seen) == ()


def test_a_box_around_a_word_is_no_ring() -> None:
    sheet = Sheet()
    seen = words(sheet)
    sheet.box(466, 390, 120, 48)
    assert rings(sheet, seen) == ()
