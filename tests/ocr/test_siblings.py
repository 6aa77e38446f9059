"""Check-boxes that are seen because others of their size stand on the page."""

from __future__ import annotations

import pytest

from models.page import MarkState
from ocr.layout import layout_of
from ocr.marks import PixelRect, drawn_boxes
from tests.ocr.drawing import Sheet

SIDE = 24


def boxes_of(sheet: Sheet) -> list[tuple[int, int, MarkState]]:
    """Left and upper edge in tens of pixels, and state, of each check-box."""
    layout = layout_of(sheet.page())
    states = [box.state for box in drawn_boxes(layout.ink, layout.frames)]
    return sorted((round(rect.x, -1), round(rect.y, -1), state) for rect, state in zip(layout.frames, states, strict=True))


def row_of_boxes() -> Sheet:
    """Three open boxes in a row, each with a word."""
    sheet = Sheet()
    for n, word in enumerate(("Routine", "Urgent", "Retro")):
        sheet.box(200 + 300 * n, 400, SIDE, SIDE)
        sheet.text(240 + 300 * n, 398, word, 26)
    return sheet


def test_a_tick_that_runs_over_the_edge_hides_no_box() -> None:
    sheet = row_of_boxes()
    sheet.line(504, 410, 510, 424, 5)
    sheet.line(510, 424, 545, 380, 5)
    assert boxes_of(sheet) == [(200, 400, MarkState.EMPTY), (500, 400, MarkState.TICKED), (800, 400, MarkState.EMPTY)]


@pytest.mark.parametrize("gap", [3, 7])
def test_a_box_beside_an_upright_line_and_a_word(gap: int) -> None:
    sheet = row_of_boxes()
    sheet.line(1100 - gap, 380, 1100 - gap, 450)
    sheet.box(1100, 400, SIDE, SIDE)
    sheet.text(1100 + SIDE + 4, 398, "Male", 26)
    assert (1100, 400, MarkState.EMPTY) in boxes_of(sheet)


def test_a_box_whose_side_is_broken_is_seen_in_a_row_and_not_elsewhere() -> None:
    sheet = row_of_boxes()
    for x, y in ((1100, 400), (1300, 900)):
        sheet.box(x, y, SIDE, SIDE)
        sheet.draw.rectangle((x + 8, y - 1, x + 13, y + 3), fill=255)
        sheet.draw.rectangle((x - 1, y + 10, x + 3, y + 14), fill=255)
    found = boxes_of(sheet)
    assert (1100, 400, MarkState.EMPTY) in found
    assert len(found) == 4


def test_letters_of_the_size_of_a_box_are_none() -> None:
    sheet = row_of_boxes()
    for n, text in enumerate(("ELIGIBLE", "BOB DODD 8800", "El Ed Ep Fd", "HHH EEE OOO", "IIIIII LL EL")):
        for m, size in enumerate((28, 30, 32, 34, 36)):
            sheet.text(200 + 290 * m, 600 + 60 * n, text, size)
    assert len(boxes_of(sheet)) == 3


def test_the_cells_of_a_black_bar_are_no_boxes() -> None:
    sheet = row_of_boxes()
    sheet.draw.rectangle((200, 600, 1400, 660), fill=0)
    assert len(boxes_of(sheet)) == 3


def test_more_of_a_rectangle_than_half_overlaps() -> None:
    one = PixelRect(0, 0, 10, 10)
    assert one.overlaps(PixelRect(4, 0, 10, 10))
    assert not one.overlaps(PixelRect(6, 0, 10, 10))
    assert one.overlaps(PixelRect(6, 0, 10, 10), 0.3)
