"""A person tells what happened to a request's clocks, and the record's next revision says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from models.circumstances import ClockEvent, ClockEventKind
from models.record import ReferralRecord, Status
from models.store import desk_edits, documents
from models.store.audit import Look, note_look
from models.store.desk_tables import DeskItemRow
from review.work.apply import Rules
from review.work.errors import Refused, UnknownRecord
from validation.deadlines import DeadlineSet, received_at, refusal, with_clocks
from validation.policies import deadline_set

# The site's clock and the sender's may differ by so much.
_AHEAD = timedelta(minutes=5)
_END_OF_DAY = time(23, 59, 59)


class Move(StrEnum):
    """What a person may tell of a request's clocks."""

    EXTEND = "extend"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_RECEIVED = "information_received"
    INFORMATION_COMPLETE = "information_complete"
    DOWNGRADE = "downgrade"
    UPGRADE = "upgrade"


_KINDS = {
    Move.EXTEND: ClockEventKind.EXTENDED,
    Move.INFORMATION_REQUESTED: ClockEventKind.INFORMATION_REQUESTED,
    Move.INFORMATION_RECEIVED: ClockEventKind.INFORMATION_RECEIVED,
    Move.INFORMATION_COMPLETE: ClockEventKind.INFORMATION_COMPLETE,
    Move.DOWNGRADE: ClockEventKind.DOWNGRADED,
    Move.UPGRADE: ClockEventKind.UPGRADED,
}
# What happened outside is kept though it moves no clock, and the record says so; these are acts of the plan, and do it or are not.
_ACTS = frozenset({Move.EXTEND, Move.DOWNGRADE, Move.UPGRADE})
_NEED_REASON = _ACTS | {Move.INFORMATION_REQUESTED}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a person tells. ``key`` was given by the sender; ``at`` is when it happened, else it is now.

    ``until`` is the last day of an extension, else it goes to its ceiling.
    """

    key: str
    move: Move
    reason: str | None = None
    at: datetime | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ClockDesk:
    """One person's work on clocks in one session, which is committed by the caller; what raises is to be rolled back."""

    session: Session
    actor: str
    rules: Rules
    sinks: Collection[str]
    now: datetime

    def tell(self, record_id: str, told: Told) -> ReferralRecord:
        """Have something told in the record's next revision; the same told twice is told once.

        Whether somebody works on the record is no matter, and what was entered there stays.

        Raises:
            UnknownRecord: there is no such record.
            Refused: it cannot be, and the message says why.
        """
        item = self.session.get(DeskItemRow, record_id, with_for_update=True)
        found = desk_edits.newest_record(self.session, record_id)
        if item is None or found is None:
            raise UnknownRecord
        record, row = found
        if any(event.key == told.key for event in record.events):
            return record
        rules = self._rules_of(record)
        event = self._event(record, told, rules)
        happened = record.model_copy(update={"events": [*record.events, event], "revision": record.revision + 1})
        revised = with_clocks(happened, rules, self.rules.zone)
        note_look(self.session, Look(self.actor, f"clock_{told.move}", row.document_id, record_id, revised.revision), self.now)
        documents.add_revision(self.session, row.document_id, row.position, revised, tuple(self.sinks), self.now)
        return revised

    def why_not(self, record: ReferralRecord, move: Move) -> str | None:
        """Why something cannot be told of a record now; ``None`` where it can, with a reason where it needs one."""
        try:
            self._event(record, Told("", move, "a reason"), self._rules_of(record))
        except Refused as why:
            return str(why)
        return None

    def _rules_of(self, record: ReferralRecord) -> DeadlineSet:
        name = self.rules.policies.policy_for(record.coverage).deadlines
        if record.status in (Status.NO_REQUEST, Status.UNREADABLE):
            raise Refused("There is no request in this record.")
        if name is None or not record.clocks:
            raise Refused("No deadline applies to this request.")
        return deadline_set(name)

    def _event(self, record: ReferralRecord, told: Told, rules: DeadlineSet) -> ClockEvent:
        at, reason = told.at or self.now, (told.reason or "").strip() or None
        if at > self.now + _AHEAD:
            raise Refused("That is still to come.")
        if at < received_at(record, rules):
            raise Refused("That is before the request was received.")
        if reason is None and told.move in _NEED_REASON:
            raise Refused("It needs a reason.")
        until = None if told.until is None else datetime.combine(told.until, _END_OF_DAY, self.rules.zone)
        event = ClockEvent(kind=_KINDS[told.move], at=at, by=self.actor, reason=reason, until=until, key=told.key)
        why = refusal(record, event, rules, self.rules.zone)
        if why is not None and told.move in _ACTS:
            raise Refused(why)
        return event
