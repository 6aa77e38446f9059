"""What counts as struck out: strokes through the middle of words, and none of what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont
from reportlab.pdfgen.canvas import Canvas

from models.document import MediaType
from models.geometry import Box
from models.page import Page, Word
from ocr.clean import ink_of
from ocr.options import ReadingOptions
from ocr.read import read_page
from ocr.source import open_source
from ocr.strikes import with_struck
from tests.ocr.drawing import DPI, HEIGHT, WIDTH, Sheet, document

SIZE = 34


def put(sheet: Sheet, x: int, y: int, text: str) -> tuple[Word, tuple[int, int, int, int]]:
    """Print a word; the word as an engine gives it, and its edges in pixels."""
    sheet.text(x, y, text, SIZE)
    left, top, right, bottom = (int(edge) for edge in ImageFont.load_default(SIZE).getbbox(text))
    edges = (x + left, y + top, x + right, y + bottom)
    box = Box(edges[0] / WIDTH, edges[1] / HEIGHT, edges[2] / WIDTH, edges[3] / HEIGHT)
    return Word(text, box, 0.97), edges


def struck(sheet: Sheet, *words: Word) -> list[str]:
    return [word.text for word in with_struck(words, ink_of(sheet.pixels()), DPI) if word.struck]


@pytest.mark.parametrize("slant", [-5, 0, 5])
@pytest.mark.parametrize("thick", [2, 5])
def test_a_stroke_through_the_middle_strikes_a_word_out(slant: int, thick: int) -> None:
    sheet = Sheet()
    old, (left, top, right, bottom) = put(sheet, 300, 400, "1841268206")
    new, _ = put(sheet, right + 40, 400, "1093991424")
    middle = (top + bottom) // 2
    sheet.line(left - 10, middle - slant, right + 10, middle + slant, thick)
    assert struck(sheet, old, new) == ["1841268206"]


def test_two_strokes_are_one_strike() -> None:
    sheet = Sheet()
    word, (left, top, right, bottom) = put(sheet, 300, 400, "12/31/2026")
    middle = (top + bottom) // 2
    for shift in (-3, 4):
        sheet.line(left - 8, middle + shift, right + 8, middle + shift, 2)
    assert struck(sheet, word) == ["12/31/2026"]


def test_a_struck_words_letters_are_doubtful() -> None:
    sheet = Sheet()
    word, (left, top, right, bottom) = put(sheet, 300, 400, "1841268206")
    sheet.line(left - 10, (top + bottom) // 2, right + 10, (top + bottom) // 2, 3)
    (seen,) = with_struck((word,), ink_of(sheet.pixels()), DPI)
    assert seen.struck
    assert seen.confidence <= 0.5


def test_an_underlined_word_is_not_struck_out() -> None:
    sheet = Sheet()
    word, (left, _, right, bottom) = put(sheet, 300, 400, "1841268206")
    sheet.line(left - 10, bottom + 3, right + 10, bottom + 3, 3)
    taller = Word(word.text, word.box.grown(0, 8 / HEIGHT), word.confidence)
    assert struck(sheet, word, taller) == []


def test_a_plain_word_a_dash_and_a_printed_line_are_not_struck_out() -> None:
    sheet = Sheet()
    plain, _ = put(sheet, 300, 400, "HEATHER")
    sheet.line(300, 620, 420, 620, 3)
    dash = Word("-", Box(300 / WIDTH, 600 / HEIGHT, 420 / WIDTH, 640 / HEIGHT), 0.9)
    through, (_, top, _, bottom) = put(sheet, 300, 800, "1841268206")
    sheet.line(100, (top + bottom) // 2, 1600, (top + bottom) // 2, 3)
    assert struck(sheet, plain, dash, through) == []


def read(path: Path, strike: bool) -> Page:
    canvas = Canvas(str(path), pagesize=(612, 792))
    for row in range(12):
        canvas.drawString(72, 700 - 30 * row, f"Line {row} of a request for prior authorization of services")
    canvas.drawString(72, 300, "Units: 12 Correction")
    if strike:
        width = canvas.stringWidth("Units: 12 ")
        canvas.line(72 + width - 2, 303.5, 72 + width + canvas.stringWidth("Correction") + 2, 304)
    canvas.save()
    options = ReadingOptions(first_engine="none", second_engine=None)
    source = open_source(document(path, MediaType.PDF), options)
    try:
        return read_page(next(iter(source.pages())), options).page
    finally:
        source.close()


@pytest.mark.parametrize("strike", [True, False])
def test_a_line_drawn_through_a_text_layer_strikes_its_word_out(tmp_path: Path, strike: bool) -> None:
    words = [word.text for word in read(tmp_path / "pdf", strike).words if word.struck]
    assert words == (["Correction"] if strike else [])
