"""What belongs to requests that are looked up: links, changes, authorizations, decisions, letters, notes. No function commits.

What must not be seen is left out with all that was derived from it: what a person reads a second time now, and what was purged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.circumstances import ClockEvent, Link, LinkKind, Standing
from models.record import ReferralRecord
from models.standing import standing_of
from models.store import authorizations
from models.store.desk_tables import DeskItemRow, DeskNoteRow
from models.store.letter_tables import LetterRow
from models.store.match_keys import number_key
from models.store.match_tables import AuthorizationRow, RecordLinkRow
from models.store.report_tables import DecisionRow
from models.store.tables import RecordRow

_MOST_CHANGES = 1_000
_Row = TypeVar("_Row", AuthorizationRow, DecisionRow, LetterRow)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What must not be seen: records, and what they change, by the records' ids and the numbers' keys of its authorizations."""

    ids: frozenset[str]
    changed: frozenset[str]
    numbers: frozenset[str]

    def hides(self, row: AuthorizationRow) -> bool:
        """Whether an authorization may tell what must not be seen."""
        return row.record_id in self.ids or row.number_key in self.numbers


def unseen(session: Session, hidden: frozenset[str]) -> Unseen:
    """What must not be seen where these records are hidden."""
    if not hidden:
        return Unseen(hidden, frozenset(), frozenset())
    query = select(RecordLinkRow.other_id, RecordLinkRow.authorization_key).where(RecordLinkRow.record_id.in_(hidden))
    rows = session.execute(query).all()
    return Unseen(hidden, frozenset(one for one, _ in rows if one), frozenset(key for _, key in rows if key))


@dataclass(frozen=True, slots=True)
class LinkedFrom:
    """A later request's link to this one, and when that one came."""

    record_id: str
    kind: LinkKind
    confidence: float
    sure: bool
    set_aside: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """A request with what belongs to it.

    ``before`` and ``after`` are given of a change. ``stands`` is how the request stands now, and ``changed_by`` the record of the
    change that made it so.
    """

    item: DeskItemRow
    record: ReferralRecord
    links: tuple[Link, ...]
    linked_from: tuple[LinkedFrom, ...]
    events: tuple[ClockEvent, ...]
    before: Standing | None
    after: Standing | None
    stands: Standing
    changed_by: str | None
    authorizations: tuple[AuthorizationRow, ...]
    decisions: tuple[DecisionRow, ...]
    letters: tuple[LetterRow, ...]
    notes: int


@dataclass(frozen=True, slots=True)
class Change:
    """The newest sure change of a request or an authorization: its record, and how what it changes stands after it."""

    record_id: str
    after: Standing


@dataclass(frozen=True, slots=True)
class _Shared:
    """What was read for all requests at once, by their ids. ``known`` are the records that there are, and may be seen."""

    unseen: Unseen
    records: Mapping[str, ReferralRecord]
    known: Collection[str]
    changes: Mapping[str, Change]
    later: Mapping[str, Sequence[LinkedFrom]]
    granted: Mapping[str, Sequence[AuthorizationRow]]
    decisions: Mapping[str, Sequence[DecisionRow]]
    letters: Mapping[str, Sequence[LetterRow]]
    notes: Mapping[str, int]


def around(session: Session, items: Sequence[DeskItemRow], unseen: Unseen) -> tuple[Around, ...]:
    """Some requests with what belongs to each, in their order."""
    if not items:
        return ()
    ids = [item.record_id for item in items]
    records = _records(session, ids)
    granted = _by_record(row for row in authorizations.of_records(session, ids) if not unseen.hides(row))
    shared = _Shared(
        unseen=unseen,
        records=records,
        known=_known(session, records.values()) - unseen.ids,
        changes=newest_changes(session, ids, [row.number_key for rows in granted.values() for row in rows], unseen),
        later=_linked_from(session, ids, unseen),
        granted=granted,
        decisions=_by_record(
            session.scalars(select(DecisionRow).where(DecisionRow.record_id.in_(ids)).order_by(DecisionRow.decision_id))
        ),
        letters=_by_record(
            session.scalars(
                select(LetterRow).where(LetterRow.record_id.in_(ids)).order_by(LetterRow.created_at, LetterRow.letter_id)
            )
        ),
        notes=_notes(session, ids),
    )
    return tuple(_around(item, shared) for item in items if item.record_id in records)


def _around(item: DeskItemRow, shared: _Shared) -> Around:
    one, record, unseen = item.record_id, shared.records[item.record_id], shared.unseen
    granted = tuple(shared.granted.get(one, ()))
    is_derived = _tells_unseen(record, shared.known, unseen)
    change = next((shared.changes[key] for key in (one, *(row.number_key for row in granted)) if key in shared.changes), None)
    after = None if is_derived else record.related.after
    return Around(
        item=item,
        record=record,
        links=tuple(
            _link(link, shared.known, is_derived=is_derived) for link in record.related.links if link.record_id not in unseen.ids
        ),
        linked_from=tuple(shared.later.get(one, ())),
        events=tuple(_event(event, shared.known) for event in record.events),
        before=None if is_derived else record.related.before,
        after=after,
        stands=(after if change is None else change.after) or standing_of(record),
        changed_by=None if change is None else change.record_id,
        authorizations=granted,
        decisions=tuple(shared.decisions.get(one, ())),
        letters=tuple(shared.letters.get(one, ())),
        notes=shared.notes.get(one, 0),
    )


