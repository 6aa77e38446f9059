"""From a page as it came to an upright, straight and clean one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ocr.clean import clean, cut_header, square_pixels, without_edge_shadow, without_specks
from ocr.engines import start_engine
from ocr.options import ReadingOptions
from ocr.orientation import is_sideways, is_upside_down
from ocr.pagesource import PageSource
from ocr.skew import skew_of
from tests.ocr.drawing import DPI, Sheet, form, letter

TOLERANCE_DEG = 0.1


@pytest.mark.parametrize("angle", [-4.6, -1.3, -0.2, 0.0, 0.35, 2.5, 4.9])
def test_the_lean_of_a_page_is_measured(angle: float) -> None:
    leaning = np.asarray(letter().image.rotate(-angle, resample=Image.Resampling.BICUBIC, fillcolor=255), dtype=np.uint8)
    assert skew_of(leaning) == pytest.approx(angle, abs=TOLERANCE_DEG)


@pytest.mark.parametrize("angle", [-3.0, 1.5])
def test_a_leaning_page_is_straight_afterwards(angle: float) -> None:
    leaning = np.asarray(form().image.rotate(-angle, resample=Image.Resampling.BICUBIC, fillcolor=255), dtype=np.uint8)
    cleaned = clean(PageSource(1, leaning, DPI, DPI), leaning)
    assert skew_of(cleaned.image) == pytest.approx(0.0, abs=TOLERANCE_DEG)


def test_an_empty_page_is_not_turned() -> None:
    white = Sheet().pixels()
    cleaned = clean(PageSource(1, white, DPI, DPI), white)
    assert (cleaned.turns, cleaned.skew_deg) == (0, 0.0)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("engine", ["ppocr", "tesseract"])
def test_a_page_is_set_upright_from_each_of_four_turns(turns: int, engine: str) -> None:
    upright = letter().pixels()
    came = np.ascontiguousarray(np.rot90(upright, turns))
    assert is_sideways(came) == (turns % 2 == 1)
    cleaned = clean(PageSource(1, came, DPI, DPI), came)
    reader = start_engine(engine, ReadingOptions())
    flipped = is_upside_down(cleaned.image, DPI, reader)
    image = cleaned.image[::-1, ::-1] if flipped else cleaned.image
    assert image.shape == upright.shape
    # Coarsely compared: a tenth of a degree moves the page's corners by a pixel or two.
    small = [
        np.asarray(Image.fromarray(np.ascontiguousarray(one)).resize((85, 110), Image.Resampling.BOX)) for one in (image, upright)
    ]
    assert float(np.mean(np.abs(small[0].astype(int) - small[1]))) < 4.0


def test_rows_of_a_standard_fax_are_doubled() -> None:
    image, dpi = square_pixels(np.zeros((1078, 1728), np.uint8), 204, 98)
    assert image.shape[0] / image.shape[1] == pytest.approx(11 / 8.47, abs=0.01)
    assert dpi == 204


def test_a_fine_scan_is_brought_to_reading_size() -> None:
    image, dpi = square_pixels(np.zeros((6600, 5100), np.uint8), 600, 600)
    assert (image.shape, dpi) == ((2200, 1700), 200.0)


def test_the_transmission_line_is_cut_off_and_kept() -> None:
    sheet = form()
    sheet.text(60, 4, "02/03/2026 09:30 FROM: 8315550142 TO: 8315550199 P.01/02", 26)
    strip, body = cut_header(sheet.pixels(), DPI)
    assert strip is not None
    assert bool((strip < 128).any())
    assert not bool((body[:60] < 128).any())
    assert np.array_equal(body[100:], form().pixels()[100:])


def test_a_page_without_a_transmission_line_keeps_its_top() -> None:
    pixels = form().pixels()
    strip, body = cut_header(pixels, DPI)
    assert strip is None
    assert np.array_equal(body, pixels)


def test_a_dark_edge_goes_and_a_heading_bar_stays() -> None:
    sheet = form()
    sheet.draw.rectangle((0, 500, 1699, 550), fill=0)
    before = sheet.pixels()
    sheet.draw.polygon([(1660, 0), (1699, 0), (1699, 2199), (1670, 2199)], fill=0)
    after = without_edge_shadow(sheet.pixels())
    assert not bool((after[600:2200, 1650:] < 128).any())
    assert np.array_equal(after[:, :1600], before[:, :1600])


def test_specks_go_and_the_points_of_numbers_stay() -> None:
    sheet = Sheet()
    sheet.text(200, 200, "831.555.0142  K51.90", 30)
    clear = sheet.pixels()
    noisy = clear.copy()
    noise = np.random.default_rng(5)
    rows, columns = noise.integers(400, 2200, 900), noise.integers(0, 1700, 900)
    noisy[rows, columns] = 0
    cleaned, share = without_specks(noisy)
    assert share > 0.9
    assert np.array_equal(cleaned[:300], clear[:300])
    assert float(np.mean(cleaned[400:] < 128)) < 0.1 * float(np.mean(noisy[400:] < 128))
