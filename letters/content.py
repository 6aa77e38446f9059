"""What one letter says: the request's identifiers, what is missing, and where the answer goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters.template import Template
from models.record import Gap, ReferralRecord, Service, Severity, without_positions

_MOST_SERVICES = 4
_SERVICES = "services"
_EMPTY_ROWS = 3
_ALWAYS = ("code",)
_WHOLE = ("code", "units", "from_date", "to_date")
"""What is asked of services of which none is known."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: ``record`` is the revision that it asks about, ``fax_number`` where it goes (E.164), ``on`` its day."""

    letter_id: str
    reply_code: str
    record: ReferralRecord
    fax_number: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is missing: ``text`` in our words, ``label`` in those of their form."""

    text: str
    label: str | None


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """A table for what is asked about services: its headings, and its rows, with what is known filled in."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def asked_gaps(record: ReferralRecord) -> tuple[Gap, ...]:
    """What a letter asks for: the blocking gaps, each field once."""
    first: dict[str, Gap] = {}
    for gap in record.gaps:
        if gap.severity is Severity.BLOCKING:
            first.setdefault(gap.field, gap)
    return tuple(first.values())


def number_of_office(record: ReferralRecord) -> str | None:
    """The fax number that a letter goes to: the one on the form, else the one that the fax came from."""
    sent_from = None if record.source.fax is None else record.source.fax.sender_number
    return record.requesting_provider.fax or sent_from


def items(record: ReferralRecord) -> tuple[Item, ...]:
    """What is missing, in the order of the record's gaps."""
    return tuple(Item(gap.message, label_of(record, gap.field)) for gap in asked_gaps(record))


def answers(record: ReferralRecord, template: Template) -> tuple[str, ...]:
    """What stands beside each box for an answer, but for those about services."""
    paths = (gap.field for gap in asked_gaps(record) if gap.field.partition(".")[0] != _SERVICES)
    return tuple(dict.fromkeys(template.answer_to(path) for path in paths))


def service_table(record: ReferralRecord, template: Template) -> ServiceTable | None:
    """The table for the answers about services; ``None`` where none is asked for."""
    paths = [gap.field for gap in asked_gaps(record) if gap.field.partition(".")[0] == _SERVICES]
    if not paths:
        return None
    asked = {path.rpartition(".")[2] for path in paths if "." in path}
    names = [name for name in type(template.columns).model_fields if name in (asked | set(_ALWAYS) if record.services else _WHOLE)]
    headings = tuple(str(getattr(template.columns, name)) for name in names)
    rows = tuple(tuple(_known(service, name, template) for name in names) for service in record.services)
    return ServiceTable(headings, rows or ((" ",) * len(names),) * _EMPTY_ROWS)


def _known(service: Service, name: str, template: Template) -> str:
    value = getattr(service, name)
    if isinstance(value, date):
        return template.day(value)
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def label_of(record: ReferralRecord, path: str) -> str | None:
    """What the office's own form calls a field, where the reader saw it; of a list that is what it calls the code."""
    bare = without_positions(path)
    return record.labels.get(path) or record.labels.get(bare) or record.labels.get(f"{bare}.code")


def identifiers(letter: Letter, template: Template) -> Iterator[tuple[str, str]]:
    """The request's identifiers as the form gave them, each with its name; what was not given is left out."""
    record, names = letter.record, template.identifiers
    member = ", ".join(name for name in (record.member.last_name, record.member.first_name) if name)
    born = record.member.date_of_birth
    told = (
        (names.member, member),
        (names.member_id, record.member.member_id),
        (names.date_of_birth, None if born is None else template.day(born)),
        (names.authorization_number, record.request.authorization_number),
        (names.services, "; ".join(_service(one, template) for one in record.services[:_MOST_SERVICES])),
        (names.received, template.day(record.source.received_at.date())),
        (names.reference, record.record_id),
    )
    return ((name, value) for name, value in told if value)


def _service(service: Service, template: Template) -> str:
    day = None if service.from_date is None else template.day(service.from_date)
    return " ".join(part for part in (service.code, service.description, day) if part)
