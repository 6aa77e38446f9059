"""What is taken from a PDF's text layer and form, and when its pixels are read instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.document import MediaType
from models.page import MarkState, Method
from ocr.options import ReadingOptions
from ocr.pagesource import PageSource
from ocr.read import read_page
from ocr.source import open_source
from tests.hostile import pdfs
from tests.ocr.drawing import document, letter

LINES = [f"Line {number} of a request for prior authorization of services" for number in range(12)]
NO_ENGINES = ReadingOptions(first_engine="none", second_engine=None)


def made(path: Path, draw: Callable[[Canvas], None], rotation: int = 0) -> PageSource:
    canvas = Canvas(str(path), pagesize=(612, 792))
    draw(canvas)
    canvas.showPage()
    canvas.save()
    if rotation:
        turned = pypdfium2.PdfDocument(path.read_bytes())
        turned[0].set_rotation(rotation)
        turned.save(str(path))
        turned.close()
    source = open_source(document(path, MediaType.PDF), ReadingOptions())
    try:
        return next(iter(source.pages()))
    finally:
        source.close()


def text(canvas: Canvas) -> None:
    for row, line in enumerate(LINES):
        canvas.drawString(72, 700 - 30 * row, line)


def scan(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(letter().image), 0, 0, 612, 792)


def test_a_written_page_is_read_from_its_text_layer_without_an_engine(tmp_path: Path) -> None:
    source = made(tmp_path / "pdf", text)
    assert source.digital
    page = read_page(source, NO_ENGINES).page
    assert {word.method for word in page.words} == {Method.PDF_TEXT}
    first = next(word for word in page.words if word.text == "Line")
    assert first.box.left == pytest.approx(72 / 612, abs=0.005)
    assert first.box.y == pytest.approx(1 - 704 / 792, abs=0.01)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_and_fields_stand_upright_on_a_page_with_a_rotation(tmp_path: Path, rotation: int) -> None:
    def draw(canvas: Canvas) -> None:
        scan(canvas)
        canvas.acroForm.textfield(name="member", value="48213907", x=61, y=700, width=200, height=20)

    source = made(tmp_path / "pdf", draw, rotation)
    assert source.image is not None
    (field,) = source.fields
    corner = {0: (0.1, 0.116), 90: (0.884, 0.1), 180: (0.9, 0.884), 270: (0.116, 0.9)}[rotation]
    near = field.box.grown(0.02, 0.02)
    assert near.holds(*corner)
    assert (source.image.shape[0] > source.image.shape[1]) == (rotation in {0, 180})


def test_a_scan_is_read_from_its_pixels(tmp_path: Path) -> None:
    source = made(tmp_path / "pdf", scan)
    assert not source.digital
    assert source.words == ()


def test_a_scan_with_a_hidden_text_layer_is_read_from_its_pixels(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        scan(canvas)
        writer = canvas.beginText(72, 700)
        writer.setTextRenderMode(3)
        for line in LINES:
            writer.textLine(line)
        canvas.drawText(writer)

    assert not made(tmp_path / "pdf", draw).digital


def test_hidden_text_alone_is_not_what_a_reader_sees(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1.0)
        text(canvas)

    assert not made(tmp_path / "pdf", draw).digital


def test_a_hidden_word_on_a_written_page_is_left_out(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text(canvas)
        canvas.setFillGray(1.0)
        canvas.drawString(72, 200, "invisible")

    source = made(tmp_path / "pdf", draw)
    assert source.digital
    assert "invisible" not in {word.text for word in source.words}


def test_text_off_the_page_is_not_trusted(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(2000, 0)
        text(canvas)

    assert not made(tmp_path / "pdf", draw).digital


def test_text_that_runs_sideways_is_read_from_its_pixels(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -612)
        text(canvas)

    assert not made(tmp_path / "pdf", draw).digital


def test_letters_that_make_no_words_are_not_trusted(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(12):
            canvas.drawString(
                72, 700 - 30 * row, "Uhtxhvw iru sulru dxwkrulcdwlrq vwhs wkhq grqw".translate(str.maketrans("aeiouyU", "xxxxxxX"))
            )

    assert not made(tmp_path / "pdf", draw).digital


def test_values_of_form_fields_are_words_fields_and_check_boxes(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text(canvas)
        form = canvas.acroForm
        form.textfield(name="member.name", value="Whitfield Ann", x=72, y=250, width=200, height=20)
        form.textfield(name="empty", value="", x=72, y=220, width=200, height=20)
        form.checkbox(name="urgent", checked=True, x=72, y=180, size=14)
        form.checkbox(name="routine", checked=False, x=122, y=180, size=14)
        form.radio(name="sex", value="F", selected=True, x=172, y=180, size=14)
        form.radio(name="sex", value="M", selected=False, x=222, y=180, size=14)
        form.choice(name="state", value="CA", options=["CA", "NV"], x=300, y=180, width=60, height=20)

    page = read_page(made(tmp_path / "pdf", draw), NO_ENGINES).page
    assert [(field.name, field.value) for field in page.fields] == [
        ("member.name", "Whitfield Ann"),
        ("empty", ""),
        ("state", "CA"),
    ]
    typed = [word.text for word in page.words if word.method is Method.FORM_FIELD]
    assert typed == ["Whitfield", "Ann", "CA"]
    states = [box.state for box in sorted(page.check_boxes, key=lambda box: box.box.left) if box.confidence > 0.98]
    assert states == [MarkState.TICKED, MarkState.EMPTY, MarkState.TICKED, MarkState.EMPTY]


def test_free_text_annotations_are_values_too(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text(canvas)
        canvas.freeTextAnnotation("48213907", DA="/Helv 12 Tf 0 g", Rect=[72, 200, 200, 220], relative=0)

    source = made(tmp_path / "pdf", draw)
    (word,) = [word for word in source.words if word.method is Method.FORM_FIELD]
    assert word.text == "48213907"
    assert word.box.left == pytest.approx(72 / 612, abs=0.01)


def test_a_broken_text_side_leaves_the_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise pypdfium2.PdfiumError("no text page")

    monkeypatch.setattr("ocr.pdf.letters_of", broken)
    source = made(tmp_path / "pdf", text)
    assert not source.digital
    assert source.image is not None


def test_a_blank_page_whose_picture_cannot_be_decoded_is_a_problem_and_not_a_blank_page(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("1", (850, 1100), 1)), 0, 0, 612, 792)

    blank = made(tmp_path / "blank", draw)
    assert blank.image is not None
    assert blank.problems == ()
    content = (tmp_path / "blank").read_bytes()
    (tmp_path / "damaged").write_bytes(content.replace(b"/Width 850", b"/Width -50"))
    source = open_source(document(tmp_path / "damaged", MediaType.PDF), ReadingOptions())
    (damaged,) = source.pages()
    source.close()
    assert [problem.code for problem in damaged.problems] == ["damaged_page"]


def test_a_page_with_more_letters_than_a_page_can_hold_is_read_from_its_pixels(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text(canvas)
        for _ in range(300):
            canvas.drawString(72, 40, "again and " * 100)

    source = made(tmp_path / "pdf", draw)
    assert source.image is not None
    assert not source.digital


def test_a_page_with_more_fields_than_a_form_can_have_is_read_from_its_pixels(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3100):
            canvas.linkURL("x", (0, 0, 9, 9))
        canvas.acroForm.textfield(name="member", value="48213907", x=61, y=700, width=200, height=20)

    source = made(tmp_path / "pdf", draw)
    assert source.fields == ()
    assert source.image is not None


def test_a_page_that_is_not_in_the_file_is_a_problem_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "pdf").write_bytes(pdfs.one_page().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [3 0 R 2 0 R] /Count 2"))
    source = open_source(document(tmp_path / "pdf", MediaType.PDF), ReadingOptions())
    first, lost = source.pages()
    source.close()
    assert first.digital
    assert [problem.code for problem in lost.problems] == ["damaged_page"]


def test_a_form_that_cannot_be_understood_leaves_its_page_to_be_read_from_its_pixels(tmp_path: Path) -> None:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (48213907) /Rect [9 9 99 99] >>"
    (tmp_path / "pdf").write_bytes(pdfs.one_page(b"/MediaBox [0 0 /= 12 792] /Annots [6 0 R]", more={6: field}))
    source = open_source(document(tmp_path / "pdf", MediaType.PDF), ReadingOptions())
    (page,) = source.pages()
    source.close()
    assert page.fields == ()
    assert page.image is not None
