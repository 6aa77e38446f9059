"""Upright lines that part words, and tall letters that do not."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.rules import line_masks, standing

DPI = 200.0


def test_a_tall_stroke_that_meets_no_level_line_is_no_wall() -> None:
    ink = np.zeros((400, 800), np.uint8)
    cv2.rectangle(ink, (100, 100), (500, 146), (255,), 2)  # a cell of 0.23 in
    cv2.line(ink, (300, 202), (300, 248), (255,), 2)  # an l as tall
    masks = line_masks(ink, DPI)
    walls = standing(masks, DPI)
    assert masks.vertical[225, 296:305].any()
    assert not walls[225, 296:305].any()
    assert walls[123, 96:105].any()
    assert walls[123, 496:505].any()
