"""Diagnoses and services: from tables, from cells that hold several codes, and from single labelled fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from extraction.cited import Cited, cite, cite_text, words_of
from extraction.sections import PLAN, Owned
from extraction.slots import Slot, SlotFinder
from extraction.tables import Row, Table
from models.page import Word
from models.values import ValueKind, find_values

_IN_TABLE = 0.95
_IN_FIELD = 0.9
_UNITS_AFTER = re.compile(r"^\s*[,;]?\s*(?:[x×*(]|qty:?|units?:?)\s*(\d{1,4})\b", re.IGNORECASE)
_MODIFIERS_AFTER = re.compile(r"^\s*[-–/,]?\s*((?:[A-Z0-9]{2})(?:\s*[-–/,]\s*[A-Z0-9]{2})*)\b(?!\d)")
_MIN_SHAPE = 0.6
_CLEAR_SHAPE = 0.9
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


@dataclass(frozen=True, slots=True)
class Lists:
    """What a page lists, and what it states once for all services."""

    diagnoses: tuple[DiagnosisLine, ...] = ()
    services: tuple[ServiceLine, ...] = ()
    from_date: Cited | None = None
    to_date: Cited | None = None
    units: Cited | None = None
    modifiers: Cited | None = None


def from_table(table: Table, page: int, today: date) -> Lists:
    """The diagnoses and services of one table."""
    diagnoses: list[DiagnosisLine] = []
    services: list[ServiceLine] = []
    names = [column.attribute for column in table.columns]
    for row in table.rows:
        cells = _by_column(row, names)
        diagnoses.extend(_diagnoses(cells.get("dx_code", ()), cells.get("dx_text", ()), page, _IN_TABLE))
        codes = cells.get("proc_code", ())
        if "code" in cells:
            kind = _kind_of_code(cells["code"])
            if kind is ValueKind.ICD10:
                text = () if "dx_text" in names else cells.get("description", ())
                diagnoses.extend(_diagnoses(cells["code"], text, page, _IN_TABLE))
            else:
                codes = codes or cells["code"]
        services.extend(_services(codes, cells, page, today))
    return Lists(tuple(diagnoses), tuple(services))


def _by_column(row: Row, names: list[str]) -> dict[str, tuple[Word, ...]]:
    cells: dict[str, tuple[Word, ...]] = {}
    for name, words in zip(names, row.cells, strict=True):
        cells[name] = (*cells.get(name, ()), *words)
    return cells


def _kind_of_code(words: tuple[Word, ...]) -> ValueKind:
    text = _text(words)
    procedure = max((r.fit for r in find_values(ValueKind.PROCEDURE, text)), default=0.0)
    diagnosis = max((r.fit for r in find_values(ValueKind.ICD10, text) if r.valid), default=0.0)
    return ValueKind.ICD10 if diagnosis > procedure else ValueKind.PROCEDURE


def _diagnoses(codes: tuple[Word, ...], text: tuple[Word, ...], page: int, place: float) -> list[DiagnosisLine]:
    """Codes in a cell with the description beside them, or left over in the same cell."""
    found = [r for r in find_values(ValueKind.ICD10, _text(codes)) if r.fit >= _MIN_SHAPE or r.valid]
    if not found:
        inside = [
            r
            for r in find_values(ValueKind.ICD10, _text(text))
            if r.valid and not r.repaired and len(r.text) >= _MIN_DESCRIPTION_LETTERS
        ]
        if inside and not _is_code_like(codes):
            return _diagnoses(text, (), page, place)
        return [DiagnosisLine(_unread(codes, page, place), _description(text, page, place))] if _is_code_like(codes) else []
    lines = [DiagnosisLine(cite(r, words_of(codes, r.start, r.end), page, place)) for r in found]
    used = {id(word) for line in lines for word in line.code.words}
    rest = text or tuple(word for word in codes if id(word) not in used)
    return [replace(lines[0], description=_description(rest, page, place)), *lines[1:]]


def _is_code_like(words: tuple[Word, ...]) -> bool:
    """Whether the words could be a code that was misread: short, with a digit."""
    text = _text(words).replace(" ", "")
    return 2 <= len(text) <= 9 and any(c.isdigit() for c in text)


def _unread(words: tuple[Word, ...], page: int, place: float) -> Cited:
    return Cited(None, _text(words), words, page, place, fit=0.0, valid=False)


def _description(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    letters = sum(c.isalpha() for word in words for c in word.text)
    return cite_text(words, page, place) if letters >= _MIN_DESCRIPTION_LETTERS else None


def _services(codes: tuple[Word, ...], cells: dict[str, tuple[Word, ...]], page: int, today: date) -> list[ServiceLine]:
    lines = _coded(codes, page, _IN_TABLE)
    if not lines:
        if not _is_code_like(codes):
            return []
        lines = [ServiceLine(_unread(codes, page, _IN_TABLE))]
    starts, ends = _dates(cells.get("from_date", ()), page, today), _dates(cells.get("to_date", ()), page, today)
    first = starts[0] if starts else None
    last = ends[0] if ends else (starts[1] if len(starts) > 1 else None)
    text = cells.get("proc_text") or cells.get("description", ())
    description = _description(text, page, _IN_TABLE)
    units = _units(cells.get("units", ()), page, _IN_TABLE)
    modifiers = _modifiers(cells.get("modifier", ()), page, _IN_TABLE)
    return [
        replace(
            line,
            modifiers=modifiers or line.modifiers,
            units=units or line.units,
            description=description if n == 0 else None,
            from_date=first,
            to_date=last,
        )
        for n, line in enumerate(lines)
    ]


def _coded(words: tuple[Word, ...], page: int, place: float) -> list[ServiceLine]:
    """The codes of a cell, each with the modifiers and units written behind it ("97110-GP x 12")."""
    text = _text(words)
    found = [r for r in find_values(ValueKind.PROCEDURE, text) if r.fit >= _MIN_SHAPE]
    lines = []
    for n, reading in enumerate(found):
        behind_end = found[n + 1].start if n + 1 < len(found) else len(text)
        behind = text[reading.end : behind_end]
        line = ServiceLine(cite(reading, words_of(words, reading.start, reading.end), page, place))
        modifier = _MODIFIERS_AFTER.match(behind)
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


def _dates(words: tuple[Word, ...], page: int, today: date, place: float = _IN_TABLE) -> list[Cited]:
    return [cite(r, words_of(words, r.start, r.end), page, place) for r in find_values(ValueKind.DATE, _text(words), today=today)]


def _units(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    found = find_values(ValueKind.UNITS, _text(words))
    return cite(found[0], words_of(words, found[0].start, found[0].end), page, place) if found else None


def _modifiers(words: tuple[Word, ...], page: int, place: float) -> Cited | None:
    found = find_values(ValueKind.MODIFIER, _text(words))
    if not found:
        return None
    values = tuple(str(r.value) for r in found if r.value is not None)
    return Cited(values, _text(words), words, page, place, fit=min(r.fit for r in found), valid=all(r.valid for r in found))


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


@dataclass(frozen=True, slots=True)
class FilledField:
    """A place outside tables with words in it; ``row`` is the height at which its label stands, in page fractions."""

    attribute: str
    row: float
    slot: Slot
    additional: bool


def from_fields(owned: tuple[Owned, ...], finder: SlotFinder, page: int, today: date) -> Lists:
    """The diagnoses, services, dates and units of labelled fields outside tables."""
    return from_filled(_filled_fields(owned, finder), page, today)


def from_filled(fields: list[FilledField], page: int, today: date) -> Lists:
    """As :func:`from_fields`, for places already known."""
    diagnoses: list[DiagnosisLine] = []
    services: list[tuple[float, ServiceLine]] = []
    text = next((f.slot.words for f in fields if f.attribute == "dx_text"), ())
    for each in fields:
        words = each.slot.words
        if each.attribute == "dx_code":
            diagnoses.extend(_diagnoses(words, (), page, _IN_FIELD))
        elif each.attribute == "proc_code" or (each.attribute == "code" and _kind_of_code(words) is ValueKind.PROCEDURE):
            services.extend((each.row, line) for line in _coded(words, page, _IN_FIELD) or _misread_code(words, page))
        elif each.attribute == "proc_text" and _begins_with_code(words):
            services.extend((each.row, line) for line in _coded(words, page, _IN_FIELD))
        elif each.attribute in ("dx_text", "code"):
            inside = [r for r in find_values(ValueKind.ICD10, _text(words)) if r.valid and not r.repaired]
            if inside:
                diagnoses.extend(_diagnoses(words, (), page, _IN_FIELD))
    if diagnoses and diagnoses[0].description is None and text:
        diagnoses[0] = replace(diagnoses[0], description=_description(text, page, _IN_FIELD))
    return _with_shared(diagnoses, services, fields, page, today)


def _begins_with_code(words: tuple[Word, ...]) -> bool:
    """Whether a field for services was filled in with codes ("Procedure(s) requested: 29881-RT x 1")."""
    found = find_values(ValueKind.PROCEDURE, _text(words))
    return bool(found) and found[0].start == 0 and found[0].fit >= _CLEAR_SHAPE and not found[0].repaired


def _misread_code(words: tuple[Word, ...], page: int) -> list[ServiceLine]:
    return [ServiceLine(_unread(words, page, _IN_FIELD))] if _is_code_like(words) else []


def _filled_fields(owned: tuple[Owned, ...], finder: SlotFinder) -> list[FilledField]:
    fields = []
    for each in owned:
        if each.owner == PLAN or each.label.attribute is None:
            continue
        slot = finder.filled(each.label)
        if slot is not None:
            additional = "ADDITIONAL" in each.label.text.upper()
            fields.append(FilledField(each.label.attribute, each.label.box.y, slot, additional))
    return fields


def _with_shared(
    diagnoses: list[DiagnosisLine], services: list[tuple[float, ServiceLine]], fields: list[FilledField], page: int, today: date
) -> Lists:
    """Fields beside a code are that service's; fields on a row of their own are stated once for all."""
    rows = {row for row, _ in services}
    done = [(row, _beside(line, [f for f in fields if abs(f.row - row) < 0.008], page, today)) for row, line in services]
    shared = [f for f in fields if not any(abs(f.row - row) < 0.008 for row in rows)]
    starts = [c for f in shared if f.attribute == "from_date" for c in _dates(f.slot.words, page, today, _IN_FIELD)]
    ends = [c for f in shared if f.attribute == "to_date" for c in _dates(f.slot.words, page, today, _IN_FIELD)]
    units = next(
        (u for f in shared if f.attribute == "units" and not f.additional if (u := _units(f.slot.words, page, _IN_FIELD))), None
    )
    modifiers = next((m for f in shared if f.attribute == "modifier" if (m := _modifiers(f.slot.words, page, _IN_FIELD))), None)
    text = next((f.slot.words for f in shared if f.attribute in ("proc_text", "description")), ())
    lines = [line for _, line in done]
    if lines and lines[0].description is None and text:
        lines[0] = replace(lines[0], description=_description(text, page, _IN_FIELD))
    return Lists(
        diagnoses=tuple(diagnoses),
        services=tuple(lines),
        from_date=starts[0] if starts else None,
        to_date=ends[0] if ends else (starts[1] if len(starts) > 1 else None),
        units=units,
        modifiers=modifiers,
    )


