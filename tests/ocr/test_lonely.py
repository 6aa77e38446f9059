"""Single digits alone in printed cells, on drawn pages."""

from __future__ import annotations

import pytest

from ocr.engines import start_engine
from ocr.engines.protocol import SeenWord
from ocr.layout import layout_of
from ocr.lonely import lonely_words
from ocr.options import ReadingOptions
from tests.ocr.drawing import Sheet


def row_of_cells() -> Sheet:
    """Three cells: a digit, nothing, a speck."""
    sheet = Sheet()
    for x in (300, 500, 700):
        sheet.box(x, 400, 200, 60)
    sheet.text(330, 412, "4", 34)
    sheet.draw.rectangle((780, 425, 783, 428), fill=0)
    return sheet


def test_a_digit_that_no_line_of_text_was_found_for_is_read() -> None:
    layout = layout_of(row_of_cells().page())
    found = lonely_words(layout, (), start_engine("ppocr", ReadingOptions()))
    assert [(word.text, 320 < word.left < word.right < 360) for word in found] == [("4", True)]


def test_a_cell_with_a_word_is_left_as_it_was_read() -> None:
    layout = layout_of(row_of_cells().page())
    seen = (SeenWord("4", 330.0, 415.0, 350.0, 445.0, 0.9),)
    assert lonely_words(layout, seen, start_engine("ppocr", ReadingOptions())) == ()


@pytest.mark.parametrize("width", [3, 5])
def test_a_letter_in_a_loop_is_read_without_the_loop(width: int) -> None:
    sheet = Sheet()
    sheet.text(300, 400, "Female", 30)
    sheet.text(500, 400, "M", 30)
    sheet.draw.ellipse((487, 391, 539, 443), outline=0, width=width)
    sheet.draw.ellipse((700, 391, 752, 443), outline=0, width=width)
    layout = layout_of(sheet.page())
    seen = (SeenWord("Female", 300.0, 402.0, 400.0, 430.0, 0.99),)
    found = lonely_words(layout, seen, start_engine("ppocr", ReadingOptions()))
    assert [(word.text, 487 < word.left < word.right < 539) for word in found] == [("M", True)]


def test_a_ring_in_which_a_word_was_read_is_left_as_it_is() -> None:
    sheet = Sheet()
    sheet.text(500, 400, "M", 30)
    sheet.draw.ellipse((487, 391, 539, 443), outline=0, width=4)
    seen = (SeenWord("M", 502.0, 402.0, 526.0, 430.0, 0.99),)
    assert lonely_words(layout_of(sheet.page()), seen, start_engine("ppocr", ReadingOptions())) == ()
