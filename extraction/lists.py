"""Diagnoses and services: from tables, from cells that hold several codes, and from single labelled fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from extraction.cited import Cited
from extraction.codecells import (
    IN_FIELD,
    IN_TABLE,
    DiagnosisLine,
    ServiceLine,
    begins_with_code,
    dates_in,
    description_in,
    diagnoses_in,
    is_code_like,
    kind_of_code,
    misread_code,
    modifiers_in,
    services_in,
    text_of,
    units_in,
    unread,
    unread_date,
)
from extraction.extensions import asks_for_more
from extraction.labels import Label
from extraction.lettered import lettered_boxes, numbered_places
from extraction.lines import lines_from
from extraction.numbered import item_number
from extraction.rowmates import CODE_FIELDS, FilledField, rowmates
from extraction.sections import PLAN, Owned
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from extraction.tables import Row, Table
from extraction.targets import is_misread_birth
from models.page import Word
from models.values import ValueKind, find_values


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
        diagnoses.extend(diagnoses_in(cells.get("dx_code", ()), cells.get("dx_text", ()), page, IN_TABLE))
        codes = cells.get("proc_code", ())
        if "code" in cells:
            kind = kind_of_code(cells["code"])
            if kind is ValueKind.ICD10:
                text = () if "dx_text" in names else cells.get("description", ())
                diagnoses.extend(diagnoses_in(cells["code"], text, page, IN_TABLE))
            else:
                codes = codes or cells["code"]
        services.extend(_services(codes, cells, page, today))
    return Lists(tuple(diagnoses), tuple(services))


def _range(starts: tuple[Word, ...], ends: tuple[Word, ...], page: int, today: date) -> tuple[list[Cited], list[Cited]]:
    """The dates of two columns; under one heading for both ("From - To") a range may lie across them."""
    found = dates_in(starts, page, today), dates_in(ends, page, today)
    if not found[0] and len(found[1]) > 1:
        return found[1], []  # The heading was parted though its column was not.
    if all(found) or not starts or not ends:
        return found
    across = dates_in(tuple(word for line in lines_from((*starts, *ends)) for word in line.words), page, today)
    return (across, []) if len(across) > max(map(len, found)) else found


def _is_followed(line: ServiceLine, codes: tuple[Word, ...]) -> bool:
    """Whether more words stand behind the modifiers that were read behind a code in its cell."""
    if line.modifiers is None or not line.modifiers.words:
        return False
    return any(word.box.left > line.modifiers.words[-1].box.right and word.text.isalpha() for word in codes)


def _by_column(row: Row, names: list[str]) -> dict[str, tuple[Word, ...]]:
    cells: dict[str, tuple[Word, ...]] = {}
    for name, words in zip(names, row.cells, strict=True):
        cells[name] = (*cells.get(name, ()), *words)
    return cells


def _services(codes: tuple[Word, ...], cells: dict[str, tuple[Word, ...]], page: int, today: date) -> list[ServiceLine]:
    lines = services_in(codes, page, IN_TABLE)
    if not lines:
        if not is_code_like(codes):
            return []
        lines = [ServiceLine(unread(codes, page, IN_TABLE))]
    starts, ends = _range(cells.get("from_date", ()), cells.get("to_date", ()), page, today)
    first = starts[0] if starts else unread_date(cells.get("from_date", ()), page)
    last = ends[0] if ends else (starts[1] if len(starts) > 1 else unread_date(cells.get("to_date", ()), page))
    text = cells.get("proc_text") or cells.get("description", ())
    description = description_in(text, page, IN_TABLE)
    units = units_in(cells.get("units", ()), page, IN_TABLE)
    modifiers = modifiers_in(cells.get("modifier", ()), page, IN_TABLE)
    own_column = "modifier" in cells
    return [
        replace(
            line,
            # What follows a code there begins its description: "74176 CT abdomen".
            modifiers=modifiers or (None if own_column and _is_followed(line, codes) else line.modifiers),
            units=units or line.units,
            description=description if n == 0 else None,
            from_date=first,
            to_date=last,
        )
        for n, line in enumerate(lines)
    ]


def from_fields(owned: tuple[Owned, ...], titles: list[Label], finder: SlotFinder, page: int, today: date) -> Lists:
    """The diagnoses, services, dates and units of labelled fields outside tables, and of numbered places below section titles."""
    below = [
        FilledField("dx_code", title.box.y, place, additional=False)
        for title in titles
        if title.attribute in ("dx_text", "dx_code")
        for place in numbered_places(title, finder) or _right_below(title, finder)
        if kind_of_code(place.words) is ValueKind.ICD10
    ]
    return from_filled([*_filled_fields(owned, finder), *below], page, today)


def _right_below(title: Label, finder: SlotFinder) -> tuple[Slot, ...]:
    """What stands under the title of a section that has no fields: a code on a line to write on."""
    slot = finder.filled(title)
    return (slot,) if slot is not None and slot.direction is Direction.BELOW else ()


def from_filled(fields: list[FilledField], page: int, today: date) -> Lists:
    """As :func:`from_fields`, for places already known."""
    diagnoses: list[DiagnosisLine] = []
    services: list[tuple[FilledField, ServiceLine]] = []
    text = next((f.slot.words for f in fields if f.attribute == "dx_text"), ())
    read: set[tuple[Word, ...]] = set()
    for each in fields:
        words = each.slot.words
        if each.attribute in CODE_FIELDS and words in read:
            continue  # a title over the field is a label for it too
        if each.attribute in CODE_FIELDS:
            read.add(words)
        if each.attribute == "dx_code":
            diagnoses.extend(diagnoses_in(words, (), page, IN_FIELD))
        elif each.attribute == "proc_code" or (each.attribute == "code" and kind_of_code(words) is ValueKind.PROCEDURE):
            services.extend((each, line) for line in services_in(words, page, IN_FIELD) or misread_code(words, page))
        elif each.attribute == "proc_text" and begins_with_code(words):
            services.extend((each, line) for line in services_in(words, page, IN_FIELD))
        elif each.attribute in ("dx_text", "code"):
            inside = [r for r in find_values(ValueKind.ICD10, text_of(words)) if r.valid and not r.repaired]
            if inside:
                diagnoses.extend(diagnoses_in(words, (), page, IN_FIELD))
    if diagnoses and diagnoses[0].description is None and text:
        diagnoses[0] = replace(diagnoses[0], description=description_in(text, page, IN_FIELD))
    return _with_shared(diagnoses, services, fields, page, today)


def _filled_fields(owned: tuple[Owned, ...], finder: SlotFinder) -> list[FilledField]:
    fields = []
    born = any(each.label.attribute == "date_of_birth" for each in owned)
    for each in owned:
        if each.owner == PLAN or each.label.attribute is None or (not born and is_misread_birth(each)):
            continue
        slot = finder.filled(each.label)
        if slot is not None:
            additional = asks_for_more(each.label)
            attribute, row = each.label.attribute, each.label.box.y
            fields.append(FilledField(attribute, row, slot, additional, item_number(each.label)))
            behind = lettered_boxes(each.label, finder) if attribute in ("dx_code", "dx_text") else ()
            fields.extend(FilledField("dx_code", row, place, additional) for place in behind)
    return fields


def _with_shared(
    diagnoses: list[DiagnosisLine],
    services: list[tuple[FilledField, ServiceLine]],
    fields: list[FilledField],
    page: int,
    today: date,
) -> Lists:
    """Fields beside a code are that service's; fields on a row of their own are stated once for all."""
    lines = [_beside(line, rowmates(code, [each for each, _ in services], fields), page, today) for code, line in services]
    numbered = any(code.item is not None for code, _ in services)
    shared = [f for f in fields if not any(f.is_with(code) for code, _ in services) and not (numbered and f.item is not None)]
    ranges = [dates for f in shared if f.attribute == "from_date" and (dates := dates_in(f.slot.words, page, today, IN_FIELD))]
    ends = [c for f in shared if f.attribute == "to_date" for c in dates_in(f.slot.words, page, today, IN_FIELD)]
    if not ranges and len(ends) > 1:
        ranges, ends = [ends], []  # "From - To" over one place for both
    units = next(
        (u for f in shared if f.attribute == "units" and not f.additional if (u := units_in(f.slot.words, page, IN_FIELD))), None
    )
    modifiers = next((m for f in shared if f.attribute == "modifier" if (m := modifiers_in(f.slot.words, page, IN_FIELD))), None)
    text = next((f.slot.words for f in shared if f.attribute in ("proc_text", "description")), ())
    if lines and lines[0].description is None and text:
        lines[0] = replace(lines[0], description=description_in(text, page, IN_FIELD))
    return Lists(
        diagnoses=tuple(diagnoses),
        services=tuple(lines),
        from_date=ranges[0][0] if ranges else None,
        to_date=ends[0] if ends else _end_of(ranges),
        units=units,
        modifiers=modifiers,
    )


