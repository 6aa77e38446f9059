"""Several workers on one PostgreSQL and shared folders: each fax once, whoever dies, hangs or comes back."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.intake.harness import Site, fax
from tests.reliability.killed_service import KILL_AT
from tests.reliability.ledger import Fax, Ledger, open_store
from tests.reliability.postgres import Postgres, running_postgres, server_binaries
from tests.reliability.services import IMPATIENT, Service, SiteElsewhere, other_file_system

pytestmark = pytest.mark.skipif(server_binaries() is None, reason="no PostgreSQL server is installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def site(server: Postgres, tmp_path: Path) -> Site:
    return Site(tmp_path, {"PAR_DATABASE_URL": server.new_database(), **IMPATIENT})


def _fed(site: Site, count: int, verb: str = "") -> Ledger:
    ledger = Ledger()
    for number in range(count):
        ledger.enter(Fax(f"{number}.pdf", 2))
        site.drop(f"{number}.pdf", fax(f"{number} @@requests=2 {verb}"))
    return ledger


def _workers(site: Site) -> set[str]:
    store = open_store(site)
    try:
        with store.connect() as connection:
            return set(connection.scalars(text("SELECT executor_id FROM workers")))
    finally:
        store.dispose()


@pytest.mark.parametrize("point", ["after claim write_claim", "before step read_document", "after step store"])
def test_what_a_dead_worker_had_is_finished_by_the_living(site: Site, point: str) -> None:
    ledger = _fed(site, 6)
    lost = Service(site, "lost", env={KILL_AT: f"{point}#2"})
    lost.process.wait(120)
    assert "lost" in _workers(site)
    living = [Service(site, name) for name in ("one", "two")]
    living[0].wait_for_done(6)
    living[0].wait_for(lambda: "lost" not in _workers(site), "the dead worker's row struck off")
    assert [worker.stop() for worker in living] == [0, 0]
    verdict = ledger.check(site)
    assert verdict.clean, verdict


def test_a_worker_that_was_taken_for_dead_and_comes_back_does_nothing_twice(site: Site) -> None:
    ledger = _fed(site, 4, "@sleep=3")
    frozen = Service(site, "frozen")
    frozen.wait_for_log("document is read", 2)
    frozen.signal_all(signal.SIGSTOP)
    living = Service(site, "living")
    living.wait_for_log("took over from a worker that gives no sign of life")
    living.wait_for_done(1)
    frozen.signal_all(signal.SIGCONT)
    living.wait_for_done(4)
    assert [living.stop(), frozen.stop()] == [0, 0]
    assert Service(site, "living", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


@pytest.mark.parametrize("across_file_systems", [False, True])
def test_workers_on_one_inbox_claim_each_fax_once(server: Postgres, tmp_path: Path, across_file_systems: bool) -> None:
    inbox = other_file_system(tmp_path) if across_file_systems else None
    if across_file_systems and inbox is None:
        pytest.skip("there is no second file system that may be written")
    try:
        site = SiteElsewhere(tmp_path, {"PAR_DATABASE_URL": server.new_database()}, inbox=inbox)
        workers = [Service(site, name) for name in ("one", "two")]
        for worker in workers:
            worker.wait_for_log("listening")
        ledger = _fed(site, 30)
        workers[0].wait_for_done(30)
        assert all("claim_failed" not in worker.problems() for worker in workers), "that another was quicker is no trouble"
        assert [worker.stop() for worker in workers] == [0, 0]
        assert Service(site, "one", "--drain").drained() == 0
        verdict = ledger.check(site)
        assert verdict.clean, verdict
        assert all("document is read" in worker.log for worker in workers), "both had a part in it"
    finally:
        if inbox is not None:
            shutil.rmtree(inbox)


def test_a_second_worker_of_the_same_name_is_refused(site: Site) -> None:
    first = Service(site, "one")
    first.wait_for_log("listening")
    second = Service(site, "one")
    assert second.process.wait(120) == 2
    assert "name of this worker" in second.log
    assert first.stop() == 0
