"""Which rules of a set are for a request."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.circumstances import LineOfBusiness
from models.record import ReferralRecord, RequestKind, Service, Urgency
from validation.deadlines.calendar import SiteCalendar
from validation.deadlines.rules import DeadlineRule, ServiceFilter


def fitting(record: ReferralRecord, urgency: Urgency, received: datetime, calendar: SiteCalendar) -> tuple[DeadlineRule, ...]:
    """The rules that a request of this urgency has to keep to, in the order of the set.

    Args:
        record: the request.
        urgency: the one that its clocks run by.
        received: when it was received.
        calendar: the site's, with the set.
    """
    rules = calendar.rules
    kind = record.request.kind or RequestKind.NEW
    if kind not in rules.kinds:
        return ()
    line = record.coverage.line_of_business or rules.line_when_not_known
    day = calendar.day_of(received)
    return tuple(
        rule
        for rule in rules.rules
        if rule.urgency is urgency
        and kind in rule.kinds
        and _is_for_line(rule, line)
        and (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_to is None or day <= rule.valid_to)
        and _is_for_services(rule.services, record.services)
        and _is_early_enough(rule, record, received, calendar)
    )


def _is_for_line(rule: DeadlineRule, line: LineOfBusiness | None) -> bool:
    # Where nobody knows the line, no rule that may be the request's own is left out: the earliest counts.
    return not rule.lines or line is None or line in rule.lines


def _is_for_services(wanted: ServiceFilter | None, services: list[Service]) -> bool:
    if wanted is None:
        return True
    words = tuple(word.casefold() for word in wanted.words)
    return any(
        any(word in (service.description or "").casefold() for word in words)
        or any(pattern.fullmatch(service.code or "") for pattern in wanted.codes)
        for service in services
    )


def _is_early_enough(rule: DeadlineRule, record: ReferralRecord, received: datetime, calendar: SiteCalendar) -> bool:
    if rule.before_expiry_hours is None:
        return True
    ends = None if record.related.before is None else record.related.before.valid_to
    return ends is not None and received <= calendar.end_of(ends) - timedelta(hours=rule.before_expiry_hours)
