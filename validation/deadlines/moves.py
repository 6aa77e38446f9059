"""Whether a person can move a request's clocks by an event, and if not, why."""

from __future__ import annotations

from datetime import tzinfo

from models.circumstances import ClockEvent, ClockEventKind
from models.record import ReferralRecord
from validation.deadlines.calendar import SiteCalendar
from validation.deadlines.clocks import timing, urgent_due
from validation.deadlines.priority import why_not
from validation.deadlines.receipt import received_at
from validation.deadlines.rules import DeadlineSet
from validation.deadlines.telling import in_words

_OF_PRIORITY = (ClockEventKind.DOWNGRADED, ClockEventKind.UPGRADED)


def refusal(record: ReferralRecord, event: ClockEvent, rules: DeadlineSet, time_zone: tzinfo) -> str | None:
    """Why an event would not do what it says; ``None`` where it would.

    Args:
        record: as it stands.
        event: what a person wants to tell of it.
        rules: the plan's deadline rules.
        time_zone: the site's.
    """
    before = timing(record, rules, time_zone)
    if not before.runs:
        return "No deadline applies to this request."
    if event.kind in _OF_PRIORITY:
        due = urgent_due(record, received_at(record, rules), SiteCalendar(rules, time_zone))
        return why_not(before.ranked, event, due)
    told = timing(record.model_copy(update={"events": [*record.events, event]}), rules, time_zone)
    # Where only another clock than the first gives way, the decision is due when it was.
    first = told.first
    return None if first is None else next((in_words(first, one, why) for one, why in first.refused if one == event), None)
