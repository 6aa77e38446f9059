"""The urgency that the clocks run by: what the form asks for, unless a rule or a person says otherwise. Both are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.circumstances import ClockEvent, ClockEventKind, Priority
from models.record import ReferralRecord, Urgency
from validation.deadlines.calendar import SiteCalendar

UrgentDue = Callable[[datetime], datetime | None]
"""When a request that was urgent from a moment on is due; ``None`` where no rule says so."""

_BY_PERSON = {ClockEventKind.DOWNGRADED: Urgency.ROUTINE, ClockEventKind.UPGRADED: Urgency.URGENT}


@dataclass(frozen=True, slots=True)
class Ranked:
    """How urgent a request is, and since when: from its receipt, or from when a person made it so."""

    priority: Priority
    urgent_from: datetime
    asked: Urgency

    @property
    def effective(self) -> Urgency:
        """The urgency that counts."""
        return self.priority.effective or self.asked


def ranked(record: ReferralRecord, received: datetime, urgent_due: UrgentDue, calendar: SiteCalendar) -> Ranked:
    """What the form asks for and what counts, and where they differ, by which rule or by whom.

    Args:
        record: the request; its urgency stays what the form says.
        received: when it was received.
        urgent_due: what is late as an urgent request, no downgrade makes timely.
        calendar: the site's, with the rule set.
    """
    requested = record.request.urgency
    asked = requested or calendar.rules.when_not_stated
    told = Priority(requested=requested, effective=asked)
    found = Ranked(_by_rule(told, record, received, calendar), received, asked)
    for event in sorted(record.events, key=lambda one: one.at):
        wanted = _BY_PERSON.get(event.kind)
        if wanted is None or why_not(found, event, urgent_due) is not None:
            continue
        decided = Priority(requested=requested, effective=wanted, reason=event.reason, decided_by=event.by)
        # Made urgent by a person, it was not urgent when it came; one that came as urgent is, from its receipt.
        late = wanted is Urgency.URGENT and asked is not Urgency.URGENT
        found = replace(found, priority=decided, urgent_from=event.at if late else received)
    return found


def first_service(record: ReferralRecord) -> date | None:
    """The first day of service; ``None`` where no day is given."""
    return min((service.from_date for service in record.services if service.from_date is not None), default=None)


def _by_rule(told: Priority, record: ReferralRecord, received: datetime, calendar: SiteCalendar) -> Priority:
    rule, service = calendar.rules.downgrade, first_service(record)
    if rule is None or service is None or told.requested is not Urgency.URGENT:
        return told
    away = (service - (record.request.requested_on or calendar.day_of(received))).days
    if away <= rule.service_after_days:
        return told
    reason = f"The first service is {away} days after the request; that of an urgent one is at most {rule.service_after_days}."
    return told.model_copy(update={"effective": Urgency.ROUTINE, "rule": rule.rule, "source": rule.source, "reason": reason})


def why_not(found: Ranked, event: ClockEvent, urgent_due: UrgentDue) -> str | None:
    """Why a person cannot change the urgency so; ``None`` where they can.

    Args:
        found: how urgent the request is.
        event: ``DOWNGRADED`` or ``UPGRADED``.
        urgent_due: when an urgent request is due.
    """
    wanted = _BY_PERSON[event.kind]
    if not (event.reason or "").strip():
        return "It needs a reason: why the urgency is another than was asked for."
    if found.effective is wanted:
        return f"The request runs by the {wanted.value} clocks already."
    if wanted is Urgency.URGENT:
        return None
    if found.effective is not Urgency.URGENT:
        return "Only an urgent request can be downgraded."
    until = urgent_due(found.urgent_from)
    if until is not None and event.at > until:
        return "It is too late: the decision was due as that on an urgent request, and what is late stays late."
    return None
