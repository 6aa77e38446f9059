"""A second reading: a person settles the reading of a record that another person, or the machine alone, has settled before.

The second person works on a copy of what the first began with, and sees nothing of what the first entered. The record stays as it
is; only how far the two agree is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.circumstances import Priority
from models.letters import letters_of
from models.record import Amendment, ReferralRecord, Related, Status, without_positions
from models.store import desk_edits, rater_samples
from models.store.desk_edits import Edit
from models.store.desk_queue import Held
from models.store.desk_tables import EditAction
from models.store.rater_samples import Compared
from models.store.report_tables import RaterSampleRow
from models.store.tables import RecordRow
from review.work.apply import drafted
from review.work.errors import Changed, Refused, UnknownRecord, Unsettled
from review.work.fields import sections
from review.work.working import Desk, Opened
from validation.fields import is_absent, value_at

_ALWAYS = timedelta(days=1)
# Told by more than the form: by its folder in the inbox, and by the roster.
_COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class SecondDesk(Desk):
    """The same desk over copies, which go by the ids of second readings. A person gets at those that they have taken alone."""

    def open(self, record_id: str) -> Opened:
        """Look at a second reading; it is at its end when it was completed.

        Raises:
            UnknownRecord: there is none that this person has taken.
        """
        sample, row = self._sample(record_id)
        is_done = sample.completed_at is not None
        read = blind_copy(ReferralRecord.model_validate_json(row.body), record_id).model_copy(update={"final": is_done})
        edits = desk_edits.open_edits(self.session, record_id)
        held = None if is_done else Held(self.actor, self.now + _ALWAYS)
        return Opened(
            read, sample.document_id, row.position, drafted(read, edits, self.rules), edits, held, self.actor if is_done else None
        )

    def take(self, record_id: str) -> None:
        """Show that this person has taken it.

        Raises:
            UnknownRecord: it is not so.
        """
        self._sample(record_id)

    def complete(self, record_id: str, key: str) -> ReferralRecord:
        """End the second reading: keep in which fields the two agree. The record stays as it is.

        Raises:
            UnknownRecord: there is none that this person has taken.
            Unsettled: doubtful readings were not looked at.
            Refused: nothing was read, and nothing keyed.
        """
        before = self.open(record_id)
        if before.read.final:
            return before.read
        left = before.draft.record
        if left.status in (Status.UNREADABLE, Status.NO_REQUEST):
            raise Refused("Nothing was read in this fax; key it by hand.")
        if before.unsettled:
            raise Unsettled(before.unsettled)
        sample, _ = self._sample(record_id)
        first = self.session.get(RecordRow, (sample.record_id, sample.first_revision))
        if first is None:
            raise UnknownRecord
        compared = tuple(comparison(ReferralRecord.model_validate_json(first.body), left))
        edit = Edit(key, EditAction.COMPLETE, before.read.revision)
        desk_edits.add(self.session, record_id, before.document_id, edit, self.actor, self.now)
        rater_samples.settle(self.session, sample, compared, self.now)
        return left.model_copy(update={"final": True})

    def dismiss(self, record_id: str, key: str) -> ReferralRecord:
        """Refused: the first reading found a request here.

        Raises:
            Refused: always.
        """
        del record_id, key
        raise Refused("A second reading keys what the form says.")

    def reopen(self, record_id: str, key: str) -> ReferralRecord:
        """Refused: a second reading is not taken up again.

        Raises:
            Changed: always.
        """
        del record_id, key
        raise Changed

    def _sample(self, sample_id: str) -> tuple[RaterSampleRow, RecordRow]:
        """The second reading, and the revision that it begins with."""
        sample = self.session.get(RaterSampleRow, sample_id)
        if sample is None or sample.second_actor != self.actor:
            raise UnknownRecord
        row = self.session.get(RecordRow, (sample.record_id, sample.base_revision))
        if row is None:
            raise UnknownRecord
        return sample, row


def blind_copy(record: ReferralRecord, sample_id: str) -> ReferralRecord:
    """What was read, under another id, and without what became of the request and of those that it belongs to."""
    nothing = {"related": Related(), "notices": [], "events": [], "clocks": [], "priority": Priority(), "final": False}
    return record.model_copy(update={"record_id": sample_id, **nothing})


def comparison(first: ReferralRecord, second: ReferralRecord) -> Iterator[Compared]:
    """Each field that either gives, in the order of the record. Rows of a list are compared by their place.

    Texts are the same whose letters and digits are, case apart.
    """
    paths = dict.fromkeys(
        field.path
        for record in (first, second)
        for section in sections(record)
        for field in section.fields
        if section.name != _COVERAGE
    )
    for path in paths:
        was, now = value_at(first, path), value_at(second, path)
        if is_absent(was) and is_absent(now):
            continue
        name = without_positions(path)
        if _same(was, now):
            yield Compared(path, name, agrees=True)
        else:
            yield Compared(path, name, agrees=False, first=_text(was), second=_text(now))


def _same(was: object, now: object) -> bool:
    if isinstance(was, str) and isinstance(now, str) and letters_of(was):
        return letters_of(was) == letters_of(now)
    return was == now or (is_absent(was) and is_absent(now))


def _text(value: object) -> str | None:
    if is_absent(value):
        return None
    if isinstance(value, Amendment):
        parts = (value.action.value, value.field.value, value.code, _text(value.old), "to", _text(value.new))
        return " ".join(part for part in parts if part is not None)
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
