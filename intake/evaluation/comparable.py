"""Values in the form that they are compared in: two that say the same become the same text.

``None`` is no value. A text that begins with ``?`` is a value that its kind cannot hold, so that it equals nothing but itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

Value = object

_NAME_MARKS = re.compile(r"['’.]")
_GIVEN_NAME_MARKS = re.compile(r"['’.-]")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN_MODIFIERS = re.compile(r"[\s,;/-]+")
_WHOLE_NUMBER = re.compile(r"\s*(\d+)(?:\.0*)?\s*")


def comparable(path: str, value: Value) -> str | None:
    """The value of a record's path as it is compared.

    Args:
        path: a path of the record, with or without positions; its last name says what kind of value it holds.
        value: as the record or the label gives it.
    """
    if value is None or value == "" or (isinstance(value, (list, tuple)) and not value):
        return None
    name = path.rsplit(".", 1)[-1]
    if isinstance(value, (list, tuple, dict)) and name != "modifiers":
        return f"?{_folded(value)}"
    return _KINDS.get(name, _folded_or_mark)(value)


def _bare(value: Value) -> str:
    """Upper case without accents."""
    parts = unicodedata.normalize("NFKD", str(value))
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).upper()


def _folded(value: Value) -> str:
    """Letters and digits alone."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", str(value)) if letter.isalnum()).upper()


def _folded_or_mark(value: Value) -> str:
    return _folded(value) or "?"


def _digits(value: Value) -> str:
    return "".join(letter for letter in str(value) if letter.isdigit())


def _number(value: Value) -> str:
    return _digits(value) or "?"


def _telephone(value: Value) -> str:
    """The last ten digits: a country code does not count."""
    return _digits(value)[-10:] or "?"


def _day(value: Value) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return datetime.fromisoformat(str(value)).date().isoformat()
    except ValueError:
        return f"?{_folded(value)}"


def _name(value: Value) -> str:
    """Words in any order; a single letter beside two words is an initial and does not count."""
    parts = _WORD.findall(_NAME_MARKS.sub("", _bare(value)))
    full = [part for part in parts if len(part) > 1]
    return " ".join(sorted(full if len(full) > 1 else parts)) or "?"


def _given_name(value: Value) -> str:
    """A middle initial after the name does not count."""
    parts = _WORD.findall(_GIVEN_NAME_MARKS.sub("", _bare(value)))
    while len(parts) > 1 and len(parts[-1]) == 1:
        parts.pop()
    return "".join(parts) or "?"


def _modifiers(value: Value) -> str | None:
    items = value if isinstance(value, (list, tuple)) else _BETWEEN_MODIFIERS.split(str(value))
    return " ".join(sorted(folded for item in items if (folded := _folded(item)))) or None


def _units(value: Value) -> str:
    whole = _WHOLE_NUMBER.fullmatch(str(value))
    return (whole.group(1).lstrip("0") or "0") if whole else f"?{_folded(value)}"


_KINDS: dict[str, Callable[[Value], str | None]] = {
    **dict.fromkeys(("phone", "fax"), _telephone),
    **dict.fromkeys(("npi", "tin"), _number),
    **dict.fromkeys(("date_of_birth", "requested_on", "signed_on", "from_date", "to_date"), _day),
    **dict.fromkeys(("name", "contact", "facility"), _name),
    "first_name": _given_name,
    "modifiers": _modifiers,
    "units": _units,
}
