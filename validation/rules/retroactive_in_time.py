"""A retroactive request that comes later after the service than the plan takes one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from models.record import GapReason, Urgency
from validation.rules.registry import Context, Finding, rule

_MESSAGE = (
    "The date of service of line {number} is more than {days} days before the request came; "
    "please confirm the date, or tell us why the request is late."
)


@rule("retroactive.in_time")
def retroactive_in_time(context: Context) -> Iterator[Finding]:
    """Where the policy has such a limit, each service that a retroactive request is about began within it."""
    limit, record = context.policy.retroactive, context.record
    if limit is None or record.request.urgency is not Urgency.RETROACTIVE:
        return
    earliest = context.today - timedelta(days=limit.within_days)
    for position, service in enumerate(record.services):
        began = service.from_date
        if began is not None and began < earliest:
            path, message = f"services.{position}.from_date", _MESSAGE.format(number=position + 1, days=limit.within_days)
            yield Finding(path, GapReason.INCONSISTENT, message, limit.rule, limit.source, limit.severity)
