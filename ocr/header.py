"""The line that a sending fax machine prints on the upper edge of each page."""

from __future__ import annotations

import re

from models.page import Word

_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\s?(?:[ap]m?)?\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{1,4}[/-]\d{1,2}[/-]\d{2,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-. ]{0,2}\d",
    re.IGNORECASE,
)
_ROUTE = re.compile(r"\b(?:from|to|fax|tel|id)\b\s?:?|\bp(?:age|g)?\s?\.?\s?\d{1,3}\b|\d{1,3}\s?/\s?\d{1,3}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{3}[-. )]{0,2}\d{3}[-. ]?\d{4}")
_UPPER_EDGE = 0.035
_LEAST_SIGNS = 3


def is_header(text: str) -> bool:
    """Whether a line says what transmission lines say: at least three of a date, a time, a route or page, a number."""
    signs = (_TIME, _DATE, _ROUTE, _NUMBER)
    found = [bool(sign.search(text)) for sign in signs]
    return sum(found) >= _LEAST_SIGNS and (found[0] or found[1])


def split_header(words: tuple[Word, ...]) -> tuple[str | None, tuple[Word, ...]]:
    """The transmission line among the words of a page whose upper edge could not be cut off, and the other words."""
    high = sorted((word for word in words if word.box.y < _UPPER_EDGE), key=lambda word: word.box.left)
    if not high:
        return None, words
    topmost = min(high, key=lambda word: word.box.y)
    line = next(line for line in _lines(high) if topmost in line)
    text = " ".join(word.text for word in line)
    if not is_header(text):
        return None, words
    return text, tuple(word for word in words if word not in line)


def _lines(words: list[Word]) -> list[list[Word]]:
    """Words from left to right in lines that may slope: the header is printed straight on a page that leans."""
    lines: list[list[Word]] = []
    for word in words:
        height = max(word.box.height, 0.004)
        home = next((line for line in lines if abs(line[-1].box.y - word.box.y) <= 0.6 * max(height, line[-1].box.height)), None)
        if home is None:
            lines.append([word])
        else:
            home.append(word)
    return lines
