"""What the dashboard counts. Each number is told exactly in docs/dashboard.md; all are made by the database, and hold no member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import CTE, BigInteger, ColumnElement, case, cast, extract, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.record import Severity, Status, without_positions
from models.store.desk_spans import Span, lies_in
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
    by_machine = _IS_REQUEST & DeskItemRow.completed_by.is_(None)
    by_person = _IS_REQUEST & DeskItemRow.completed_by.is_not(None)
    came = _counted(session, span, DeskItemRow.received_at, true(), true())
    went = _counted(session, span, DeskItemRow.written_at, ~DeskItemRow.waits, by_machine, by_person, ~_IS_REQUEST)
    return tuple(Flow(begins, *came[part], *went[part]) for part, begins in enumerate(span.parts))


def _counted(
    session: Session, span: Span, at: InstrumentedAttribute[datetime], of: ColumnElement[bool], *sorts: ColumnElement[bool]
) -> list[tuple[int, ...]]:
    """For each part of a range, how many of some requests whose time lies in it are of each sort."""
    parts = span.table()
    sums = (func.sum(case((sort, 1), else_=0)) for sort in sorts)
    query = select(parts.c.part, *sums).join(DeskItemRow, lies_in(parts, at)).where(of).group_by(parts.c.part)
    found = {part: tuple(numbers) for part, *numbers in session.execute(query)}
    return [found.get(part, (0,) * len(sorts)) for part in range(len(span.parts))]


def turn_arounds(session: Session, span: Span) -> tuple[TurnAround, ...]:
    """How long requests took that ended in each part of a range."""
    found = dict(_ranked(session, span.table()))
    empty = TurnAround(None, 0, None, None)
    return tuple(replace(found.get(part, empty), begins=begins) for part, begins in enumerate(span.parts))


def turn_around(session: Session, span: Span, *, by_a_person: bool = False) -> TurnAround:
    """How long requests took that ended in a range, all or those that a person completed."""
    whole = _ranked(session, span.table(whole=True), by_a_person=by_a_person)
    return next((one for _, one in whole), TurnAround(None, 0, None, None))


def _ranked(session: Session, parts: CTE, *, by_a_person: bool = False) -> Iterator[tuple[int, TurnAround]]:
    """Count, median and ninth decile, both by the nearest rank, of each part in which a request ended, with its number."""
    seconds = extract("epoch", DeskItemRow.written_at) - extract("epoch", DeskItemRow.received_at)
    query = select(parts.c.part.label("part"), cast(seconds, BigInteger).label("took"))
    query = query.join(DeskItemRow, lies_in(parts, DeskItemRow.written_at)).where(~DeskItemRow.waits, _IS_REQUEST)
    if by_a_person:
        query = query.where(DeskItemRow.completed_by.is_not(None))
    ended = session.execute(query.order_by("part", "took"))
    for part, rows in groupby(ended, key=itemgetter(0)):
        times = [float(took) for _, took in rows]
        yield part, TurnAround(None, len(times), _decile(times, 5), _decile(times, 9))


def _decile(times: Sequence[float], tenths: int) -> float:
    return times[-(-len(times) * tenths // 10) - 1]


def straight(session: Session, span: Span) -> tuple[Straight, ...]:
    """The requests that no person had to touch, for each part of a range by when they came."""
    untouched = ~DeskItemRow.waits & DeskItemRow.completed_by.is_(None) & (DeskItemRow.status == Status.READY.value)
    counts = _counted(session, span, DeskItemRow.received_at, _IS_REQUEST, true(), untouched)
    return tuple(Straight(begins, *numbers) for begins, numbers in zip(span.parts, counts, strict=True))


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
    of = (span.holds(DeskItemRow.received_at), _IS_REQUEST, DeskItemRow.office.is_not(None))
    requests = dict(session.execute(select(DeskItemRow.office, func.count()).where(*of).group_by(DeskItemRow.office)).all())
    lacking = case((DeskGapRow.severity == Severity.BLOCKING.value, DeskGapRow.record_id))
    query = (
        select(DeskItemRow.office, func.count(lacking.distinct()), func.count())
        .join(DeskGapRow, DeskGapRow.record_id == DeskItemRow.record_id)
        .where(*of)
        .group_by(DeskItemRow.office)
    )
    found = {office: (lacking, gaps) for office, lacking, gaps in session.execute(query)}
    counts = ((str(fax), count, *found.get(fax, (0, 0))) for fax, count in requests.items())
    rows = sorted(counts, key=lambda row: (-row[3], row[0]))[:most]
    names = _names(session, span, [fax for fax, *_ in rows])
    return tuple(Office(fax, names.get(fax), *numbers) for fax, *numbers in rows)


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
