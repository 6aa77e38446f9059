"""Health and metrics, without a service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from intake.service_state import ServiceState
from intake.stability import Outlook
from intake.web import WebServer, build_app, health_report
from models.errors import ConfigurationError


@pytest.fixture
def state() -> ServiceState:
    return ServiceState()


@pytest.fixture
def address(state: ServiceState) -> Iterator[str]:
    server = WebServer(build_app(state, 2.0), "127.0.0.1", 0)
    server.start()
    yield server.address
    server.stop()


def test_a_service_that_scans_is_well(state: ServiceState, address: str) -> None:
    state.scanned(Outlook((), 2, 12.34), in_work=1, queued=1)
    answer = httpx.get(f"{address}/health")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["waiting"], body["oldest_wait_s"], body["in_work"]) == ("ok", 2, 12.3, 1)
    assert body["last_good_scan_at"] is not None


def test_a_problem_is_told_until_it_is_over(state: ServiceState, address: str) -> None:
    state.met("storage_unavailable", "The disk is full.")
    assert httpx.get(f"{address}/health").status_code == 503
    assert httpx.get(f"{address}/health").json()["problems"][0]["code"] == "storage_unavailable"
    state.over("storage_unavailable")
    assert httpx.get(f"{address}/health").status_code == 200


def test_a_problem_keeps_the_time_it_was_first_met(state: ServiceState) -> None:
    state.met("x", "first")
    since = state.snapshot().problems[0].since
    state.met("x", "again")
    assert state.snapshot().problems[0].since == since


@pytest.mark.parametrize(
    ("interval_s", "silent_s", "status"), [(2, 29, "ok"), (2, 31, "trouble"), (60, 500, "ok"), (60, 700, "trouble")]
)
def test_a_service_whose_scans_stopped_is_in_trouble(interval_s: float, silent_s: float, status: str) -> None:
    state = ServiceState()
    state.scanned(Outlook((), 0, 0), 0, 0)
    later = datetime.now(UTC) + timedelta(seconds=silent_s)
    assert health_report(state.snapshot(), later, interval_s).status == status


def test_metrics_count_documents_and_records(state: ServiceState, address: str) -> None:
    state.finished("done")
    state.finished("done")
    state.stored("ready")
    text = httpx.get(f"{address}/metrics").text
    assert 'par_intake_documents_total{state="done"} 2.0' in text
    assert 'par_intake_records_total{status="ready"} 1.0' in text


def test_port_zero_takes_a_free_one_and_a_taken_one_is_refused(address: str) -> None:
    port = int(address.rpartition(":")[2])
    assert port > 0
    with pytest.raises(ConfigurationError, match=str(port)):
        WebServer(build_app(ServiceState(), 2.0), "127.0.0.1", port)
