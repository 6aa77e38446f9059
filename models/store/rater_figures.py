"""How far two readings agree, counted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.store.report_figures import Wanted
from models.store.report_tables import RaterFieldRow, RaterSampleRow, ReportItemRow, Ruling

MACHINE = "(the machine alone)"
"""Who stands for the first person where there was none."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Fields that two have read: in how many they agree, and of the others, who was right where somebody has ruled on it."""

    name: str
    records: int
    fields: int
    agreed: int
    first_right: int
    second_right: int
    neither_right: int

    @property
    def differing(self) -> int:
        """In how many they differ."""
        return self.fields - self.agreed


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """Records drawn in a range, those of them taken, and those completed."""

    drawn: int
    taken: int
    completed: int
    oldest_open: datetime | None


def whole(session: Session, wanted: Wanted) -> Agreement:
    """All fields of second readings completed in a range."""
    return next(iter(_agreements(session, wanted, None)), Agreement("all fields", 0, 0, 0, 0, 0, 0))


def by_field(session: Session, wanted: Wanted) -> tuple[Agreement, ...]:
    """By field, by its name."""
    return _agreements(session, wanted, RaterFieldRow.field)


def by_first(session: Session, wanted: Wanted) -> tuple[Agreement, ...]:
    """By who completed the record."""
    return _agreements(session, wanted, func.coalesce(RaterSampleRow.first_actor, MACHINE))


def by_second(session: Session, wanted: Wanted) -> tuple[Agreement, ...]:
    """By who read it a second time."""
    return _agreements(session, wanted, RaterSampleRow.second_actor)


def _agreements(
    session: Session,
    wanted: Wanted,
    by: ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | None,
) -> tuple[Agreement, ...]:
    ruled = [func.sum(case((RaterFieldRow.ruling == one.value, 1), else_=0)) for one in Ruling]
    numbers = (
        func.count(RaterFieldRow.sample_id.distinct()),
        func.count(),
        func.sum(case((RaterFieldRow.agrees, 1), else_=0)),
        *ruled,
    )
    query = select(*numbers) if by is None else select(*numbers, by.label("named")).group_by("named").order_by("named")
    query = (
        query.select_from(RaterFieldRow)
        .join(RaterSampleRow, RaterSampleRow.sample_id == RaterFieldRow.sample_id)
        .join(ReportItemRow, ReportItemRow.record_id == RaterSampleRow.record_id)
        .where(*_among(wanted), wanted.holds(RaterSampleRow.completed_at))
    )
    rows = (row for row in session.execute(query) if row[1])
    return tuple(Agreement(str(row[6]) if by is not None else "all fields", *(int(row[at]) for at in range(6))) for row in rows)


def _among(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = []
    if wanted.plan is not None:
        found.append(ReportItemRow.plan == wanted.plan)
    if wanted.line_of_business is not None:
        found.append(ReportItemRow.line_of_business == wanted.line_of_business)
    return tuple(found)


def counts(session: Session, wanted: Wanted) -> SampleCounts:
    """How many were drawn in a range, and what became of them."""
    is_open = RaterSampleRow.completed_at.is_(None)
    query = (
        select(
            func.count(),
            func.count(RaterSampleRow.second_actor),
            func.count(RaterSampleRow.completed_at),
            func.min(case((is_open, RaterSampleRow.drawn_at))),
        )
        .join(ReportItemRow, ReportItemRow.record_id == RaterSampleRow.record_id)
        .where(and_(True, *_among(wanted)), wanted.holds(RaterSampleRow.drawn_at))
    )
    drawn, taken, completed, oldest = session.execute(query).one()
    return SampleCounts(drawn, taken, completed, oldest)
