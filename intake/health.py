"""``/health``: whether the service lives, whether it is ready for work, and what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from intake.service_state import Severity, Snapshot

# A scan is late when ten were missed, and never before half a minute.
_LATE_SCANS = 10
_LATE_AT_LEAST = timedelta(seconds=30)
# A turn of the loop may wait for a slow share or a busy database; one that takes longer than this hangs.
_HANGS_AFTER = timedelta(minutes=10)


class HealthProblem(BaseModel):
    """Something that keeps work from going on; ``warning`` where faxes are read and stored all the same."""

    code: str
    message: str
    severity: Severity
    since: datetime


class SinkHealth(BaseModel):
    """The open deliveries to one target. ``held`` wait behind a parked one; the oldest is of those that can be made."""

    pending: int
    held: int
    parked: int
    oldest_s: float | None


class HealthReport(BaseModel):
    """How the service is.

    ``status``: ``ok``; ``degraded``, where faxes are read and stored and something else needs a look; ``trouble``, where they are
    not. ``live``: its loop goes round, and a restart would help where it does not. ``ready``: faxes are taken and read.

    ``waiting`` files are in the inbox and not taken yet, ``waiting_urgent`` of them in its folder for urgent ones; ``in_work``
    documents have been taken, of which nobody has begun ``queued``; ``finished`` since the start by archive.
    """

    status: Literal["ok", "degraded", "trouble"]
    live: bool
    ready: bool
    started_at: datetime
    last_good_scan_at: datetime | None
    waiting: int
    waiting_urgent: int
    oldest_wait_s: float
    in_work: int
    queued: int
    oldest_in_work_s: float
    finished: dict[str, int]
    deliveries: dict[str, SinkHealth]
    problems: list[HealthProblem]


def health_report(snapshot: Snapshot, now: datetime, scan_interval_s: float) -> HealthReport:
    """The report; ``trouble`` where there are critical problems, or no scan went well for long."""
    late_after = max(_LATE_AT_LEAST, timedelta(seconds=_LATE_SCANS * scan_interval_s))
    late = now - (snapshot.last_good_scan_at or snapshot.started_at) > late_after
    problems = [
        HealthProblem(code=one.code, message=one.message, severity=one.severity, since=one.since) for one in snapshot.problems
    ]
    ready = not late and not any(one.severity is Severity.CRITICAL for one in problems)
    return HealthReport(
        status="trouble" if not ready else "degraded" if problems else "ok",
        live=now - snapshot.last_turn_at < _HANGS_AFTER,
        ready=ready,
        started_at=snapshot.started_at,
        last_good_scan_at=snapshot.last_good_scan_at,
        waiting=snapshot.waiting,
        waiting_urgent=snapshot.waiting_urgent,
        oldest_wait_s=round(snapshot.oldest_wait_s, 1),
        in_work=snapshot.in_work,
        queued=snapshot.queued,
        oldest_in_work_s=_age_s(snapshot.oldest_in_work_at, now) or 0.0,
        finished=dict(snapshot.finished),
        deliveries={
            one.sink: SinkHealth(pending=one.pending, held=one.held, parked=one.parked, oldest_s=_age_s(one.oldest_at, now))
            for one in snapshot.deliveries
        },
        problems=problems,
    )


def _age_s(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round(max(0.0, (now - since).total_seconds()), 1)
