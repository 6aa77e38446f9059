"""Requests for the worked examples of clocks: when they came, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.circumstances import ClockEvent, ClockEventKind, LineOfBusiness
from models.record import ReferralRecord, Service, Urgency
from tests.validation.requests import COMPLETE, with_part
from validation.deadlines import with_clocks
from validation.policies import deadline_set

PACIFIC = ZoneInfo("America/Los_Angeles")


def at(text: str) -> datetime:
    """A time at the site, such as ``2026-03-10 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC)


def end_of(text: str) -> datetime:
    """The last second of a day at the site."""
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=PACIFIC)


def came(
    received: str,
    urgency: Urgency | None = Urgency.ROUTINE,
    line: LineOfBusiness | None = None,
    services: list[Service] | None = None,
) -> ReferralRecord:
    """A request that lacks nothing, received at a time."""
    record = with_part(with_part(COMPLETE, "source", received_at=at(received)), "request", urgency=urgency)
    record = with_part(record, "coverage", line_of_business=line)
    return record if services is None else record.model_copy(update={"services": services})


def event(kind: ClockEventKind, moment: str, reason: str | None = "a reason", until: str | None = None) -> ClockEvent:
    """Something that happened at a time; ``until`` is a day."""
    return ClockEvent(kind=kind, at=at(moment), by="ann", reason=reason, until=None if until is None else end_of(until))


def after(record: ReferralRecord, *events: ClockEvent, rules: str = "medi_cal_knox_keene") -> ReferralRecord:
    """The record with its clocks, after what happened."""
    happened = record.model_copy(update={"events": [*record.events, *events]})
    return with_clocks(happened, deadline_set(rules), PACIFIC)


def due(record: ReferralRecord) -> datetime:
    """When the decision is due."""
    assert record.deadline is not None
    return record.deadline.decision_due_at


def rule(record: ReferralRecord) -> str:
    """By which rule."""
    assert record.deadline is not None
    return record.deadline.rule


def told(record: ReferralRecord) -> list[str]:
    """The codes of the notices."""
    return [notice.code for notice in record.notices]
