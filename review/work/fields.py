"""The fields of a record as a person goes through them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.circumstances import LineOfBusiness
from models.record import AmendmentAction, AmendmentField, ClinicalNotes, ReferralRecord, RequestKind, Setting, Urgency
from models.values import ValueKind

LISTS = ("diagnoses", "services", "amendments")
"""Parts that have rows, in the order in which they are shown."""


class Choice(StrEnum):
    """Kinds of fields with a fixed set of values, beside those of :class:`models.values.ValueKind`."""

    KIND = "kind"
    URGENCY = "urgency"
    PLAN = "plan"
    LINE = "line_of_business"
    SETTING = "setting"
    PLACE = "place"
    NOTES = "notes"
    YES_NO = "yes_no"
    CHANGE = "change"


_PLACES = (*range(10, 15), *range(19, 27), *range(31, 35), 41, 42, *range(49, 59), 60, 61, 62, 65, 71, 72, 81, 99)
PLACES = ("02", *(str(code) for code in _PLACES))
"""Place of service codes of CMS that a request may name."""

CHOICES: dict[ValueKind | Choice, tuple[str, ...]] = {
    Choice.KIND: tuple(RequestKind),
    Choice.URGENCY: tuple(Urgency),
    Choice.LINE: tuple(LineOfBusiness),
    Choice.SETTING: tuple(Setting),
    Choice.PLACE: PLACES,
    Choice.NOTES: tuple(ClinicalNotes),
    Choice.YES_NO: ("yes", "no"),
    ValueKind.SEX: ("F", "M", "X"),
}
"""What may be entered where only some values are possible; each is also known by its beginning."""

CHANGES: tuple[tuple[AmendmentAction, AmendmentField], ...] = tuple(
    (action, field) for field in AmendmentField for action in AmendmentAction
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``path`` is the record's; in a row of a list it has the row's position (``services.0.code``).

    ``among`` are its values where they are the site's own, such as the plans that it works for.
    """

    path: str
    title: str
    kind: ValueKind | Choice
    among: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are possible, where there are only some."""
        return self.among or CHOICES.get(self.kind, ())


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together; ``row`` is the position in a list, ``None`` outside of one."""

    name: str
    title: str
    fields: tuple[Field, ...]
    row: int | None = None


_PROVIDER = (
    ("name", "Name", ValueKind.PROVIDER_NAME),
    ("npi", "NPI", ValueKind.NPI),
    ("tin", "Tax ID", ValueKind.TIN),
    ("phone", "Phone", ValueKind.PHONE),
    ("fax", "Fax", ValueKind.PHONE),
)
_PLAIN: tuple[tuple[str, str, tuple[tuple[str, str, ValueKind | Choice], ...]], ...] = (
    (
        "request",
        "Request",
        (
            ("kind", "Kind", Choice.KIND),
            ("urgency", "Urgency", Choice.URGENCY),
            ("requested_on", "Requested on", ValueKind.DATE),
            ("authorization_number", "Authorization number", ValueKind.AUTHORIZATION_NUMBER),
        ),
    ),
    (
        "member",
        "Member",
        (
            ("last_name", "Last name", ValueKind.PERSON_NAME),
            ("first_name", "First name", ValueKind.PERSON_NAME),
            ("member_id", "Member ID", ValueKind.MEMBER_ID),
            ("date_of_birth", "Date of birth", ValueKind.DATE),
            ("sex", "Sex", ValueKind.SEX),
            ("phone", "Phone", ValueKind.PHONE),
        ),
    ),
    ("requesting_provider", "Requesting provider", (*_PROVIDER, ("contact", "Contact", ValueKind.TEXT))),
    ("servicing_provider", "Servicing provider", (*_PROVIDER, ("facility", "Facility", ValueKind.PROVIDER_NAME))),
)
_BY_PLAN: tuple[tuple[str, str, ValueKind | Choice], ...] = (
    ("setting", "Setting", Choice.SETTING),
    ("place_of_service", "Place of service", Choice.PLACE),
    ("admitted_on", "Admitted on", ValueKind.DATE),
    ("clinical_notes", "Clinical notes", Choice.NOTES),
)
"""Fields of the request that only some plans ask for: shown where the request has them, or a gap asks for them."""
_ROWS: dict[str, tuple[str, tuple[tuple[str, str, ValueKind | Choice], ...]]] = {
    "diagnoses": ("Diagnosis", (("code", "ICD-10-CM", ValueKind.ICD10), ("description", "Description", ValueKind.TEXT))),
    "services": (
        "Service",
        (
            ("code", "CPT/HCPCS", ValueKind.PROCEDURE),
            ("modifiers", "Modifiers", ValueKind.MODIFIER),
            ("units", "Units", ValueKind.UNITS),
            ("from_date", "From", ValueKind.DATE),
            ("to_date", "To", ValueKind.DATE),
            ("description", "Description", ValueKind.TEXT),
        ),
    ),
}
_SIGNATURE = (("present", "Signed", Choice.YES_NO), ("signed_on", "Signed on", ValueKind.DATE))


