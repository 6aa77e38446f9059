"""Words of labels that recognition broke or closed up: put together, or parted, before labels are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extraction.lexicon import Lexicon
from models.geometry import Box
from models.page import Method, Page, Word

# "D.O.B." as coarse print leaves it: "D.O.3", "n.O.B.", "DO5", and in two words "D O.B.". A number and the degree D.O. are none.
_BIRTH_DATE = re.compile(r"(?:[DO0]\.?[O0Q]\.?B|n\.[O0Q]\.?B|D\.?[O0Q]\.?[38568]|D[O0Q]B)[.,]?(?P<end>[:*]*)")
_DOTTED = re.compile(r"[DnO0]\.?\s?[O0Q]\.\s?B")
# "200 4-11-13": a year that was broken, and would make another date without its first digits.
_ISO_DATE = re.compile(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}")
_PIECES = 2
# The pieces of a word stand no further apart than this, in heights of its letters; shorter words may be two by chance.
_PIECE_GAP, _LEAST_LETTERS = 0.25, 6
_SPACE = 0.8
# "33-749057511": a number of which the form gives all digits, and the number of the next item.
_ITEM_BEHIND = re.compile(r"(?P<value>\d{2}-\d{7}|\(?\d{3}\)?[-. ]?\d{3}-\d{4}|\d{1,2}/\d{1,2}/(?:19|20)\d{2})(?P<item>\d{2})")
_NEAR = 0.05


def with_whole_words(page: Page, lexicon: Lexicon) -> Page:
    """The page with the pieces of a broken word of labels as one word, and a broken "D.O.B." as what it says."""
    words: list[Word] = []
    place = 0
    while place < len(page.words):
        word, taken = _whole(page.words[place : place + _PIECES], lexicon, page.aspect)
        words.append(word)
        place += taken
    return replace(page, words=tuple(words))


def with_items_parted(page: Page) -> Page:
    """The page with item numbers parted from the values before them, where the label of that item follows."""
    return replace(page, words=tuple(part for word in page.words for part in _without_item(word, page)))


def _whole(words: tuple[Word, ...], lexicon: Lexicon, aspect: float) -> tuple[Word, int]:
    """The word that the first ones are, and how many of them it takes."""
    first = words[0]
    if first.method is not Method.OCR:
        return first, 1
    text = _joined(first, words[1], lexicon, aspect) if len(words) == _PIECES else None
    if text is not None:
        confidence = min(word.confidence for word in words)
        return replace(first, text=text, box=Box.around(word.box for word in words), confidence=confidence), _PIECES
    birth = _as_birth_date(first.text)
    return (replace(first, text=birth) if birth is not None else first), 1


def _joined(first: Word, second: Word, lexicon: Lexicon, aspect: float) -> str | None:
    """What two words are together, where they are the pieces of one."""
    gap = (second.box.left - first.box.right) / (aspect * first.box.height or 1.0)
    if second.method is not Method.OCR or not second.box.on_row_of(first.box) or second.box.left < first.box.left:
        return None
    if gap <= _SPACE and _DOTTED.match(f"{first.text} {second.text}"):
        return _as_birth_date(first.text + second.text)
    if gap <= _SPACE and first.text.isdigit() and _ISO_DATE.fullmatch(first.text + second.text):
        return first.text + second.text
    return first.text + second.text if gap <= _PIECE_GAP and _are_pieces(first.text, second.text, lexicon) else None


def _as_birth_date(text: str) -> str | None:
    match = _BIRTH_DATE.fullmatch(text)
    return f"DOB{match['end']}" if match is not None and not text.startswith("DOB") else None


def _are_pieces(first: str, second: str, lexicon: Lexicon) -> bool:
    """Whether two words are one of a label: together they are known, and the first of them alone is no word of labels."""
    joined = lexicon.tokens(first + second)
    if len(joined) != 1 or len(joined[0]) < _LEAST_LETTERS or not (first + second).rstrip(".:*,").isalpha():
        return False
    return lexicon.knows(joined[0]) and not all(lexicon.knows(token) for part in (first, second) for token in lexicon.tokens(part))


def _without_item(word: Word, page: Page) -> Iterator[Word]:
    match = _ITEM_BEHIND.fullmatch(word.text) if word.method is Method.OCR else None
    if match is None or not _has_words_behind(word, page):
        yield word
        return
    cut = word.box.left + word.box.width * match.end("value") / len(word.text)
    yield replace(word, text=match["value"], box=Box(word.box.left, word.box.top, cut, word.box.bottom))
    yield replace(word, text=match["item"], box=Box(cut, word.box.top, word.box.right, word.box.bottom))


def _has_words_behind(word: Word, page: Page) -> bool:
    """Whether letters stand close behind the word on its row."""
    behind = [w for w in page.words if 0 <= w.box.left - word.box.right < _NEAR and w.box.on_row_of(word.box)]
    nearest = min(behind, key=lambda w: w.box.left, default=None)
    return nearest is not None and nearest.text[:1].isalpha()
