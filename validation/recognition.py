"""Whose name stands in a text: phrases found word by word, with some tolerance for letters that were misread."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

_FUZZY_FROM = 14
"""Letters from which a name may be misread; a shorter one that is a letter off is another name."""
_LIKENESS = 90.0
"""Least partial ratio (0..100) of a name within a line: about one wrong letter in ten. Less, and one plan is taken for another."""
_WORD_LIKENESS = 72.0
_LONG_WORD_LIKENESS = 84.0
"""In a longer word one letter matters less, and "medication" is not "modification"."""
_SHORT, _LONG = 4, 8
_AREA_AND_NUMBER = re.compile(r"(?<!\d)(?:\+?1[\s.-]{0,2})?\(?(\d{3})\)?[\s.-]{0,2}(\d{3})[\s.-]{0,2}(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Name:
    """One phrase by which something is known; ``of`` is the id of that."""

    of: str
    phrase: str


@dataclass(frozen=True, slots=True)
class _Found:
    of: str
    line: int
    start: int
    end: int

    def gives_way_to(self, other: _Found) -> bool:
        """Whether a longer phrase stands where this one does, or over a part of it."""
        together = other.line == self.line and other.start < self.end and self.start < other.end
        return together and (other.end - other.start) > (self.end - self.start)


def plain(text: str) -> str:
    """Lower case words of letters and digits with single spaces; "and" and "&" are the same."""
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("&", " and ")).split()
    return " ".join(word for word in words if word != "and")


def named_in(lines: Iterable[str], names: Iterable[Name]) -> frozenset[str]:
    """The ids whose phrases stand in the lines; where two stand over each other, the longer counts.

    Args:
        lines: text as it was read, a line each.
        names: what is looked for.
    """
    texts = [text for line in lines if (text := plain(line))]
    wanted = [(name.of, phrase) for name in names if (phrase := plain(name.phrase))]
    found = [
        _Found(of, number, *span)
        for number, text in enumerate(texts)
        for of, phrase in wanted
        if (span := _span(phrase, text)) is not None
    ]
    return frozenset(one.of for one in found if not any(one.gives_way_to(other) for other in found))


def _span(phrase: str, text: str) -> tuple[int, int] | None:
    """Where the phrase stands in the text, as a range of its letters."""
    place = f" {text} ".find(f" {phrase} ")
    if place >= 0:
        return place, place + len(phrase)
    if len(phrase) < _FUZZY_FROM or len(text) < len(phrase) * 0.9:
        return None
    near = fuzz.partial_ratio_alignment(phrase, text, score_cutoff=_LIKENESS)
    if near is None:
        return None
    # Most letters are not enough: "Valley Health Plan" is not "Sierra Health Plan", and every longer word must be there.
    words = text.split()
    there = all(_is_among(word, words) for word in phrase.split() if len(word) >= _SHORT)
    return (near.dest_start, near.dest_end) if there else None


def _is_among(word: str, words: list[str]) -> bool:
    least = _LONG_WORD_LIKENESS if len(word) >= _LONG else _WORD_LIKENESS
    return any(fuzz.ratio(word, other) >= least for other in words)


def numbers_in(lines: Iterable[str]) -> frozenset[str]:
    """The telephone and fax numbers of ten digits in the lines, as E.164."""
    return frozenset(f"+1{''.join(match.groups())}" for line in lines for match in _AREA_AND_NUMBER.finditer(line))
