"""The values of a record by their paths, and why one is absent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from models.record import GapReason, ReferralRecord
from models.values import ValueKind, find_values

DATE_PATHS = (
    "request.requested_on",
    "member.date_of_birth",
    "services.from_date",
    "services.to_date",
    "signature.signed_on",
)
"""All dates of a request, without positions."""

COORDINATOR: Final = "coordinator"
"""The method of a reading that a coordinator has keyed, and so stands."""

_PLAIN = 0.25
_EVEN = 0.5
_LISTS = ("diagnoses", "services", "amendments")


def values_at(record: ReferralRecord, path: str) -> Iterator[tuple[str, object]]:
    """Every path that a path without positions stands for, with its value; a whole list stands for itself."""
    head, _, rest = path.partition(".")
    part = getattr(record, head)
    if not rest:
        yield path, part
    elif head in _LISTS:
        for position, item in enumerate(part):
            yield f"{head}.{position}.{rest}", getattr(item, rest)
    else:
        yield path, getattr(part, rest)


def value_at(record: ReferralRecord, path: str) -> object:
    """The value at a path with positions; ``None`` where the record has no such row."""
    value: object = record
    for part in path.split("."):
        if not isinstance(value, list):
            value = getattr(value, part, None)
        elif int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def is_absent(value: object) -> bool:
    """Whether the form gives nothing: ``None``, empty text or an empty list."""
    return value is None or value in ("", [])


def absence(record: ReferralRecord, path: str) -> GapReason:
    """Why the field at the path has no value.

    ``missing`` where nothing was read, ``invalid`` where a date was read that does not exist, ``illegible`` where something stands
    there that could not be made out, or where the reader finds it likelier that a value stands there unread than that the form is
    blank.
    """
    text = read_text(record, path)
    if not text:
        return GapReason.ILLEGIBLE if _is_likely_there(record, path) else GapReason.MISSING
    return GapReason.INVALID if _is_date(path) and names_no_day(text) else GapReason.ILLEGIBLE


def _is_likely_there(record: ReferralRecord, path: str) -> bool:
    """Whether the reading of a field without a value is surer that one was missed than that the form is blank there."""
    reading = record.readings.get(path)
    return reading is not None and reading.method != COORDINATOR and reading.confidence < _EVEN


def read_text(record: ReferralRecord, path: str) -> str:
    """What was read for the field, or for any code of the list that the path names; empty where nothing was."""
    if path in _LISTS:
        found = (reading.text for key, reading in record.readings.items() if key.startswith(f"{path}.") and key.endswith(".code"))
        return next((text for text in found if _says_something(text)), "")
    reading = record.readings.get(path)
    return reading.text.strip() if reading and _says_something(reading.text) else ""


def names_no_day(text: str, today: date | None = None) -> bool:
    """Whether the text is plainly a date that does not exist, such as 09/31/1935, and not one that was hardly read."""
    return any(reading.value is None and reading.fit >= _PLAIN for reading in find_values(ValueKind.DATE, text, today=today))


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_date(path: str) -> bool:
    return path.rpartition(".")[2] in {name.rpartition(".")[2] for name in DATE_PATHS}
