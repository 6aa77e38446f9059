"""Lines and loops that a digital page draws itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from models.page import MarkState, Page
from ocr.drawing import drawing_of
from ocr.pdfframe import PdfFrame
from ocr.read import read_page
from tests.ocr.test_pdf import NO_ENGINES, made, text


def page_of(path: Path, draw: Callable[[Canvas], None]) -> Page:
    """The page as read, with a dozen lines of text on its upper half."""

    def whole(canvas: Canvas) -> None:
        text(canvas)
        draw(canvas)

    return read_page(made(path, whole), NO_ENGINES).page


def low_lines(page: Page) -> list[tuple[float, float, float]]:
    """Left, right and height in points of the level lines."""
    found = [rule.box for rule in page.rules if rule.horizontal]
    return sorted((round(box.left * 612), round(box.right * 612), round((1 - box.y) * 792)) for box in found)


def test_lines_to_write_on_end_where_they_are_drawn_however_close_the_small_print(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(60, 200, 260, 200)
        canvas.line(268, 200, 500, 200)
        canvas.setFont("Courier", 10)
        canvas.drawString(62, 201.5, "yamagishi, jeppe gypsy")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(61, 193.5, "MEMBER NAME (LAST, FIRST):")
        canvas.drawString(269, 193.5, "CARD ID:")

    assert low_lines(page_of(tmp_path / "pdf", draw)) == [(60, 260, 200), (268, 500, 200)]


def test_thin_filled_rectangles_are_lines_and_what_is_white_is_none(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 200, 300, 0.6, stroke=0, fill=1)
        canvas.setStrokeGray(1)
        canvas.line(60, 150, 360, 150)

    assert low_lines(page_of(tmp_path / "pdf", draw)) == [(60, 360, 200)]


@pytest.mark.parametrize(("turn", "level", "place"), [(0, True, (60, 200)), (90, False, (592, 60)), (180, True, (252, 592))])
def test_a_line_stands_where_it_is_seen_on_a_turned_page(tmp_path: Path, turn: int, level: bool, place: tuple[int, int]) -> None:
    canvas = Canvas(str(tmp_path / "pdf"), pagesize=(612, 792))
    canvas.line(60, 592, 360, 592)
    canvas.showPage()
    canvas.save()
    with pypdfium2.PdfDocument(tmp_path / "pdf") as document:
        frame = PdfFrame.of(document[0].get_cropbox(), turn)
        (line,) = drawing_of(document[0], frame).lines
    assert line.horizontal is level
    assert (round(line.box.left * frame.shown_width), round(line.box.top * frame.shown_height)) == place


def test_boxes_side_by_side_are_cells_and_the_gaps_between_them_none(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for left, width in ((60, 100), (168, 150)):
            canvas.rect(left, 200, width, 16)
            canvas.rect(left, 176, width, 16)

    cells = [(round(cell.width * 61.2), round(cell.height * 198)) for cell in page_of(tmp_path / "pdf", draw).cells]
    assert sorted(cells) == [(10, 4), (10, 4), (15, 4), (15, 4)]


@pytest.mark.parametrize("letters", ["E1W16UQ2TQ46", "1487686465"])
def test_a_comb_is_one_place_whatever_wide_letters_stand_in_its_cells(tmp_path: Path, letters: str) -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(12):
            canvas.rect(100 + 12 * n, 200, 12, 14)
        canvas.setFont("Helvetica", 10)
        for n, letter in enumerate(letters):
            canvas.drawCentredString(106 + 12 * n, 203.5, letter)

    page = page_of(tmp_path / "pdf", draw)
    assert [len(comb.cells) for comb in page.combs] == [12]
    assert letters in [word.text for word in page.words]


def test_filled_bars_are_seen_whole_and_shaded_cells_of_a_row_as_one(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.85)
        canvas.rect(50, 200, 500, 14, fill=1)
        for n in range(3):
            canvas.rect(50 + 100 * n, 150, 100, 14, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(56, 203, "2. REFERRING PHYSICIAN OR PSYCHOLOGIST")
        canvas.drawString(56, 153, "CPT")

    bar, row = page_of(tmp_path / "pdf", draw).shades
    assert (round(bar.left * 612), round(bar.right * 612)) == (50, 550)
    assert (round(row.left * 612), round(row.right * 612)) == (50, 350)


def test_circles_are_boxes_to_tick_unless_they_stand_around_a_text(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for n, name in enumerate(("Male", "Female")):
            canvas.drawString(60 + 60 * n, 200, name)
            canvas.circle(95 + 60 * n + 10 * n, 203, 4.5)
        canvas.setLineWidth(1.2)
        canvas.line(161, 203, 164, 199)
        canvas.line(164, 199, 170, 209)
        canvas.circle(300, 203, 6)
        canvas.drawCentredString(300, 200, "4")

    boxes = sorted(page_of(tmp_path / "pdf", draw).check_boxes, key=lambda box: box.box.left)
    assert [(round(box.box.x * 612), box.state) for box in boxes] == [(95, MarkState.EMPTY), (165, MarkState.TICKED)]


def test_letters_with_bars_at_one_height_are_struck_out_by_what_is_drawn_alone(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 8.5)
        for row in range(30):
            canvas.drawString(60.3 + 3.37 * row, 400 - 12.3 * row, "415 687 4469 7444")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(400, 200, "1093991424")
        canvas.setLineWidth(0.8)
        canvas.line(396, 204, 465, 204.3)

    assert [word.text for word in page_of(tmp_path / "pdf", draw).words if word.struck] == ["1093991424"]
