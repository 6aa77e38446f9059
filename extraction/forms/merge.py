"""The reading of a request by the zones of a known form, in place of the general reading where the form has zones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extraction.confidence import judge
from extraction.evidence import of_words
from extraction.fields import RequestReading
from extraction.forms.known import KnownForm, ZoneKind
from extraction.forms.match import Placement, place
from extraction.forms.names import CHOICES
from extraction.forms.values import choices, lists, scalars, signature
from extraction.forms.zones import FilledZone, filled_zones
from extraction.pages import RequestPages
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import Page
from models.reading import Candidate, FieldReading

_LISTS = ("diagnoses", "services")
_IN_ZONE = 0.5
_SOMETHING = 3
_ASIDE = 0.3
# As many values without a field as count as evidence that a field is not empty.
_CONTESTED = 3
_NAMES = frozenset({"name", "last_name", "first_name"})


@dataclass(frozen=True, slots=True)
class _Placed:
    page: Page
    placement: Placement


def read_by_zone(general: RequestReading, request: RequestPages, forms: tuple[KnownForm, ...], today: date) -> RequestReading:
    """The request with the fields that a known form has zones for read from those zones.

    An empty zone means that the field is empty. Where the zone and the general reading differ, the zone's value stands and a
    coordinator is asked. Without a matching form the reading is what it was.

    Args:
        general: what the labels of the page gave.
        request: the pages of the request.
        forms: all registered forms.
        today: the day of receipt; settles the century of two-digit years.
    """
    placed = _best((*request.pages, *request.attached), forms)
    if not placed:
        return general
    zones = tuple(zone for each in placed for zone in filled_zones(each.page, each.placement))
    pages = {each.page.number: each.page for each in placed}
    own = [*scalars(zones, today), *choices(zones, pages), *lists(zones, pages, today), *signature(zones, pages)]
    merged = _merged(general.readings, own, zones)
    return replace(general, readings=judge(merged, (*request.pages, *request.attached)), recognised=True)


def _best(pages: tuple[Page, ...], forms: tuple[KnownForm, ...]) -> list[_Placed]:
    """The pages of the one form that fits best, each with the form's page that it is, in any order."""
    most: list[_Placed] = []
    for form in forms:
        found = [(p.share, n, page, p) for page in pages for n, own in enumerate(form.pages) if (p := place(own, page)) is not None]
        chosen: dict[int, _Placed] = {}
        for _, number, page, placement in sorted(found, key=lambda each: -each[0]):
            if number not in chosen and all(other.page is not page for other in chosen.values()):
                chosen[number] = _Placed(page, placement)
        if sum(each.placement.share for each in chosen.values()) > sum(each.placement.share for each in most):
            most = list(chosen.values())
    return most


def _merged(general: tuple[FieldReading, ...], own: list[FieldReading], zones: tuple[FilledZone, ...]) -> tuple[FieldReading, ...]:
    by_path = {reading.path: reading for reading in general}
    covered = _covered(zones)
    merged = [_compared(reading, by_path.get(reading.path)) for reading in own]
    taken = {reading.path for reading in own}
    for reading in general:
        if reading.path not in taken:
            merged.extend(_kept(reading, by_path, taken, covered, zones))
    read = {reading.path for reading in merged if reading.evidence.origin is not Origin.ABSENT}
    unread = tuple(_unread(read, zones))
    instead = {reading.path for reading in unread}
    return (*(reading for reading in merged if reading.path not in instead), *unread)


def _kept(
    reading: FieldReading, general: dict[str, FieldReading], taken: set[str], covered: set[str], zones: tuple[FilledZone, ...]
) -> Iterable[FieldReading]:
    """What becomes of a general reading that no zone has given."""
    group = reading.path.split(".")[0]
    if reading.evidence.origin is Origin.ABSENT:
        fewer = reading.path in covered & set(_LISTS) and _codes(taken, group) < _codes(general, group)
        return (_blank(reading, zones, contested=fewer),)
    if group in covered & set(_LISTS):
        return _kept_of_list(reading, taken, zones)
    if reading.path not in covered:
        elsewhere = _in_zones(reading, zones) and reading.path not in CHOICES
        return () if elsewhere else (reading,)
    return (_nothing(reading, zones) if _in_zones(reading, zones) else _outside(reading),)


