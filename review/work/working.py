"""Work on records: open one, enter, undo, complete, dismiss, take it up again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.notices import PATH
from models.record import ReferralRecord, Status
from models.status import needs_nobody, taken_up
from models.store import desk_edits, desk_queue, documents
from models.store.desk_edits import Done, Edit
from models.store.desk_index import Completed
from models.store.desk_tables import DeskItemRow, DeskOutcomeRow, EditAction
from models.store.tables import RecordRow
from review.work.apply import ANSWERS, Draft, Rules, drafted
from review.work.errors import Changed, HeldByOther, Refused, UnknownRecord, Unsettled
from review.work.fields import LISTS
from review.work.outcomes import outcomes
from review.work.questions import Question, QuestionKind, open_notices, questions
from review.work.refusals import link_of, refuse, refuse_late_denial
from review.work.same_rows import revisions_with_rows_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A record on somebody's desk.

    ``read`` is its newest revision, ``draft`` what it says with the ``edits`` that are not completed yet; ``held`` says who works
    on it; ``completed_by`` who completed it, where nobody works on it any more. ``position`` is its place in its document.
    """

    read: ReferralRecord
    document_id: str
    position: int
    draft: Draft
    edits: tuple[Done, ...]
    held: desk_queue.Held | None
    completed_by: str | None

    @property
    def is_done_elsewhere(self) -> bool:
        """Whether what was entered makes it no piece of work of its own: the same as another, or an answer to another."""
        return not self.read.final and needs_nobody(self.draft.record)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is still to be settled. A gap that somebody has confirmed is settled, and stays a gap."""
        if self.is_done_elsewhere:
            return ()
        settled = {done.edit.path for done in self.edits}
        asked = questions(self.draft.record)
        return tuple(one for one in asked if one.kind is QuestionKind.DOUBT or one.path not in settled)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The paths of readings and notices that nobody has looked at, and that must not pass so."""
        record = self.draft.record
        if self.is_done_elsewhere:
            return ()
        doubtful = [path for path, reading in record.readings.items() if reading.needs_review]
        return (*doubtful, *(f"{PATH}.{notice.code}" for notice in open_notices(record)))


def _about_its_link(edit: Edit, before: Opened) -> Edit:
    """The answer with the names of the other request: by the time it is completed, another link may be asked about."""
    link = link_of(edit, before.draft.record)
    refuse_late_denial(edit, link, before.read)
    return replace(edit, value={"record_id": link.record_id, "authorization_number": link.authorization_number})


