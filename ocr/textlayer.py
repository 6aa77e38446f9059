"""A PDF page's own text: whether it can be trusted, and its words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from pdfplumber.page import Page as PlumberPage

from models.geometry import Box
from models.page import Method, Word
from ocr.images import GreyImage

_FEWEST_CHARACTERS = 40
_SCAN_SHARE = 0.7
_GARBAGE_SHARE = 0.05
_UPRIGHT_SHARE = 0.7
_INSIDE_SHARE = 0.9
_VOWEL_SHARE = 0.6
_PICTURE_SHARE = 0.03
_SYMBOLS = re.compile(r"dingbat|wingding|webding|symbolmt", re.IGNORECASE)
_VOWELS = frozenset("aeiouyAEIOUY")


def is_trusted(page: PlumberPage) -> bool:
    """Whether the page was written, not scanned, and its text makes sense.

    A scan with an OCR layer is read anew: the layer's maker is unknown and its confidence lost. A font without a character
    table, letters off the page, and text that runs sideways are not what a reader sees.
    """
    chars = [char for char in page.chars if str(char["text"]).strip()]
    if len(chars) < _FEWEST_CHARACTERS or _picture_share(page) > _SCAN_SHARE:
        return False
    garbage = sum(1 for char in chars if _is_garbage(str(char["text"])))
    upright = sum(1 for char in chars if char.get("upright", True))
    inside = sum(1 for char in chars if _is_inside(char, page))
    if garbage > _GARBAGE_SHARE * len(chars) or upright < _UPRIGHT_SHARE * len(chars) or inside < _INSIDE_SHARE * len(chars):
        return False
    return _reads_like_words("".join(str(char["text"]) for char in page.chars))


def text_words(page: PlumberPage) -> tuple[Word, ...]:
    """The words of the text layer in page fractions, without the signs of symbol fonts, which are drawings."""
    left, top, right, bottom = (float(edge) for edge in page.bbox)
    width, height = right - left, bottom - top
    letters = page
    if any(_SYMBOLS.search(str(char.get("fontname", ""))) for char in page.chars):
        letters = page.filter(lambda item: not _SYMBOLS.search(str(item.get("fontname", ""))))
    found: list[dict[str, Any]] = letters.extract_words(x_tolerance=1.5, y_tolerance=2, use_text_flow=False)
    words = []
    for item in found:
        box = Box.clipped(
            (item["x0"] - left) / width, (item["top"] - top) / height, (item["x1"] - left) / width, (item["bottom"] - top) / height
        )
        if box.area > 0:
            words.append(Word(str(item["text"]), box, 0.99, Method.PDF_TEXT))
    return tuple(words)


def seen_words(words: tuple[Word, ...], image: GreyImage) -> tuple[Word, ...]:
    """The words that can be seen on the page as drawn: hidden text stands where nothing is."""
    height, width = image.shape
    seen = []
    for word in words:
        view = image[
            int(word.box.top * height) : int(word.box.bottom * height) + 1,
            int(word.box.left * width) : int(word.box.right * width) + 1,
        ]
        if view.size and int(np.ptp(view)) > 24:
            seen.append(word)
    return tuple(seen)


def pictures_of(page: PlumberPage) -> tuple[Box, ...]:
    """Pictures that are large enough to hold a part of a form, in page fractions."""
    left, top, right, bottom = (float(edge) for edge in page.bbox)
    width, height = right - left, bottom - top
    boxes = [
        Box.clipped((i["x0"] - left) / width, (i["top"] - top) / height, (i["x1"] - left) / width, (i["bottom"] - top) / height)
        for i in page.images
    ]
    return tuple(box for box in boxes if box.area >= _PICTURE_SHARE)


def _picture_share(page: PlumberPage) -> float:
    """The share of the page under pictures; the strips of a scan that was cut up count together."""
    area = float(page.width * page.height)
    return sum(abs(float((i["x1"] - i["x0"]) * (i["bottom"] - i["top"]))) for i in page.images) / area if area else 0.0


def _is_garbage(text: str) -> bool:
    return text.startswith("(cid:") or "\ufffd" in text or "\ue000" <= text[0] <= "\uf8ff"


def _is_inside(char: dict[str, Any], page: PlumberPage) -> bool:
    left, top, right, bottom = (float(edge) for edge in page.bbox)
    x, y = (float(char["x0"]) + float(char["x1"])) / 2, (float(char["top"]) + float(char["bottom"])) / 2
    return left <= x <= right and top <= y <= bottom


def _reads_like_words(text: str) -> bool:
    """Whether most words have a vowel: a font with a wrong character table gives letters, but no words."""
    tokens = re.findall(r"[A-Za-z]{4,}", text)
    return len(tokens) < 20 or sum(1 for token in tokens if _VOWELS & set(token)) >= _VOWEL_SHARE * len(tokens)
