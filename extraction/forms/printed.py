"""What was filled in on a page of a known form: its words without those that the blank prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from extraction.forms.known import PrintedWord
from extraction.forms.match import Placement, plain
from models.geometry import Box
from models.page import Method, Page, Word

_SAME_LETTERS = 72.0
_PART = 80.0
_INSIDE = 0.5
_AROUND = 0.004
_GLUED_LETTERS = 2


def filled_in(page: Page, placement: Placement) -> tuple[Word, ...]:
    """The words of the page that are none of the blank's own, and the rest of those that were read in one with a printed word."""
    printed = tuple((placement.box(word.box), plain(word.text)) for word in placement.form.words if plain(word.text))
    return tuple(part for word in page.words for part in _written(word, printed))


def _written(word: Word, printed: tuple[tuple[Box, str], ...]) -> Iterator[Word]:
    text = plain(word.text)
    if not text:
        return
    if word.method is Method.FORM_FIELD:
        yield word
        return
    around = word.box.grown(_AROUND, _AROUND)
    here = sorted(((box, own) for box, own in printed if box.y_overlap(word.box) > 0), key=lambda each: each[0].left)
    inside = [own for box, own in here if box.inside_share(around) > _INSIDE]
    joined = "".join(inside)
    if inside and fuzz.ratio(joined, text) >= _SAME_LETTERS:
        return
    over = [own for box, own in here if word.box.inside_share(box.grown(_AROUND, _AROUND)) > _INSIDE]
    if any(fuzz.partial_ratio(text, own) >= _PART for own in over if len(own) >= len(text)):
        return
    if len(joined) >= _GLUED_LETTERS and text.startswith(joined):
        yield from _behind(word, len(joined))
        return
    yield word


def _behind(word: Word, letters: int) -> Iterator[Word]:
    """The part of a word behind its first letters: the value that was read in one with its label."""
    seen = 0
    for position, character in enumerate(word.text):
        seen += character.isalnum()
        if seen == letters:
            rest = word.text[position + 1 :].lstrip(" :;#.-")
            cut = word.box.left + word.box.width * (len(word.text) - len(rest)) / len(word.text)
            if plain(rest):
                yield replace(word, text=rest, box=Box(cut, word.box.top, word.box.right, word.box.bottom))
            return


def printed_words(page: Page) -> tuple[PrintedWord, ...]:
    """The words that a blank prints."""
    return tuple(PrintedWord(w.text, w.box) for w in page.words if w.method is not Method.FORM_FIELD and plain(w.text))
