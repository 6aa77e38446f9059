"""Doubtful words as what they say if the form printed them: for labels and the names of check-boxes, never for values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extraction.labels import find_labels
from extraction.lexicon import Lexicon
from extraction.options import read_options
from models.geometry import Box
from models.page import Page, Word


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a page, and the same as a form would print them."""

    read: tuple[Word, ...]
    printed: tuple[Word, ...]


def as_printed(page: Page) -> Page:
    """The page with every doubtful word as one of a form. Values may be changed too, so none is taken from it."""
    if all(word.printed is None for word in page.words):
        return page
    return replace(page, words=tuple(word for part in _parts(page) for word in part.printed))


def with_printed_labels(page: Page, lexicon: Lexicon) -> Page:
    """The page with those doubtful words as a form would print them that are then of a label or name a check-box."""
    if all(word.printed is None for word in page.words):
        return page
    parts = list(_parts(page))
    whole = replace(page, words=tuple(word for part in parts for word in part.printed))
    used = {id(word) for label in find_labels(whole, lexicon) for word in label.words}
    used |= {id(word) for option in read_options(whole) for word in option.words}
    chosen = (part.printed if any(id(word) in used for word in part.printed) else part.read for part in parts)
    return replace(page, words=tuple(word for words in chosen for word in words))


def _parts(page: Page) -> Iterator[_Part]:
    words = page.words
    start = 0
    while start < len(words):
        end = start + 1
        if words[start].printed:
            while end < len(words) and words[end].printed == "":
                end += 1
        read = tuple(replace(word, printed=None) for word in words[start:end])
        yield _Part(read, _spelled(words[start].printed, Box.around(word.box for word in read), read))
        start = end


def _spelled(text: str | None, box: Box, read: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a text side by side in a box; the words as read where there is no text."""
    if not text:
        return read
    surety = min(word.confidence for word in read)
    found: list[Word] = []
    place = 0
    for word in text.split():
        left, right = (box.left + box.width * at / len(text) for at in (place, place + len(word)))
        found.append(Word(word, Box(left, box.top, right, box.bottom), surety, read[0].method))
        place += len(word) + 1
    return tuple(found)
