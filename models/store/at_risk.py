"""What is late or due soon, and not decided: the most urgent first. No function here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store.desk_queue import Cursor, undecided
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import ReportItemRow
from models.store.tables import RecordRow


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One request that is late or due soon, with its newest revision."""

    item: DeskItemRow
    record: ReferralRecord


def at_risk(session: Session, before: datetime, most: int, after: Cursor | None, *, until_decided: bool) -> tuple[AtRisk, ...]:
    """The requests that are due before a time, or late, by when they are due.

    Args:
        session: the session.
        before: only what is due before it.
        most: how many at most.
        after: only what comes behind this place.
        until_decided: also what waits for no person here, and for the plan's decision; a site that brings in no decisions would
            see all that it ever completed.
    """
    found = list(session.scalars(_from(select(DeskItemRow).where(DeskItemRow.waits, undecided()), before, after).limit(most)))
    if until_decided:
        handed_on = select(DeskItemRow).join(ReportItemRow, ReportItemRow.record_id == DeskItemRow.record_id)
        handed_on = handed_on.where(~DeskItemRow.waits, ReportItemRow.counts, ReportItemRow.decided_at.is_(None))
        # The time that the index of what is undecided is sorted by.
        handed_on = handed_on.where(ReportItemRow.due_at < before)
        found += session.scalars(_from(handed_on, before, after).limit(most))
        found = sorted(found, key=lambda item: (item.order_at, item.record_id))[:most]
    bodies = _bodies(session, found)
    return tuple(AtRisk(item, bodies[item.record_id]) for item in found)


def _from(query: Select[DeskItemRow], before: datetime, after: Cursor | None) -> Select[DeskItemRow]:
    conditions: list[ColumnElement[bool]] = [DeskItemRow.order_at < before]
    if after is not None:
        conditions.append(tuple_(DeskItemRow.order_at, DeskItemRow.record_id) > tuple_(after.at, after.record_id))
    return query.where(*conditions).order_by(DeskItemRow.order_at, DeskItemRow.record_id)


def _bodies(session: Session, items: Sequence[DeskItemRow]) -> dict[str, ReferralRecord]:
    newest = [(item.record_id, item.revision) for item in items]
    rows = session.scalars(select(RecordRow).where(tuple_(RecordRow.record_id, RecordRow.revision).in_(newest)))
    return {row.record_id: ReferralRecord.model_validate_json(row.body) for row in rows}
