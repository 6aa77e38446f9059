"""What the dashboard counts. Each number is told exactly in docs/dashboard.md; all are made by the database, and hold no member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, case, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from models.record import Severity, Status, without_positions
from models.store.desk_spans import Span
from models.store.desk_tables import DeskGapRow, DeskItemRow

_IS_REQUEST = DeskItemRow.status != Status.NO_REQUEST.value


@dataclass(frozen=True, slots=True)
class Standing:
    """How the queue stands now: requests that wait, those of them that are late, and when the longest-waiting one came."""

    waiting: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Flow:
    """One day or week: what came, and what came to its end, by the machine alone, by a person, and as no request."""

    begins: date
    received: int
    by_machine: int
    by_person: int
    no_request: int

    @property
    def completed(self) -> int:
        """Requests that came to their end."""
        return self.by_machine + self.by_person


@dataclass(frozen=True, slots=True)
class TurnAround:
    """How long requests took from receipt to their end, by when they ended; seconds, ``None`` where none did."""

    begins: date | None
    requests: int
    median_s: float | None
    ninth_s: float | None


@dataclass(frozen=True, slots=True)
class Straight:
    """Of the requests that came on one day or in one week, those that no person had to touch."""

    begins: date
    requests: int
    untouched: int

    @property
    def share(self) -> float | None:
        """The share, 0..1; ``None`` where nothing came."""
        return self.untouched / self.requests if self.requests else None


@dataclass(frozen=True, slots=True)
class GapCount:
    """How often the machine found a gap of a field for a reason, in requests that came in the range."""

    field: str
    reason: str
    blocking: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Office:
    """One provider's office, by its fax number, with the name that its requests state most often.

    ``incomplete`` counts its requests in which the machine found a gap that blocks, ``gaps`` all that it found.
    """

    fax: str
    name: str | None
    requests: int
    incomplete: int
    gaps: int


def standing(session: Session, now: datetime) -> Standing:
    """How the queue stands."""
    late = func.coalesce(func.sum(case((DeskItemRow.due_at < now, 1), else_=0)), 0)
    query = select(func.count(), late, func.min(DeskItemRow.received_at)).where(DeskItemRow.waits)
    waiting, overdue, oldest = session.execute(query).one()
    return Standing(waiting, overdue, oldest)


def flow(session: Session, span: Span) -> tuple[Flow, ...]:
    """What came and what ended, for each part of a range."""
    parts = span.parts
    counts = [[0, 0, 0, 0] for _ in parts]
    came = span.number_of(DeskItemRow.received_at).label("part")
    for number, count in session.execute(select(came, func.count()).where(span.holds(DeskItemRow.received_at)).group_by("part")):
        counts[span.position(number)][0] += count
    went = span.number_of(DeskItemRow.written_at).label("part")
    how = case((~_IS_REQUEST, 3), (DeskItemRow.completed_by.is_(None), 1), else_=2).label("how")
    query = select(went, how, func.count()).where(*_ended_in(span)).group_by("part", "how")
    for number, column, count in session.execute(query):
        counts[span.position(number)][column] += count
    return tuple(Flow(begins, *numbers) for begins, numbers in zip(parts, counts, strict=True))


def _ended_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    return ~DeskItemRow.waits, span.holds(DeskItemRow.written_at)


def turn_arounds(session: Session, span: Span) -> tuple[TurnAround, ...]:
    """How long requests took that ended in each part of a range."""
    parts = span.parts
    found = {span.position(number): one for number, one in _ranked(session, span, span.number_of(DeskItemRow.written_at))}
    empty = TurnAround(None, 0, None, None)
    return tuple(replace(found.get(position, empty), begins=begins) for position, begins in enumerate(parts))


def turn_around(session: Session, span: Span, *, by_a_person: bool = False) -> TurnAround:
    """How long requests took that ended in a range, all or those that a person completed."""
    whole = _ranked(session, span, literal(0, BigInteger), by_a_person=by_a_person)
    return next((one for _, one in whole), TurnAround(None, 0, None, None))


def _ranked(
    session: Session, span: Span, part: ColumnElement[int], *, by_a_person: bool = False
) -> Iterator[tuple[int, TurnAround]]:
    """Count, median and ninth decile, both by the nearest rank, of each part, with its number."""
    seconds = extract("epoch", DeskItemRow.written_at) - extract("epoch", DeskItemRow.received_at)
    query = select(part.label("part"), cast(seconds, BigInteger).label("took")).where(*_ended_in(span), _IS_REQUEST)
    if by_a_person:
        query = query.where(DeskItemRow.completed_by.is_not(None))
    took = query.subquery()
    ranks = select(
        took.c.part,
        took.c.took,
        func.row_number().over(partition_by=took.c.part, order_by=took.c.took).label("rank"),
        func.count().over(partition_by=took.c.part).label("requests"),
    ).subquery()
    median = func.min(case((ranks.c.rank * 2 >= ranks.c.requests, ranks.c.took)))
    ninth = func.min(case((ranks.c.rank * 10 >= ranks.c.requests * 9, ranks.c.took)))
    for number, count, middle, late in session.execute(
        select(ranks.c.part, func.max(ranks.c.requests), median, ninth).group_by(ranks.c.part)
    ):
        yield number, TurnAround(None, count, float(middle), float(late))


def straight(session: Session, span: Span) -> tuple[Straight, ...]:
    """The requests that no person had to touch, for each part of a range by when they came."""
    parts = span.parts
    counts = [[0, 0] for _ in parts]
    untouched = (~DeskItemRow.waits) & DeskItemRow.completed_by.is_(None) & (DeskItemRow.status == Status.READY.value)
    came = span.number_of(DeskItemRow.received_at).label("part")
    query = select(came, func.count(), func.sum(case((untouched, 1), else_=0))).group_by("part")
    for number, count, alone in session.execute(query.where(span.holds(DeskItemRow.received_at), _IS_REQUEST)):
        counts[span.position(number)][0] += count
        counts[span.position(number)][1] += alone
    return tuple(Straight(begins, *numbers) for begins, numbers in zip(parts, counts, strict=True))


def gaps(session: Session, span: Span) -> tuple[GapCount, ...]:
    """The gaps of requests that came in a range, the field with the most first."""
    blocking = func.sum(case((DeskGapRow.severity == Severity.BLOCKING.value, 1), else_=0))
    query = (
        select(DeskGapRow.field, DeskGapRow.reason, blocking, func.count())
        .join(DeskItemRow, DeskItemRow.record_id == DeskGapRow.record_id)
        .where(span.holds(DeskItemRow.received_at), _IS_REQUEST)
        .group_by(DeskGapRow.field, DeskGapRow.reason)
    )
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    total: dict[str, int] = {}
    for path, reason, some, count in session.execute(query):
        field = without_positions(path)
        before = counts.get((field, reason), (0, 0))
        counts[field, reason] = before[0] + some, before[1] + count - some
        total[field] = total.get(field, 0) + count
    found = (GapCount(field, reason, *numbers) for (field, reason), numbers in counts.items())
    return tuple(sorted(found, key=lambda one: (-total[one.field], one.field, one.reason)))


def offices(session: Session, span: Span, most: int) -> tuple[Office, ...]:
    """The offices whose requests, of those that came in a range, have the most gaps."""
    lacking = case((DeskGapRow.severity == Severity.BLOCKING.value, DeskGapRow.record_id))
    gaps_of = func.count(DeskGapRow.position)
    query = (
        select(DeskItemRow.office, func.count(DeskItemRow.record_id.distinct()), func.count(lacking.distinct()), gaps_of)
        .outerjoin(DeskGapRow, DeskGapRow.record_id == DeskItemRow.record_id)
        .where(span.holds(DeskItemRow.received_at), _IS_REQUEST, DeskItemRow.office.is_not(None))
        .group_by(DeskItemRow.office)
        .order_by(gaps_of.desc(), DeskItemRow.office)
        .limit(most)
    )
    rows = session.execute(query).all()
    names = _names(session, span, [fax for fax, *_ in rows if fax])
    return tuple(Office(str(fax), names.get(str(fax)), *numbers) for fax, *numbers in rows)


def _names(session: Session, span: Span, faxes: Sequence[str]) -> dict[str, str]:
    count = func.count()
    query = (
        select(DeskItemRow.office, DeskItemRow.provider, count)
        .where(span.holds(DeskItemRow.received_at), DeskItemRow.office.in_(faxes), DeskItemRow.provider.is_not(None))
        .group_by(DeskItemRow.office, DeskItemRow.provider)
        .order_by(count, DeskItemRow.provider.desc())
    )
    # The last one of each office stays: the most frequent, and of equally frequent ones the first by the alphabet.
    return {str(fax): str(name) for fax, name, _ in session.execute(query)}
