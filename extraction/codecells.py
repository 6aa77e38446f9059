"""Codes, dates, units and modifiers in the words of one cell or field."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from extraction.cited import Cited, cite, cite_text, words_of
from models.page import Word
from models.values import ValueKind, ValueReading, find_values

IN_TABLE = 0.95
"""How sure the place of a value is in a table, 0..1."""

IN_FIELD = 0.9
"""How sure the place of a value is behind or below a label, 0..1."""

# A bracket is an L that was misread ("J9299,(8000") where more digits stand behind it than a number of units has.
_UNITS_AFTER = re.compile(r"^\s*[,;]?\s*(?:(?:[x×*]|qty:?|units?:?)\s*(?=\d{1,4}\b)|\(\s*(?=\d{1,3}\b))(\d+)", re.IGNORECASE)
_MODIFIERS_AFTER = re.compile(r"^\s*[-–/,]?\s*((?:[A-Z0-9]{2})(?:\s*[-–/,]\s*[A-Z0-9]{2})*)\b(?!\d)")
_MONTH_BEFORE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[.,]?\s*$", re.IGNORECASE)
_MIN_SHAPE = 0.6
_LETTERS_TO_A_DIGIT = 3
_ROW_NUMBER = re.compile(r"[(#]?\d{1,2}[.):]?")
_SHAPE, _CLEAR_SHAPE = 0.7, 0.9
_DIGITS_OF_A_DATE = 4
_MIN_DESCRIPTION_LETTERS = 3


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    """One diagnosis; ``code.value`` is ``None`` where something stands in the place of the code and cannot be read."""

    code: Cited
    description: Cited | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service; the value of ``modifiers`` is a tuple."""

    code: Cited
    modifiers: Cited | None = None
    units: Cited | None = None
    description: Cited | None = None
    from_date: Cited | None = None
    to_date: Cited | None = None


def kind_of_code(words: tuple[Word, ...]) -> ValueKind:
    """Whether the code in a column that is headed "Code" is one of a diagnosis or of a service."""
    text = text_of(words)
    procedure = max((r.fit for r in find_values(ValueKind.PROCEDURE, text)), default=0.0)
    diagnosis = max((r.fit for r in find_values(ValueKind.ICD10, text) if r.valid), default=0.0)
    return ValueKind.ICD10 if diagnosis > procedure else ValueKind.PROCEDURE


def diagnoses_in(codes: tuple[Word, ...], text: tuple[Word, ...], page: int, place: float) -> list[DiagnosisLine]:
    """Codes in a cell with the description beside them, or left over in the same cell."""
    found = [r for r in _outside_dates(ValueKind.ICD10, text_of(codes)) if r.fit >= _MIN_SHAPE or r.valid]
    if not found:
        inside = [
            r
            for r in find_values(ValueKind.ICD10, text_of(text))
            if r.valid and not r.repaired and len(r.text) >= _MIN_DESCRIPTION_LETTERS
        ]
        if inside and not is_code_like(codes):
            return diagnoses_in(text, (), page, place)
        return [DiagnosisLine(unread(codes, page, place), description_in(text, page, place))] if is_code_like(codes) else []
    lines = [DiagnosisLine(cite(r, words_of(codes, r.start, r.end), page, place)) for r in found]
    used = {id(word) for line in lines for word in line.code.words}
    rest = text or tuple(word for word in codes if id(word) not in used)
    return [replace(lines[0], description=description_in(rest, page, place)), *lines[1:]]


def _outside_dates(kind: ValueKind, text: str) -> list[ValueReading]:
    """The codes in a text that are no part of a date: the year of "May 22, 2026" is no Z02.6."""
    dates = [date for date in find_values(ValueKind.DATE, text) if date.valid]
    return [
        found for found in find_values(kind, text) if not any(date.start <= found.start and found.end <= date.end for date in dates)
    ]


def is_code_like(words: tuple[Word, ...]) -> bool:
    """Whether the words could be a code that was misread: short, with digits, and more than a numbered word or row."""
    text = text_of(words).replace(" ", "")
    digits = sum(c.isdigit() for c in text)
    return 2 <= len(text) <= 9 and digits * _LETTERS_TO_A_DIGIT >= len(text) and not _ROW_NUMBER.fullmatch(text)


def unread(words: tuple[Word, ...], page: int, place: float) -> Cited:
    """Words in the place of a code that are none."""
    return Cited(None, text_of(words), words, page, place, fit=0.0, valid=False)