def _nobody(record: ReferralRecord, actor: str, now: datetime) -> None:
    del record, actor, now


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's work in one session, which is committed by the caller; what raises is to be rolled back.

    ``sinks`` are the names of the delivery targets. ``ended`` is told of each revision that a person has made, by whom and when.
    """

    session: Session
    actor: str
    rules: Rules
    sinks: Collection[str]
    now: datetime
    ended: Callable[[ReferralRecord, str, datetime], None] = _nobody

    def open(self, record_id: str) -> Opened:
        """Look at a record.

        Raises:
            UnknownRecord: there is none.
        """
        found = desk_edits.newest_record(self.session, record_id)
        item = self.session.get(DeskItemRow, record_id)
        if found is None or item is None:
            raise UnknownRecord
        record, row = found
        edits = desk_edits.open_edits(self.session, record_id)
        same_rows = revisions_with_rows_of(self.session, record, (done.edit.revision for done in edits))
        draft = drafted(record, edits, self.rules, same_rows) if edits else Draft(record)
        held = desk_queue.held(item, self.now)
        return Opened(record, row.document_id, row.position, draft, edits, held, item.completed_by)

    def take(self, record_id: str) -> None:
        """Work on a record from now on, or show that one still does.

        Raises:
            UnknownRecord: there is none.
            HeldByOther: somebody else does.
        """
        if self.session.get(DeskItemRow, record_id) is None:
            raise UnknownRecord
        other = desk_queue.claim(self.session, record_id, self.actor, self.now)
        if other is not None:
            raise HeldByOther(other.by)

    def enter(self, record_id: str, edit: Edit) -> Opened:
        """Keep what a person entered, and show the record with it. The same edit sent twice is kept once.

        Raises:
            UnknownRecord: there is none.
            HeldByOther: somebody else works on it.
            Changed: the record is at its end, or the edit is of a row of an earlier reading.
            Refused: it is no value of the field.
        """
        if desk_edits.is_known(self.session, record_id, edit.key):
            return self.open(record_id)
        before = self._taken(record_id)
        if before.read.final:
            raise Changed
        is_of_list = edit.path is not None and edit.path.partition(".")[0] in LISTS
        if is_of_list and not revisions_with_rows_of(self.session, before.read, [edit.revision]):
            raise Changed
        refuse(edit, before.draft.record, self.rules, can_undo=bool(before.edits))
        if edit.action in ANSWERS:
            edit = _about_its_link(edit, before)
        desk_edits.add(self.session, record_id, before.document_id, edit, self.actor, self.now)
        return self.open(record_id)

    def complete(self, record_id: str, key: str) -> ReferralRecord:
        """End the work on a record: its last revision, with its deliveries. Gaps may be left; the record says them.

        Raises:
            UnknownRecord: there is none.
            HeldByOther: somebody else works on it.
            Unsettled: doubtful readings were not looked at.
            Refused: there is no request in it.
        """
        if desk_edits.is_known(self.session, record_id, key):
            return self.open(record_id).read
        before = self._taken(record_id)
        if before.read.final:
            return before.read
        if before.draft.record.status in (Status.UNREADABLE, Status.NO_REQUEST):
            raise Refused("No request was read in this fax; key it by hand, or dismiss it.")
        if before.unsettled:
            raise Unsettled(before.unsettled)
        left = before.draft.record.model_copy(update={"final": True})
        # Of what is done elsewhere nobody has looked at the values.
        for one in () if before.is_done_elsewhere else outcomes(before.read, left):
            row = DeskOutcomeRow(record_id=record_id, at=self.now, actor=self.actor, field=one.field)
            row.flagged, row.outcome = one.flagged, one.outcome
            self.session.add(row)
        return self._close(before, left, EditAction.COMPLETE, key)

    def dismiss(self, record_id: str, key: str) -> ReferralRecord:
        """Say that there is no request in these pages.

        Raises:
            UnknownRecord: there is none.
            HeldByOther: somebody else works on it.
        """
        if desk_edits.is_known(self.session, record_id, key):
            return self.open(record_id).read
        before = self._taken(record_id)
        if before.read.final:
            return before.read
        read = before.read
        left = ReferralRecord(
            record_id=read.record_id, status=Status.NO_REQUEST, final=True, source=read.source, related=read.related
        )
        return self._close(before, left, EditAction.DISMISS, key)

    def reopen(self, record_id: str, key: str) -> ReferralRecord:
        """Take a record up again that is at its end, a dismissed one as it was before; a revision that is not final says so.

        Raises:
            UnknownRecord: there is none.
            HeldByOther: somebody else works on it.
        """
        if desk_edits.is_known(self.session, record_id, key):
            return self.open(record_id).read
        before = self._taken(record_id)
        if not before.read.final:
            return before.read
        earlier = self._before_dismissal(before) or before.read
        return self._close(before, taken_up(earlier, self.actor).model_copy(update={"final": False}), EditAction.REOPEN, key)

    def _taken(self, record_id: str) -> Opened:
        self.take(record_id)
        return self.open(record_id)

    def _before_dismissal(self, opened: Opened) -> ReferralRecord | None:
        if opened.completed_by is None or opened.read.status is not Status.NO_REQUEST:
            return None
        row = self.session.get(RecordRow, (opened.read.record_id, opened.read.revision - 1))
        return None if row is None else ReferralRecord.model_validate_json(row.body)

    def _close(self, before: Opened, left: ReferralRecord, action: EditAction, key: str) -> ReferralRecord:
        """The next revision, and a last edit that closes those before it."""
        revised = left.model_copy(update={"revision": before.read.revision + 1})
        completed = Completed(self.actor, self.now) if revised.final else None
        edit = Edit(key, action, before.read.revision)
        desk_edits.add(self.session, revised.record_id, before.document_id, edit, self.actor, self.now)
        documents.add_revision(self.session, before.document_id, before.position, revised, tuple(self.sinks), self.now, completed)
        self.ended(revised, self.actor, self.now)
        return revised
