"""What a cell of a roster or directory means. A cell that is not what its column asks for raises, without its value."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from models.circumstances import LineOfBusiness
from models.roster import plain_id
from models.values.npi import has_check_digit
from roster.broken import BrokenCell

_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"),
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_NO_DIGIT = re.compile(r"\D")
_EXTENSION = re.compile(r"(?i)\s*(?:x|ext).*$")
_SEXES = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M", "X": "X", "NONBINARY": "X", "O": "X"}
_NOT_SAID = frozenset({"U", "UNKNOWN", "N", "NOTSAID"})
_LINES = {
    "medical": LineOfBusiness.MEDI_CAL,
    "medicaid": LineOfBusiness.MEDI_CAL,
    "medicare": LineOfBusiness.MEDICARE,
    "medicareadvantage": LineOfBusiness.MEDICARE,
    "dual": LineOfBusiness.DUAL,
    "duals": LineOfBusiness.DUAL,
    "dsnp": LineOfBusiness.DUAL,
    "mediconnect": LineOfBusiness.DUAL,
    "commercial": LineOfBusiness.COMMERCIAL,
    "medicaidother": LineOfBusiness.MEDICAID_OTHER,
}
_NONE_SAID = frozenset({"", "n", "no", "none", "0", "false"})
_SHORTEST_ID = 4


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """A day as ``2026-03-01``, ``20260301`` or ``03/01/2026``; ``None`` for an empty cell.

    Raises:
        BrokenCell: it is none.
    """
    if not text:
        return None
    plain = _MIDNIGHT.sub("", text)
    for shape in _DAYS:
        found = shape.fullmatch(plain)
        if found is not None:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise BrokenCell("no day such as 2026-03-01, 20260301 or 03/01/2026")


def needed_day(text: str) -> date:
    """A day that must be given.

    Raises:
        BrokenCell: it is none, or empty.
    """
    found = day(text)
    if found is None:
        raise BrokenCell("empty")
    return found


def needed(text: str) -> str:
    """A text that must be given.

    Raises:
        BrokenCell: it is empty.
    """
    if not text:
        raise BrokenCell("empty")
    return text


def needed_id(text: str) -> str:
    """An id in capitals, without spaces and signs.

    Raises:
        BrokenCell: it is shorter than any id is.
    """
    found = plain_id(text)
    if len(found) < _SHORTEST_ID:
        raise BrokenCell("no id" if found else "empty")
    return found


def some_id(text: str) -> str | None:
    """An id, where one is given."""
    return plain_id(text) or None


def sex(text: str) -> str | None:
    """F, M or X, as a letter or a word; ``None`` where it is not said.

    Raises:
        BrokenCell: it is something else.
    """
    plain = plain_id(text)
    if not plain or plain in _NOT_SAID:
        return None
    if plain not in _SEXES:
        raise BrokenCell("not F, M, X or U")
    return _SEXES[plain]


def phone(text: str) -> str | None:
    """A telephone number in E.164; ``None`` where it is none, as lists have many that are not."""
    digits = _NO_DIGIT.sub("", _EXTENSION.sub("", text))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    # The North American plan has no area code or exchange that begins with 0 or 1.
    return f"+1{digits}" if len(digits) == 10 and digits[0] not in "01" and digits[3] not in "01" else None


@lru_cache(maxsize=1_000)
def line_of_business(text: str) -> str | None:
    """The line of business by one of its names.

    Raises:
        BrokenCell: it is none that is known.
    """
    plain = re.sub(r"[\W_]", "", text).lower()
    if not plain:
        return None
    if plain not in _LINES:
        raise BrokenCell(f"not one of {', '.join(LineOfBusiness)}")
    return _LINES[plain].value


def other_coverage(text: str) -> str | None:
    """The name of another payer; ``None`` where there is none."""
    return None if text.casefold() in _NONE_SAID else text[:120]


def npi(text: str) -> str:
    """An NPI whose check digit holds.

    Raises:
        BrokenCell: it is none.
    """
    if not has_check_digit(text):
        raise BrokenCell("no NPI: ten digits, the last its check digit")
    return text


@lru_cache(maxsize=100_000)
def some_npi(text: str) -> str | None:
    """An NPI, where the cell holds one."""
    return text if has_check_digit(text) else None


def tin(text: str) -> str | None:
    """A TIN as ``12-3456789``.

    Raises:
        BrokenCell: it has not nine digits.
    """
    digits = re.sub(r"[\s\-]", "", text)
    if not digits:
        return None
    if not (len(digits) == 9 and digits.isascii() and digits.isdigit()):
        raise BrokenCell("no TIN of nine digits")
    return f"{digits[:2]}-{digits[2:]}"


def short(text: str, most: int) -> str | None:
    """A text, cut where it is longer than its column; ``None`` where it is empty."""
    return text[:most] or None
