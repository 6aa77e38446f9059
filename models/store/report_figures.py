"""What the reports count, made by the database. Each number is told exactly in docs/reports.md; none holds a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.record import Urgency
from models.store.desk_spans import Span
from models.store.report_tables import DecisionOutcome, ReportClockRow, ReportItemRow

STANDARD, EXPEDITED, RETROACTIVE = "standard", "expedited", "retroactive"

# A determination is made on what was asked for; these end a request without one.
NO_DETERMINATION = (DecisionOutcome.WITHDRAWN.value, DecisionOutcome.DISMISSED.value)

Column = ColumnElement[str] | ColumnElement[str | None] | InstrumentedAttribute[str | None] | InstrumentedAttribute[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: those of a range of days, of one plan and line of business, or with ``None`` of all."""

    span: Span
    plan: str | None = None
    line_of_business: str | None = None

    def among(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions but that of the range."""
        found: list[ColumnElement[bool]] = [ReportItemRow.counts.is_(True)]
        if self.plan is not None:
            found.append(ReportItemRow.plan == self.plan)
        if self.line_of_business is not None:
            found.append(ReportItemRow.line_of_business == self.line_of_business)
        return tuple(found)

    def holds(self, column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
        """Whether a time lies in the range."""
        return and_(column >= self.span.begins, column < self.span.ends)


@dataclass(frozen=True, slots=True)
class Timing:
    """Determinations, and how long they took from the start of the clock; seconds, ``None`` where there are none.

    The median is the mean of the middle two where their number is even; the ninth decile is by the nearest rank.
    """

    decided: int = 0
    in_time: int = 0
    late: int = 0
    mean_s: float | None = None
    median_s: float | None = None
    ninth_s: float | None = None

    @property
    def without_deadline(self) -> int:
        """Those that no rule gave a deadline."""
        return self.decided - self.in_time - self.late


@dataclass(frozen=True, slots=True)
class Standing:
    """Requests of one kind: what came in the range, and what is open now, of it or of earlier."""

    received: int = 0
    ended_otherwise: int = 0
    open_now: int = 0
    overdue_now: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockCount:
    """Requests by one rule's clock: decided in the range, in time or late by it; and open now, those past it among them."""

    rule: str
    urgency: str
    in_time: int
    late: int
    open_now: int
    overdue_now: int


def urgency_class() -> ColumnElement[str]:
    """Expedited, retroactive, or standard, by the urgency that the clocks run by."""
    return case(
        (ReportItemRow.urgency == Urgency.URGENT.value, EXPEDITED),
        (ReportItemRow.urgency == Urgency.RETROACTIVE.value, RETROACTIVE),
        else_=STANDARD,
    )


def determined() -> ColumnElement[bool]:
    """Whether there is a determination, and it is known when it was made."""
    return and_(ReportItemRow.decided_at.is_not(None), ReportItemRow.determined.not_in(NO_DETERMINATION))


def _is_open() -> ColumnElement[bool]:
    return ReportItemRow.outcome.is_(None)


def timings(
    session: Session, wanted: Wanted, by: Sequence[Column], *only: ColumnElement[bool]
) -> dict[tuple[str | None, ...], Timing]:
    """The determinations of a range, in groups.

    Args:
        session: to read in.
        wanted: which requests.
        by: what they are grouped by; nothing makes one group, of the key ``()``.
        only: further conditions.
    """
    names = [f"g{number}" for number in range(len(by))]
    seconds = extract("epoch", ReportItemRow.decided_at) - extract("epoch", ReportItemRow.started_at)
    in_time = case((ReportItemRow.decided_at <= ReportItemRow.due_at, 1), else_=0)
    late = case((ReportItemRow.decided_at > ReportItemRow.due_at, 1), else_=0)
    found = (
        select(
            *(column.label(name) for name, column in zip(names, by, strict=True)),
            cast(seconds, BigInteger).label("took"),
            in_time.label("in_time"),
            late.label("late"),
        )
        .where(*wanted.among(), determined(), wanted.holds(ReportItemRow.decided_at), *only)
        .subquery()
    )
    groups = [found.c[name] for name in names]
    ranked = select(
        found,
        func.row_number().over(partition_by=groups or None, order_by=found.c.took).label("rank"),
        func.count().over(partition_by=groups or None).label("n"),
    ).subquery()
    middle = case((ranked.c.rank.in_(((ranked.c.n + 1) // 2, (ranked.c.n + 2) // 2)), ranked.c.took))
    ninth = func.min(case((ranked.c.rank * 10 >= ranked.c.n * 9, ranked.c.took)))
    keys = [ranked.c[name] for name in names]
    numbers = (func.count(), func.sum(ranked.c.in_time), func.sum(ranked.c.late), func.avg(ranked.c.took), func.avg(middle), ninth)
    answer: dict[tuple[str | None, ...], Timing] = {}
    for row in session.execute(select(*keys, *numbers).group_by(*keys)):
        key, (count, on_time, behind, mean, median, decile) = tuple(row[: len(keys)]), row[len(keys) :]
        if count:
            answer[key] = Timing(count, int(on_time), int(behind), float(mean), float(median), float(decile))
    return answer


def standings(session: Session, wanted: Wanted, now: datetime) -> dict[str, Standing]:
    """What came, what ended without a determination, and what is open now, by urgency; open is what came before the range's end."""
    came = case((wanted.holds(ReportItemRow.started_at), 1), else_=0)
    ended = and_(ReportItemRow.outcome.in_(NO_DETERMINATION), wanted.holds(ReportItemRow.decided_at))
    overdue = case((and_(_is_open(), ReportItemRow.due_at < now), 1), else_=0)
    query = (
        select(
            urgency_class().label("urgency_of"),
            func.sum(came),
            func.sum(case((ended, 1), else_=0)),
            func.sum(case((_is_open(), 1), else_=0)),
            func.sum(overdue),
            func.min(case((_is_open(), ReportItemRow.started_at))),
        )
        .where(*wanted.among(), ReportItemRow.started_at < wanted.span.ends)
        .group_by("urgency_of")
    )
    return {
        str(urgency): Standing(int(received), int(otherwise), int(waits), int(overdue), oldest)
        for urgency, received, otherwise, waits, overdue, oldest in session.execute(query)
    }


def clocks(session: Session, wanted: Wanted, now: datetime) -> tuple[ClockCount, ...]:
    """Each clock that requests of the range have, by rule and urgency; a request counts with each of its clocks."""
    decided = and_(determined(), wanted.holds(ReportItemRow.decided_at))
    in_time = and_(decided, ReportItemRow.decided_at <= ReportClockRow.due_at)
    late = and_(decided, ReportItemRow.decided_at > ReportClockRow.due_at)
    overdue = and_(_is_open(), ReportClockRow.due_at < now)
    query = (
        select(
            ReportClockRow.rule,
            urgency_class().label("urgency_of"),
            *(func.sum(case((one, 1), else_=0)) for one in (in_time, late, _is_open(), overdue)),
        )
        .join(ReportItemRow, ReportItemRow.record_id == ReportClockRow.record_id)
        .where(*wanted.among(), ReportItemRow.started_at < wanted.span.ends)
        .group_by(ReportClockRow.rule, "urgency_of")
        .order_by(ReportClockRow.rule, "urgency_of")
    )
    found = (
        ClockCount(str(rule), str(urgency), int(on_time), int(behind), int(waits), int(past))
        for rule, urgency, on_time, behind, waits, past in session.execute(query)
    )
    return tuple(one for one in found if one.in_time or one.late or one.open_now)


def plans(session: Session) -> tuple[str, ...]:
    """All plans that requests are of."""
    query = select(ReportItemRow.plan).where(ReportItemRow.plan.is_not(None)).distinct().order_by(ReportItemRow.plan)
    return tuple(str(plan) for plan in session.scalars(query))
