"""How alike two values are, as OCR may have changed them."""

from __future__ import annotations

from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from models.values.confusions import DIGIT_OF, LETTERS_OF

# Digits that are taken for each other in faxed and handwritten numbers, beside the letters of ``models.values.confusions``.
_DIGIT_PAIRS = ("17", "38", "56", "08", "06", "49", "35", "27", "68", "89", "09", "14", "69", "58")
_ALIKE_NAME = 0.92


class Likeness(StrEnum):
    """How two values stand to each other.

    ``SAME``; ``MISREAD``: one may be the other with one character misread, lost or added; ``NEAR``: alike as names are that are
    spelled otherwise; ``OTHER``; ``UNKNOWN``: one is not stated.
    """

    SAME = "same"
    MISREAD = "misread"
    NEAR = "near"
    OTHER = "other"
    UNKNOWN = "unknown"


def _pairs() -> frozenset[frozenset[str]]:
    letters = {frozenset((letter.upper(), digit)) for letter, digit in DIGIT_OF.items()}
    letters |= {frozenset((letter, digit)) for digit, those in LETTERS_OF.items() for letter in those}
    return frozenset(letters | {frozenset(pair) for pair in _DIGIT_PAIRS})


_CONFUSABLE = _pairs()


def confusable(one: str, other: str) -> bool:
    """Whether two characters are taken for each other."""
    return one == other or frozenset((one, other)) in _CONFUSABLE


def numbers(one: str | None, other: str | None) -> Likeness:
    """Compare identifiers: letters and digits in capitals, without dashes.

    ``MISREAD`` where one character at most differs, and is one that is taken for the other.
    """
    if one is None or other is None:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    if len(one) == len(other):
        unequal = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        if len(unequal) == 1 and confusable(*unequal[0]):
            return Likeness.MISREAD
        if all(_letter_for_digit(a, b) for a, b in unequal):
            return Likeness.MISREAD
    return Likeness.NEAR if DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1 else Likeness.OTHER


def _letter_for_digit(one: str, other: str) -> bool:
    return confusable(one, other) and (one.isalpha() or other.isalpha())


def names(one: str | None, other: str | None) -> Likeness:
    """Compare names in plain letters: ``MISREAD`` one letter apart, ``NEAR`` alike or one the beginning of the other."""
    if one is None or other is None:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    if min(len(one), len(other)) > 3 and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1:
        return Likeness.MISREAD
    begins = min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one))
    return Likeness.NEAR if begins or JaroWinkler.similarity(one, other) >= _ALIKE_NAME else Likeness.OTHER


def dates(one: str | None, other: str | None) -> Likeness:
    """Compare dates as ISO text: ``MISREAD`` where one digit differs; ``NEAR`` where day and month, or only the years, do."""
    if one is None or other is None:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    if sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return Likeness.MISREAD
    swapped = one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]
    return Likeness.NEAR if swapped or one[5:] == other[5:] else Likeness.OTHER
