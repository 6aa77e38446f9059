"""What was filled in on a page of a known form: its words without those that the blank prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from extraction.forms.known import PrintedWord
from extraction.forms.match import Placement
from models.geometry import Box
from models.letters import letters_of
from models.page import Method, Page, Word

_SAME_LETTERS = 72.0
_PART = 80.0
_INSIDE = 0.5
_AROUND = 0.004
_GLUED_LETTERS = 2
_WHOLLY = 0.75
# Values are written over these.
_DATE_HINTS = frozenset({"MM", "DD", "YY", "YYYY", "MMDDYYYY", "MMDDYY"})


def filled_in(page: Page, placement: Placement) -> tuple[Word, ...]:
    """The words of the page that are none of the blank's own, and the rest of those that were read in one with a printed word."""
    printed = tuple((placement.box(word.box), letters_of(word.text)) for word in placement.form.words if letters_of(word.text))
    return tuple(part for word in page.words for part in _written(word, printed))


def _written(word: Word, printed: tuple[tuple[Box, str], ...]) -> Iterator[Word]:
    text = letters_of(word.text)
    if not text:
        return
    if word.method is Method.FORM_FIELD:
        yield word
        return
    around = word.box.grown(_AROUND, _AROUND)
    here = sorted(((box, own) for box, own in printed if box.y_overlap(word.box) > 0), key=lambda each: each[0].left)
    joined = "".join(own for box, own in here if box.inside_share(around) > _INSIDE)
    if joined and fuzz.ratio(joined, text) >= _SAME_LETTERS:
        return
    if any(_is_part(word, text, box.grown(_AROUND, _AROUND), own) for box, own in here):
        return
    yield from _unglued(word, text, joined)


def _is_part(word: Word, text: str, box: Box, own: str) -> bool:
    """Whether a word is a printed one or a part of it, perhaps misread: it lies in its place and is no larger."""
    share = word.box.inside_share(box)
    if len(own) >= len(text) and share > _INSIDE and fuzz.partial_ratio(text, own) >= _PART:
        return True
    return share > _WHOLLY and own not in _DATE_HINTS and sum(c.isdigit() for c in text) <= sum(c.isdigit() for c in own)


def _unglued(word: Word, text: str, joined: str) -> Iterator[Word]:
    """The word without the printed letters at its beginning or end: a value that was read in one with a label."""
    if len(joined) < _GLUED_LETTERS or not (text.startswith(joined) or text.endswith(joined)):
        yield word
    elif text.startswith(joined):
        yield from _rest(word, len(joined), len(text))
    else:
        yield from _rest(word, 0, len(text) - len(joined))


def _rest(word: Word, first: int, last: int) -> Iterator[Word]:
    """The letters and digits ``first`` to ``last`` of a word with what stands between them."""
    places = [n for n, c in enumerate(word.text) if c.isalnum()][first:last]
    if not places:
        return
    start, end = places[0], places[-1] + 1
    step = word.box.width / len(word.text)
    box = Box.clipped(word.box.left + start * step, word.box.top, word.box.left + end * step, word.box.bottom)
    yield replace(word, text=word.text[start:end], box=box)


def printed_words(page: Page) -> tuple[PrintedWord, ...]:
    """The words that a blank prints."""
    return tuple(PrintedWord(w.text, w.box) for w in page.words if w.method is not Method.FORM_FIELD and letters_of(w.text))