def _end_of(ranges: list[list[Cited]]) -> Cited | None:
    """The end of a range, or the date of another field; the starts of care and of the certified period are one day."""
    ends = [dates[1] for dates in ranges if len(dates) > 1]
    ends += [dates[0] for dates in ranges[1:] if dates[0].value != ranges[0][0].value]
    return ends[0] if ends else None


def _beside(line: ServiceLine, fields: list[FilledField], page: int, today: date) -> ServiceLine:
    for each in fields:
        words = each.slot.words
        if each.attribute == "units":
            line = replace(line, units=units_in(words, page, IN_FIELD) or line.units)
        elif each.attribute == "modifier":
            line = replace(line, modifiers=modifiers_in(words, page, IN_FIELD) or line.modifiers)
        elif each.attribute in ("proc_text", "description"):
            line = replace(line, description=description_in(words, page, IN_FIELD) or line.description)
        elif each.attribute == "from_date" and (dates := dates_in(words, page, today, IN_FIELD)):
            line = replace(line, from_date=dates[0], to_date=dates[1] if len(dates) > 1 else line.to_date)
        elif each.attribute == "to_date" and (dates := dates_in(words, page, today, IN_FIELD)):
            both = len(dates) > 1 and line.from_date is None
            line = replace(line, from_date=dates[0], to_date=dates[1]) if both else replace(line, to_date=dates[0])
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
    alike = len({line.from_date and line.from_date.value for line in services}) == 1 and not any(line.to_date for line in services)
    return replace(whole, services=tuple(_filled(line, whole, len(services), alike) for line in services))


def _without_repeats(lines: list[DiagnosisLine]) -> tuple[DiagnosisLine, ...]:
    seen: set[object] = set()
    kept = []
    for line in lines:
        if line.code.value is None or line.code.value not in seen:
            kept.append(line)
        seen.add(line.code.value)
    return tuple(kept)


def _filled(line: ServiceLine, whole: Lists, count: int, alike: bool) -> ServiceLine:
    """A range that the form gives once stands in every service; units and modifiers only where there is one service.

    ``alike`` says that all services begin on one day and none has an end of its own.
    """
    if line.from_date is None and line.to_date is None:
        line = replace(line, from_date=whole.from_date, to_date=whole.to_date)
    elif alike and whole.from_date is None:
        line = replace(line, to_date=line.to_date or whole.to_date)  # Its end stands on a row below.
    if count == 1:
        line = replace(line, units=line.units or whole.units, modifiers=line.modifiers or whole.modifiers)
    return line
