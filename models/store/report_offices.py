"""What is missing in requests, by the office that sends them. An office is its NPI, or failing that its fax number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, case, cast, distinct, extract, func, select
from sqlalchemy.orm import Session

from models.record import GapReason, Severity, without_positions
from models.store.desk_tables import DeskGapRow, DeskItemRow
from models.store.report_figures import Wanted
from models.store.report_tables import ReportItemRow

_OFFICE = func.coalesce(ReportItemRow.npi, DeskItemRow.office)


@dataclass(frozen=True, slots=True)
class OfficeGaps:
    """One office's requests of a range.

    ``incomplete`` have a gap that blocks; ``missing``, ``invalid``, ``illegible`` and ``inconsistent`` are requests with such a
    gap. ``asked`` were asked for what is missing, ``answered`` of them were answered, in ``answer_s`` seconds on average.
    """

    office: str
    name: str | None
    requests: int
    incomplete: int
    missing: int
    invalid: int
    illegible: int
    inconsistent: int
    asked: int
    answered: int
    answer_s: float | None


@dataclass(frozen=True, slots=True)
class OfficeField:
    """How many of an office's requests have a gap of a field for a reason."""

    office: str
    field: str
    reason: str
    requests: int


def offices(session: Session, wanted: Wanted, most: int) -> tuple[OfficeGaps, ...]:
    """The offices, those with the most incomplete requests first."""
    blocking = case((DeskGapRow.severity == Severity.BLOCKING.value, DeskGapRow.record_id))
    reasons = [case((DeskGapRow.reason == reason.value, DeskGapRow.record_id)) for reason in GapReason]
    asked = case((ReportItemRow.asked_at.is_not(None), ReportItemRow.record_id))
    answered = case((ReportItemRow.asked_at.is_not(None) & ReportItemRow.answered_at.is_not(None), ReportItemRow.record_id))
    incomplete = func.count(distinct(blocking))
    query = (
        select(
            _OFFICE.label("sender"),
            func.count(distinct(ReportItemRow.record_id)),
            incomplete.label("incomplete"),
            *(func.count(distinct(one)) for one in reasons),
            func.count(distinct(asked)),
            func.count(distinct(answered)),
        )
        .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
        .outerjoin(DeskGapRow, DeskGapRow.record_id == ReportItemRow.record_id)
        .where(*wanted.among(), wanted.holds(ReportItemRow.started_at), _OFFICE.is_not(None))
        .group_by("sender")
        .order_by(incomplete.desc(), "sender")
        .limit(most)
    )
    rows = session.execute(query).all()
    ids = [str(row[0]) for row in rows]
    names, waits = _names(session, wanted, ids), _waits(session, wanted)
    return tuple(_office(str(row[0]), names.get(str(row[0])), [int(number) for number in row[1:]], waits) for row in rows)


def _office(office: str, name: str | None, numbers: Sequence[int], waits: Mapping[str, float]) -> OfficeGaps:
    requests, incomplete, missing, invalid, illegible, inconsistent, asked, answered = numbers
    return OfficeGaps(
        office, name, requests, incomplete, missing, invalid, illegible, inconsistent, asked, answered, waits.get(office)
    )


def _names(session: Session, wanted: Wanted, ids: Sequence[str]) -> dict[str, str]:
    """The name that stands on most of an office's requests, of equally frequent ones the first by the alphabet."""
    count = func.count()
    query = (
        select(_OFFICE.label("sender"), DeskItemRow.provider, count)
        .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
        .where(*wanted.among(), wanted.holds(ReportItemRow.started_at), _OFFICE.in_(ids), DeskItemRow.provider.is_not(None))
        .group_by("sender", DeskItemRow.provider)
        .order_by(count, DeskItemRow.provider.desc())
    )
    return {str(office): str(name) for office, name, _ in session.execute(query)}


def _waits(session: Session, wanted: Wanted) -> dict[str, float]:
    seconds = cast(extract("epoch", ReportItemRow.answered_at) - extract("epoch", ReportItemRow.asked_at), BigInteger)
    query = (
        select(_OFFICE.label("sender"), func.avg(seconds))
        .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
        .where(*wanted.among(), wanted.holds(ReportItemRow.started_at), _OFFICE.is_not(None))
        .where(ReportItemRow.asked_at.is_not(None), ReportItemRow.answered_at.is_not(None))
        .group_by("sender")
    )
    return {str(office): float(seconds) for office, seconds in session.execute(query)}


def fields(session: Session, wanted: Wanted, ids: Sequence[str]) -> tuple[OfficeField, ...]:
    """What is missing in the requests of some offices, by field and reason, the most frequent first."""
    paths = session.scalars(select(DeskGapRow.field).distinct()).all()
    if not ids or not paths:
        return ()
    # The same field in several rows of a list is one: told to the database, so that a request counts once.
    field = case({path: without_positions(path) for path in paths}, value=DeskGapRow.field, else_=DeskGapRow.field)
    query = (
        select(_OFFICE.label("sender"), field.label("without"), DeskGapRow.reason, func.count(distinct(DeskGapRow.record_id)))
        .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
        .join(DeskGapRow, DeskGapRow.record_id == ReportItemRow.record_id)
        .where(*wanted.among(), wanted.holds(ReportItemRow.started_at), _OFFICE.in_(ids))
        .group_by("sender", "without", DeskGapRow.reason)
    )
    order = {office: place for place, office in enumerate(ids)}
    found = (OfficeField(str(office), str(name), str(reason), count) for office, name, reason, count in session.execute(query))
    return tuple(sorted(found, key=lambda one: (order[one.office], -one.requests, one.field, one.reason)))
