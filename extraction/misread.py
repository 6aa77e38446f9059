"""How far a word as read is from a word that may be printed there, by what looks alike in coarse or noisy print.

An edit distance in which likely mistakes cost less than a whole letter: one letter for another of its shape ("Nime" for "Name"),
two letters run into one or one broken into two ("narne"), a thin letter lost or made of specks ("Gven").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import combinations

from rapidfuzz import fuzz, process

# Letters of one shape. All are capitals here, though most of them look alike in small print only.
_SHAPES = (
    "ACEOS",
    "AEU",
    "CGO0QD",
    "HNBK",
    "MNWH",
    "NUVR",
    "ILTJF1!R",
    "PFRN",
    "BERPD8",
    "GQY9",
    "HB6L",
    "XKS",
    "YVX",
    "S58G",
    "Z27",
)
_BROKEN = {
    "M": ("RN", "NI", "IN", "ITI", "IU", "UI", "NT"),
    "N": ("II", "RI", "IR", "LI", "TI"),
    "H": ("LI", "LN", "TI", "II", "IN", "IL"),
    "D": ("CL", "OL", "CI"),
    "U": ("LI", "II", "IL", "TI"),
    "W": ("VV", "VI", "IV"),
    "K": ("IC", "LC", "IX"),
    "B": ("LO", "IO"),
    "A": ("CI", "EI"),
}
_THIN = frozenset("ILTJFR1")
_ALIKE_COST = 0.35
_THIN_COST = 0.6
_LETTER_COST = 0.8
_ALIKE = frozenset(pair for shape in _SHAPES for a, b in combinations(shape, 2) for pair in ((a, b), (b, a)))
_JOINS = frozenset(pair for whole, every in _BROKEN.items() for parts in every for pair in ((whole, parts), (parts, whole)))
_JOIN_SIZES = ((1, 2), (2, 1), (1, 3), (3, 1))


# Words of four letters and more may be misread, and a few short ones that everything hangs on.
_LETTERS = 4
_SHORTEST = 2
_SHORT = frozenset({"NPI", "TIN", "FAX", "DOB", "TEL", "SEX", "TAX", "PCP", "QTY", "ICD", "CPT"})
# How far a token of so many letters may be from a word.
_ALLOWED = {2: 0.7, 3: 0.4, 4: 0.65, 5: 0.85}
_ALLOWED_SHARE = 0.19
# No other word has its letters in this order, so that one of them may be any other.
_RARE = "NPI"
_CANDIDATE_RATIO = 50.0
_CANDIDATES = 12
# Words whose distances differ by less are equally near: then the one stands that more wordings of labels hold.
_MARGIN = 0.2
_COMMONER = 2


def may_be_misread(word: str) -> bool:
    """Whether a token that is not the word may be taken for it."""
    return len(word) >= _LETTERS or word in _SHORT


def nearest_misread(token: str, words: Sequence[str], uses: Mapping[str, int]) -> str | None:
    """The word that was most likely misread as the token, if one stands out.

    Args:
        token: in capitals, none of the words.
        words: in capitals, those that may be misread.
        uses: how many wordings of labels hold each word.
    """
    if len(token) < _SHORTEST or 2 * sum(c.isdigit() for c in token) >= len(token):
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", token) if not unicodedata.combining(c))
    found: list[tuple[float, str]] = []
    for word, _, _ in process.extract(plain, words, scorer=fuzz.ratio, score_cutoff=_CANDIDATE_RATIO, limit=_CANDIDATES):
        limit = _allowed(word, plain)
        distance = misread_distance(plain, word, limit)
        if distance < limit:
            found.append((distance, word))
    nearest = min((distance for distance, _ in found), default=0.0)
    close = sorted((word for distance, word in found if distance - nearest < _MARGIN), key=lambda word: -uses.get(word, 0))
    if not close or any(uses.get(close[0], 0) < _COMMONER * uses.get(word, 0) for word in close[1:]):
        return None
    return close[0]


def _allowed(word: str, token: str) -> float:
    letters = min(len(word), len(token))
    return _ALLOWED[5] if word == _RARE else _ALLOWED.get(letters, _ALLOWED_SHARE * letters)


def misread_distance(read: str, word: str, limit: float) -> float:
    """What it takes to read ``word`` as ``read``, both in capitals.

    Args:
        read: the word as it was read.
        word: what may be printed there.
        limit: from where on the distance does not matter.

    Returns:
        0 where the two are equal, 0.8 for each letter that is another, less for likely mistakes; ``limit`` where it is that
        much or more.
    """
    costs = [[0.0] * (len(word) + 1) for _ in range(len(read) + 1)]
    for i in range(len(read) + 1):
        for j in range(len(word) + 1):
            if i or j:
                costs[i][j] = min(_steps(costs, read[:i], word[:j]))
        if min(costs[i]) >= limit:
            return limit
    return min(limit, costs[-1][-1])


def _steps(costs: list[list[float]], read: str, word: str) -> list[float]:
    """What it costs to come to the ends of both by each possible last mistake."""
    i, j = len(read), len(word)
    found = []
    if i and j:
        found.append(costs[i - 1][j - 1] + _swap(read[-1], word[-1]))
    if i:
        found.append(costs[i - 1][j] + _single(read[-1]))
    if j:
        found.append(costs[i][j - 1] + _single(word[-1]))
    for a, b in _JOIN_SIZES:
        if i >= a and j >= b and (read[-a:], word[-b:]) in _JOINS:
            found.append(costs[i - a][j - b] + _ALIKE_COST)
    return found


def _swap(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return _ALIKE_COST if (a, b) in _ALIKE else _LETTER_COST


def _single(letter: str) -> float:
    return _THIN_COST if letter in _THIN else _LETTER_COST


def is_one_off(token: str, word: str, shortest: int) -> bool:
    """Whether the words differ in one letter, and not in their first where they are shorter than ``shortest``."""
    if len(token) != len(word) or (len(token) < shortest and token[0] != word[0]):
        return False
    return sum(a != b for a, b in zip(token, word, strict=True)) == 1
