"""All clocks of a request, and when its decision is due: by the earliest of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from models.circumstances import Clock
from models.record import Deadline, ReferralRecord, Urgency
from validation.deadlines.calendar import SiteCalendar
from validation.deadlines.fitting import fitting
from validation.deadlines.priority import Ranked, UrgentDue, ranked
from validation.deadlines.receipt import received_at
from validation.deadlines.rules import DeadlineSet
from validation.deadlines.run import Run, Start, clock_of, run


@dataclass(frozen=True, slots=True)
class Timing:
    """What the rules say of a request's time: its urgency, and its clocks in the order of the set."""

    ranked: Ranked
    runs: tuple[Run, ...]

    @property
    def first(self) -> Run | None:
        """The clock that is due first; of those due at once, the first in the set."""
        return min(self.runs, key=lambda one: one.due_at, default=None)

    @property
    def clocks(self) -> list[Clock]:
        """The clocks as the record tells them."""
        return [clock_of(one) for one in self.runs]

    @property
    def deadline(self) -> Deadline | None:
        """The earliest; ``None`` where no rule is for the request."""
        return None if self.first is None else Deadline(decision_due_at=self.first.due_at, rule=self.first.rule.id)


def timing(record: ReferralRecord, rules: DeadlineSet, time_zone: tzinfo) -> Timing:
    """Every rule that is for the request, run from its start through what has happened.

    Days end at 23:59:59 at the site, and the day of receipt is day 0. Hours run from the moment of receipt, nights and weekends
    included.
    """
    calendar = SiteCalendar(rules, time_zone)
    received = received_at(record, rules)
    found = ranked(record, received, urgent_due(record, received, calendar), calendar)
    runs = [
        run(rule, start, record.events, calendar)
        for urgency, start in _starts(found, received)
        for rule in fitting(record, urgency, received, calendar)
    ]
    return Timing(found, tuple(runs))


def urgent_due(record: ReferralRecord, received: datetime, calendar: SiteCalendar) -> UrgentDue:
    """What says when a request would be due that is urgent from some moment on."""
    rules = fitting(record, Urgency.URGENT, received, calendar)
    return lambda start: min((calendar.due_after(start, rule) for rule in rules), default=None)


def _starts(found: Ranked, received: datetime) -> Sequence[tuple[Urgency, Start]]:
    if found.effective is not Urgency.URGENT or found.asked is Urgency.URGENT:
        return [(found.effective, Start(received, "receipt", received))]
    # Made urgent later: it does not lose the time that it had.
    return [
        (found.asked, Start(received, "receipt", received)),
        (Urgency.URGENT, Start(found.urgent_from, "asked", received)),
    ]


def deadline(record: ReferralRecord, rules: DeadlineSet, time_zone: tzinfo) -> Deadline | None:
    """The earliest deadline of all rules that fit the request; ``None`` where none does."""
    return timing(record, rules, time_zone).deadline
