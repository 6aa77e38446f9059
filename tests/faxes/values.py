"""Random values that hold their shape's rules: check digits, alphabets, ranges."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
_AREA_CODES = ("209", "213", "310", "408", "415", "510", "530", "559", "619", "661", "707", "805", "831", "909", "916", "951")
_TIN_PREFIXES = ("20", "26", "27", "33", "46", "47", "68", "77", "81", "82", "94", "95")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it stands on a form, which may be none: ``Day(1961, 2, 30)``."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, value: date) -> Day:
        """The day of a date that exists."""
        return cls(value.year, value.month, value.day)

    @property
    def real(self) -> date | None:
        """The date, or ``None`` where the calendar has none."""
        if self.day > calendar.monthrange(self.year, self.month)[1]:
            return None
        return date(self.year, self.month, self.day)


def npi_check_digit(nine: str) -> str:
    """The Luhn digit over 80840 and the first nine digits (45 CFR 162.406, NPI check digit)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def npi(rng: Random) -> str:
    """Ten digits with a right check digit."""
    nine = rng.choice("1112") + "".join(rng.choices("0123456789", k=8))
    return nine + npi_check_digit(nine)


def bad_npi(rng: Random, good: str) -> str:
    """The same number with a wrong check digit."""
    return good[:9] + rng.choice([d for d in "0123456789" if d != good[9]])


def tin(rng: Random) -> str:
    """Nine digits with the dash."""
    return f"{rng.choice(_TIN_PREFIXES)}-{rng.randrange(1000000, 9999999)}"


def phone(rng: Random, area: str | None = None) -> str:
    """A number of the North American plan, E.164."""
    exchange = f"{rng.randrange(2, 10)}{rng.randrange(10, 99)}"
    exchange = exchange if exchange[1:] != "11" else exchange[0] + "12"
    return f"+1{area or rng.choice(_AREA_CODES)}{exchange}{rng.randrange(10000):04d}"


def area_code(rng: Random) -> str:
    """An area code that one office's numbers share."""
    return rng.choice(_AREA_CODES)


def _mbi(rng: Random) -> str:
    """A Medicare Beneficiary Identifier: which places hold a digit (9), a letter (A) or either (X) is fixed (CMS, MBI format)."""
    alphabets = {"C": "123456789", "9": "0123456789", "A": _MBI_LETTERS, "X": _MBI_LETTERS + "0123456789"}
    return "".join(rng.choice(alphabets[place]) for place in "CAX9AX9AA99")


def member_id(rng: Random) -> str:
    """An identifier of one of the shapes that plans use: Medi-Cal CIN, MBI, and commercial ones."""
    digits = "".join(rng.choices("0123456789", k=12))
    shape = rng.randrange(7)
    if shape == 0:
        return "9" + digits[:7] + rng.choice(_MBI_LETTERS)
    if shape == 1:
        return _mbi(rng)
    if shape == 2:
        return "".join(rng.choices("ABCDEGHJKMPRTWXY", k=3)) + digits[:9]
    if shape == 3:
        return rng.choice("HRUW") + digits[:9]
    if shape == 4:
        return digits[:9]
    if shape == 5:
        return digits[:11]
    return digits[:8] + "-" + digits[8:10]


def authorization_number(rng: Random) -> str:
    """A number in one of the ways plans write them."""
    year, digits = rng.choice(("25", "26")), "".join(rng.choices("0123456789", k=8))
    shapes = (
        f"{year}{rng.randrange(1, 13):02d}-{digits[:6]}",
        f"A{digits}",
        f"AUTH-{digits[:7]}",
        f"20{year}{digits}",
        f"PA{digits[:6]}",
        f"R-{digits[:4]}-{digits[4:]}",
    )
    return rng.choice(shapes)


def birth_date(rng: Random) -> Day:
    """A birth date that two digits of its year leave in no doubt."""
    return Day.of(date(1932, 1, 1) + timedelta(days=rng.randrange(33000)))


def impossible_day(rng: Random, like: Day) -> Day:
    """A day that no calendar has, in the same year."""
    month, day = rng.choice(((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)))
    return Day(like.year, month, day)
