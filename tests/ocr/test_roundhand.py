"""The round letters of a hand are no circles to tick."""

from __future__ import annotations

from ocr.layout import layout_of
from tests.ocr.drawing import Sheet

_NOUGHT = 20


def _written(sheet: Sheet, x: int, y: int, number: str) -> list[tuple[int, int]]:
    """A number as a hand sets it: the 0 round, smaller than the digits beside it and far from them; returns where each 0 is."""
    noughts = []
    for n, digit in enumerate(number):
        left = x + 36 * n
        if digit == "0":
            sheet.draw.ellipse((left, y + 20, left + _NOUGHT, y + 20 + _NOUGHT), outline=0, width=3)
            noughts.append((left, y + 20))
        else:
            sheet.text(left, y, digit, 44)
    return noughts


def test_the_noughts_of_handwritten_numbers_are_no_circles_to_tick() -> None:
    sheet = Sheet()
    for n, number in enumerate(("05", "2507", "8310", "401")):
        _written(sheet, 250 + 300 * n, 500, number)
    sheet.line(1100, 541, 1400, 541, 2)
    assert layout_of(sheet.page()).frames == []


def test_circles_with_a_label_or_a_wall_beside_them_stay() -> None:
    sheet = Sheet()
    for n, label in enumerate(("Routine", "Urgent", "Retro")):
        sheet.draw.ellipse((220 + 300 * n, 400, 246 + 300 * n, 426), outline=0, width=2)
        sheet.text(256 + 300 * n, 400, label, 26)
    sheet.box(200, 380, 1000, 70)
    _written(sheet, 250, 600, "2507")
    assert len(layout_of(sheet.page()).frames) == 3


def test_the_o_of_wide_bold_print_is_no_circle_to_tick() -> None:
    sheet = Sheet()
    for n in range(3):
        sheet.text(266 + 300 * n, 500, "v", 40)
        sheet.draw.ellipse((300 + 300 * n, 519, 320 + 300 * n, 539), outline=0, width=5)
        sheet.text(334 + 300 * n, 500, "v", 40)
    assert layout_of(sheet.page()).frames == []
