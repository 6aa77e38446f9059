"""A page as a small PNG."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from ocr.engines.protocol import Engine
from ocr.options import ReadingOptions
from ocr.page_png import page_png
from ocr.read import Readers
from tests.ocr.drawing import form, letter


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_it_has_the_pages_size_and_its_nearest_of_four_greys() -> None:
    pixels = cv2.GaussianBlur(letter().pixels(), (5, 5), 0)
    shown = opened(page_png(np.asarray(pixels, dtype=np.uint8)))
    assert (shown.height, shown.width) == pixels.shape
    greys = np.asarray(shown.convert("L"), dtype=np.int16)
    assert set(np.unique(greys)) == {0, 85, 170, 255}
    assert np.abs(greys - pixels.astype(np.int16)).max() <= 43


def test_it_is_small_and_can_still_be_read() -> None:
    pixels = form().pixels()
    content = page_png(pixels)
    assert len(content) < 20_000
    shown = np.asarray(opened(content).convert("L"), dtype=np.uint8)
    reader: Engine = Readers.started(ReadingOptions()).first
    assert [[word.text for word in line] for line in reader.read_lines([shown[355:405, 210:600]], 200.0)] == [["Whitfield"]]


def test_a_drawing_of_very_many_pixels_is_made_smaller_and_keeps_its_shape() -> None:
    shown = opened(page_png(np.full((12_000, 3_000), 255, dtype=np.uint8)))
    assert shown.width * shown.height <= 20_000_000
    assert abs(shown.height / shown.width - 4) < 0.01
