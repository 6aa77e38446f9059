"""A service that ends before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.rules.registry import Context, Finding, rule

_MESSAGE = "The end date of service line {number} is before its start date; please send us the correct dates of service."


@rule("dates.order")
def dates_in_order(context: Context) -> Iterator[Finding]:
    """The end date of each service is not before its start date."""
    for position, service in enumerate(context.record.services):
        if service.from_date and service.to_date and service.to_date < service.from_date:
            yield Finding(f"services.{position}.to_date", GapReason.INCONSISTENT, _MESSAGE.format(number=position + 1))
