"""What is late or due soon, and not decided: the most urgent first. No function here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.record import ReferralRecord
from models.store.desk_queue import Cursor
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import ReportItemRow
from models.store.tables import RecordRow

_Place = tuple[InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], InstrumentedAttribute[str]]
"""A time and a record's id, by which a listing is sorted."""


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
    # What is decided is due in another age, see desk_index.
    waiting = select(DeskItemRow).where(DeskItemRow.waits)
    place = (DeskItemRow.order_at, DeskItemRow.record_id)
    found = list(session.scalars(_from(waiting, place, before, after).limit(most)))
    if until_decided:
        handed_on = select(DeskItemRow).join(ReportItemRow, ReportItemRow.record_id == DeskItemRow.record_id)
        handed_on = handed_on.where(~DeskItemRow.waits, ReportItemRow.counts, ReportItemRow.decided_at.is_(None))
        # In the order of the index of what is undecided; the two tables have the same time.
        found += session.scalars(_from(handed_on, (ReportItemRow.due_at, ReportItemRow.record_id), before, after).limit(most))
        found = sorted(found, key=lambda item: (item.order_at, item.record_id))[:most]
    bodies = _bodies(session, found)
    return tuple(AtRisk(item, bodies[item.record_id]) for item in found)


def _from(query: Select[DeskItemRow], place: _Place, before: datetime, after: Cursor | None) -> Select[DeskItemRow]:
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(after.at, after.record_id))
    return query.where(place[0] < before).order_by(*place)


def _bodies(session: Session, items: Sequence[DeskItemRow]) -> dict[str, ReferralRecord]:
    # SQLite has no index for pairs of a list: the revision comes from the item.
    is_newest = (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision)
    query = select(RecordRow).join(DeskItemRow, is_newest).where(DeskItemRow.record_id.in_([item.record_id for item in items]))
    rows = session.scalars(query)
    return {row.record_id: ReferralRecord.model_validate_json(row.body) for row in rows}
