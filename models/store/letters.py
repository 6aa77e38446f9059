"""Letters to requesting offices in the store. Each function works in the session it is given and never commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from models.letter import Asked, ReleasedLetter
from models.record import ReferralRecord
from models.reply_code import code_of
from models.store.audit import SERVICE, Look, note_look
from models.store.desk_keys import folded
from models.store.desk_tables import DeskItemRow, DeskKeyRow, KeyKind
from models.store.letter_tables import LetterRow, LetterState
from models.store.tables import DeliveryKind, DeliveryRow, DeliveryState, RecordRow

_ASKED = TypeAdapter(tuple[Asked, ...])
WAITING = (LetterState.DRAFT, LetterState.HELD)
"""Letters that nobody has released yet."""
GONE = (LetterState.RELEASED, LetterState.SENT)
"""Letters that may be answered."""
MOST_LISTED = 500
_MOST_OPEN = 20
_FIRST = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """A letter to be kept: the revision it asks about, what it asks for, and who proposed it."""

    record: ReferralRecord
    document_id: str
    asked: tuple[Asked, ...]
    state: LetterState
    by: str


def asked_by(row: LetterRow) -> tuple[Asked, ...]:
    """What a letter asks for."""
    return _ASKED.validate_json(row.asked)


def record_asked(session: Session, row: LetterRow) -> ReferralRecord:
    """The revision that a letter asks about, and is rendered from."""
    return ReferralRecord.model_validate_json(session.get_one(RecordRow, (row.record_id, row.revision)).body)


def propose(session: Session, proposal: Proposal, now: datetime) -> LetterRow:
    """Keep a letter; one that waits and asks the same of the same revision is taken again, and others that wait are withdrawn."""
    record = proposal.record
    asked = _ASKED.dump_json(proposal.asked).decode()
    kept: LetterRow | None = None
    for row in of_record(session, record.record_id):
        if row.state not in WAITING:
            continue
        if kept is None and row.revision == record.revision and row.asked == asked:
            kept = row
        else:
            withdraw(session, row, proposal.by, now)
    if kept is None:
        kept = _added(session, proposal, asked, now)
    if kept.state == LetterState.DRAFT and proposal.state == LetterState.HELD:
        kept.state = LetterState.HELD
    return kept


def _added(session: Session, proposal: Proposal, asked: str, now: datetime) -> LetterRow:
    record = proposal.record
    before = len(of_record(session, record.record_id))
    letter_id = f"LTR-{record.record_id.removeprefix('PAR-')}-{before + 1}"
    row = LetterRow(letter_id=letter_id, record_id=record.record_id, document_id=proposal.document_id, revision=record.revision)
    row.reply_code, row.asked, row.state = _free_code(session, letter_id), asked, proposal.state
    row.created_at, row.created_by = now, proposal.by
    session.add(row)
    session.flush()
    _note(session, "letter_proposed", row, proposal.by, now)
    return row


def _free_code(session: Session, letter_id: str) -> str:
    taken: set[str] = set()
    while True:
        code = code_of(letter_id, taken)
        if not session.scalar(select(exists().where(LetterRow.reply_code == code))):
            return code
        taken.add(code)


def withdraw(session: Session, row: LetterRow, actor: str, now: datetime) -> bool:
    """Give a letter up that nobody has released; false where it is released, or was given up before."""
    if row.state not in WAITING:
        return False
    row.state = LetterState.WITHDRAWN
    _note(session, "letter_withdrawn", row, actor, now)
    return True


def release(session: Session, row: LetterRow, fax_number: str, sinks: Collection[str], actor: str, now: datetime) -> bool:
    """Send a letter on its way, with one delivery for each sink; false where it is on its way already, or was given up."""
    if row.state not in WAITING:
        return False
    row.state, row.released_at, row.released_by, row.fax_number = LetterState.RELEASED, now, actor, fax_number
    for sink in sinks:
        delivery = DeliveryRow(document_id=row.document_id, kind=DeliveryKind.LETTER, record_id=row.letter_id, revision=_FIRST)
        delivery.sink, delivery.queued_at, delivery.turn_at = sink, now, now
        session.add(delivery)
    _note(session, "letter_released", row, actor, now)
    return True


def released(session: Session, letter_id: str) -> ReleasedLetter:
    """A letter on its way, with the revision that it is drawn from."""
    row = session.get_one(LetterRow, letter_id)
    return ReleasedLetter(
        letter_id,
        row.reply_code,
        row.record_id,
        row.document_id,
        row.revision,
        row.fax_number or "",
        asked_by(row),
        row.created_at,
        row.released_at or row.created_at,
        session.get_one(RecordRow, (row.record_id, row.revision)).body,
    )


def note_delivered(session: Session, letter_id: str, now: datetime) -> None:
    """Note that one sink has the letter; where it was the last one, the letter is sent."""
    session.flush()
    left = exists().where(
        DeliveryRow.record_id == letter_id,
        DeliveryRow.kind == DeliveryKind.LETTER,
        DeliveryRow.state.in_((DeliveryState.PENDING, DeliveryState.PARKED)),
    )
    row = session.get(LetterRow, letter_id)
    if row is not None and row.state == LetterState.RELEASED and not session.scalar(select(left)):
        row.state, row.sent_at = LetterState.SENT, now
        _note(session, "letter_sent", row, SERVICE, now)


def answered(session: Session, row: LetterRow, reply_id: str, actor: str, now: datetime) -> None:
    """Note which record answers a letter; the same reply noted twice is noted once."""
    if row.answered_by == reply_id:
        return
    row.answered_at, row.answered_by = now, reply_id
    _note(session, "letter_answered", row, actor, now)


def _note(session: Session, action: str, row: LetterRow, actor: str, now: datetime) -> None:
    look = Look(actor, action, row.document_id, row.record_id, row.revision, row.letter_id)
    note_look(session, look, now)


def find(session: Session, letter_id: str, *, to_change: bool = False) -> LetterRow | None:
    """One letter; ``to_change`` keeps others from changing it meanwhile."""
    return session.get(LetterRow, letter_id, with_for_update=to_change)


def of_record(session: Session, record_id: str) -> Sequence[LetterRow]:
    """The letters about a record, oldest first."""
    query = select(LetterRow).where(LetterRow.record_id == record_id).order_by(LetterRow.created_at, LetterRow.letter_id)
    return session.scalars(query).all()


def of_document(session: Session, document_id: str) -> tuple[str, ...]:
    """The ids of the letters about a document's records."""
    return tuple(session.scalars(select(LetterRow.letter_id).where(LetterRow.document_id == document_id)))


