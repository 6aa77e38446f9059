"""All that ever happened to a record: its readings and revisions, what people did, who saw it, where it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import desk_edits
from models.store.desk_edits import Done
from models.store.desk_tables import EditAction
from models.store.tables import AuditRow, DeliveryRow, RecordRow
from review.work.apply import ANSWERS, Rules, applied
from review.work.errors import UnknownRecord
from validation.fields import value_at

# These rows of the audit trail stand beside what is told in full: a revision, an edit, a note.
_TOLD_IN_FULL = frozenset({"stored", "note", *EditAction})
_CLOSING = frozenset({EditAction.COMPLETE, EditAction.DISMISS, EditAction.REOPEN})
# What every revision has of its own.
_NO_NEWS = frozenset({"revision", "schema_version", "record_id"})
_ROWS = frozenset({"diagnoses", "services", "amendments"})
_ANY: TypeAdapter[object] = TypeAdapter(object)
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class EventKind(StrEnum):
    """What an event is: a revision of the record, a thing that a person did to it, a note, a delivery, or anything else."""

    REVISION = "revision"
    EDIT = "edit"
    NOTE = "note"
    DELIVERY = "delivery"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of the record that became another; ``None`` is that there is none."""

    path: str
    old: JsonValue
    new: JsonValue


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    ``action`` says what: of an edit what the person did, of a delivery its state, else what the audit trail says. ``detail`` is
    the page or part that was looked at, or the delivery's target; ``text`` is a note's.
    """

    at: datetime
    actor: str
    kind: EventKind
    action: str
    revision: int | None = None
    path: str | None = None
    detail: str | None = None
    text: str | None = None
    differences: tuple[Difference, ...] = ()


def history_of(session: Session, record_id: str, rules: Rules) -> tuple[Event, ...]:
    """Everything, oldest first.

    Raises:
        UnknownRecord: there is no such record.
    """
    rows = session.scalars(select(RecordRow).where(RecordRow.record_id == record_id).order_by(RecordRow.revision)).all()
    if not rows:
        raise UnknownRecord
    audit = session.scalars(
        select(AuditRow)
        .where(AuditRow.document_id == rows[0].document_id, or_(AuditRow.record_id == record_id, AuditRow.record_id.is_(None)))
        .order_by(AuditRow.event_id)
    ).all()
    revisions = {row.revision: ReferralRecord.model_validate_json(row.body) for row in rows}
    authors = {row.revision: row.actor for row in audit if row.action == "stored" and row.revision is not None}
    events = [
        *_revisions(rows, revisions, authors),
        *_edits(desk_edits.history(session, record_id), revisions, rules),
        *_notes(session, record_id),
        *_deliveries(session, record_id),
        *(_event(row) for row in audit if row.action not in _TOLD_IN_FULL),
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _revisions(rows: Sequence[RecordRow], revisions: Mapping[int, ReferralRecord], authors: Mapping[int, str]) -> Iterator[Event]:
    before: ReferralRecord | None = None
    for row in rows:
        record = revisions[row.revision]
        told = () if before is None else tuple(_differences(_plain(before), _plain(record)))
        actor = authors.get(row.revision, "service")
        action = "final" if record.final else record.status.value
        yield Event(row.written_at, actor, EventKind.REVISION, action, row.revision, differences=told)
        before = record


def _plain(record: ReferralRecord) -> dict[str, JsonValue]:
    return record.model_dump(mode="json", exclude=set(_NO_NEWS))


def _differences(old: JsonValue, new: JsonValue, path: str = "") -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        steps = [(key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    elif isinstance(old, list) and isinstance(new, list) and path in _ROWS:
        longest = range(max(len(old), len(new)))
        steps = [(str(n), old[n] if n < len(old) else None, new[n] if n < len(new) else None) for n in longest]
    else:
        if old != new:
            yield Difference(path, old, new)
        return
    for key, was, now in steps:
        yield from _differences(was, now, f"{path}.{key}" if path else key)


def _edits(edits: tuple[Done, ...], revisions: Mapping[int, ReferralRecord], rules: Rules) -> Iterator[Event]:
    """Each edit with what it changed, replayed on the revision that the person saw."""
    standing: list[Done] = []
    for done in edits:
        edit = done.edit
        before = _replayed(standing, revisions.get(edit.revision), rules)
        path = edit.path
        if edit.action in _CLOSING:
            standing = []
        elif edit.action is EditAction.UNDO:
            path = standing[-1].edit.path if standing else None
            standing = standing[:-1]
        else:
            standing = [*standing, done]
        after = _replayed(standing, revisions.get(edit.revision), rules)
        told: tuple[Difference, ...] = ()
        if edit.action in ANSWERS and isinstance(edit.value, dict):
            told = (Difference("related.links", None, edit.value.get("record_id") or edit.value.get("authorization_number")),)
        elif path is not None and before is not None and after is not None:
            told = (Difference(path, _json(value_at(before, path)), _json(value_at(after, path))),)
        yield Event(done.at, done.actor, EventKind.EDIT, edit.action.value, edit.revision, path, differences=told)


def _replayed(edits: list[Done], record: ReferralRecord | None, rules: Rules) -> ReferralRecord | None:
    for done in edits:
        record = None if record is None else applied(record, done.edit, rules)
    return record


def _json(value: object) -> JsonValue:
    return _JSON.validate_python(_ANY.dump_python(value, mode="json"))


def _notes(session: Session, record_id: str) -> Iterator[Event]:
    for row in desk_edits.notes_of(session, record_id):
        yield Event(row.at, row.actor, EventKind.NOTE, "note", text=row.text)


def _deliveries(session: Session, record_id: str) -> Iterator[Event]:
    query = select(DeliveryRow).where(DeliveryRow.record_id == record_id).order_by(DeliveryRow.delivery_id)
    for row in session.scalars(query):
        at = row.delivered_at or row.tried_at or row.queued_at
        yield Event(at, "service", EventKind.DELIVERY, row.state, row.revision, detail=row.sink)


def _event(row: AuditRow) -> Event:
    return Event(row.at, row.actor, EventKind.EVENT, row.action, row.revision, detail=row.detail)
