"""Letters from their proposal to their release, with what happens to their record; the drawing of them for desk and delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from delivery.sink import LetterSink, Sink
from intake.answers import Checked, Taking, attached, take_answers
from intake.placing import placed
from intake.returning import brought_back
from intake.settings import Settings
from intake.site_policy import policies_of
from letters.content import Letter, asked_gaps, number_of_office
from letters.pdf import render
from letters.png import page_count, page_image
from letters.template import Template, letter_template
from models.circumstances import ClockEvent, ClockEventKind
from models.letter import Asked, OutgoingLetter, ReleasedLetter
from models.record import ReferralRecord, Status
from models.status import needs_nobody
from models.store import documents
from models.store import letters as store
from models.store.desk_edits import newest_record
from models.store.letter_tables import LetterRow, LetterState
from review.work.errors import LetterGone, LetterOutdated, NoLetter, NoNumber

_WITHOUT_REQUEST = (Status.NO_REQUEST, Status.UNREADABLE)


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """What the desk may do with letters.

    ``checked`` places and checks a record; ``sinks`` are the names of all delivery targets, ``to`` of those that take letters;
    ``automatic`` says that a letter is released as soon as its record is completed.
    """

    template: Template
    zone: tzinfo
    checked: Checked
    sinks: Collection[str]
    to: Collection[str]
    automatic: bool

    # -- proposing
    def ended(self, session: Session, record: ReferralRecord, actor: str, now: datetime) -> None:
        """A person has ended work on a record: propose the letter that it needs, withdraw others, take in what it answers.

        What was set aside because of it comes back where they found no request in it.
        """
        found = newest_record(session, record.record_id)
        if found is None:
            return
        # What is done elsewhere is asked for there.
        is_asked = record.final and record.status not in _WITHOUT_REQUEST and not needs_nobody(record) and bool(asked_gaps(record))
        if not is_asked:
            self._withdraw_waiting(session, record.record_id, actor, now)
        else:
            row = self._proposed(session, record, found[1].document_id, LetterState.HELD, actor, now)
            if self.automatic and number_of_office(record) is not None:
                self._release(session, row, None, actor, now)
        taking = Taking(self.checked, tuple(self.sinks), actor, now)
        take_answers(session, record, taking)
        brought_back(session, (record,), taking)

    def _withdraw_waiting(self, session: Session, record_id: str, actor: str, now: datetime) -> None:
        for row in store.of_record(session, record_id):
            store.withdraw(session, row, actor, now)

    def proposed(self, session: Session, record_id: str, actor: str, now: datetime) -> LetterRow:
        """The letter that a record needs as it stands; a draft, where nobody has completed the record.

        Raises:
            NoLetter: there is no such record, or nothing blocks it.
        """
        found = newest_record(session, record_id)
        if found is None or found[0].status in _WITHOUT_REQUEST or not asked_gaps(found[0]):
            raise NoLetter
        state = LetterState.HELD if found[0].final else LetterState.DRAFT
        return self._proposed(session, found[0], found[1].document_id, state, actor, now)

    def _proposed(
        self, session: Session, record: ReferralRecord, document_id: str, state: LetterState, actor: str, now: datetime
    ) -> LetterRow:
        asked = tuple(Asked(gap.field, gap.reason) for gap in asked_gaps(record))
        return store.propose(session, store.Proposal(record, document_id, asked, state, actor), now)

    # -- sending
    def release(self, session: Session, letter_id: str, fax_number: str | None, actor: str, now: datetime) -> LetterRow:
        """Send a letter on its way, and note in its record that the information was requested. Released twice it is sent once.

        Args:
            session: all goes into its one transaction.
            letter_id: the letter's id.
            fax_number: where it goes, where that is not the number of the record; E.164.
            actor: who releases it.
            now: when.

        Raises:
            NoLetter: there is no such letter.
            LetterGone: it was withdrawn.
            LetterOutdated: the request does not lack the same any more.
            NoNumber: no fax number of the office is known.
        """
        row = store.find(session, letter_id, to_change=True)
        if row is None:
            raise NoLetter
        if row.state in store.GONE:
            return row
        if row.state not in store.WAITING:
            raise LetterGone
        return self._release(session, row, fax_number, actor, now)

    def _release(self, session: Session, row: LetterRow, fax_number: str | None, actor: str, now: datetime) -> LetterRow:
        found = newest_record(session, row.record_id)
        if found is None:
            raise NoLetter
        record, kept = found
        if {(one.path, one.reason) for one in store.asked_by(row)} != {(gap.field, gap.reason) for gap in asked_gaps(record)}:
            raise LetterOutdated
        number = fax_number or number_of_office(store.record_asked(session, row))
        if number is None:
            raise NoNumber
        store.release(session, row, number, self.to, actor, now)
        asked = _with_request(record, row.letter_id, actor, now)
        checked = self.checked(session, asked)
        # What a person has completed stays so: that a letter is sent asks nothing of them.
        revised = checked.model_copy(update={"revision": record.revision + 1, "final": record.final})
        documents.add_revision(session, kept.document_id, kept.position, revised, tuple(self.sinks), now)
        return row

    def withdraw(self, session: Session, letter_id: str, actor: str, now: datetime) -> LetterRow:
        """Give up a letter that waits; one that was given up stays so.

        Raises:
            NoLetter: there is no such letter.
            LetterGone: it was released.
        """
        row = store.find(session, letter_id, to_change=True)
        if row is None:
            raise NoLetter
        if not store.withdraw(session, row, actor, now) and row.state in store.GONE:
            raise LetterGone
        return row

    # -- answers
    def attach(self, session: Session, reply_id: str, record_id: str, actor: str, now: datetime) -> ReferralRecord:
        """Attach a reply to the request that it answers, as a person says.

        Raises:
            NoLetter: there is no such reply, or no letter about the request was released.
        """
        found = newest_record(session, reply_id)
        reply = None if found is None else attached(session, found[0], record_id, actor)
        if found is None or reply is None:
            raise NoLetter
        if reply.related == found[0].related:
            return found[0]
        checked = self.checked(session, reply)
        revised = checked.model_copy(update={"revision": found[0].revision + 1})
        documents.add_revision(session, found[1].document_id, found[1].position, revised, tuple(self.sinks), now)
        take_answers(session, revised, Taking(self.checked, tuple(self.sinks), actor, now))
        return revised

    # -- showing
    def pdf(self, session: Session, row: LetterRow) -> bytes:
        """The letter: the same bytes each time."""
        number = row.fax_number or number_of_office(store.record_asked(session, row))
        return self._drawn(row.letter_id, row.reply_code, store.record_asked(session, row), number, row.created_at)

    def outgoing(self, released: ReleasedLetter) -> OutgoingLetter:
        """A released letter as it is delivered."""
        record = ReferralRecord.model_validate_json(released.body)
        pdf = self._drawn(released.letter_id, released.reply_code, record, released.fax_number, released.created_at)
        return OutgoingLetter(
            released.letter_id,
            released.reply_code,
            released.record_id,
            released.document_id,
            released.revision,
            released.fax_number,
            released.asked,
            released.released_at,
            pdf,
        )

    def _drawn(self, letter_id: str, code: str, record: ReferralRecord, number: str | None, at: datetime) -> bytes:
        return render(Letter(letter_id, code, record, number, at.astimezone(self.zone).date()), self.template)

    def page(self, pdf: bytes, number: int) -> bytes | None:
        """One page of a letter as PNG, 1-based; ``None`` where there is none."""
        return page_image(pdf, number)

    def count(self, pdf: bytes) -> int:
        """How many pages a letter has."""
        return page_count(pdf)

    def number(self, session: Session, row: LetterRow) -> str | None:
        """Where a letter goes, or would go."""
        return row.fax_number or number_of_office(store.record_asked(session, row))


def checking(settings: Settings) -> Checked:
    """Places a record among what the store knows, and checks it as its reading was, by the day of its receipt."""

    def checked(session: Session, record: ReferralRecord) -> ReferralRecord:
        """The record with what the store knows about it, its gaps and its status."""
        today = record.source.received_at.astimezone(settings.zone).date()
        known = placed(session, record, own_groups=settings.delegated_groups, zone=settings.zone)
        return policies_of(settings).checked(known, today=today, time_zone=settings.zone)

    return checked


def letter_desk(settings: Settings, sinks: Mapping[str, Sink]) -> LetterDesk:
    """What a service does with letters.

    Raises:
        ConfigurationError: the template cannot be read or is none.
    """
    to = tuple(name for name, sink in sinks.items() if isinstance(sink, LetterSink))
    template = letter_template(settings.letter_template)
    return LetterDesk(template, settings.zone, checking(settings), tuple(sinks), to, settings.letter_release == "automatic")


def _with_request(record: ReferralRecord, letter_id: str, actor: str, now: datetime) -> ReferralRecord:
    key = f"{ClockEventKind.INFORMATION_REQUESTED.value}:{letter_id}"
    event = ClockEvent(kind=ClockEventKind.INFORMATION_REQUESTED, at=now, by=actor, reason=letter_id, key=key)
    return record.model_copy(update={"events": [*record.events, event]})
