"""Keeps what reports count in step with a record's newest revision and its decisions. No function here commits."""

from __future__ import annotations

import re

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.circumstances import ClockEventKind, LinkKind
from models.record import ReferralRecord, Status
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import (
    DecisionOutcome,
    DecisionRow,
    RaterFieldRow,
    RaterSampleRow,
    ReportClockRow,
    ReportItemRow,
)
from models.store.tables import RecordRow

_BATCH = 500

# HCPCS level II (CMS): J codes are drugs given other than by mouth, Q51xx biosimilars.
_DRUG = re.compile(r"J\d{4}|Q51\d{2}")


def describe(session: Session, document_id: str, record: ReferralRecord) -> None:
    """Have the reports count a record's newest revision.

    Args:
        session: the session of the revision.
        document_id: the record's document.
        record: the newest revision.
    """
    row = session.get(ReportItemRow, record.record_id)
    if row is None:
        row = ReportItemRow(record_id=record.record_id, weighed=False, extended=False)
        session.add(row)
    row.document_id, row.counts = document_id, _counts(session, record)
    row.plan = record.coverage.plan
    row.line_of_business = None if record.coverage.line_of_business is None else record.coverage.line_of_business.value
    asked = record.priority.requested or record.request.urgency
    effective = record.priority.effective or record.request.urgency
    row.requested_urgency = None if asked is None else asked.value
    row.urgency = None if effective is None else effective.value
    row.is_drug = is_drug(record)
    row.npi = record.requesting_provider.npi
    row.started_at = min([record.source.received_at, *(clock.started_at for clock in record.clocks if clock.starts == "receipt")])
    row.due_at = None if record.deadline is None else record.deadline.decision_due_at
    row.rule = None if record.deadline is None else record.deadline.rule
    row.asked_at = min((one.at for one in record.events if one.kind is ClockEventKind.INFORMATION_REQUESTED), default=None)
    row.answered_at = max((one.at for one in record.events if one.kind is ClockEventKind.INFORMATION_RECEIVED), default=None)
    extended = any(one.kind is ClockEventKind.EXTENDED for one in record.events)
    session.flush()
    _with_decisions(session, row, extended=extended)
    session.execute(delete(ReportClockRow).where(ReportClockRow.record_id == record.record_id))
    clocks = {clock.rule: clock.due_at for clock in sorted(record.clocks, key=lambda one: one.due_at, reverse=True)}
    if record.deadline is not None:
        clocks.setdefault(record.deadline.rule, record.deadline.decision_due_at)
    session.add_all(ReportClockRow(record_id=record.record_id, rule=rule, due_at=due) for rule, due in clocks.items())
    session.flush()


def is_drug(record: ReferralRecord) -> bool:
    """Whether all that is asked for are drugs, by their codes."""
    codes = [service.code for service in record.services if service.code]
    return bool(codes) and all(_DRUG.fullmatch(code) for code in codes)


def _counts(session: Session, record: ReferralRecord) -> bool:
    """Whether the record is a request of its own."""
    if record.status in (Status.NO_REQUEST, Status.UNREADABLE) or record.related.duplicate_of is not None:
        return False
    if any(link.sure and link.kind is LinkKind.ANSWERS for link in record.related.links):
        return False
    if not record.final or record.status is Status.READY:
        return True
    # Final and not ready without a person's doing: a reading that a later reading of the document has given up.
    item = session.get(DeskItemRow, record.record_id)
    return item is None or item.completed_by is not None


def _with_decisions(session: Session, row: ReportItemRow, *, extended: bool) -> None:
    """Write into a row what its decisions say: the newest determination counts, and after it what became of it."""
    query = select(DecisionRow).where(DecisionRow.record_id == row.record_id).order_by(DecisionRow.decision_id)
    decisions = tuple(session.scalars(query))
    first = [one for one in decisions if one.outcome != DecisionOutcome.APPROVED_AFTER_APPEAL]
    row.decided_at = first[-1].decided_at if first else None
    row.determined = DecisionOutcome(first[-1].outcome) if first else None
    row.outcome = DecisionOutcome(decisions[-1].outcome) if decisions else None
    row.extended = extended or (bool(decisions) and decisions[-1].extended)
    if not first and decisions:
        # Who has won an appeal was denied before, at a time that nobody told.
        row.determined = DecisionOutcome.DENIED
    session.flush()


def index_missing(session: Session) -> int:
    """Count some records that were stored before there were reports; gives how many, 0 where none are left."""
    query = (
        select(RecordRow)
        .join(DeskItemRow, (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision))
        .outerjoin(ReportItemRow, ReportItemRow.record_id == RecordRow.record_id)
        .where(ReportItemRow.record_id.is_(None))
        .limit(_BATCH)
    )
    rows = session.scalars(query).all()
    for row in rows:
        describe(session, row.document_id, ReferralRecord.model_validate_json(row.body))
    return len(rows)


def forget_document(session: Session, document_id: str) -> None:
    """Remove all that is counted, decided and read a second time of a document; its purge is noted before."""
    samples = select(RaterSampleRow.sample_id).where(RaterSampleRow.document_id == document_id)
    records = select(ReportItemRow.record_id).where(ReportItemRow.document_id == document_id)
    session.execute(delete(RaterFieldRow).where(RaterFieldRow.sample_id.in_(samples)))
    session.execute(delete(ReportClockRow).where(ReportClockRow.record_id.in_(records)))
    for table in (RaterSampleRow, ReportItemRow, DecisionRow):
        session.execute(delete(table).where(table.document_id == document_id))
