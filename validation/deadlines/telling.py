"""What is told of a request's clocks: into its record, and why an event does not move them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from models.circumstances import ClockEvent, ClockEventKind, Notice, NoticeSeverity, Priority
from models.notices import with_notices
from models.record import ReferralRecord
from validation.deadlines.clocks import Timing, timing
from validation.deadlines.rules import DeadlineSet
from validation.deadlines.run import Refusal, Run

TOPIC = "clock"
"""The first word of the codes of notices about clocks."""


def with_clocks(record: ReferralRecord, rules: DeadlineSet | None, time_zone: tzinfo) -> ReferralRecord:
    """The record with its priority, its clocks, its deadline, and what is to be said of them.

    Args:
        record: the request, with what has happened to it.
        rules: the plan's; ``None`` for one that wants no deadline.
        time_zone: the site's.
    """
    if rules is None:
        urgency = record.request.urgency
        untimed = record.model_copy(
            update={"priority": Priority(requested=urgency, effective=urgency), "clocks": [], "deadline": None}
        )
        return with_notices(untimed, TOPIC, ())
    found = timing(record, rules, time_zone)
    timed = record.model_copy(
        update={"priority": found.ranked.priority, "clocks": found.clocks, "deadline": found.deadline},
    )
    return with_notices(timed, TOPIC, tuple(_notices(found)))


def _notices(found: Timing) -> Iterator[Notice]:
    told = found.ranked.priority
    if told.rule is not None:
        yield _note("clock.downgraded", told.reason or "", told.rule, told.source)
    first = found.first
    for event, why in first.refused if first is not None else ():
        kind = "clock.not_extended" if event.kind is ClockEventKind.EXTENDED else "clock.not_paused"
        if first is not None:
            yield _note(kind, in_words(first, event, why), first.rule.id, first.rule.source)
    if first is not None and first.decided_at is not None and first.decided_at > first.due_at:
        message = f"The decision was late: it was due at {_moment(first.due_at)}."
        yield _note("clock.decided_late", message, first.rule.id, first.rule.source)


def _note(code: str, message: str, rule: str, source: str | None) -> Notice:
    return Notice(code=code, severity=NoticeSeverity.NOTE, message=message, rule=rule, source=source)


def in_words(state: Run, event: ClockEvent, why: Refusal) -> str:
    """Why an event does not move the clock that is due first, for the person who asks."""
    rule, done = state.rule.id, "extended" if event.kind is ClockEventKind.EXTENDED else "paused"
    if why is Refusal.URGENT:
        return f"The clock of an urgent request is never {done} ({rule})."
    if why is Refusal.NOT_ALLOWED:
        return f"The rule that is due first cannot be {done} ({rule})."
    if why is Refusal.NO_REASON:
        return "It needs a reason: what is missing, or why more time is needed."
    if why is Refusal.CEILING:
        ceiling = state.ceiling
        until = "" if ceiling is None else f" of {_moment(ceiling)}"
        return f"The clock can only be extended to a later time than it has, and not beyond its ceiling{until} ({rule})."
    if why is Refusal.DECIDED:
        return "The request is decided, and its clocks stand."
    return f"It is too late: the decision was due at {_moment(state.due_at)} ({rule})."


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
