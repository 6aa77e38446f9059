"""A decision that was made elsewhere comes to its request: kept, and told in the record's next revision."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import decisions, desk_edits, documents
from models.store.decisions import Decision, Named
from models.store.desk_tables import DeskItemRow
from models.store.report_index import describe
from review.work.apply import Rules
from review.work.errors import UnknownRecord


@dataclass(frozen=True, slots=True)
class Deciding:
    """Bringing in decisions in one session, which is committed by the caller.

    ``rules_of`` are those that a record is checked by; ``sinks`` are the names of the delivery targets.
    """

    session: Session
    actor: str
    rules_of: Callable[[DeskItemRow], Rules]
    sinks: Collection[str]
    now: datetime

    def enter(self, named: Named, decision: Decision) -> tuple[str, bool]:
        """Keep a decision, and tell it in the record.

        Where somebody works on the record, it is told when that work is completed: what is entered belongs to the revision that
        the person sees.

        Returns:
            The record's id, and whether the decision is new.

        Raises:
            Unfit: the request is not to be found, or the decision cannot be on it.
        """
        item = decisions.request_of(self.session, named)
        if not decisions.add(self.session, item, decision, self.actor, self.now):
            return item.record_id, False
        found = desk_edits.newest_record(self.session, item.record_id)
        if found is None:
            raise UnknownRecord
        record, row = found
        if desk_edits.open_edits(self.session, item.record_id):
            describe(self.session, item.document_id, record)
            return item.record_id, True
        told = self._told(item, record)
        if told == record:
            describe(self.session, item.document_id, record)
        else:
            revised = told.model_copy(update={"revision": record.revision + 1})
            documents.add_revision(self.session, item.document_id, row.position, revised, tuple(self.sinks), self.now)
        return item.record_id, True

    def _told(self, item: DeskItemRow, record: ReferralRecord) -> ReferralRecord:
        """The record with its decisions, and its clocks with them; whether a person has ended it, and how, stays."""
        decided = decisions.with_decisions(self.session, record)
        checked = replace(self.rules_of(item), placed=_as_it_is).checked(decided)
        kept = {"gaps": record.gaps, "readings": record.readings, "status": record.status, "final": record.final}
        return checked.model_copy(update=kept)


def _as_it_is(record: ReferralRecord) -> ReferralRecord:
    """What it belongs to was found when it came, and is not looked for again."""
    return record
