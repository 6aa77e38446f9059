"""Check-boxes that are seen because others of their size stand on the page."""

from __future__ import annotations

import numpy as np
import pytest

from models.page import MarkState
from ocr.clean import PageImage
from ocr.layout import layout_of
from ocr.marks import PixelRect, drawn_boxes
from tests.ocr.drawing import DPI, Sheet

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
    for n, text in enumerate(("MEMBER INFORMATION", "REQUESTING PROVIDER", "SERVICES REQUESTED", "DIAGNOSIS DI SI 11 LI")):
        for m, size in enumerate((24, 27)):
            x, y = 200 + 600 * m, 800 + 70 * n
            sheet.draw.rectangle((x, y, x + 550, y + SIDE + 6), fill=0)
            sheet.text(x + 12, y, text, size, fill=255)
    assert len(boxes_of(sheet)) == 3


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_an_area_of_scattered_ink_holds_no_boxes(share: float) -> None:
    sheet = row_of_boxes()
    page = sheet.page()
    page.image[600:1400, 200:1400][np.random.default_rng(3).random((800, 1200)) < share] = 0
    frames = layout_of(page).frames
    assert sorted(round(frame.x, -1) for frame in frames) == [200, 500, 800]


def circle(sheet: Sheet, x: int, y: int) -> None:
    sheet.draw.ellipse((x, y, x + SIDE + 2, y + SIDE + 2), outline=0, width=2)


@pytest.mark.parametrize("side", ["before", "behind"])
def test_circles_close_to_their_words(side: str) -> None:
    sheet = Sheet()
    for n, word in enumerate(("Routine", "Urgent", "Retro")):
        x = 300 + 350 * n
        circle(sheet, x, 400)
        sheet.text(x + SIDE + 8 if side == "before" else x - 8 - round(sheet.draw.textlength(word, font_size=26)), 396, word, 26)
    sheet.cross(655, 405, 16)
    assert boxes_of(sheet) == [(300, 400, MarkState.EMPTY), (650, 400, MarkState.TICKED), (1000, 400, MarkState.EMPTY)]


def test_round_letters_are_no_circles() -> None:
    sheet = Sheet()
    for n, size in enumerate((30, 34, 36, 40)):
        sheet.text(200, 400 + 90 * n, "Other On Of DOO TO NO OR Outcome OO Go do COD", size)
    assert boxes_of(sheet) == []


def test_a_box_on_grey_paper_is_covered_with_its_shade() -> None:
    sheet = row_of_boxes()
    grey = PageImage(np.where(sheet.pixels() == 0, 20, 225).astype(np.uint8), float(DPI), 1.3)
    text = layout_of(grey).sheet([], []).text
    assert set(np.unique(text[390:440, 190:236]).tolist()) == {225}


def test_more_of_a_rectangle_than_half_overlaps() -> None:
    one = PixelRect(0, 0, 10, 10)
    assert one.overlaps(PixelRect(4, 0, 10, 10))
    assert not one.overlaps(PixelRect(6, 0, 10, 10))
    assert one.overlaps(PixelRect(6, 0, 10, 10), 0.3)


def test_boxes_that_lost_a_side_are_boxes_beside_a_whole_one_and_beside_one_another() -> None:
    sheet = row_of_boxes()
    for left, top in ((500, 400), (200, 700), (600, 700)):
        if top == 700:
            sheet.box(left, top, SIDE, SIDE)
            sheet.text(left + 40, top - 2, "Male", 26)
        sheet.wipe(left - 1, top + SIDE - 1, left + SIDE + 1, top + SIDE + 3)
    assert [place[:2] for place in boxes_of(sheet)] == [(200, 400), (200, 700), (500, 400), (600, 700), (800, 400)]


def test_the_first_letter_of_a_bold_heading_is_no_box() -> None:
    sheet = row_of_boxes()
    # A heavy B, as coarse pixels show it, and the rest of its word.
    sheet.box(300, 900, 19, 19, 4)
    sheet.line(300, 910, 319, 910, 3)
    sheet.text(323, 897, "y provider", 24)
    assert len(boxes_of(sheet)) == 3


def test_small_boxes_of_a_noisy_page_are_seen_and_one_that_noise_broke_beside_them() -> None:
    sheet = Sheet()
    for x, word in ((200, "Standard"), (500, "Urgent"), (800, "Retro")):
        sheet.box(x, 400, 16, 16)
        sheet.text(x + 30, 397, word, 20)
    sheet.cross(202, 402, 12)
    sheet.wipe(500, 404, 502, 405)
    layout = layout_of(sheet.page(noise=0.4))
    states = [box.state for box in drawn_boxes(layout.ink, layout.frames)]
    seen = sorted((rect.x // 100, state) for rect, state in zip(layout.frames, states, strict=True))
    assert seen == [(2, MarkState.TICKED), (5, MarkState.EMPTY), (8, MarkState.EMPTY)]


def test_letters_of_small_print_on_a_noisy_page_are_no_boxes() -> None:
    sheet = Sheet()
    sheet.box(200, 400, 16, 16)
    sheet.text(230, 397, "Urgent", 20)
    for n, word in enumerate(("REFERRING PROVIDER", "EL DORADO BED", "FEE BELOW")):
        sheet.text(200, 500 + 60 * n, word, 24)
    assert [rect.y for rect in layout_of(sheet.page(noise=0.4)).frames] == [400]
