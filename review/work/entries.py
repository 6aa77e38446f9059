"""What a person entered, as a value of its field: read as it is written, nothing repaired, and told at once where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from models.codesets import icd10cm, procedures
from models.values import ValueKind, code_system, find_values, has_check_digit, member_id_kind
from review.work.fields import Choice, Field

Value = str | int | bool | date | list[str] | None

AS_STATED = "as_stated"
"""The key of an edit's value that a person has confirmed to stand so on the form."""

_JUDGED_BY_VALUE = frozenset({ValueKind.NPI, ValueKind.ICD10})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entered value.

    ``refused``: it cannot be kept, and ``problem`` says why. Without it, a ``problem`` is what the person should look at again, and
    the value is kept, for it may be what the form says. ``hint`` is what the value means, such as a code's description.
    """

    value: Value
    text: str
    problem: str | None = None
    hint: str | None = None
    refused: bool = False


def entry(field: Field, text: str, today: date) -> Entry:
    """Read what was entered into a field; an empty text is that the form gives nothing.

    Args:
        field: the field; changes are entered in parts, see :mod:`review.work.changes`.
        text: as typed, or as taken from the page.
        today: the day of receipt at the site, which decides the century of a year of two digits.
    """
    plain = " ".join(text.split())
    if not plain:
        return Entry(None, "")
    if field.choices:
        return _choice(field, plain)
    if field.kind is ValueKind.DATE:
        return _date(field, plain, today)
    reader = _READERS.get(field.kind)
    return Entry(plain, plain) if reader is None else reader(plain)


def kept(field: Field, value: JsonValue, today: date) -> Entry:
    """The value of an edit as it is kept: typed, or where a person says that the form has it so, what is no value of the field.

    Such a one (``{"as_stated": text}``) is not refused. An NPI or a diagnosis code is kept as it stands, since its gap is found
    from it; of everything else the text alone is kept, with no value.
    """
    if not isinstance(value, dict):
        return entry(field, str(value or ""), today)
    read = entry(field, str(value.get(AS_STATED) or ""), today)
    if not read.refused:
        return read
    return Entry(read.text if field.kind in _JUDGED_BY_VALUE else None, read.text, read.problem)


def _refused(text: str, problem: str) -> Entry:
    return Entry(None, text, problem, refused=True)


def _choice(field: Field, text: str) -> Entry:
    among = field.choices
    # Medi-Cal is medi_cal.
    said = re.sub(r"[\s-]+", "_", text.casefold())
    found = [one for one in among if one.casefold() == said]
    found = found or [one for one in among if one.casefold().startswith(said)]
    if len(found) != 1:
        return _refused(text, f"One of {', '.join(among)}.")
    return Entry(found[0] == "yes" if field.kind is Choice.YES_NO else found[0], text)


def _date(field: Field, text: str, today: date) -> Entry:
    birth = field.path == "member.date_of_birth"
    whole = [found for found in find_values(ValueKind.DATE, text, birth=birth, today=today) if found.text == text]
    if not whole or whole[0].repaired:
        return _refused(text, "A date such as 2/17/2026.")
    if not isinstance(whole[0].value, date):
        return Entry(None, text, "The calendar has no such day.")
    return Entry(whole[0].value, text, None if whole[0].valid else "This day lies in the future.")


def _npi(text: str) -> Entry:
    digits = re.sub(r"[\s.-]", "", text)
    if not digits.isdecimal() or len(digits) > 10:
        return _refused(text, "Ten digits.")
    if len(digits) < 10:
        return Entry(digits, text, f"Ten digits; these are {len(digits)}.")
    return Entry(digits, text, None if has_check_digit(digits) else "The check digit does not fit.")


def _tin(text: str) -> Entry:
    digits = re.sub(r"[\s.-]", "", text)
    if not digits.isdecimal() or len(digits) != 9:
        return _refused(text, "Nine digits.")
    return Entry(f"{digits[:2]}-{digits[2:]}", text)


def _phone(text: str) -> Entry:
    found = [reading for reading in find_values(ValueKind.PHONE, text) if isinstance(reading.value, str) and not reading.repaired]
    if len(found) != 1:
        return _refused(text, "Ten digits, with the area code.")
    return Entry(found[0].value, text, None if found[0].valid else "No number of this length is in use.")


def _member_id(text: str) -> Entry:
    value = re.sub(r"\s", "", text).upper()
    known = member_id_kind(value)
    return Entry(value, text, None if known else "It has the shape of no member ID.", None if known is None else known.value)


def _diagnosis(text: str) -> Entry:
    code = icd10cm.dotted(icd10cm.plain(text))
    if not re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", code):
        return _refused(text, "An ICD-10-CM code such as M54.50.")
    if not icd10cm.exists(code):
        return Entry(code, text, "ICD-10-CM has no such code.")
    return Entry(code, text, None if icd10cm.is_billable(code) else "Not specific enough to be billed.", icd10cm.description(code))


def _procedure(text: str) -> Entry:
    code = re.sub(r"\s", "", text).upper()
    if not procedures.has_shape(code):
        return _refused(text, "A CPT or HCPCS code of five characters.")
    problem = None if procedures.is_procedure(code) else "No such code is known."
    return Entry(code, text, problem, code_system(code))


def _modifiers(text: str) -> Entry:
    parts = [part.upper() for part in re.split(r"[\s,;/]+", text) if part]
    if not all(re.fullmatch(r"[A-Z0-9]{2}", part) for part in parts):
        return _refused(text, "Two characters each.")
    return Entry(parts, text)


def _units(text: str) -> Entry:
    if not re.fullmatch(r"\d{1,5}", text) or not int(text):
        return _refused(text, "A whole number, 1 or more.")
    return Entry(int(text), text)


_READERS: dict[ValueKind | Choice, Callable[[str], Entry]] = {
    ValueKind.NPI: _npi,
    ValueKind.TIN: _tin,
    ValueKind.PHONE: _phone,
    ValueKind.MEMBER_ID: _member_id,
    ValueKind.ICD10: _diagnosis,
    ValueKind.PROCEDURE: _procedure,
    ValueKind.MODIFIER: _modifiers,
    ValueKind.UNITS: _units,
}