def listed(session: Session, state: LetterState | None = None) -> Sequence[LetterRow]:
    """The letters in a state, those that wait longest first; of all, the newest first. At most ``MOST_LISTED``."""
    if state is None:
        return session.scalars(
            select(LetterRow).order_by(LetterRow.created_at.desc(), LetterRow.letter_id).limit(MOST_LISTED)
        ).all()
    query = select(LetterRow).where(LetterRow.state == state).order_by(LetterRow.created_at, LetterRow.letter_id)
    return session.scalars(query.limit(MOST_LISTED)).all()


def by_codes(session: Session, codes: Collection[str]) -> Sequence[LetterRow]:
    """The released letters that bear these codes."""
    if not codes:
        return ()
    query = select(LetterRow).where(LetterRow.reply_code.in_(codes), LetterRow.state.in_(GONE)).order_by(LetterRow.letter_id)
    return session.scalars(query).all()


def open_about_member(session: Session, member_id: str, not_record: str) -> Sequence[LetterRow]:
    """The released letters that nobody has answered about requests of a member, newest first."""
    query = (
        select(LetterRow)
        .join(DeskItemRow, DeskItemRow.record_id == LetterRow.record_id)
        .join(DeskKeyRow, DeskKeyRow.record_id == DeskItemRow.record_id)
        .where(
            DeskKeyRow.kind == KeyKind.MEMBER_ID,
            DeskKeyRow.key == folded(KeyKind.MEMBER_ID, member_id),
            LetterRow.state.in_(GONE),
            LetterRow.answered_by.is_(None),
            LetterRow.record_id != not_record,
        )
        .order_by(LetterRow.released_at.desc())
        .limit(_MOST_OPEN)
    )
    return session.scalars(query).all()


def forget_document(session: Session, document_id: str) -> None:
    """Remove the letters about a document's records."""
    session.execute(delete(LetterRow).where(LetterRow.document_id == document_id))
