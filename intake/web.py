"""What the service serves over HTTP: ``/health`` and ``/metrics``, and the desk beside them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from intake.health import HealthReport, health_report
from intake.service_state import ServiceState, Snapshot
from models.errors import ConfigurationError
from review.access.needs import open_to_all

_UNAVAILABLE = 503
_LAST_ANSWERS_S = 3


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
        taken = now.oldest_in_work_at.timestamp() if now.oldest_in_work_at else 0.0
        yield GaugeMetricFamily("par_intake_oldest_in_work_timestamp_seconds", "When the oldest of them was taken; 0: none.", taken)
        last = now.last_good_scan_at.timestamp() if now.last_good_scan_at else 0.0
        yield GaugeMetricFamily("par_intake_last_good_scan_timestamp_seconds", "When the inbox was last scanned.", last)
        yield _labelled(
            "par_intake_problems", "Problems that keep work from going on.", "code", [(p.code, 1) for p in now.problems]
        )
        yield _labelled("par_intake_store_documents", "Documents in the store, by state.", "state", now.documents)
        yield _open_deliveries(now)
        documents = CounterMetricFamily("par_intake_documents", "Documents archived since the start, by archive.", labels=["state"])
        for state, count in now.finished:
            documents.add_metric([state], count)
        yield documents
        records = CounterMetricFamily("par_intake_records", "Revisions stored since the start, by status.", labels=["status"])
        for status, count in now.records:
            records.add_metric([status], count)
        yield records


def _labelled(name: str, meaning: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in values:
        family.add_metric([value], count)
    return family


def _open_deliveries(now: Snapshot) -> Metric:
    family = GaugeMetricFamily("par_intake_open_deliveries", "Deliveries in the store that are not made.", labels=["sink", "state"])
    for one in now.deliveries:
        for state, count in (("pending", one.pending), ("held", one.held), ("parked", one.parked)):
            family.add_metric([one.sink, state], count)
    return family


def build_app(state: ServiceState, scan_interval_s: float, desk: FastAPI | None = None) -> FastAPI:
    """The web application; ``desk`` answers at every address that is not one of health and metrics."""
    app = FastAPI(title="par-intake", docs_url=None, redoc_url=None, openapi_url=None)
    registry = CollectorRegistry()
    registry.register(_StateCollector(state.snapshot))

    def report(response: Response, *, well: Callable[[HealthReport], bool]) -> HealthReport:
        """How the service is, with the HTTP status that ``well`` asks for."""
        told = health_report(state.snapshot(), datetime.now(UTC), scan_interval_s)
        if not well(told):
            response.status_code = _UNAVAILABLE
        return told

    @app.get("/health")
    @app.get("/health/ready")
    @open_to_all
    def health(response: Response) -> HealthReport:
        """How the service is; 503 where faxes are not taken or not read."""
        return report(response, well=lambda told: told.ready and told.live)

    @app.get("/health/live")
    @open_to_all
    def live(response: Response) -> HealthReport:
        """The same; 503 only where a restart would help."""
        return report(response, well=lambda told: told.live)

    @app.get("/metrics")
    @open_to_all
    def metrics() -> Response:
        """The same for Prometheus, and what was counted since the start."""
        text = generate_latest(registry) + generate_latest(state.counters.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    if desk is not None:
        app.mount("/", desk)
    return app


class WebServer:
    """Serves an application in a thread, so that the service's own thread keeps its signals.

    The address is taken at once, before anything else is started. ``proxies`` are believed about where a request comes from.
    """

    def __init__(self, host: str, port: int, proxies: Sequence[str] = ()) -> None:
        self._socket = _listening_socket(host, port)
        self._proxies = list(proxies)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self, app: FastAPI) -> None:
        """Serve from now on."""
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=bool(self._proxies),
            forwarded_allow_ips=self._proxies,
            # A stream of events has no end of its own.
            timeout_graceful_shutdown=_LAST_ANSWERS_S,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=2.0 * _LAST_ANSWERS_S)
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