def _beside(line: ServiceLine, fields: list[FilledField], page: int, today: date) -> ServiceLine:
    for each in fields:
        words = each.slot.words
        if each.attribute == "units":
            line = replace(line, units=_units(words, page, _IN_FIELD) or line.units)
        elif each.attribute == "modifier":
            line = replace(line, modifiers=_modifiers(words, page, _IN_FIELD) or line.modifiers)
        elif each.attribute in ("proc_text", "description"):
            line = replace(line, description=_description(words, page, _IN_FIELD) or line.description)
        elif each.attribute == "from_date" and (dates := _dates(words, page, today, _IN_FIELD)):
            line = replace(line, from_date=dates[0], to_date=dates[1] if len(dates) > 1 else line.to_date)
        elif each.attribute == "to_date" and (dates := _dates(words, page, today, _IN_FIELD)):
            line = replace(line, to_date=dates[0])
    return line


def joined(parts: tuple[Lists, ...]) -> Lists:
    """The lists of all pages and tables as one: a code that another part has already given is not given again."""
    diagnoses: list[DiagnosisLine] = []
    services: list[ServiceLine] = []
    for part in parts:
        known_diagnoses = {line.code.value for line in diagnoses}
        diagnoses.extend(line for line in part.diagnoses if line.code.value is None or line.code.value not in known_diagnoses)
        known_services = {line.code.value for line in services}
        services.extend(line for line in part.services if line.code.value is None or line.code.value not in known_services)
    whole = Lists(
        diagnoses=_without_repeats(diagnoses),
        services=tuple(services),
        from_date=next((p.from_date for p in parts if p.from_date), None),
        to_date=next((p.to_date for p in parts if p.to_date), None),
        units=next((p.units for p in parts if p.units), None),
        modifiers=next((p.modifiers for p in parts if p.modifiers), None),
    )
    return replace(whole, services=tuple(_filled(line, whole, len(services)) for line in services))


def _without_repeats(lines: list[DiagnosisLine]) -> tuple[DiagnosisLine, ...]:
    seen: set[object] = set()
    kept = []
    for line in lines:
        if line.code.value is None or line.code.value not in seen:
            kept.append(line)
        seen.add(line.code.value)
    return tuple(kept)


def _filled(line: ServiceLine, whole: Lists, count: int) -> ServiceLine:
    """A range that the form gives once stands in every service; units and modifiers only where there is one service."""
    if line.from_date is None and line.to_date is None:
        line = replace(line, from_date=whole.from_date, to_date=whole.to_date)
    if count == 1:
        line = replace(line, units=line.units or whole.units, modifiers=line.modifiers or whole.modifiers)
    return line
