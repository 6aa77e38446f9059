"""The names of months, also as a hand makes others of their letters."""

from __future__ import annotations

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
"""The months as they begin, in order."""
_NAMES = (
    ("JAN", "JANUARY"), ("FEB", "FEBRUARY"), ("MAR", "MARCH"), ("APR", "APRIL"), ("MAY",), ("JUN", "JUNE"), ("JUL", "JULY"),
    ("AUG", "AUGUST"), ("SEP", "SEPT", "SEPTEMBER"), ("OCT", "OCTOBER"), ("NOV", "NOVEMBER"), ("DEC", "DECEMBER"),
)  # fmt: skip
# What each letter of a month is read as where it is misread.
_READ_AS = {
    "A": "OQ4", "B": "R86", "C": "GOE", "D": "0O", "E": "CFB", "F": "EP", "G": "9QCY6", "J": "S5I1]T3", "L": "I1", "N": "UWHM",
    "O": "0CDQ", "P": "FR", "R": "KVN", "S": "5", "T": "FI7", "U": "VLNO", "V": "UY", "Y": "VG4", "M": "NW",
}  # fmt: skip
_LETTERS_A_MISTAKE = 3


def month_of(word: str) -> int | None:
    """The number of the one month whose name the word is, or a misreading of with most letters right; 1 is January."""
    read = word.upper()
    distances = {
        number: min((_mistakes(read, name) for name in names if len(name) == len(read)), default=len(read))
        for number, names in enumerate(_NAMES, start=1)
    }
    fewest = min(distances.values())
    nearest = [number for number, mistakes in distances.items() if mistakes == fewest]
    return nearest[0] if len(nearest) == 1 and fewest * _LETTERS_A_MISTAKE <= len(read) else None


def _mistakes(read: str, name: str) -> int:
    """How many letters were misread; as many as it has where one is nothing that the letter is taken for."""
    if any(a != b and a not in _READ_AS.get(b, "") for a, b in zip(read, name, strict=True)):
        return len(read)
    return sum(a != b for a, b in zip(read, name, strict=True))
