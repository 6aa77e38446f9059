"""Requests, members and providers to confirm, made up, and a store to keep lists in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.confirming import confirmed
from models.record import (
    Diagnosis,
    Member,
    Reading,
    ReferralRecord,
    RequestingProvider,
    Service,
    ServicingProvider,
    Source,
    Status,
)
from models.roster import MemberSpan, ProviderPlace
from models.store import roster_load
from models.store.roster_tables import RosterList
from validation.check import check
from validation.policies import completeness_policy

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANA = MemberSpan(
    member_id="H331812251",
    cin="91234567A",
    last_name="Ruiz-Ortega",
    first_name="Ana",
    middle_name="Maria",
    date_of_birth=date(1980, 2, 17),
    sex="F",
    phone="+14085550142",
    plan="alder_health",
    line_of_business="medi_cal",
    eligible_from=date(2025, 1, 1),
)
OFFICE = ProviderPlace(
    npi="1234567893", name="Linda T. O'Brien", tin="12-3456789", fax="+18315550142", phone="+18315550140", network="in"
)
MEMBER = Member(
    last_name="Ruiz-Ortega",
    first_name="Ana",
    member_id="H331812251",
    date_of_birth=date(1980, 2, 17),
    sex="F",
    phone="+14085550142",
)
ASKS = RequestingProvider(name="Linda O'Brien", npi="1234567893", tin="12-3456789", fax="+18315550142")


def a_record(
    member: Member = MEMBER,
    asks: RequestingProvider = ASKS,
    confidence: float = 0.9,
    codes: Sequence[str] = ("M54.50",),
    day: date = date(2026, 3, 10),
) -> ReferralRecord:
    """A request that was read, each value with one confidence."""
    values = {f"member.{name}": value for name, value in member.model_dump().items() if value is not None}
    values |= {f"requesting_provider.{name}": value for name, value in asks.model_dump().items() if value is not None}
    return ReferralRecord(
        record_id="PAR-1",
        status=Status.NEEDS_REVIEW,
        source=Source(file_name="a.pdf", sha256="aa", received_at=NOW, pages=[1]),
        member=member,
        requesting_provider=asks,
        servicing_provider=ServicingProvider(),
        diagnoses=[Diagnosis(code=code) for code in codes],
        services=[Service(code="97110", code_system="CPT", units=1, from_date=day, to_date=day)],
        readings={path: Reading(text=str(value), confidence=confidence, method="ocr") for path, value in values.items()},
    )


def keep(store: Engine, *rows: MemberSpan | ProviderPlace, replaces: bool = True) -> None:
    """Bring rows in force, members and providers each as a list of their own."""
    members = [row for row in rows if isinstance(row, MemberSpan)]
    places = [row for row in rows if isinstance(row, ProviderPlace)]
    for name, some in (
        (RosterList.MEMBERS, members),
        (RosterList.DIRECTORY, [one for one in places if not one.national]),
        (RosterList.NPPES, [one for one in places if one.national]),
    ):
        if not some:
            continue
        with Session(store) as session, session.begin():
            load = roster_load.begin(session, name, NOW, replaces=replaces)
            if name is RosterList.MEMBERS:
                roster_load.add_members(session, load, members)
            else:
                roster_load.add_providers(session, load, [one for one in places if one in some])
            roster_load.put_in_force(session, load, NOW)


def confirm(store: Engine, record: ReferralRecord, *own_groups: str) -> ReferralRecord:
    """The record confirmed and checked, as it is stored; confirming it again changes nothing."""
    with Session(store) as session:
        once = confirmed(session, record, own_groups)
        checked = check(once, completeness_policy(), today=NOW.date())
        assert confirmed(session, checked, own_groups) == checked
    return checked


def codes(record: ReferralRecord) -> list[str]:
    """The codes of a record's notices."""
    return [notice.code for notice in record.notices]
