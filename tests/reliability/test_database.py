"""A database that is locked, killed and started again under the running service: nothing is lost, and health says what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.harness import Site, fax
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.postgres import Postgres, running_postgres, server_binaries
from tests.reliability.services import Service


def _fed(site: Site, ledger: Ledger, *names: str) -> None:
    for name in names:
        ledger.enter(Fax(name))
        site.drop(name, fax(f"{name} @sleep=1"))


@pytest.mark.parametrize("database", ["par-intake.sqlite", "workflow.sqlite"])
def test_a_database_file_that_another_program_locks(tmp_path: Path, database: str) -> None:
    site, ledger = Site(tmp_path, {"BUSY_MS": "500"}), Ledger()
    service = Service(site)
    _fed(site, ledger, "a.pdf", "b.pdf")
    service.wait_for_log("document is read", 2)
    other = sqlite3.connect(site.data / database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    _fed(site, ledger, "c.pdf")
    service.wait_for_problem("storage_unavailable")
    other.execute("ROLLBACK")
    other.close()
    service.wait_for_done(3)
    service.wait_for_health()
    assert service.stop() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


@pytest.fixture
def server() -> Iterator[Postgres]:
    if server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with running_postgres(durable=True) as running:
        yield running


def test_a_server_that_is_killed_and_started_again(server: Postgres, tmp_path: Path) -> None:
    site, ledger = Site(tmp_path, {"PAR_DATABASE_URL": server.url}), Ledger()
    service = Service(site)
    _fed(site, ledger, "a.pdf", "b.pdf", "c.pdf")
    service.wait_for_log("document is read", 2)
    server.kill()
    service.wait_for_problem("storage_unavailable")
    _fed(site, ledger, "d.pdf")
    server.start()
    service.wait_for_done(4)
    service.wait_for_health()
    assert service.stop() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


def test_a_service_that_is_stopped_while_its_server_is_down_ends_and_goes_on_later(server: Postgres, tmp_path: Path) -> None:
    site, ledger = Site(tmp_path, {"PAR_DATABASE_URL": server.url, "PAR_STOP_TIMEOUT_S": "2"}), Ledger()
    service = Service(site)
    _fed(site, ledger, "a.pdf", "b.pdf", "c.pdf")
    service.wait_for_log("document is read", 2)
    server.kill()
    service.wait_for_problem("storage_unavailable")
    service.stop()
    server.start()
    assert Service(site, "one", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict
