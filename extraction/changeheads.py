"""The headings of a change form's columns: which one heads what was, and which one what shall be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from extraction.lexicon import tokens_of
from extraction.lines import Line, runs_of
from models.page import Page, Word

_LONGEST = 5
"""Words of the longest heading."""
_APART_HEIGHTS = 0.6
"""A gap of this many text heights parts a caption from what is written behind it."""
_EITHER = ("NOW",)
# "From (as approved)" is the word before the brackets.
_BRACKETS = re.compile(r"(?<=\w)\s*\([^)]*\)")
# "From date" is what changes, and no caption of what was.
_DATES = (("DATE",), ("DATES",))


@dataclass(frozen=True, slots=True)
class _Headings:
    old: frozenset[tuple[str, ...]]
    new: frozenset[tuple[str, ...]]
    old_words: frozenset[str]
    new_words: frozenset[str]
    neutral_words: frozenset[str]


@lru_cache(maxsize=1)
def _headings() -> _Headings:
    raw = yaml.safe_load(files("extraction").joinpath("data/changes.yaml").read_text(encoding="utf-8"))
    parts = {name: frozenset(tuple(wording.split()) for wording in text.split("|")) for name, text in raw.items()}
    words = {name: frozenset(word for wording in parts[name] for word in wording) for name in parts if name.endswith("_words")}
    return _Headings(old=parts["old"], new=parts["new"], **words)


def is_old(tokens: tuple[str, ...]) -> bool:
    """Whether the words, as :func:`tokens_of` gives them, head the column of what was."""
    named = _headings()
    return tokens in named.old or (tokens not in named.new and _of_side(tokens, named.old_words, named.new_words))


def is_new(tokens: tuple[str, ...]) -> bool:
    """Whether the words head the column of what shall be."""
    named = _headings()
    return tokens in named.new or (tokens not in named.old and _of_side(tokens, named.new_words, named.old_words))


def _of_side(tokens: tuple[str, ...], own: frozenset[str], other: frozenset[str]) -> bool:
    said = frozenset(tokens)
    fits = bool(said & own) and not said & other and said <= own | _headings().neutral_words
    return fits and len(tokens) <= _LONGEST


def heading_pairs(page: Page) -> list[tuple[Line, Line]]:
    """Headings of an old and a new value that stand side by side, top to bottom."""
    runs = [(run, tokens_of(_BRACKETS.sub(" ", run.text))) for run in runs_of(page)]
    olds = [run for run, tokens in runs if is_old(tokens)]
    news = [run for run, tokens in runs if is_new(tokens)]
    return [(old, new) for old in olds for new in news if old.box.right < new.box.left and old.box.on_row_of(new.box)]


def caption_pairs(page: Page) -> list[tuple[Line, Line]]:
    """Captions of an old and a new value of one item each, side by side or one below the other, top to bottom."""
    captions = list(_captions(page))
    olds = [caption for caption in captions if is_old(tokens_of(caption.text))]
    news = [caption for caption in captions if is_new(tokens_of(caption.text))]
    olds, news = _settled(olds, news), _settled(news, olds)
    return [(old, new) for old in olds if (new := _partner(old, olds, news)) is not None]


def _settled(own: list[Line], other: list[Line]) -> list[Line]:
    """Without the word that can stand for either side, where this side has a word of its own or the other side has none."""
    sure = [caption for caption in own if tokens_of(caption.text) != _EITHER]
    lone = all(tokens_of(caption.text) == _EITHER for caption in other)
    return sure if sure or lone else own


def _partner(old: Line, olds: list[Line], news: list[Line]) -> Line | None:
    """The new caption on the row of the old one, else the first one below it and above the next old one."""
    behind = [new for new in news if new.box.left > old.box.right and new.box.on_row_of(old.box)]
    if behind:
        return min(behind, key=lambda new: new.box.left)
    following = min((each.box.top for each in olds if each.box.top > old.box.bottom), default=1.0)
    below = [new for new in news if old.box.bottom <= new.box.y < following]
    return min(below, key=lambda new: new.box.top, default=None)


def _captions(page: Page) -> Iterator[Line]:
    """Headings at the beginning of a run or behind a gap, with what was written behind them cut off.

    The wide spaces of a typewriter part no caption that ends in a colon.
    """
    wide = [caption for run in runs_of(page) if (caption := _caption_of(run)) is not None and caption.text.endswith(":")]
    taken = {id(word) for caption in wide for word in caption.words}
    taken |= {id(run.words[0]) for run in runs_of(page) if len(run.words) > 1 and tokens_of(run.words[1].text) in _DATES}
    yield from wide
    for run in runs_of(page, _APART_HEIGHTS):
        caption = None if id(run.words[0]) in taken else _caption_of(run)
        if caption is not None:
            yield caption


def _caption_of(run: Line) -> Line | None:
    """The longest heading that the run begins with."""
    tokens = [tokens_of(word.text) for word in run.words]
    for count in range(min(_LONGEST, len(run.words)), 0, -1):
        said = tuple(token for each in tokens[:count] for token in each)
        if (is_old(said) or is_new(said)) and (count == len(run.words) or _ends(run.words[count - 1], run.words[count])):
            return Line(run.words[:count])
    return None


def _ends(last: Word, following: Word) -> bool:
    """Whether a caption ends with its last word: a colon says so, or a number behind it."""
    return last.text.endswith(":") or any(c.isdigit() for c in following.text)
