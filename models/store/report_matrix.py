"""The matrix log: one line for each request, by ids and times, with no member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models.record import Severity
from models.store.desk_tables import DeskGapRow, DeskItemRow
from models.store.report_figures import Wanted
from models.store.report_tables import DecisionRow, ReportItemRow

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One request. ``gaps`` are the fields that block it, as the machine found them, without what they say."""

    record_id: str
    document_id: str
    authorization_number: str | None
    plan: str | None
    line_of_business: str | None
    kind: str | None
    requested_urgency: str | None
    urgency: str | None
    received_at: datetime
    due_at: datetime | None
    rule: str | None
    status: str
    gaps: tuple[str, ...]
    asked_at: datetime | None
    answered_at: datetime | None
    extended: bool
    decided_at: datetime | None
    determined: str | None
    outcome: str | None
    provider_notified_at: datetime | None
    member_notified_at: datetime | None
    reviewer: str | None
    reason_code: str | None

    @property
    def took_s(self) -> float | None:
        """Seconds from the start of the clock to the determination."""
        return None if self.decided_at is None else (self.decided_at - self.received_at).total_seconds()

    @property
    def late(self) -> bool | None:
        """Whether it was decided after it was due; ``None`` where it is not decided, or has no deadline."""
        return None if self.decided_at is None or self.due_at is None else self.decided_at > self.due_at


def lines(session: Session, wanted: Wanted) -> Iterator[Line]:
    """The requests whose clock began in a range, in that order, read in batches."""
    after: tuple[datetime, str] | None = None
    while True:
        query = (
            select(ReportItemRow, DeskItemRow)
            .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
            .where(*wanted.among(), wanted.holds(ReportItemRow.started_at))
            .order_by(ReportItemRow.started_at, ReportItemRow.record_id)
            .limit(_BATCH)
        )
        if after is not None:
            query = query.where(tuple_(ReportItemRow.started_at, ReportItemRow.record_id) > tuple_(*after))
        rows = session.execute(query).all()
        ids = [item.record_id for item, _ in rows]
        gaps, decisions = _gaps(session, ids), _decisions(session, ids)
        for item, shown in rows:
            yield _line(item, shown, gaps.get(item.record_id, ()), decisions.get(item.record_id))
        if len(rows) < _BATCH:
            return
        after = (rows[-1][0].started_at, rows[-1][0].record_id)
        session.expunge_all()


def _gaps(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    query = select(DeskGapRow.record_id, DeskGapRow.field).where(
        DeskGapRow.record_id.in_(ids), DeskGapRow.severity == Severity.BLOCKING.value
    )
    found: dict[str, tuple[str, ...]] = {}
    for record_id, field in session.execute(query.order_by(DeskGapRow.record_id, DeskGapRow.position)):
        found[record_id] = (*found.get(record_id, ()), field)
    return found


def _decisions(session: Session, ids: Sequence[str]) -> dict[str, DecisionRow]:
    """The newest decision of each."""
    query = select(DecisionRow).where(DecisionRow.record_id.in_(ids)).order_by(DecisionRow.decision_id)
    return {row.record_id: row for row in session.scalars(query)}


def _line(item: ReportItemRow, shown: DeskItemRow, gaps: tuple[str, ...], decision: DecisionRow | None) -> Line:
    return Line(
        record_id=item.record_id,
        document_id=item.document_id,
        authorization_number=shown.authorization_number,
        plan=item.plan,
        line_of_business=item.line_of_business,
        kind=shown.kind,
        requested_urgency=item.requested_urgency,
        urgency=item.urgency,
        received_at=item.started_at,
        due_at=item.due_at,
        rule=item.rule,
        status=shown.status,
        gaps=gaps,
        asked_at=item.asked_at,
        answered_at=item.answered_at,
        extended=item.extended,
        decided_at=item.decided_at,
        determined=item.determined,
        outcome=item.outcome,
        provider_notified_at=None if decision is None else decision.provider_notified_at,
        member_notified_at=None if decision is None else decision.member_notified_at,
        reviewer=None if decision is None else decision.reviewer,
        reason_code=None if decision is None else decision.reason_code,
    )
