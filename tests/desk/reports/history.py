"""A small history, worked out by hand.

All times are Pacific, in March 2026; the clocks change on the 8th, behind all decisions. Plan and due time are the record's.

======  =====  ==========  =============  =============  =============  =====================  ==========
record  plan   urgency     received       due            decided        outcome                hours
======  =====  ==========  =============  =============  =============  =====================  ==========
R1      alpha  routine     Mon 2nd 08:00  Fri 6th 23:59  Mon 2nd 18:00  approved               10, in time
R2      alpha  routine     Mon 2nd 08:00  Fri 6th 23:59  Tue 3rd 04:00  denied, won on appeal  20, in time
R3      alpha  routine     Mon 2nd 08:00  Tue 3rd 23:59  Wed 4th 08:00  partially approved     48, late
R4      beta   routine     Mon 2nd 08:00  Fri 6th 23:59  Wed 4th 10:00  approved, extended     50, in time
E1      alpha  urgent      Tue 3rd 08:00  Fri 6th 08:00  Tue 3rd 12:00  approved               4, in time
E2      alpha  urgent      Tue 3rd 08:00  Tue 3rd 13:00  Tue 3rd 14:00  denied                 6, late
DRUG    alpha  routine     Mon 2nd 08:00  Fri 6th 23:59  Mon 2nd 09:00  approved               1, in time
RETRO   alpha  retroact.   Mon 2nd 08:00  (none)         Tue 3rd 08:00  approved               24
OPEN    alpha  routine     Mon 2nd 08:00  Wed 4th 23:59  (open)
GONE    beta   routine     Mon 2nd 08:00  Fri 6th 23:59  Tue 3rd 08:00  withdrawn
COPY    alpha  routine     a duplicate of R1, which counts nowhere
======  =====  ==========  =============  =============  =============  =====================  ==========
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store import decisions, report_index
from models.store.decisions import Decision, Named
from models.store.desk_edits import newest_record
from models.store.desk_spans import Span, Step
from models.store.report_figures import Wanted
from models.store.report_tables import DecisionOutcome
from review.reports.asked import Asked
from tests.desk.desks import Desk
from tests.desk.stored import a_gap, a_record, put

ZONE = ZoneInfo("America/Los_Angeles")
WEEK = Span(date(2026, 3, 1), date(2026, 3, 7), Step.DAY, ZONE)
FRIDAY = datetime(2026, 3, 6, 12, tzinfo=ZONE)
"""When the reports are made."""

_MONDAY = datetime(2026, 3, 2, 8, tzinfo=ZONE)
_TUESDAY = datetime(2026, 3, 3, 8, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def asked(plan: str | None = None) -> Asked:
    return Asked(Wanted(WEEK, plan), FRIDAY)


def stored(desk: Desk) -> None:
    """Put the history into a desk's store."""
    desk.clock.now = FRIDAY
    _request(desk, "R1", "alpha", _MONDAY, at(6, 23, 59))
    _request(desk, "R2", "alpha", _MONDAY, at(6, 23, 59), gaps=[a_gap("services.0.units", severity="warning")])
    _request(desk, "R3", "alpha", _MONDAY, at(3, 23, 59), gaps=[a_gap("services.1.units"), a_gap("services.0.units"), a_gap()])
    _request(desk, "R4", "beta", _MONDAY, at(6, 23, 59), requesting_provider={"fax": "+18315550143"})
    _request(desk, "E1", "alpha", _TUESDAY, at(6, 8), request={"kind": "new", "urgency": "urgent"})
    _request(desk, "E2", "alpha", _TUESDAY, at(3, 13), request={"kind": "new", "urgency": "urgent"})
    _request(desk, "DRUG", "alpha", _MONDAY, at(6, 23, 59), services=[{"code": "J1745"}, {"code": "J1745"}])
    _request(desk, "RETRO", "alpha", _MONDAY, None, request={"kind": "new", "urgency": "retroactive"})
    _request(desk, "OPEN", "alpha", _MONDAY, at(4, 23, 59))
    _request(desk, "GONE", "beta", _MONDAY, at(6, 23, 59))
    _request(desk, "COPY", "alpha", _MONDAY, at(6, 23, 59), related={"duplicate_of": "R1"})
    for record_id, outcome, when in (
        ("R1", DecisionOutcome.APPROVED, at(2, 18)),
        ("R2", DecisionOutcome.DENIED, at(3, 4)),
        ("R2", DecisionOutcome.APPROVED_AFTER_APPEAL, at(5, 9)),
        ("R3", DecisionOutcome.PARTIALLY_APPROVED, at(4, 8)),
        ("R4", DecisionOutcome.APPROVED, at(4, 10)),
        ("E1", DecisionOutcome.APPROVED, at(3, 12)),
        ("E2", DecisionOutcome.DENIED, at(3, 14)),
        ("DRUG", DecisionOutcome.APPROVED, at(2, 9)),
        ("RETRO", DecisionOutcome.APPROVED, at(3, 8)),
        ("GONE", DecisionOutcome.WITHDRAWN, at(3, 8)),
    ):
        decide(desk, record_id, outcome, when)


def _request(desk: Desk, record_id: str, plan: str, received: datetime, due: datetime | None, **parts: object) -> ReferralRecord:
    parts = {"services": [{"code": "97110"}], **parts}
    coverage = {"plan": plan, "line_of_business": "medi_cal" if plan == "alpha" else "medicare"}
    until = None if due is None else due - received
    record = a_record(record_id, received, due=until, status=Status.READY, coverage=coverage, **parts)  # type: ignore[arg-type]
    return put(desk, record)


def decide(desk: Desk, record_id: str, outcome: DecisionOutcome, when: datetime) -> None:
    """Keep a decision, and count it; the clocks stay as the history says."""
    with Session(desk.services.engine) as session, session.begin():
        decision = Decision(
            key=f"{record_id}-{outcome.value}",
            outcome=outcome,
            decided_at=when,
            extended=record_id == "R4",
            member_notified_at=when + timedelta(hours=3),
            reviewer="=cmd()",
        )
        item = decisions.request_of(session, Named(record_id=record_id))
        decisions.add(session, item, decision, "plan", desk.clock())
        found = newest_record(session, record_id)
        assert found is not None
        report_index.describe(session, item.document_id, found[0])
