"""Circles to tick, and what is none."""

from __future__ import annotations

import pytest

from models.page import MarkState
from ocr.layout import layout_of
from ocr.marks import drawn_boxes
from tests.ocr.drawing import Sheet

SIDE = 19


def worn_box(sheet: Sheet, x: int, y: int) -> None:
    """A small box as a fax leaves it: without its corners, and with a gap in one side."""
    sheet.box(x, y, SIDE, SIDE)
    for left, top in ((x, y), (x + SIDE - 1, y), (x, y + SIDE - 1), (x + SIDE - 1, y + SIDE - 1)):
        sheet.draw.rectangle((left, top, left + 1, top + 1), fill=255)
    sheet.draw.rectangle((x + 6, y, x + 13, y), fill=255)


@pytest.mark.parametrize("size", [26, 27, 28])
def test_the_first_letters_of_words_beside_small_worn_boxes_are_no_circles(size: int) -> None:
    sheet = Sheet()
    for n, word in enumerate(("Office", "Outpatient", "Observation", "Clinic", "Other")):
        worn_box(sheet, 200 + 280 * n, 400)
        sheet.text(200 + 280 * n + SIDE + 13, 394, word, size)
        sheet.text(200, 500 + 60 * n, word, size)
    frames = layout_of(sheet.page()).frames
    assert all(any(abs(frame.x - 200 - 280 * n) < 5 and abs(frame.y - 400) < 5 for n in range(5)) for frame in frames)


def test_thick_open_circles_are_not_ticked_and_one_with_a_dot_is() -> None:
    sheet = Sheet()
    for n in range(3):
        sheet.draw.ellipse((300 + 200 * n, 400, 326 + 200 * n, 426), outline=0, width=5)
    sheet.draw.ellipse((508, 408, 518, 418), fill=0)
    layout = layout_of(sheet.page())
    boxes = sorted(drawn_boxes(layout.ink, layout.frames), key=lambda box: box.box.left)
    assert [box.state for box in boxes] == [MarkState.EMPTY, MarkState.TICKED, MarkState.EMPTY]
