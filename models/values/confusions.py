"""Characters that OCR takes for each other, and nothing else: which letter stands for which digit."""

from __future__ import annotations

DIGIT_OF: dict[str, str] = {
    "O": "0", "o": "0", "Q": "0", "D": "0",
    "I": "1", "l": "1", "i": "1", "|": "1", "!": "1", "L": "1", "]": "1", "[": "1",
    "Z": "2", "z": "2",
    "S": "5", "s": "5", "$": "5",
    "G": "6", "b": "6",
    "B": "8", "&": "8",
    "g": "9", "q": "9",
    "+": "7",
}  # fmt: skip
"""The one digit that a letter or sign is a misread of."""

DIGIT_AMONG_DIGITS: dict[str, str] = {**DIGIT_OF, "C": "0", "c": "0"}
"""The same where nothing but digits can stand: a hand leaves its 0 open. Elsewhere a C is a letter."""

LETTERS_OF: dict[str, str] = {"0": "ODQ", "1": "I", "2": "Z", "4": "A", "5": "S", "6": "G", "7": "T", "8": "B"}
"""The letters that a digit may be a misread of."""

DASHES = r"\-\u2013\u2014"
"""Hyphen, en dash and em dash, for use inside a character class."""

DIGIT_CLASS = r"[0-9OoQDCcIli|!LZzSsGbBgq+]"
"""A pattern for one digit, read rightly or not. A seven with a stroke through it, written by hand, comes as a plus sign."""


def to_digits(text: str) -> tuple[str, bool]:
    """The digits of the text with misread letters put right and all else dropped, and whether any letter was."""
    digits: list[str] = []
    repaired = False
    for character in text:
        if character.isascii() and character.isdigit():
            digits.append(character)
        elif character in DIGIT_AMONG_DIGITS:
            digits.append(DIGIT_AMONG_DIGITS[character])
            repaired = True
    return "".join(digits), repaired


def digit_count(text: str) -> int:
    """How many characters are digits as they stand."""
    return sum(character.isascii() and character.isdigit() for character in text)
