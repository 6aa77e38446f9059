"""What a report is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.store.report_figures import Wanted

HOUR_S = 3600.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requests, and the moment at which things are open or late.

    ``hidden`` are records that whoever asks reads a second time now: nothing is told of them by themselves.
    """

    wanted: Wanted
    now: datetime
    hidden: frozenset[str] = frozenset()


def hours(seconds: float | None) -> float | None:
    """Seconds as hours."""
    return None if seconds is None else seconds / HOUR_S


def days(seconds: float | None) -> float | None:
    """Seconds as days of 24 hours."""
    return None if seconds is None else seconds / DAY_S


def share(some: int, of: int) -> float | None:
    """A share, 0..1; ``None`` of nothing."""
    return some / of if of else None


def percents(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Shares in per cent, for a plot."""
    return tuple(None if value is None else 100 * value for value in values)
