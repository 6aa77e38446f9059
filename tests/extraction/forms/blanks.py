"""A blank form as a reader would give it, and copies of it filled in, scaled and shifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.geometry import Box
from models.page import Page, Word

HEIGHT = 0.012
_CHARACTER = 0.0095
_ROWS = (
    ("Northfield Plan", "Prior Authorization Request"),
    ("Please print clearly", "Return by facsimile"),
    ("MEMBER INFORMATION",),
    ("Last name", "First name"),
    ("Member ID", "Date of birth"),
    ("REQUESTING PROVIDER",),
    ("Provider name", "NPI"),
    ("Telephone", "Fax"),
    ("SERVICING PROVIDER",),
    ("Provider name", "NPI"),
    ("Telephone", "Fax"),
    ("Clinical summary and attachments",),
)
_TITLES = ("MEMBER", "REQUESTING", "SERVICING", "Northfield", "Please", "Clinical")
_TOP, _PITCH = 0.05, 0.06


def words_at(text: str, left: float, top: float) -> list[Word]:
    """The words of a text on one line."""
    words = []
    for token in text.split():
        words.append(Word(token, Box.clipped(left, top, left + len(token) * _CHARACTER, top + HEIGHT), 0.99))
        left += (len(token) + 1) * _CHARACTER
    return words


def blank() -> Page:
    """A form of two columns: each label stands at the top of its own cell."""
    words: list[Word] = []
    cells: list[Box] = []
    for row, texts in enumerate(_ROWS):
        top = _TOP + row * _PITCH
        for column, text in enumerate(texts):
            left = 0.08 + column * 0.42
            words += words_at(text, left, top)
            if not text.startswith(_TITLES) and row > 1:
                cells.append(Box(left - 0.01, top - 0.006, left + 0.4, top + 0.05))
    return Page(1, 1.294, tuple(words), cells=tuple(cells))


def place_of(row: int, column: int) -> tuple[float, float]:
    """Where a value stands in the cell of a row and a column."""
    return 0.09 + column * 0.42, _TOP + row * _PITCH + 0.026


def filled(values: Mapping[tuple[int, int], str], moved: Callable[[Box], Box] = lambda box: box) -> Page:
    """A copy with values by row and column, its words and cells moved as a fax moves them."""
    page = blank()
    written = [word for (row, column), text in values.items() for word in words_at(text, *place_of(row, column))]
    words = tuple(replace(word, box=moved(word.box)) for word in (*page.words, *written))
    return replace(page, words=words, cells=tuple(moved(cell) for cell in page.cells))


def scaled(sx: float, sy: float, dx: float, dy: float, skew: float = 0.0) -> Callable[[Box], Box]:
    """Scale, shift, and a little skew: each box sinks by ``skew`` for each page width that it stands to the right."""

    def move(box: Box) -> Box:
        down = dy + skew * box.x
        return Box.clipped(box.left * sx + dx, box.top * sy + down, box.right * sx + dx, box.bottom * sy + down)

    return move