def _tells_unseen(record: ReferralRecord, known: Collection[str], unseen: Unseen) -> bool:
    """Whether what a change says of the request before and after it was derived from what must not be seen."""
    for link in record.related.links:
        is_gone = link.record_id is not None and link.record_id not in known
        number = None if link.authorization_number is None else number_key(link.authorization_number)
        if link.kind is LinkKind.AMENDS and (is_gone or link.record_id in unseen.changed or number in unseen.numbers):
            return True
    return False


def _link(link: Link, known: Collection[str], *, is_derived: bool) -> Link:
    """The link; to what was purged it names no record, and no differences from it."""
    is_gone = link.record_id is not None and link.record_id not in known
    if is_gone or (is_derived and link.kind is LinkKind.AMENDS):
        return link.model_copy(update={"record_id": None if is_gone else link.record_id, "differences": []})
    return link


def _event(event: ClockEvent, known: Collection[str]) -> ClockEvent:
    return event if event.record_id is None or event.record_id in known else event.model_copy(update={"record_id": None})


def _records(session: Session, ids: Sequence[str]) -> dict[str, ReferralRecord]:
    query = select(RecordRow.record_id, RecordRow.body).join(
        DeskItemRow, (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision)
    )
    rows = session.execute(query.where(RecordRow.record_id.in_(ids)))
    return {record_id: ReferralRecord.model_validate_json(body) for record_id, body in rows}


def _known(session: Session, records: Iterable[ReferralRecord]) -> frozenset[str]:
    """Which of the records that these name there are."""
    named = {link.record_id for record in records for link in record.related.links}
    named |= {event.record_id for record in records for event in record.events}
    return existing(session, [one for one in named if one is not None])


def existing(session: Session, record_ids: Sequence[str]) -> frozenset[str]:
    """Those of some records that there are: the others were purged."""
    if not record_ids:
        return frozenset()
    return frozenset(session.scalars(select(DeskItemRow.record_id).where(DeskItemRow.record_id.in_(record_ids))))


def newest_changes(session: Session, ids: Collection[str], numbers: Collection[str], unseen: Unseen) -> dict[str, Change]:
    """The newest sure change of each of some requests and authorizations, by the record's id or the number's key.

    Args:
        session: the session.
        ids: the records' ids.
        numbers: the keys of the authorizations' numbers.
        unseen: what must not be seen: of what it changes, no state is told.
    """
    query = (
        select(RecordLinkRow.record_id, RecordLinkRow.other_id, RecordLinkRow.authorization_key)
        .join(DeskItemRow, DeskItemRow.record_id == RecordLinkRow.record_id)
        .where(or_(RecordLinkRow.other_id.in_(ids), RecordLinkRow.authorization_key.in_(numbers)))
        .where(RecordLinkRow.sure, RecordLinkRow.kind == LinkKind.AMENDS.value, RecordLinkRow.record_id.not_in(unseen.ids))
        .order_by(DeskItemRow.received_at.desc(), DeskItemRow.record_id.desc())
        .limit(_MOST_CHANGES)
    )
    rows = session.execute(query).all()
    if not rows:
        return {}
    aside = select(RecordLinkRow.record_id).where(RecordLinkRow.record_id.in_([row[0] for row in rows]), RecordLinkRow.set_aside)
    repeated = set(session.scalars(aside))
    changed_by: dict[str, str] = {}
    for record_id, *targets in reversed([row for row in rows if row[0] not in repeated]):
        if unseen.changed.isdisjoint(targets) and unseen.numbers.isdisjoint(targets):
            changed_by |= {target: record_id for target in targets if target and (target in ids or target in numbers)}
    records = _records(session, list(set(changed_by.values())))
    afters = {one: record.related.after for one, record in records.items()}
    return {target: Change(one, after) for target, one in changed_by.items() if (after := afters.get(one)) is not None}


def _linked_from(session: Session, ids: Sequence[str], unseen: Unseen) -> Mapping[str, Sequence[LinkedFrom]]:
    query = (
        select(RecordLinkRow, DeskItemRow.received_at)
        .join(DeskItemRow, DeskItemRow.record_id == RecordLinkRow.record_id)
        .where(RecordLinkRow.other_id.in_(ids), RecordLinkRow.record_id.not_in(unseen.ids))
        .order_by(DeskItemRow.received_at, RecordLinkRow.record_id, RecordLinkRow.position)
    )
    found: defaultdict[str, list[LinkedFrom]] = defaultdict(list)
    for row, at in session.execute(query):
        found[row.other_id or ""].append(LinkedFrom(row.record_id, LinkKind(row.kind), row.confidence, row.sure, row.set_aside, at))
    return found


def _notes(session: Session, ids: Sequence[str]) -> dict[str, int]:
    query = select(DeskNoteRow.record_id, func.count()).where(DeskNoteRow.record_id.in_(ids)).group_by(DeskNoteRow.record_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _by_record(rows: Iterable[_Row]) -> Mapping[str, Sequence[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.record_id or ""].append(row)
    return found
