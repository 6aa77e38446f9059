"""Whether the values of a page were written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

from models.page import Method, Word

_SURE_READ = 0.8
_FEWEST_WORDS, _FEWEST_NUMBERS = 20, 4


def handwritten_share(words: tuple[Word, ...]) -> float:
    """An estimate, 0..1, from how the two engines differ.

    Tesseract does not read handwriting and PP-OCR does, so that on a page with handwritten values they differ on numbers (which
    are values) far more than on words (most of which are printed labels); on a poor fax of a typed page they differ on both.
    Measured on 88 request pages: numbers in dispute less 1.8 times words in dispute lies above 0.1 on handwritten pages.
    """
    sure = [w for w in words if w.method is Method.OCR and w.confidence >= _SURE_READ and _count(w.text, str.isalnum) >= 3]
    numbers = [w for w in sure if _count(w.text, str.isdigit) >= 3]
    if len(sure) < _FEWEST_WORDS or len(numbers) < _FEWEST_NUMBERS:
        return 0.0
    excess = _disputed(numbers) - 1.8 * _disputed(sure)
    return 1.0 / (1.0 + math.exp(-14.0 * (excess - 0.1)))


def _disputed(words: list[Word]) -> float:
    return sum(1 for word in words if not word.agreed) / len(words)


def _count(text: str, is_kind: Callable[[str], bool]) -> int:
    return sum(1 for character in text if is_kind(character))