def _kept_of_list(reading: FieldReading, taken: set[str], zones: tuple[FilledZone, ...]) -> Iterable[FieldReading]:
    """A detail of a row that the zones have too is contested; rows stand where the zones gave none and they lie outside them."""
    group, row, *_ = reading.path.split(".")
    if f"{group}.{row}.code" in taken:
        return (_nothing(reading, zones),)
    return () if _codes(taken, group) or _in_zones(reading, zones) else (_outside(reading),)


def _codes(paths: Iterable[str], group: str) -> int:
    """How many rows of a list are among the paths."""
    return sum(path.startswith(f"{group}.") and path.endswith(".code") for path in paths)


def _blank(reading: FieldReading, zones: tuple[FilledZone, ...], *, contested: bool) -> FieldReading:
    """A field that nothing was read for, with its place where the form has one.

    ``contested`` says that the general reading had something for it: then it is in doubt that the field is empty.
    """
    leftover = _CONTESTED if contested else reading.evidence.leftover
    zone = next((zone for zone in zones if reading.path in zone.zone.fields and zone.zone.kind is not ZoneKind.CHECK_BOX), None)
    if zone is None:
        return replace(reading, evidence=replace(reading.evidence, leftover=leftover))
    words = sum(any(c.isalnum() for c in word.text) for word in zone.words)
    seen = replace(reading.evidence, labelled=True, ink=0.0, words=words, leftover=leftover)
    return replace(reading, page=zone.page, box=zone.box, evidence=seen)


def _nothing(reading: FieldReading, zones: tuple[FilledZone, ...]) -> FieldReading:
    """The field of a general reading whose value stands in the place of another field: its own place is empty."""
    seen = Evidence(Origin.ABSENT, exact=reading.evidence.exact, words=0)
    return _blank(replace(reading, text="", value=None, candidates=(), evidence=seen), zones, contested=True)


def _covered(zones: tuple[FilledZone, ...]) -> set[str]:
    """The fields that the form has zones for; a list is covered as a whole."""
    covered: set[str] = set()
    for zone in zones:
        columns = [column.field for column in zone.zone.columns if column.field]
        for field in (*zone.zone.fields, *columns):
            group, _, name = field.partition(".")
            if group in _LISTS and name == "code":
                covered.add(group)
            elif field == "member.name":
                covered |= {"member.last_name", "member.first_name"}
            elif name in ("last_name", "first_name") and group != "member":
                covered.add(f"{group}.name")
            elif group not in _LISTS:
                covered.add(field)
    return covered - {"request.kind"}


def _in_zones(reading: FieldReading, zones: tuple[FilledZone, ...]) -> bool:
    """Whether the value stands in a place that the form has for something else: then it is not this field's."""
    return any(
        zone.page == reading.page and reading.box.inside_share(zone.box) > _IN_ZONE
        for zone in zones
        if zone.zone.kind is not ZoneKind.CHECK_BOX
    )


def _outside(reading: FieldReading) -> FieldReading:
    """A value beside its empty zone may have been written out of its place: it stays, with its place in doubt."""
    return replace(reading, evidence=replace(reading.evidence, place=_ASIDE, rival=1.0))


def _compared(own: FieldReading, general: FieldReading | None) -> FieldReading:
    """The zone's reading; in doubt where the general reading gave another value."""
    if general is None or general.value is None:
        return own
    if general.value == own.value:
        return replace(own, evidence=replace(own.evidence, supported=own.evidence.supported + 1))
    rival = Candidate(str(general.value), general.text, general.confidence, general.page, general.box)
    return replace(own, candidates=(rival, *own.candidates), evidence=replace(own.evidence, rival=1.0))


def _unread(done: set[str], zones: tuple[FilledZone, ...]) -> Iterable[FieldReading]:
    """Fields whose zone holds writing that is no value of the field: something stands there, and a coordinator looks."""
    for zone in zones:
        if zone.zone.kind not in (ZoneKind.TEXT, ZoneKind.COMB) or len(zone.zone.fields) != 1:
            continue
        field = zone.zone.fields[0]
        group, name = field.split(".")[0], field.split(".")[-1]
        written = sum(c.isalnum() for c in zone.text) >= _SOMETHING
        if written and field not in done and group not in _LISTS and "." in field and name not in _NAMES:
            done.add(field)
            box = Box.around(word.box for word in zone.words)
            seen = of_words(zone.words, Evidence(place=_ASIDE, fit=0.0, valid=False, empty=True))
            yield FieldReading(field, zone.text, None, _ASIDE, zone.page, box, zone.words[0].method, evidence=seen)
