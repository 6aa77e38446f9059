"""When the decision on a request is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from models.record import Deadline, ReferralRecord, RequestKind
from validation.deadlines.rules import DeadlineRule, DeadlineSet

_END_OF_DAY = time(23, 59, 59)


def deadline(record: ReferralRecord, rules: DeadlineSet, time_zone: tzinfo) -> Deadline | None:
    """The earliest deadline of all rules that fit the request; ``None`` where none does.

    Days end at 23:59:59 at the site, and the day of receipt is day 0. Hours run from the moment of receipt, nights and weekends
    included.
    """
    if (record.request.kind or RequestKind.NEW) not in rules.kinds:
        return None
    urgency = record.request.urgency or rules.when_not_stated
    received = received_at(record, rules).astimezone(time_zone)
    due = [(_due_at(received, rule, rules), rule.id) for rule in rules.rules if rule.urgency is urgency]
    if not due:
        return None
    earliest, rule_id = min(due, key=lambda item: item[0])
    return Deadline(decision_due_at=earliest, rule=rule_id)


def received_at(record: ReferralRecord, rules: DeadlineSet) -> datetime:
    """When the clock starts: the receipt, or the time of sending in the fax header where that is a little earlier."""
    received = record.source.received_at
    sent = record.source.fax.sent_at if record.source.fax else None
    if sent is None or sent.tzinfo is None:
        return received
    waited = received - sent
    return sent if timedelta(0) < waited <= timedelta(days=rules.fax_header_within_days) else received


def _due_at(received: datetime, rule: DeadlineRule, rules: DeadlineSet) -> datetime:
    if rule.hours is not None:
        # In UTC, so that a change of the clocks neither adds nor takes an hour.
        return (received.astimezone(UTC) + timedelta(hours=rule.hours)).astimezone(received.tzinfo)
    day = received.date()
    if rule.calendar_days is not None:
        day += timedelta(days=rule.calendar_days)
    else:
        day = _after_business_days(day, rule.business_days or 0, rules)
    return datetime.combine(day, _END_OF_DAY, received.tzinfo)


def _after_business_days(day: date, count: int, rules: DeadlineSet) -> date:
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in _days_off(rules, day.year):
            count -= 1
    return day


@lru_cache(maxsize=16)
def _days_off(rules: DeadlineSet, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - it takes a second to load, and most commands need no deadline

    calendar = holidays.country_holidays(rules.country, subdiv=rules.subdivision, years=[year])
    return frozenset(day for day, name in calendar.items() if not rules.working_holidays.issuperset(name.split("; ")))