def description_in(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    """The words as a description, if they have a few letters."""
    letters = sum(c.isalpha() for word in words for c in word.text)
    return cite_text(words, page, place) if letters >= _MIN_DESCRIPTION_LETTERS else None


def services_in(words: tuple[Word, ...], page: int, place: float) -> list[ServiceLine]:
    """The codes of a cell, each with the modifiers and units written behind it ("97110-GP x 12")."""
    text = text_of(words)
    found = [r for r in find_values(ValueKind.PROCEDURE, text) if r.fit >= _MIN_SHAPE]
    lines = []
    for n, reading in enumerate(found):
        behind_end = found[n + 1].start if n + 1 < len(found) else len(text)
        behind = text[reading.end : behind_end]
        line = ServiceLine(cite(reading, words_of(words, reading.start, reading.end), page, place))
        modifier = None if _is_date(behind) else _MODIFIERS_AFTER.match(behind)
        if modifier and (values := tuple(str(r.value) for r in find_values(ValueKind.MODIFIER, modifier.group(1)) if r.valid)):
            at = words_of(words, reading.end + modifier.start(1), reading.end + modifier.end(1))
            line = replace(line, modifiers=Cited(values, modifier.group(1), at or line.code.words, page, place))
            behind_offset = modifier.end()
        else:
            behind_offset = 0
        units = _UNITS_AFTER.match(behind[behind_offset:])
        if units:
            start = reading.end + behind_offset + units.start(1)
            at = words_of(words, start, start + len(units.group(1)))
            line = replace(line, units=Cited(int(units.group(1)), units.group(1), at or line.code.words, page, place))
        lines.append(line)
    return lines


def _is_date(text: str) -> bool:
    """Whether a text begins with a date ("03/25/26" is no list of modifiers)."""
    return any(found.valid and not text[: found.start].strip() for found in find_values(ValueKind.DATE, text))


def dates_in(words: tuple[Word, ...], page: int, today: date, place: float = IN_TABLE) -> list[Cited]:
    """All dates in the words."""
    return [cite(r, words_of(words, r.start, r.end), page, place) for r in find_values(ValueKind.DATE, text_of(words), today=today)]


def unread_date(words: tuple[Word, ...], page: int) -> Cited | None:
    """Words in the place of a date that are none, where they could be one that was misread: mostly digits."""
    text = text_of(words).replace(" ", "")
    digits = sum(c.isdigit() for c in text)
    return unread(words, page, IN_TABLE) if digits >= _DIGITS_OF_A_DATE and 2 * digits > len(text) else None


def units_in(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    """The first quantity in the words; the day behind a month's name is none."""
    text = text_of(words)
    found = [r for r in _outside_dates(ValueKind.UNITS, text) if not _MONTH_BEFORE.search(text[: r.start])]
    return cite(found[0], words_of(words, found[0].start, found[0].end), page, place) if found else None


def modifiers_in(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    """All modifiers in the words, as a tuple; parts of a date are none."""
    found = _outside_dates(ValueKind.MODIFIER, text_of(words))
    if not found:
        return None
    values = tuple(str(r.value) for r in found if r.value is not None)
    return Cited(values, text_of(words), words, page, place, fit=min(r.fit for r in found), valid=all(r.valid for r in found))


def text_of(words: tuple[Word, ...]) -> str:
    """The words with one space between them."""
    return " ".join(word.text for word in words)


def code_in(text: str) -> ValueReading | None:
    """A code of a diagnosis or a service in a line, as it was read: valid, or at least of the shape of one."""
    found = (r for kind in (ValueKind.ICD10, ValueKind.PROCEDURE) for r in find_values(kind, text) if not r.repaired)
    return max((r for r in found if r.valid or r.fit >= _SHAPE), key=lambda r: (r.valid, r.fit), default=None)


def begins_with_code(words: tuple[Word, ...]) -> bool:
    """Whether a field for services was filled in with codes ("Procedure(s) requested: 29881-RT x 1")."""
    found = find_values(ValueKind.PROCEDURE, text_of(words))
    return bool(found) and found[0].start == 0 and found[0].fit >= _CLEAR_SHAPE and not found[0].repaired


def misread_code(words: tuple[Word, ...], page: int) -> list[ServiceLine]:
    """A service whose code cannot be read, where the words could be a code."""
    return [ServiceLine(unread(words, page, IN_FIELD))] if is_code_like(words) else []
