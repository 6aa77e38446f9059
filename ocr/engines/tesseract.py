"""Tesseract through pytesseract."""

from __future__ import annotations

import os

import numpy as np
import pytesseract
from PIL import Image

from models.geometry import Box
from models.page import Word
from ocr.images import GreyImage


def read_page(image: GreyImage, dpi: float) -> tuple[Word, ...]:
    """All words of a page."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    height, width = image.shape
    data = pytesseract.image_to_data(
        Image.fromarray(np.asarray(image)), config=f"--psm 3 --dpi {round(dpi)}", output_type=pytesseract.Output.DICT
    )
    words = []
    for text, confidence, x, y, w, h in zip(
        data["text"], data["conf"], data["left"], data["top"], data["width"], data["height"], strict=True
    ):
        if str(text).strip() and float(confidence) >= 0:
            box = Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height)
            words.append(Word(str(text).strip(), box, float(confidence) / 100))
    return tuple(words)
