"""Check-boxes that a hand has ringed."""

from __future__ import annotations

import pytest

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.layout import layout_of
from ocr.ringed import ringed_box
from tests.ocr.drawing import HEIGHT, WIDTH, Sheet

X, Y, SIDE = 500, 400, 28


def state(sheet: Sheet) -> MarkState:
    box = CheckBox(Box(X / WIDTH, Y / HEIGHT, (X + SIDE) / WIDTH, (Y + SIDE) / HEIGHT), MarkState.EMPTY, 0.95)
    return ringed_box(box, layout_of(sheet.page()).ink).state


def boxed() -> Sheet:
    sheet = Sheet()
    sheet.box(X, Y, SIDE, SIDE)
    sheet.text(X + SIDE + 8, Y, "Extension", 26)
    return sheet


@pytest.mark.parametrize(("beyond", "degrees"), [(9, 360), (9, 325), (14, 350)])
def test_a_loop_around_a_box_ticks_it(beyond: int, degrees: int) -> None:
    sheet = boxed()
    sheet.draw.arc((X - beyond, Y - beyond + 2, X + SIDE + beyond, Y + SIDE + beyond), 40, 40 + degrees, fill=0, width=4)
    assert state(sheet) is MarkState.TICKED


def test_print_around_a_box_ticks_nothing() -> None:
    sheet = boxed()
    for y in (Y - 34, Y + 34):
        sheet.text(X - 80, y, "Modification of an authorization", 26)
    sheet.box(X - 8, Y - 8, SIDE + 16, SIDE + 16)
    assert state(sheet) is MarkState.EMPTY


def test_half_a_loop_ticks_nothing() -> None:
    sheet = boxed()
    sheet.draw.arc((X - 10, Y - 10, X + SIDE + 10, Y + SIDE + 10), 0, 200, fill=0, width=4)
    assert state(sheet) is MarkState.EMPTY
