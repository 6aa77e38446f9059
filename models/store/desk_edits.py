"""What people did to records, kept from the moment it was done. No function here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.geometry import Box
from models.record import ReferralRecord
from models.store.changes import note_change
from models.store.desk_tables import (
    ArrangementRow,
    ChangeKind,
    DeskEditRow,
    DeskGapRow,
    DeskItemRow,
    DeskKeyRow,
    DeskNoteRow,
    DeskOutcomeRow,
    EditAction,
)
from models.store.tables import AuditRow, RecordRow

_VALUE = TypeAdapter(JsonValue)
_BOX = TypeAdapter(tuple[float, float, float, float])
_CLOSING = (EditAction.COMPLETE, EditAction.DISMISS, EditAction.REOPEN)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page: 1-based page of the source, and a box in fractions of the upright page."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that a person did. ``key`` was given by the sender; ``revision`` is the one that the person saw."""

    key: str
    action: EditAction
    revision: int
    path: str | None = None
    value: JsonValue = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An edit with who did it, and when."""

    edit_id: int
    edit: Edit
    actor: str
    at: datetime


def newest_record(session: Session, record_id: str) -> tuple[ReferralRecord, RecordRow] | None:
    """The newest revision of a record; ``None`` where there is no such record."""
    query = select(RecordRow).where(RecordRow.record_id == record_id).order_by(RecordRow.revision.desc()).limit(1)
    row = session.scalars(query).first()
    return None if row is None else (ReferralRecord.model_validate_json(row.body), row)


def is_known(session: Session, record_id: str, key: str) -> bool:
    """Whether an edit of a record was kept before, by the key that its sender gave it."""
    query = select(DeskEditRow.edit_id).where(DeskEditRow.record_id == record_id, DeskEditRow.edit_key == key)
    return session.scalar(query) is not None


def add(session: Session, record_id: str, document_id: str, edit: Edit, actor: str, now: datetime) -> bool:
    """Keep an edit; false where it was kept before, and nothing is done."""
    if is_known(session, record_id, edit.key):
        return False
    session.add(
        DeskEditRow(
            record_id=record_id,
            document_id=document_id,
            edit_key=edit.key,
            revision=edit.revision,
            at=now,
            actor=actor,
            action=edit.action,
            path=edit.path,
            value=None if edit.value is None else _VALUE.dump_json(edit.value).decode(),
            page=None if edit.spot is None else edit.spot.page,
            box=None if edit.spot is None else _BOX.dump_json(_corners(edit.spot.box)).decode(),
        )
    )
    event = AuditRow(at=now, actor=actor, action=edit.action.value, document_id=document_id, record_id=record_id)
    event.revision, event.detail = edit.revision, edit.path
    session.add(event)
    session.flush()
    if session.get(DeskItemRow, record_id) is not None:
        # A second reading is no record that anybody follows.
        note_change(session, ChangeKind.EDIT, record_id, edit.revision, now)
    return True


def history(session: Session, record_id: str) -> tuple[Done, ...]:
    """Everything that was ever done to a record, in order."""
    query = select(DeskEditRow).where(DeskEditRow.record_id == record_id).order_by(DeskEditRow.edit_id)
    return tuple(_done(row) for row in session.scalars(query))


def open_edits(session: Session, record_id: str) -> tuple[Done, ...]:
    """What was done since the record was last completed, dismissed or reopened, without what was undone."""
    last = select(func.max(DeskEditRow.edit_id)).where(DeskEditRow.record_id == record_id, DeskEditRow.action.in_(_CLOSING))
    query = select(DeskEditRow).where(DeskEditRow.record_id == record_id).order_by(DeskEditRow.edit_id)
    query = query.where(DeskEditRow.edit_id > (session.scalar(last) or 0))
    left: list[Done] = []
    for row in session.scalars(query):
        if row.action == EditAction.UNDO:
            del left[-1:]
        else:
            left.append(_done(row))
    return tuple(left)


def _done(row: DeskEditRow) -> Done:
    spot = None
    if row.page is not None and row.box is not None:
        spot = Spot(row.page, Box(*_BOX.validate_json(row.box)))
    value = None if row.value is None else _VALUE.validate_json(row.value)
    edit = Edit(row.edit_key, EditAction(row.action), row.revision, row.path, value, spot)
    return Done(row.edit_id, edit, row.actor, row.at)


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def note_beside(session: Session, record_id: str, document_id: str, revision: int, text: str, actor: str, now: datetime) -> None:
    """Write a note beside a record."""
    session.add(DeskNoteRow(record_id=record_id, document_id=document_id, at=now, actor=actor, text=text))
    event = AuditRow(at=now, actor=actor, action="note", document_id=document_id, record_id=record_id, revision=revision)
    session.add(event)
    note_change(session, ChangeKind.NOTE, record_id, revision, now)


def notes_of(session: Session, record_id: str) -> tuple[DeskNoteRow, ...]:
    """The notes beside a record, oldest first."""
    query = select(DeskNoteRow).where(DeskNoteRow.record_id == record_id).order_by(DeskNoteRow.note_id)
    return tuple(session.scalars(query))


def forget_document(session: Session, document_id: str, now: datetime) -> None:
    """Remove all that the desk holds of a document; who follows the changes learns of each record that it is gone."""
    items = session.execute(select(DeskItemRow.record_id, DeskItemRow.revision).where(DeskItemRow.document_id == document_id)).all()
    ids = [record_id for record_id, _ in items]
    for part in (DeskKeyRow, DeskGapRow, DeskOutcomeRow):
        session.execute(delete(part).where(part.record_id.in_(ids)))
    for table in (DeskEditRow, DeskNoteRow, ArrangementRow, DeskItemRow):
        session.execute(delete(table).where(table.document_id == document_id))
    for record_id, revision in items:
        note_change(session, ChangeKind.PURGED, record_id, revision, now)
