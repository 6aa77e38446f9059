"""Labels that people pointed at, and what was decided of them. Each function works in the session it is given and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store.audit import EVERYTHING, Look, note_look
from models.store.desk_tables import DeskItemRow, LabelState, TaughtLabelRow
from models.store.tables import RecordRow
from models.taught_labels import TaughtLabel

_MOST = 500
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a person saw a label: a document and a 1-based page of it."""

    document_id: str | None = None
    page: int | None = None


def propose(session: Session, label: TaughtLabel, seen: Seen, actor: str, now: datetime) -> TaughtLabelRow:
    """Propose a label; one that was proposed or confirmed before is that one."""
    query = select(TaughtLabelRow).where(
        func.lower(TaughtLabelRow.text) == label.text.lower(),
        TaughtLabelRow.field == label.field,
        TaughtLabelRow.state != LabelState.REFUSED,
    )
    known = session.scalars(query.limit(1)).first()
    if known is not None:
        return known
    row = TaughtLabelRow(text=label.text, field=label.field, state=LabelState.PROPOSED, proposed_at=now, proposed_by=actor)
    row.document_id, row.page = seen.document_id, seen.page
    session.add(row)
    session.flush()
    _note(session, "label_proposed", row, actor, now)
    return row


def decide(session: Session, label_id: int, state: LabelState, actor: str, now: datetime) -> TaughtLabelRow | None:
    """Confirm or refuse a label, or take one back that was confirmed; ``None`` where there is none."""
    row = session.get(TaughtLabelRow, label_id, with_for_update=True)
    if row is None or row.state == state:
        return row
    row.state, row.decided_at, row.decided_by = state, now, actor
    session.flush()
    _note(session, f"label_{state.value}", row, actor, now)
    return row


def _note(session: Session, action: str, row: TaughtLabelRow, actor: str, now: datetime) -> None:
    look = Look(actor, action, row.document_id or EVERYTHING, detail=f"label {row.label_id} {row.field}")
    note_look(session, look, now)


def listed(session: Session, state: LabelState | None = None) -> Sequence[TaughtLabelRow]:
    """Labels, the newest first."""
    query = select(TaughtLabelRow).order_by(TaughtLabelRow.label_id.desc()).limit(_MOST)
    return session.scalars(query if state is None else query.where(TaughtLabelRow.state == state)).all()


def count(session: Session, state: LabelState) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).where(TaughtLabelRow.state == state)) or 0


def names_a_person(session: Session, text: str, document_id: str) -> bool:
    """Whether a text has a part of the name of a member of this document in it: then it is what was filled in, and no label."""
    words = {word.strip(".,:;()").casefold() for word in text.split()}
    newest = select(RecordRow).join(
        DeskItemRow, (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision)
    )
    for row in session.scalars(newest.where(RecordRow.document_id == document_id)):
        member = ReferralRecord.model_validate_json(row.body).member
        names = f"{member.last_name or ''} {member.first_name or ''}".casefold().split()
        if any(name in words for name in names if len(name) >= _SHORTEST_NAME):
            return True
    return False