def sections(record: ReferralRecord, plans: tuple[str, ...] = ()) -> Iterator[Section]:
    """All fields of a record in the order in which they are gone through; each row of a list is a section.

    Args:
        record: the record.
        plans: the ids of those that the site works for; without any, no plan is asked for.
    """
    for name, title, parts in _PLAIN:
        more = _by_plan(record) if name == "request" else ()
        yield Section(name, title, (*(Field(f"{name}.{part}", said, kind) for part, said, kind in parts), *more))
        if name == "member":
            yield Section("coverage", "Coverage", _coverage(plans))
    for name, count in (("diagnoses", len(record.diagnoses)), ("services", len(record.services))):
        for row in range(count):
            yield row_section(name, row)
    for row in range(len(record.amendments)):
        yield row_section("amendments", row)
    yield Section("signature", "Signature", tuple(Field(f"signature.{part}", said, kind) for part, said, kind in _SIGNATURE))


def _coverage(plans: tuple[str, ...]) -> tuple[Field, ...]:
    line = Field("coverage.line_of_business", "Line of business", Choice.LINE)
    return (Field("coverage.plan", "Plan", Choice.PLAN, plans), line) if plans else (line,)


def _by_plan(record: ReferralRecord) -> tuple[Field, ...]:
    asked = {gap.field for gap in record.gaps}
    fields = (Field(f"request.{part}", said, kind) for part, said, kind in _BY_PLAN)
    return tuple(one for one in fields if one.path in asked or getattr(record.request, one.path.partition(".")[2]) is not None)


def row_section(name: str, row: int) -> Section:
    """One row of a list, whether the record has it or it is to be added."""
    if name == "amendments":
        return Section(name, f"Change {row + 1}", (Field(f"amendments.{row}", "Change", Choice.CHANGE),), row)
    title, parts = _ROWS[name]
    return Section(name, f"{title} {row + 1}", tuple(Field(f"{name}.{row}.{part}", said, kind) for part, said, kind in parts), row)


def field_at(path: str, plans: tuple[str, ...] = ()) -> Field | None:
    """The field at a path; ``None`` where a record has no such field that a person could enter.

    Args:
        path: the path.
        plans: the ids of those that the site works for.
    """
    head, _, rest = path.partition(".")
    if head == "coverage":
        return next((field for field in _coverage(plans) if field.path == path), None)
    for name, _, parts in (("request", "", (*_PLAIN[0][2], *_BY_PLAN)), *_PLAIN[1:], ("signature", "", _SIGNATURE)):
        if name == head:
            return next((Field(path, said, kind) for part, said, kind in parts if part == rest), None)
    position = rest.partition(".")[0]
    if head not in LISTS or not re.fullmatch(r"0|[1-9]\d{0,2}", position):
        return None
    return next((field for field in row_section(head, int(position)).fields if field.path == path), None)
