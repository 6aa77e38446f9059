"""The values in the zones of a request: the same value readers as everywhere, with the place known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from extraction.choice import choose
from extraction.cited import Cited, cite, words_of
from extraction.fields import list_readings, scalar_readings
from extraction.forms.known import ZoneKind
from extraction.forms.names import CHOICES, LISTS, SCALARS, SIGNED
from extraction.forms.zones import FilledZone, check_boxes_of
from extraction.labels import Label
from extraction.lists import Lists, from_filled, from_table, joined
from extraction.option_words import option_data
from extraction.options import Option
from extraction.readings import choice_reading, reading_of
from extraction.rowmates import FilledField
from extraction.scalars import Found, settle
from extraction.slot import Direction, Slot
from extraction.tables import Column, Table, open_rows, row_of
from extraction.targets import Target
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import CheckBox, Method, Page
from models.reading import FieldReading
from models.values import ValueKind, find_values

_PLACE = 0.98
_LEAST_FIT = 0.25
_SIGNED_INK = 0.012
_SAME_CELL = 0.75
_SLACK = 0.004
_SIGNED_LETTERS = 3
_SIGNATURE_CONFIDENCE = 0.9


def scalars(zones: Iterable[FilledZone], today: date) -> list[FieldReading]:
    """The values that a request has once."""
    found = [c for zone in zones for field in zone.zone.fields if field in SCALARS for c in _found(zone, field, today)]
    settled = settle(tuple(found))
    dated = settled.pop("signature.signed_on", None)
    readings = scalar_readings(settled)
    if dated is not None:
        best = dated[0]
        readings.append(reading_of("signature.signed_on", cite(best.reading, best.words, best.page, best.score)))
    return readings


def _found(zone: FilledZone, field: str, today: date) -> list[Found]:
    kind = SCALARS[field]
    birth = field == "member.date_of_birth"
    found = find_values(kind, zone.text, birth=birth, today=today)
    if kind is ValueKind.SEX and len({reading.value for reading in found}) > 1:
        return []
    target, label = Target(field, kind, birth=birth), zone.label
    return [
        Found(target, reading, words, label, Direction.IN_CELL, zone.page, _PLACE * (0.5 + 0.5 * reading.fit))
        for reading in found
        if reading.fit >= _LEAST_FIT and (words := words_of(zone.words, reading.start, reading.end))
    ]


def lists(zones: Iterable[FilledZone], pages: dict[int, Page], today: date) -> list[FieldReading]:
    """The diagnoses and services, from tables and from places of their own."""
    parts: list[Lists] = []
    by_page: dict[int, list[FilledField]] = {}
    for zone in zones:
        if zone.zone.kind is ZoneKind.TABLE:
            parts.append(from_table(_table(zone, pages[zone.page]), zone.page, today))
            continue
        for field in zone.zone.fields:
            if field in LISTS and zone.words:
                additional = "ADDITIONAL" in zone.zone.label.upper()
                slot = Slot(Direction.IN_CELL, zone.box, zone.words)
                by_page.setdefault(zone.page, []).append(FilledField(LISTS[field], zone.zone.box.y, slot, additional))
    parts.extend(from_filled(fields, page, today) for page, fields in by_page.items())
    return list_readings(joined(tuple(parts)))


def _table(zone: FilledZone, page: Page) -> Table:
    box, blank = zone.box, zone.zone.box

    def across(x: float) -> float:
        return box.left + (x - blank.left) * box.width / (blank.width or 1.0)

    def down(y: float) -> float:
        return box.top + (y - blank.top) * box.height / (blank.height or 1.0)

    columns = tuple(_column(c.field, across(c.left), across(c.right), box, zone.label) for c in zone.zone.columns)
    if not zone.zone.rows:
        return Table(columns, tuple(open_rows(zone.words, columns, page.aspect)), box)
    known = [Box.clipped(box.left, down(row.top), box.right, down(row.bottom)) for row in zone.zone.rows]
    bands = _drawn_rows(columns, box, page, len(known)) or known
    rows = []
    for band in bands:
        nearest = tuple(word for word in zone.words if min(bands, key=lambda b: abs(b.y - word.box.y)) is band)
        rows.append(row_of(nearest, columns, band))
    return Table(columns, tuple(row for row in rows if any(row.cells)), box)


def _drawn_rows(columns: tuple[Column, ...], box: Box, page: Page, count: int) -> list[Box]:
    """The rows as the page itself draws them, where it shows as many: a program that fills in a form may have made some higher."""
    area = box.grown(0, _SLACK)
    for column in columns:
        own = Box.clipped(column.left, box.top, column.right, box.bottom)
        chain = [
            cell
            for cell in sorted(page.cells, key=lambda c: c.top)
            if cell.x_overlap(own) > _SAME_CELL * max(cell.width, own.width) and area.holds(own.x, cell.y)
        ]
        if len(chain) == count:
            return [Box.clipped(box.left, cell.top, box.right, cell.bottom) for cell in chain]
    return []


def _column(field: str | None, left: float, right: float, table: Box, label: Label) -> Column:
    """A column under a heading as wide as itself."""
    heading = replace(label, box=Box.clipped(left, table.top, right, table.top))
    return Column(LISTS.get(field or "", ""), heading, left, right)


def choices(zones: Iterable[FilledZone], pages: dict[int, Page]) -> list[FieldReading]:
    """What is ticked, or written out in a place for one word."""
    zones = tuple(zones)
    readings = []
    for field in CHOICES:
        boxes = [zone for zone in zones if zone.zone.kind is ZoneKind.CHECK_BOX and zone.zone.fields == (field,)]
        options: list[Option] = []
        for number, page in pages.items():
            mine = [zone for zone in boxes if zone.page == number]
            seen = check_boxes_of(page, tuple(zone.box for zone in mine))
            options.extend(_option(zone, box) for zone, box in zip(mine, seen, strict=True))
        choice = choose(tuple(options), field)
        if choice is not None and (choice.value is not None or choice.doubtful):
            readings.append(choice_reading(choice, choice.value))
        elif choice is None and field not in SCALARS:
            readings.extend(_written_out(zones, field))
    return readings


def _option(zone: FilledZone, seen: CheckBox) -> Option:
    first, *others = zone.zone.values
    return Option(zone.zone.fields[0], first, tuple(others), seen, zone.label.words, zone.page)


def _written_out(zones: tuple[FilledZone, ...], field: str) -> list[FieldReading]:
    for zone in zones:
        if field in zone.zone.fields and zone.words:
            named = [value for path, value in option_data().typed(zone.text) if path == field]
            if len(named) == 1:
                return [reading_of(field, Cited(named[0], zone.text, zone.words, zone.page, _PLACE))]
    return []


def signature(zones: Iterable[FilledZone], pages: dict[int, Page]) -> list[FieldReading]:
    """Whether a place to sign holds ink or letters."""
    places = [zone for zone in zones if SIGNED in zone.zone.fields]
    signed = [zone for zone in places if _is_signed(zone, pages[zone.page])]
    if not places:
        return []
    best = (signed or places)[0]
    method = best.words[0].method if best.words else Method.OCR
    seen = Evidence(Origin.CHOICE, place=_SIGNATURE_CONFIDENCE)
    return [FieldReading(SIGNED, best.text, bool(signed), seen.place, best.page, best.box, method, evidence=seen)]


def _is_signed(zone: FilledZone, page: Page) -> bool:
    return sum(c.isalpha() for c in zone.text) >= _SIGNED_LETTERS or page.ink.share(zone.box) > _SIGNED_INK
