"""What of a request says which request it is: the values that two of them are compared by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from models.record import Amendment, ReferralRecord, Service, Urgency


@dataclass(frozen=True, slots=True)
class Line:
    """One service line; ``code`` in capitals."""

    code: str | None
    modifiers: frozenset[str]
    units: int | None
    from_date: date | None
    to_date: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one request, or of an authorization, in the form in which they are compared.

    Names are plain lower case letters, numbers have no dashes. ``faxes`` are all numbers that its office may fax from. What is not
    stated is ``None`` or empty. ``stated_old`` are codes that a change names as those of the request before it.
    """

    kind: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    member_id: str | None = None
    born: date | None = None
    asks_npi: str | None = None
    asks_name: str | None = None
    faxes: frozenset[str] = frozenset()
    serves_npi: str | None = None
    serves_name: str | None = None
    lines: tuple[Line, ...] = ()
    diagnoses: frozenset[str] = frozenset()
    requested_on: date | None = None
    number: str | None = None
    changes: frozenset[str] = frozenset()
    stated_old: frozenset[str] = frozenset()
    urgency: Urgency | None = None
    received_at: datetime | None = None
    marked_second: bool = False

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its services."""
        return frozenset(line.code for line in self.lines if line.code)

    @property
    def from_dates(self) -> frozenset[date]:
        """The days on which its services begin."""
        return frozenset(line.from_date for line in self.lines if line.from_date)

    @property
    def modifiers(self) -> frozenset[str]:
        """The modifiers of its services."""
        return frozenset(modifier for line in self.lines for modifier in line.modifiers)


def plain(text: str | None) -> str | None:
    """A name as plain lower case letters and digits, without accents, spaces or punctuation; ``None`` where nothing is left."""
    if text is None:
        return None
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]", "", bare).casefold() or None


def bare_number(text: str | None) -> str | None:
    """An identifier or authorization number in capitals, without dashes and spaces; ``None`` where nothing is left."""
    if text is None:
        return None
    return re.sub(r"[\W_]", "", text).upper() or None


def line_of(service: Service) -> Line:
    """A service line as it is compared."""
    return Line(bare_number(service.code), frozenset(service.modifiers), service.units, service.from_date, service.to_date)


def facts_of(record: ReferralRecord) -> Facts:
    """The facts of a record."""
    member, asks, serves = record.member, record.requesting_provider, record.servicing_provider
    header = record.source.fax
    faxes = (asks.fax, None if header is None else header.sender_number)
    return Facts(
        kind=None if record.request.kind is None else record.request.kind.value,
        last_name=plain(member.last_name),
        first_name=plain(member.first_name),
        member_id=bare_number(member.member_id),
        born=member.date_of_birth,
        asks_npi=asks.npi,
        asks_name=plain(asks.name),
        faxes=frozenset(number for number in faxes if number),
        serves_npi=serves.npi,
        serves_name=plain(serves.name or serves.facility),
        lines=tuple(line_of(service) for service in record.services),
        diagnoses=frozenset(code for one in record.diagnoses if (code := bare_number(one.code))),
        requested_on=record.request.requested_on,
        number=bare_number(record.request.authorization_number),
        changes=frozenset(_said(one) for one in record.amendments),
        stated_old=frozenset(code for one in record.amendments for code in _old_codes(one)),
        urgency=record.request.urgency,
        received_at=record.source.received_at,
        marked_second=record.source.marked_second,
    )


def _said(change: Amendment) -> str:
    return f"{change.action.value} {change.field.value} {change.code} {change.old} {change.new}"


def _old_codes(change: Amendment) -> tuple[str, ...]:
    named = [change.code]
    if change.field.value == "services.code" and isinstance(change.old, str):
        named.append(change.old)
    return tuple(code for one in named if (code := bare_number(one)))
