"""Single digits alone in printed cells, on drawn pages."""

from __future__ import annotations

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
