"""``/health`` and ``/metrics``: how the service is, in numbers and codes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import uvicorn
from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from pydantic import BaseModel

from intake.service_state import ServiceState, Snapshot
from models.errors import ConfigurationError

_UNAVAILABLE = 503
# A scan is late when ten were missed, and never before half a minute.
_LATE_SCANS = 10
_LATE_AT_LEAST = timedelta(seconds=30)


class HealthProblem(BaseModel):
    """Something that keeps work from going on."""

    code: str
    message: str
    since: datetime


class HealthReport(BaseModel):
    """How the service is.

    ``waiting`` files are in the inbox and not taken yet, ``waiting_urgent`` of them in its folder for urgent ones; ``in_work``
    documents have been taken, of which nobody has begun ``queued``; ``finished`` since the start by archive.
    """

    status: Literal["ok", "trouble"]
    started_at: datetime
    last_good_scan_at: datetime | None
    waiting: int
    waiting_urgent: int
    oldest_wait_s: float
    in_work: int
    queued: int
    finished: dict[str, int]
    problems: list[HealthProblem]


def health_report(snapshot: Snapshot, now: datetime, scan_interval_s: float) -> HealthReport:
    """The report; ``trouble`` where there are problems, or no scan went well for long."""
    late_after = max(_LATE_AT_LEAST, timedelta(seconds=_LATE_SCANS * scan_interval_s))
    late = now - (snapshot.last_good_scan_at or snapshot.started_at) > late_after
    problems = [HealthProblem(code=one.code, message=one.message, since=one.since) for one in snapshot.problems]
    return HealthReport(
        status="trouble" if late or problems else "ok",
        started_at=snapshot.started_at,
        last_good_scan_at=snapshot.last_good_scan_at,
        waiting=snapshot.waiting,
        waiting_urgent=snapshot.waiting_urgent,
        oldest_wait_s=round(snapshot.oldest_wait_s, 1),
        in_work=snapshot.in_work,
        queued=snapshot.queued,
        finished=dict(snapshot.finished),
        problems=problems,
    )


class _StateCollector(Collector):
    """The state as Prometheus metrics, taken when they are asked for."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        now = self._snapshot()
        yield GaugeMetricFamily("par_intake_inbox_waiting", "Files in the inbox that are not taken yet.", now.waiting)
        yield GaugeMetricFamily("par_intake_inbox_waiting_urgent", "Those that came as urgent.", now.waiting_urgent)
        yield GaugeMetricFamily("par_intake_inbox_oldest_wait_seconds", "How long the oldest of them waits.", now.oldest_wait_s)
        yield GaugeMetricFamily("par_intake_documents_in_work", "Documents taken and not archived yet.", now.in_work)
        yield GaugeMetricFamily("par_intake_documents_queued", "Documents taken and not begun yet.", now.queued)
        yield GaugeMetricFamily("par_intake_problems", "Problems that keep work from going on.", len(now.problems))
        last = now.last_good_scan_at.timestamp() if now.last_good_scan_at else 0.0
        yield GaugeMetricFamily("par_intake_last_good_scan_timestamp_seconds", "When the inbox was last scanned.", last)
        documents = CounterMetricFamily("par_intake_documents", "Documents archived since the start, by archive.", labels=["state"])
        for state, count in now.finished:
            documents.add_metric([state], count)
        yield documents
        records = CounterMetricFamily("par_intake_records", "Revisions stored since the start, by status.", labels=["status"])
        for status, count in now.records:
            records.add_metric([status], count)
        yield records


def build_app(state: ServiceState, scan_interval_s: float) -> FastAPI:
    """The web application."""
    app = FastAPI(title="par-intake", docs_url=None, redoc_url=None)
    registry = CollectorRegistry()
    registry.register(_StateCollector(state.snapshot))

    @app.get("/health")
    def health(response: Response) -> HealthReport:
        """How the service is; 503 where it is in trouble."""
        report = health_report(state.snapshot(), datetime.now(UTC), scan_interval_s)
        if report.status != "ok":
            response.status_code = _UNAVAILABLE
        return report

    @app.get("/metrics")
    def metrics() -> Response:
        """The same for Prometheus."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app


class WebServer:
    """Serves the application in a thread, so that the service's own thread keeps its signals."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._socket = _listening_socket(host, port)
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(timeout=5.0)
        self._socket.close()


def _listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket, before anything else is started: a port that is taken is told at once.

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Listening from here on: without it, a second service could bind the same port until the first one serves.
        listener.listen()
    except OSError as error:
        if listener is not None:
            listener.close()
        raise ConfigurationError(f"Port {port} on {host} cannot be listened on: {error.strerror}.") from error
    return listener
