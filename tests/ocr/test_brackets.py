"""Square brackets to tick between, and what only looks like them."""

from __future__ import annotations

import numpy as np

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.brackets import bracket_boxes
from ocr.images import Mask
from ocr.typed import with_ink
from tests.ocr.drawing import DPI, HEIGHT, WIDTH, Sheet


def ink(sheet: Sheet) -> Mask:
    return np.asarray(np.where(sheet.pixels() < 128, 255, 0), dtype=np.uint8)


def bracket(sheet: Sheet, x: int, facing: int) -> None:
    sheet.draw.rectangle((x, 400, x + 2, 430), fill=0)
    for y in (400, 428):
        sheet.draw.rectangle((min(x, x + 5 * facing), y, max(x + 2, x + 2 + 5 * facing), y + 2), fill=0)


def found(sheet: Sheet) -> list[bool]:
    return [box.marked for box in bracket_boxes(ink(sheet), sheet.pixels(), float(DPI), lambda crops: ["" for _ in crops])]


def test_narrow_square_brackets_with_nothing_between_are_an_empty_box() -> None:
    sheet = Sheet()
    bracket(sheet, 300, 1)
    bracket(sheet, 320, -1)
    sheet.text(345, 398, "Urgent", 30)
    assert found(sheet) == [False]


def test_the_halves_of_a_broken_nought_are_none() -> None:
    sheet = Sheet()
    sheet.draw.ellipse((300, 400, 316, 430), outline=0, width=3)
    sheet.wipe(304, 398, 312, 432)
    assert found(sheet) == []


def test_ink_in_a_box_that_an_engine_drew_may_be_its_neighbours() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((314, 405, 318, 425), fill=0)
    place = Box(300 / WIDTH, 400 / HEIGHT, 332 / WIDTH, 430 / HEIGHT)
    box = CheckBox(place, MarkState.EMPTY, 0.9)
    assert with_ink(box, ink(sheet), exact=True).state is MarkState.TICKED
    assert with_ink(box, ink(sheet), exact=False).state is MarkState.AMBIGUOUS
