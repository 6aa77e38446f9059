"""A request as it stands by what its own form states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from models.circumstances import Standing
from models.record import ReferralRecord, Service


def standing_of(record: ReferralRecord, number: str | None = None) -> Standing:
    """A request as its form states it; ``number`` is that of its authorization."""
    valid = span(record.services)
    return Standing(
        authorization_number=number or record.request.authorization_number,
        request=record.request,
        member=record.member,
        requesting_provider=record.requesting_provider,
        servicing_provider=record.servicing_provider,
        diagnoses=record.diagnoses,
        services=record.services,
        valid_from=valid[0],
        valid_to=valid[1],
    )


def span(services: Sequence[Service]) -> tuple[date | None, date | None]:
    """The first and the last day of some services."""
    firsts = [one.from_date for one in services if one.from_date]
    lasts = [last for one in services if (last := one.to_date or one.from_date)]
    return min(firsts, default=None), max(lasts, default=None)
