"""A row of the queue as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.store.desk_index import DECIDED
from models.store.desk_queue import held
from models.store.desk_tables import DeskItemRow
from review.html.durations import in_words


class Haste(StrEnum):
    """How a request stands to its deadline."""

    LATE = "late"
    RISK = "risk"
    TIME = "time"
    DECIDED = "decided"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One request. ``left`` says how long until the decision is due; ``sure`` whether a rule gave that time.

    ``worker`` is who works on it now, or who completed it. ``mark`` differs whenever something else than the passing of time does.
    """

    item: DeskItemRow
    haste: Haste
    left: str
    sure: bool
    age: str
    worker: str
    mine: bool
    mark: str


def row_of(item: DeskItemRow, actor: str, now: datetime, at_risk: timedelta) -> QueueRow:
    """What is shown of an item to an actor; what is due sooner than ``at_risk`` is marked."""
    holder = held(item, now)
    worker = holder.by if holder is not None else item.completed_by or ""
    haste = _haste(item, now, at_risk)
    return QueueRow(
        item=item,
        haste=haste,
        left="" if haste in (Haste.ENDED, Haste.DECIDED) else in_words(item.order_at - now),
        sure=item.due_at is not None,
        age=in_words(now - item.received_at),
        worker=worker,
        mine=holder is not None and holder.by == actor,
        mark=f"{item.revision} {haste} {worker}",
    )


def _haste(item: DeskItemRow, now: datetime, at_risk: timedelta) -> Haste:
    if not item.waits:
        return Haste.ENDED
    if item.order_at >= DECIDED:
        return Haste.DECIDED
    if item.order_at <= now:
        return Haste.LATE
    return Haste.RISK if item.order_at - now < at_risk else Haste.TIME
