"""What is late or due soon, for whoever asks from beside the service: ids, times and rules, and nothing of a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.settings import Settings
from models.store.at_risk import AtRisk, at_risk
from models.waiting import WaitsFor, waits_for


@dataclass(frozen=True, slots=True)
class RequestAtRisk:
    """A request that is late or due soon; without a ``rule``, ``due_at`` is when it would be due if it were urgent."""

    record_id: str
    document_id: str
    due_at: datetime
    late: bool
    rule: str | None
    waits_for: WaitsFor | None


def requests_at_risk(settings: Settings, within_hours: int | None, most: int) -> tuple[RequestAtRisk, ...]:
    """The requests that are late, or due within some hours, the most urgent first.

    Args:
        settings: where the store is, and what is at risk.
        within_hours: in place of the setting.
        most: how many at most.

    Raises:
        ConfigurationError: there is no store yet.
        StorageUnavailable: it cannot be reached.
    """
    now = datetime.now(UTC)
    before = now + timedelta(hours=settings.at_risk_hours if within_hours is None else within_hours)
    with Session(open_store(settings, Folders.of(settings, executor_id_of(settings)))) as session:
        found = at_risk(session, before, most, None, until_decided=settings.at_risk_until_decided)
        return tuple(_told(one, settings, now) for one in found)


def _told(found: AtRisk, settings: Settings, now: datetime) -> RequestAtRisk:
    item, deadline = found.item, found.record.deadline
    rule = None if deadline is None else deadline.rule
    due = item.order_at.astimezone(settings.zone)
    return RequestAtRisk(item.record_id, item.document_id, due, item.order_at <= now, rule, waits_for(found.record))
