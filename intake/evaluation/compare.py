"""Compares one record with one labelled request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from intake.evaluation.comparable import comparable
from intake.evaluation.flags import Flags, counted_gaps, gap_key
from intake.evaluation.labels import ChangeLabel, Group, RequestLabel
from intake.evaluation.marks import Mark, Part
from models.record import Amendment, GapReason, Reading, ReferralRecord, without_positions

GROUPS: dict[str, tuple[str, ...]] = {
    "request": ("kind", "urgency", "requested_on", "authorization_number"),
    "member": ("last_name", "first_name", "member_id", "date_of_birth", "sex", "phone"),
    "requesting_provider": ("name", "npi", "tin", "phone", "fax", "contact"),
    "servicing_provider": ("name", "npi", "tin", "phone", "fax", "facility"),
}
LISTS = ("diagnoses", "services")
_SERVICE_DETAILS = ("modifiers", "units", "from_date", "to_date")
_DESCRIPTIVE = {"diagnoses": ("description",), "services": ("description", "code_system")}

_Rows = Mapping[str, tuple[int, Mapping[str, object]]]


def compare(label: RequestLabel, record: ReferralRecord | None) -> tuple[Mark, ...]:
    """All comparisons of one request; with no record, everything on the form was missed."""
    flags = Flags.of(record)
    marks = [*_group_marks(label, record, flags)]
    for name in LISTS:
        rows = label.diagnoses if name == "diagnoses" else label.services
        if rows is not None:
            marks += _ListComparison(name, rows, record, flags).marks()
    marks += _signature_marks(label, record)
    if label.amendments is not None:
        given = record.amendments if record else []
        read = [_reading(record, f"amendments.{at}") for at in range(len(given))]
        marks += _set_marks(Part.AMENDMENT, "amendments", _changes(label.amendments), _changes(given), flags.on_amendments(), read)
    if label.gaps is not None:
        marks += _gap_marks(label.gaps, record)
    return tuple(marks)


def _reading(record: ReferralRecord | None, path: str) -> Reading | None:
    return record.readings.get(path) if record else None


def _group_marks(label: RequestLabel, record: ReferralRecord | None, flags: Flags) -> Iterator[Mark]:
    for group, names in GROUPS.items():
        labelled = label.group(group)
        given = getattr(record, group) if record else None
        for name in names:
            if name in labelled:
                path = f"{group}.{name}"
                value = comparable(path, getattr(given, name, None))
                yield Mark(Part.FIELD, path, comparable(path, labelled[name]), value, flags.on(path), _reading(record, path))


def _signature_marks(label: RequestLabel, record: ReferralRecord | None) -> Iterator[Mark]:
    signature = record.signature if record else None
    for name, value in label.signature.items():
        if name in ("present", "signed_on"):
            path = f"signature.{name}"
            yield Mark(Part.INFO, path, comparable(path, value), comparable(path, getattr(signature, name, None)), flagged=False)


class _ListComparison:
    """Diagnoses or services: sets of codes, and what stands beside each code."""

    def __init__(self, name: str, labelled: Sequence[Group], record: ReferralRecord | None, flags: Flags) -> None:
        self._name, self._record, self._flags = name, record, flags
        given = [row.model_dump() for row in (getattr(record, name) if record else [])]
        self._wanted, self._given = _by_code(labelled), _by_code(given)
        # a code that was misread stands for the one that was missed in its place: its flag counts for both
        self._spare_flagged = any(
            flags.on(self._code_path(at)) for code, (at, _) in self._given.items() if code not in self._wanted
        )

    def marks(self) -> Iterator[Mark]:
        """The codes, then what stands beside them."""
        everything = dict.fromkeys([*self._wanted, *self._given])
        for code in everything:
            yield self._code_mark(code)
        for code in everything:
            if self._name == "services":
                yield from self._details(code)
            if code in self._wanted and code in self._given:
                yield from self._descriptive(code)

    def _code_path(self, at: int) -> str:
        return f"{self._name}.{at}.code"

    def _code_flag(self, code: str) -> bool:
        if code in self._given:
            return self._flags.on(self._code_path(self._given[code][0]))
        return self._missed_flag()

    def _missed_flag(self) -> bool:
        return self._flags.on_list(self._name) or self._spare_flagged

    def _code_mark(self, code: str) -> Mark:
        reading = _reading(self._record, self._code_path(self._given[code][0])) if code in self._given else None
        wanted, given = (code if code in rows else None for rows in (self._wanted, self._given))
        return Mark(Part.FIELD, f"{self._name}.code", wanted, given, self._code_flag(code), reading)

    def _details(self, code: str) -> Iterator[Mark]:
        labelled = self._wanted[code][1] if code in self._wanted else {}
        at, given = self._given.get(code, (-1, {}))
        for name in _SERVICE_DETAILS:
            if code in self._wanted and name not in labelled:
                continue
            path = f"services.{at}.{name}"
            flagged = self._flags.on(path) if code in self._given else self._missed_flag()
            flagged = flagged or (code not in self._wanted and self._code_flag(code))
            wanted, value = comparable(name, labelled.get(name)), comparable(name, given.get(name))
            yield Mark(Part.FIELD, f"services.{name}", wanted, value, flagged, _reading(self._record, path))

    def _descriptive(self, code: str) -> Iterator[Mark]:
        labelled, given = self._wanted[code][1], self._given[code][1]
        for name in _DESCRIPTIVE[self._name]:
            if name in labelled:
                wanted, value = comparable(name, labelled[name]), comparable(name, given.get(name))
                yield Mark(Part.INFO, f"{self._name}.{name}", wanted, value, flagged=False)


def _by_code(rows: Sequence[Mapping[str, object]]) -> _Rows:
    """Rows by comparable code; a second row of the same code is told from the first by its count."""
    found: dict[str, tuple[int, Mapping[str, object]]] = {}
    for at, row in enumerate(rows):
        code = comparable("code", row.get("code"))
        if code is None:
            continue
        key, count = code, 2
        while key in found:
            key, count = f"{code}#{count}", count + 1
        found[key] = (at, row)
    return found


def _changes(stated: Iterable[ChangeLabel | Amendment]) -> list[str]:
    return [_change(change) for change in stated]


def _change(change: ChangeLabel | Amendment) -> str:
    path = without_positions(change.field)
    return " | ".join((change.action.lower(), path, comparable(path, change.old) or "", comparable(path, change.new) or ""))


def _gap_marks(labelled: Sequence[tuple[str, str]], record: ReferralRecord | None) -> Iterator[Mark]:
    wanted = [gap_key(field, reason) for field, reason in labelled]
    given = [gap_key(gap.field, gap.reason) for gap in counted_gaps(record) if gap.reason is not GapReason.ILLEGIBLE]
    given = list(dict.fromkeys(given))
    if ("services", "missing") in wanted:
        # where there is no service, that it has no date goes without saying
        given = [gap for gap in given if gap != ("services.from_date", "missing")]
    yield from _set_marks(Part.GAP, "gaps", [" ".join(gap) for gap in wanted], [" ".join(gap) for gap in given], flagged=False)


def _set_marks(
    part: Part, path: str, wanted: Sequence[str], given: Sequence[str], flagged: bool, readings: Sequence[Reading | None] = ()
) -> Iterator[Mark]:
    """Each is right or not; order does not count. ``readings`` are those of ``given``, where they have any."""
    left = [(item, readings[at] if at < len(readings) else None) for at, item in enumerate(given)]
    for item in wanted:
        found = next((each for each in left if each[0] == item), None)
        if found is not None:
            left.remove(found)
        yield Mark(part, path, item, item if found else None, flagged, found[1] if found else None)
    for item, reading in left:
        yield Mark(part, path, None, item, flagged, reading)
    if not wanted and not given:
        yield Mark(part, path, None, None, flagged)
