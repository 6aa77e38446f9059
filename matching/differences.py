"""In what two requests differ that are the same: only what the later one states, and says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from matching import alike
from matching.alike import Likeness
from matching.facts import bare_number, facts_of, plain
from matching.impossible import Holds, is_cin, is_diagnosis, is_npi, is_procedure, is_slip
from models.circumstances import Difference
from models.record import ReferralRecord, Service

_PARTS = {
    "request": ("kind", "urgency", "authorization_number"),
    "member": ("last_name", "first_name", "member_id", "date_of_birth", "sex"),
    "requesting_provider": ("name", "npi", "tin", "fax"),
    "servicing_provider": ("name", "npi", "tin", "facility"),
}
"""The values that are compared. Who is to be called, and in what words a code is described, changes no request."""

_NAMES = frozenset({"name", "facility", "last_name", "first_name"})
_SAME_NAME = (Likeness.SAME, Likeness.MISREAD, Likeness.NEAR)
_CHECKS: Mapping[str, Holds] = {"npi": is_npi, "member_id": is_cin}


def differences(later: ReferralRecord, earlier: ReferralRecord, *, same_pages: bool) -> list[Difference]:
    """What the later request states, and the earlier one states otherwise or not at all.

    No difference is a value that only the earlier one states, for nothing else is asked; one that fails its own check, where OCR
    takes it for the earlier one, which passes (:mod:`matching.impossible`); and a first mention of the fax number from which the
    earlier one came, or of a sex that nobody had asked for. On the same pages, a doubtful reading that OCR takes for the other is
    none either; a person has looked at the earlier one, or will.

    Args:
        later: the request that came later.
        earlier: the one that it repeats.
        same_pages: whether the pages are the same ones, sent again.
    """
    found = [*_of_parts(later, earlier), *_of_services(later.services, earlier.services), *_of_diagnoses(later, earlier)]
    found += _of_changes(later, earlier)
    return [one for one in found if not (same_pages and _is_misread(one, later, earlier))]


def _of_parts(later: ReferralRecord, earlier: ReferralRecord) -> Iterator[Difference]:
    for part, fields in _PARTS.items():
        for name in fields:
            after, before = getattr(getattr(later, part), name), getattr(getattr(earlier, part), name)
            if after is None or _is_same(name, _text(after), _text(before)) or _is_known(part, name, after, earlier):
                continue
            if name in _CHECKS and is_slip(_text(after), _text(before), _CHECKS[name]):
                continue
            yield Difference(path=f"{part}.{name}", before=_text(before), after=_text(after))


def _is_known(part: str, name: str, after: object, earlier: ReferralRecord) -> bool:
    """Whether a value that the earlier one does not state is known of it all the same, or was missed by nobody."""
    if getattr(getattr(earlier, part), name) is not None:
        return False
    if (part, name) == ("requesting_provider", "fax"):
        return after in facts_of(earlier).faxes
    return (part, name) == ("member", "sex") and all(gap.field != "member.sex" for gap in earlier.gaps)


def _is_same(name: str, after: str | None, before: str | None) -> bool:
    if name in _NAMES:
        return alike.names(plain(after), plain(before)) in _SAME_NAME
    return bare_number(after) == bare_number(before)


def _of_services(later: Sequence[Service], earlier: Sequence[Service]) -> Iterator[Difference]:
    """Lines are compared by their codes; the lines of one code in their order."""
    left = list(earlier)
    for n, service in enumerate(later):
        twin = next((one for one in left if one.code == service.code), None) or _meant(service, left, later)
        if twin is None:
            if service.code is not None:
                yield Difference(path=f"services.{n}.code", after=service.code)
            continue
        left.remove(twin)
        yield from _of_line(f"services.{n}", service, twin)
    if later:
        yield from (Difference(path="services.code", before=one.code) for one in left if one.code is not None)


def _meant(service: Service, left: Sequence[Service], later: Sequence[Service]) -> Service | None:
    """The line whose code was misread into one that there is not."""
    named = {one.code for one in later}
    return next((one for one in left if one.code not in named and is_slip(service.code, one.code, is_procedure)), None)


def _of_line(path: str, later: Service, earlier: Service) -> Iterator[Difference]:
    if later.modifiers and set(later.modifiers) != set(earlier.modifiers):
        yield Difference(path=f"{path}.modifiers", before=_text(earlier.modifiers), after=_text(later.modifiers))
    for name in ("units", "from_date", "to_date"):
        after, before = getattr(later, name), getattr(earlier, name)
        if after is not None and after != before:
            yield Difference(path=f"{path}.{name}", before=_text(before), after=_text(after))


def _of_diagnoses(later: ReferralRecord, earlier: ReferralRecord) -> Iterator[Difference]:
    before = {bare_number(one.code): one.code for one in earlier.diagnoses if one.code}
    after = {bare_number(one.code): (n, one.code) for n, one in enumerate(later.diagnoses) if one.code}
    for key in [key for key in after if key not in before]:
        meant = next((other for other in before if other not in after and is_slip(key, other, is_diagnosis)), None)
        if meant is not None:
            after[meant] = after.pop(key)
    for key, (n, code) in after.items():
        if key not in before:
            yield Difference(path=f"diagnoses.{n}.code", after=code)
    if after:
        yield from (Difference(path="diagnoses.code", before=code) for key, code in before.items() if key not in after)


def _of_changes(later: ReferralRecord, earlier: ReferralRecord) -> Iterator[Difference]:
    before = [one.model_dump_json() for one in earlier.amendments]
    for n, one in enumerate(later.amendments):
        if one.model_dump_json() not in before:
            yield Difference(path=f"amendments.{n}", after=f"{one.action.value} {one.field.value}: {_text(one.new or one.old)}")


def _is_misread(one: Difference, later: ReferralRecord, earlier: ReferralRecord) -> bool:
    """Whether a difference is but a doubtful reading of the same ink."""
    reading = later.readings.get(one.path)
    if reading is None or not reading.needs_review or one.before is None or one.after is None:
        return False
    if one.path.endswith("date") or one.path.endswith("date_of_birth"):
        return alike.dates(one.after, one.before) is Likeness.MISREAD
    del earlier
    return alike.numbers(bare_number(one.after), bare_number(one.before)) in (Likeness.MISREAD, Likeness.NEAR)


def _text(value: object) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return " ".join(sorted(map(str, value)))
    return value.isoformat() if isinstance(value, date) else str(value)
