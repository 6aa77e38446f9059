"""The kinds of values on a request, and what is said about one found in a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ValueKind(StrEnum):
    """What a text can hold."""

    NPI = "npi"
    TIN = "tin"
    PHONE = "phone"
    DATE = "date"
    MEMBER_ID = "member_id"
    AUTHORIZATION_NUMBER = "authorization_number"
    ICD10 = "icd10"
    PROCEDURE = "procedure"
    MODIFIER = "modifier"
    UNITS = "units"
    PERSON_NAME = "person_name"
    PROVIDER_NAME = "provider_name"
    SEX = "sex"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ValueReading:
    """One value found in a text.

    ``value`` is canonical: a ``date`` for :attr:`ValueKind.DATE`, an ``int`` for :attr:`ValueKind.UNITS`, else a string; ``None``
    where the text has the shape and is no value, such as 09/31/1935. ``text`` is ``source[start:end]``, the span it was found in.
    ``fit`` is 0..1: how well the span fits the shape, whatever it means. ``repaired`` says that a letter was taken for a digit or
    the other way round (O for 0). ``valid`` says that the check digit, code set or calendar holds; a kind without one is valid
    when it has a value.
    """

    value: str | date | int | None
    text: str
    start: int
    end: int
    fit: float
    repaired: bool = False
    valid: bool = True
