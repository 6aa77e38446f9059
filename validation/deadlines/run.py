"""How one clock runs: from its start, through what happened to the request, to when the decision is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from models.circumstances import Clock, ClockEvent, ClockEventKind
from models.record import Urgency
from validation.deadlines.calendar import SiteCalendar
from validation.deadlines.rules import DeadlineRule


class Refusal(StrEnum):
    """Why an event does not move a clock."""

    URGENT = "urgent"
    NOT_ALLOWED = "not_allowed"
    NO_REASON = "no_reason"
    CEILING = "ceiling"
    TOO_LATE = "too_late"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Start:
    """When a clock starts, and by what: the receipt of the request, or of the wish to have it decided soon.

    ``received`` is the original receipt, which ceilings may count from.
    """

    at: datetime
    by: Literal["receipt", "asked"]
    received: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A clock as it stands after some events, with those that did not move it; ``noticed_at`` is when it was moved first."""

    rule: DeadlineRule
    calendar: SiteCalendar
    start: Start
    started_at: datetime
    first_due: datetime
    due_at: datetime
    noticed_at: datetime | None = None
    paused: bool = False
    extended: bool = False
    decided_at: datetime | None = None
    refused: tuple[tuple[ClockEvent, Refusal], ...] = ()

    @property
    def ceiling(self) -> datetime | None:
        """What nothing goes beyond; ``None`` where there is no such time, or where it counts from a notice not given yet."""
        extension = self.rule.extension
        if extension is None:
            return None
        since = {"receipt": self.start.received, "due": self.first_due, "notice": self.noticed_at}[extension.counted_from]
        return None if since is None else self.calendar.days_after(since, extension.calendar_days)


def run(rule: DeadlineRule, start: Start, events: Sequence[ClockEvent], calendar: SiteCalendar) -> Run:
    """Run a rule's clock through the events, in the order of their times."""
    due = calendar.due_after(start.at, rule)
    state = Run(rule, calendar, start, start.at, due, due)
    for event in sorted(events, key=lambda one: one.at):
        state = _MOVES[event.kind](state, event) if event.kind in _MOVES else state
    return state


def clock_of(state: Run) -> Clock:
    """The clock as the record tells it."""
    return Clock(
        rule=state.rule.id,
        source=state.rule.source,
        starts="information" if state.rule.starts == "information" else state.start.by,
        started_at=state.started_at.astimezone(state.calendar.zone),
        due_at=state.due_at,
        ceiling_at=state.ceiling,
        extended=state.extended,
        paused=state.paused,
        decided_at=state.decided_at,
        met=None if state.decided_at is None else state.decided_at <= state.due_at,
    )


def _asked(state: Run, event: ClockEvent) -> Run:
    """The provider was asked, in writing: the clock waits for the answer, no longer than to its ceiling."""
    refusal = _refusal(state, event)
    if refusal is not None:
        return _refused(state, event, refusal)
    told = replace(state, noticed_at=state.noticed_at or event.at, paused=True)
    return replace(told, due_at=max(state.due_at, told.ceiling or state.due_at))


def _answered(state: Run, event: ClockEvent) -> Run:
    """What was asked for is here: a clock that counts from the information starts again, and never passes its ceiling."""
    if state.decided_at is not None:
        return state
    if not state.paused:
        return _complete(state, event) if event.kind is ClockEventKind.INFORMATION_COMPLETE else state
    if state.rule.starts != "information":
        return replace(state, paused=False, extended=state.due_at > state.first_due)
    # What was extended by a notice of its own stays so.
    return replace(state, paused=False) if state.extended else _restarted(replace(state, paused=False), event.at)


def _complete(state: Run, event: ClockEvent) -> Run:
    """All is here, though nobody was asked by notice: the start is told to be later than the receipt, while there is time."""
    if state.rule.starts != "information" or state.extended:
        return state
    if event.at > state.due_at:
        return _refused(state, event, Refusal.TOO_LATE)
    return _restarted(state, event.at)


def _restarted(state: Run, at: datetime) -> Run:
    due = state.calendar.due_after(at, state.rule)
    return replace(state, started_at=at, due_at=due if state.ceiling is None else min(due, state.ceiling))


def _extended(state: Run, event: ClockEvent) -> Run:
    """The time was extended by notice, to its ceiling or a day before that."""
    refusal = _refusal(state, event)
    told = replace(state, noticed_at=state.noticed_at or event.at, extended=True)
    if refusal is not None or told.ceiling is None:
        return _refused(state, event, refusal or Refusal.NOT_ALLOWED)
    until = told.ceiling if event.until is None else event.until.astimezone(state.calendar.zone)
    if not state.due_at < until <= told.ceiling:
        return _refused(state, event, Refusal.CEILING)
    return replace(told, due_at=until)


def _decided(state: Run, event: ClockEvent) -> Run:
    return state if state.decided_at is not None else replace(state, decided_at=event.at, paused=False)


def _refusal(state: Run, event: ClockEvent) -> Refusal | None:
    """Why the clock can be neither paused nor extended by an event."""
    if state.decided_at is not None:
        return Refusal.DECIDED
    if state.rule.extension is None:
        return Refusal.URGENT if state.rule.urgency is Urgency.URGENT else Refusal.NOT_ALLOWED
    if not (event.reason or "").strip():
        return Refusal.NO_REASON
    return Refusal.TOO_LATE if event.at > state.due_at else None


def _refused(state: Run, event: ClockEvent, why: Refusal) -> Run:
    return replace(state, refused=(*state.refused, (event, why)))


_MOVES: Mapping[ClockEventKind, Callable[[Run, ClockEvent], Run]] = {
    ClockEventKind.INFORMATION_REQUESTED: _asked,
    ClockEventKind.INFORMATION_RECEIVED: _answered,
    ClockEventKind.INFORMATION_COMPLETE: _answered,
    ClockEventKind.EXTENDED: _extended,
    ClockEventKind.DECIDED: _decided,
}
