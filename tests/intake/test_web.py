"""Health and metrics, without a service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from intake.health import health_report
from intake.service_state import ServiceState, Severity
from intake.stability import Outlook
from intake.web import WebServer, build_app
from models.errors import ConfigurationError, StorageUnavailable, TargetUnavailable
from models.store.deliveries import SinkTally


@pytest.fixture
def state() -> ServiceState:
    return ServiceState()


@pytest.fixture
def address(state: ServiceState) -> Iterator[str]:
    server = WebServer("127.0.0.1", 0)
    server.start(build_app(state, 2.0))
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


def test_a_trouble_that_two_met_is_one_until_it_is_over_for_both(state: ServiceState) -> None:
    state.met("storage_unavailable", "A folder.", source="one")
    state.met("storage_unavailable", "The database.", source="two")
    assert len(state.snapshot().problems) == 1
    state.over("storage_unavailable", source="one")
    assert [one.message for one in state.snapshot().problems] == ["The database."]
    state.over_all("two")
    assert state.snapshot().problems == ()


def test_what_keeps_no_fax_from_being_read_is_told_without_calling_the_service_down(state: ServiceState, address: str) -> None:
    state.target("webhook", TargetUnavailable("The webhook answers 503."))
    answer = httpx.get(f"{address}/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["ready"]) == (200, "degraded", True)
    (problem,) = answer.json()["problems"]
    assert (problem["code"], problem["severity"]) == ("target_unavailable", "warning")
    state.target("outbox", StorageUnavailable("The outbox cannot be written."))
    assert httpx.get(f"{address}/health").status_code == 503
    state.target("outbox", None)
    assert httpx.get(f"{address}/health").status_code == 200
    state.target("webhook", None)
    assert httpx.get(f"{address}/health").json()["status"] == "ok"


def test_the_worst_of_two_severities_counts(state: ServiceState) -> None:
    state.met("x", "bad", source="one", severity=Severity.CRITICAL)
    state.met("x", "less bad", source="two", severity=Severity.WARNING)
    assert [one.severity for one in state.snapshot().problems] == [Severity.CRITICAL]


def test_open_and_parked_deliveries_are_told(state: ServiceState, address: str) -> None:
    queued_at = datetime.now(UTC) - timedelta(seconds=90)
    state.undelivered((SinkTally("webhook", pending=3, held=2, parked=1, oldest_at=queued_at),))
    body = httpx.get(f"{address}/health").json()
    assert body["status"] == "degraded"
    assert [one["code"] for one in body["problems"]] == ["deliveries_parked"]
    told = body["deliveries"]["webhook"]
    assert (told["pending"], told["held"], told["parked"]) == (3, 2, 1)
    assert told["oldest_s"] >= 90
    text = httpx.get(f"{address}/metrics").text
    assert 'par_intake_open_deliveries{sink="webhook",state="parked"} 1.0' in text
    assert 'par_intake_problems{code="deliveries_parked"} 1.0' in text
    state.undelivered(())
    assert httpx.get(f"{address}/health").json()["problems"] == []


def test_a_loop_that_hangs_is_not_alive_and_one_in_trouble_is(state: ServiceState, address: str) -> None:
    state.met("storage_unavailable", "The disk is full.")
    assert httpx.get(f"{address}/health/live").status_code == 200
    assert httpx.get(f"{address}/health/ready").status_code == 503
    state.turned()
    soon, late = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (9, 11))
    assert health_report(state.snapshot(), soon, 2.0).live
    assert not health_report(state.snapshot(), late, 2.0).live


def test_the_oldest_document_in_work_is_told(state: ServiceState) -> None:
    now = datetime.now(UTC)
    state.scanned(Outlook((), 0, 0), 1, 0, now - timedelta(seconds=50))
    assert health_report(state.snapshot(), now, 2.0).oldest_in_work_s == 50


def test_metrics_tell_the_store_and_what_was_counted(state: ServiceState, address: str) -> None:
    state.stands((("done", 7), ("failed", 2)))
    state.delivery("outbox", "delivered")
    state.delivery("webhook", "put_off")
    state.counters.pages.inc(3)
    state.counters.steps.labels("read").observe(1.5)
    text = httpx.get(f"{address}/metrics").text
    assert 'par_intake_store_documents{state="done"} 7.0' in text
    assert 'par_intake_deliveries_total{outcome="delivered",sink="outbox"} 1.0' in text
    assert 'par_intake_deliveries_total{outcome="put_off",sink="webhook"} 1.0' in text
    assert "par_intake_pages_read_total 3.0" in text
    assert 'par_intake_step_seconds_sum{step="read"} 1.5' in text


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
        WebServer("127.0.0.1", port)
