"""All values of a kind in a text, by the finder of the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from models.values.authorization import find_authorization_numbers
from models.values.dates import find_dates
from models.values.icd10 import find_icd10
from models.values.kinds import ValueKind, ValueReading
from models.values.member_id import find_member_ids
from models.values.modifier import find_modifiers
from models.values.names import find_person_names
from models.values.npi import find_npis
from models.values.phone import find_phones
from models.values.procedure import find_procedures
from models.values.provider_names import find_provider_names
from models.values.sex import find_sexes
from models.values.spans import Closed, close_comb
from models.values.text import find_text
from models.values.tin import find_tins
from models.values.units import find_units

Finder = Callable[[str], tuple[ValueReading, ...]]
"""All values of one kind in a text."""

_FINDERS: dict[ValueKind, Finder] = {
    ValueKind.NPI: find_npis,
    ValueKind.TIN: find_tins,
    ValueKind.PHONE: find_phones,
    ValueKind.MEMBER_ID: find_member_ids,
    ValueKind.AUTHORIZATION_NUMBER: find_authorization_numbers,
    ValueKind.ICD10: find_icd10,
    ValueKind.PROCEDURE: find_procedures,
    ValueKind.MODIFIER: find_modifiers,
    ValueKind.UNITS: find_units,
    ValueKind.PERSON_NAME: find_person_names,
    ValueKind.PROVIDER_NAME: find_provider_names,
    ValueKind.SEX: find_sexes,
    ValueKind.TEXT: find_text,
}

_SHORTEST = 5
_NAMES = frozenset({ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME})
_COMB_KINDS = frozenset(ValueKind) - {ValueKind.TEXT, ValueKind.SEX, ValueKind.MODIFIER, ValueKind.UNITS}


def find_values(kind: ValueKind, text: str, *, birth: bool = False, today: date | None = None) -> tuple[ValueReading, ...]:
    """All values of the kind, left to right.

    Args:
        kind: what to look for.
        text: what stands in the field, cell or line.
        birth: for a date, whether it is a birth date; see :func:`models.values.dates.find_dates`.
        today: for a date, the day of receipt.
    """
    if kind in _NAMES and text.rstrip().endswith("?"):
        return ()  # "Are you the PCP?" beside a contact's name asks something of its own.
    finder = partial(find_dates, birth=birth, today=today) if kind is ValueKind.DATE else _FINDERS[kind]
    comb = close_comb(text) if kind in _COMB_KINDS else None
    if comb is None:
        return finder(text)
    return tuple(_spread(reading, comb, text) for reading in _in_comb(finder, comb.text))


def _in_comb(finder: Finder, text: str) -> tuple[ValueReading, ...]:
    """The values of a comb field, or of two that stand side by side and were read as one line.

    The comb is parted where a part is plainly a value by itself and the whole is not.
    """
    whole = finder(text)
    best = max((reading.fit for reading in whole if reading.valid), default=0.0)
    for cut in range(_SHORTEST, len(text) - _SHORTEST + 1):
        parts = (finder(text[:cut]), _moved(finder(text[cut:]), cut))
        plain = tuple(reading for part in parts for reading in part if _fills(reading, cut, len(text)))
        fit = max((reading.fit for reading in plain), default=0.0)
        if fit > best + 0.1:
            whole, best = plain, fit
    return whole


def _fills(reading: ValueReading, cut: int, length: int) -> bool:
    """Whether the reading is valid and takes the whole of the part before or behind the cut."""
    return reading.valid and not reading.repaired and (reading.start, reading.end) in ((0, cut), (cut, length))


def _moved(readings: tuple[ValueReading, ...], by: int) -> tuple[ValueReading, ...]:
    return tuple(replace(reading, start=reading.start + by, end=reading.end + by) for reading in readings)


def _spread(reading: ValueReading, comb: Closed, text: str) -> ValueReading:
    start, end = comb.places[reading.start], comb.places[reading.end - 1] + 1
    return replace(reading, text=text[start:end], start=start, end=end)
