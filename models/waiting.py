"""What has to happen before a request is decided."""

from __future__ import annotations

from enum import StrEnum

from models.circumstances import ClockEventKind
from models.record import ReferralRecord

_OF_INFORMATION = frozenset(
    {ClockEventKind.INFORMATION_REQUESTED, ClockEventKind.INFORMATION_RECEIVED, ClockEventKind.INFORMATION_COMPLETE}
)


class WaitsFor(StrEnum):
    """Whose turn it is: a coordinator's to complete it, the provider's to answer, or the plan's to decide."""

    COORDINATOR = "coordinator"
    PROVIDER = "provider"
    DECISION = "decision"


def waits_for(record: ReferralRecord) -> WaitsFor | None:
    """What has to happen before the request is decided; ``None`` where it is."""
    if any(event.kind is ClockEventKind.DECIDED for event in record.events):
        return None
    asked = sorted((event for event in record.events if event.kind in _OF_INFORMATION), key=lambda one: one.at)
    if asked and asked[-1].kind is ClockEventKind.INFORMATION_REQUESTED:
        return WaitsFor.PROVIDER
    return WaitsFor.DECISION if record.final else WaitsFor.COORDINATOR
