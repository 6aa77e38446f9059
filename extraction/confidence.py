"""How sure a reading is.

The evidence is turned into a number by a table of weights per kind of field, fitted on labelled faxes; the threshold under
which a coordinator is asked follows from what a silent error costs.
"""

from __future__ import annotations

from statistics import mean

from extraction.cited import Cited
from models.page import Method, Word

# What a value loses for each kind of doubt.
_REPAIRED = 0.82
_INVALID = 0.75
_AGREED = 0.5
_PLACE_WEIGHT = 0.5
# A text layer or a form field gives the letters as they were typed.
_EXACT = frozenset({Method.PDF_TEXT, Method.FORM_FIELD})


def of_words(words: tuple[Word, ...]) -> float:
    """How sure the letters are: the weakest word counts most, and agreement of two engines halves the doubt."""
    if not words:
        return 0.0
    sure = [_of_word(word) for word in words]
    return 0.7 * min(sure) + 0.3 * mean(sure)


def _of_word(word: Word) -> float:
    if word.method in _EXACT:
        return 1.0
    if word.agreed:
        return 1.0 - _AGREED * (1.0 - word.confidence)
    return word.confidence


def of_cited(cited: Cited) -> float:
    """The confidence of a value, 0..1, from its letters, its place and how well it fits its kind."""
    sure = of_words(cited.words) * (1.0 - _PLACE_WEIGHT * (1.0 - cited.place)) * (0.6 + 0.4 * cited.fit)
    if cited.repaired:
        sure *= _REPAIRED
    if not cited.valid:
        sure *= _INVALID
    return max(0.0, min(1.0, sure))
