"""A value with the words it was read in."""

from __future__ import annotations

from dataclasses import dataclass

from models.evidence import PLAIN, Evidence
from models.geometry import Box
from models.page import Word
from models.reading import FieldValue
from models.values import ValueReading


@dataclass(frozen=True, slots=True)
class Cited:
    """One value and the evidence for it.

    ``place`` is 0..1: how sure it is that a value of this field stands here. ``fit``, ``repaired`` and ``valid`` are those of
    :class:`models.values.ValueReading`. ``seen`` is what else is known of the place; the letters and the value are judged later.
    """

    value: FieldValue
    text: str
    words: tuple[Word, ...]
    page: int
    place: float
    fit: float = 1.0
    repaired: bool = False
    valid: bool = True
    seen: Evidence = PLAIN

    @property
    def box(self) -> Box:
        """The box around the words."""
        return Box.around(word.box for word in self.words)


def cite(reading: ValueReading, words: tuple[Word, ...], page: int, place: float) -> Cited:
    """A value found in the text of ``words``."""
    return Cited(reading.value, reading.text, words, page, place, reading.fit, reading.repaired, reading.valid)


def cite_text(words: tuple[Word, ...], page: int, place: float) -> Cited:
    """Words as they stand."""
    text = " ".join(word.text for word in words)
    return Cited(text, text, words, page, place)


def words_of(words: tuple[Word, ...], start: int, end: int) -> tuple[Word, ...]:
    """The words that the span ``start:end`` of their text (joined by one space) touches."""
    touched: list[Word] = []
    position = 0
    for word in words:
        if position < end and position + len(word.text) > start:
            touched.append(word)
        position += len(word.text) + 1
    return tuple(touched)
