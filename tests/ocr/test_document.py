"""A document from its file to pages, second looks and images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from models.document import MediaType
from models.errors import EngineUnavailable
from models.geometry import Box
from models.page import MarkState, Method, Page
from ocr.document import DocumentReader
from ocr.options import ReadingOptions
from tests.ocr.drawing import HEIGHT, WIDTH, Sheet, document, form, letter, saved

BOTH = ReadingOptions()
TESSERACT_ALONE = ReadingOptions(second_engine=None)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentReader]:
    """A form on the first page, on the second lines of text and a comb."""
    folder = tmp_path_factory.mktemp("fax")
    comb = letter()
    for index, character in enumerate("48213907"):
        comb.box(200 + 50 * index, 1850, 50, 60)
        comb.text(214 + 50 * index, 1858, character, 36)
    with DocumentReader(saved(folder / "fax", form().image, comb.image), BOTH) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(reader: DocumentReader) -> list[Page]:
    return list(reader.pages())


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def test_values_and_labels_are_read_as_words_of_their_cells(pages: list[Page]) -> None:
    page = pages[0]
    assert {"Whitfield", "48213907", "Marisol", "Ortega", "831-555-0142", "Routine", "Urgent"} <= set(texts(page))
    for value in ("Whitfield", "48213907", "831-555-0142"):
        word = next(word for word in page.words if word.text == value)
        assert sum(1 for cell in page.cells if word.box.inside_share(cell) > 0.95) == 1
        assert word.method is Method.OCR
        assert word.confidence > 0.9


def test_check_boxes_are_no_words_and_carry_their_state(pages: list[Page]) -> None:
    states = [box.state for box in sorted(pages[0].check_boxes, key=lambda box: box.box.left)]
    assert states == [MarkState.EMPTY, MarkState.TICKED]
    assert not {"X", "□", "☐", "☒"} & set(texts(pages[0]))


def test_ink_is_where_something_is_written(pages: list[Page]) -> None:
    ink = pages[0].ink
    assert ink.share(Box(0.12, 0.14, 0.3, 0.19)) > 0.01
    assert ink.share(Box(0.1, 0.6, 0.9, 0.9)) == 0.0


def test_a_comb_is_one_word(pages: list[Page]) -> None:
    (comb,) = pages[1].combs
    inside = [word.text for word in pages[1].words if word.box.inside_share(comb.box) > 0.5]
    assert inside == ["48213907"]
    assert len(comb.cells) == 8


def test_a_second_look_reads_the_crop(reader: DocumentReader, pages: list[Page]) -> None:
    word = next(word for word in pages[0].words if word.text == "48213907")
    again = reader.reread(1, word.box, "npi")
    assert [w.text for w in again] == ["48213907"]
    assert again[0].box.overlap(word.box) > 0.6 * word.box.area


def test_a_second_look_at_nothing_finds_nothing(reader: DocumentReader, pages: list[Page]) -> None:
    assert pages
    assert reader.reread(1, Box(0.1, 0.7, 0.4, 0.72), "npi") == ()
    assert reader.reread(9, Box(0.1, 0.7, 0.4, 0.72), "npi") == ()


def test_the_image_of_a_page_is_that_of_a_letter_page(reader: DocumentReader, pages: list[Page]) -> None:
    assert pages
    image = reader.image(1, 100)
    assert image.shape == (1100, 850)
    assert float(np.mean(image < 128)) > 0.002
    with pytest.raises(KeyError):
        reader.image(3, 100)


def test_pages_stay_in_memory_only_as_small_pictures(reader: DocumentReader, pages: list[Page]) -> None:
    assert pages
    assert all(len(kept.image) + len(kept.lines or b"") < 400_000 for kept in reader._kept.values())


def test_a_leaning_standard_fax_with_a_header_gives_the_same_words(tmp_path: Path) -> None:
    leaning = form().image.rotate(1.2, resample=Image.Resampling.BICUBIC, fillcolor=255)
    sheet = Sheet()
    sheet.image.paste(leaning)
    sheet.text(60, 4, "02/03/2026 09:30 FROM: 8315550142 TO: 8315550199 P.01/02", 26)
    fax = sheet.image.resize((1728, 1078), Image.Resampling.BOX)
    with DocumentReader(saved(tmp_path / "fax", fax, dpi=(204, 98), compression="group3"), BOTH) as reader:
        (page,) = reader.pages()
    assert page.aspect == pytest.approx(HEIGHT / WIDTH, abs=0.02)
    assert page.fax_header is not None
    assert "8315550142" in page.fax_header
    assert {"Whitfield", "48213907", "Ortega"} <= set(texts(page))
    assert not any("FROM" in text for text in texts(page))
    word = next(word for word in page.words if word.text == "48213907")
    assert word.box.left == pytest.approx(815 / WIDTH, abs=0.02)


def test_a_title_on_the_upper_edge_is_no_header(tmp_path: Path) -> None:
    sheet = letter()
    sheet.text(200, 6, "PRIOR AUTHORIZATION REQUEST", 28)
    with DocumentReader(saved(tmp_path / "fax", sheet.image), BOTH) as reader:
        (page,) = reader.pages()
    assert page.fax_header is None
    assert "AUTHORIZATION" in texts(page)


def test_tesseract_alone_reads_a_page_upside_down(tmp_path: Path) -> None:
    with DocumentReader(saved(tmp_path / "fax", letter().image.rotate(180)), TESSERACT_ALONE) as reader:
        (page,) = reader.pages()
    assert {"authorization", "48213907"} <= set(texts(page))


def test_without_any_engine_a_scan_cannot_be_read(tmp_path: Path) -> None:
    options = ReadingOptions(tesseract=tmp_path / "nowhere", second_engine=None)
    with DocumentReader(saved(tmp_path / "fax", form().image), options) as reader, pytest.raises(EngineUnavailable):
        next(iter(reader.pages()))


def test_an_engine_that_fails_is_a_page_problem_and_the_document_goes_on(tmp_path: Path) -> None:
    broken = tmp_path / "tesseract"
    broken.write_text('#!/bin/sh\n[ "$1" = "--version" ] && echo "tesseract 5.5.0" && exit 0\nexit 1\n', encoding="utf-8")
    broken.chmod(0o755)
    fax = saved(tmp_path / "fax", form().image, form().image)
    with DocumentReader(fax, replace(TESSERACT_ALONE, tesseract=broken)) as reader:
        pages = list(reader.pages())
    assert [{problem.code for problem in page.problems} for page in pages] == [{"engine_crashed"}, {"engine_crashed"}]
    with DocumentReader(fax, replace(BOTH, tesseract=broken)) as reader:
        pages = list(reader.pages())
        assert all("Whitfield" in texts(page) for page in pages)
        assert reader.reread(1, Box(0.1, 0.16, 0.3, 0.19), "person_name")


def test_a_page_of_a_text_layer_is_not_looked_at_again(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "pdf"))
    for row in range(10):
        canvas.drawString(72, 700 - 20 * row, "Request for prior authorization of services")
    canvas.save()
    with DocumentReader(document(tmp_path / "pdf", MediaType.PDF), BOTH) as reader:
        (page,) = reader.pages()
        assert page.words
        assert reader.reread(1, page.words[0].box, "text") == ()
        assert reader.image(1, 100).shape[1] == 850


def test_pages_are_read_only_when_asked_for(tmp_path: Path) -> None:
    with DocumentReader(saved(tmp_path / "fax", *[letter().image] * 3), TESSERACT_ALONE) as reader:
        assert next(iter(reader.pages())).number == 1
        assert list(reader._kept) == [1]
