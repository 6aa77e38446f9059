"""Single digits that stand alone on a line of text, on drawn pages."""

from __future__ import annotations

from ocr.engines import start_engine
from ocr.engines.protocol import SeenWord
from ocr.layout import layout_of
from ocr.options import ReadingOptions
from ocr.strays import stray_words
from tests.ocr.drawing import Sheet

CODE = SeenWord("72148", 302.0, 402.0, 400.0, 430.0, 0.99)


def found_beside(sheet: Sheet, seen: tuple[SeenWord, ...]) -> list[str]:
    return [word.text for word in stray_words(layout_of(sheet.page()), seen, start_engine("ppocr", ReadingOptions()))]


def line_with_quantity() -> Sheet:
    sheet = Sheet()
    sheet.text(300, 400, "72148", 30)
    sheet.text(700, 400, "3", 30)
    return sheet


def test_a_quantity_that_the_detector_passed_over_is_read_on_the_line_of_its_code() -> None:
    assert found_beside(line_with_quantity(), (CODE,)) == ["3"]


def test_ink_on_no_line_of_text_and_specks_are_no_words() -> None:
    sheet = line_with_quantity()
    sheet.text(700, 900, "7", 30)
    sheet.draw.rectangle((900, 415, 904, 419), fill=0)
    assert found_beside(sheet, (CODE,)) == ["3"]
    assert found_beside(sheet, (CODE, SeenWord("3", 698.0, 402.0, 722.0, 430.0, 0.99))) == []
