"""Databases of PostgreSQL that were dumped while the service worked, and restored: with the folders of a back-up, and alone."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.harness import Site, command, environment, fax
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.postgres import Postgres, running_postgres, server_binaries
from tests.reliability.services import Service

pytestmark = pytest.mark.skipif(server_binaries() is None, reason="no PostgreSQL server is installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def dump() -> Iterator[Path]:
    """A file that the server's own user may write."""
    with tempfile.TemporaryDirectory(prefix="par-dump-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "dump.sql"


def _ask(site: Site, *arguments: str | Path) -> str:
    folders = {"PAR_DATA": str(site.data), "PAR_OUTBOX": str(site.outbox), "PAR_INBOX": str(site.inbox), "PAR_WORKER_NAME": "one"}
    env = environment({**site.env, **folders})
    return subprocess.run(command(*arguments), env=env, cwd=site.root, capture_output=True, text=True, check=True).stdout


def _fed(site: Site, ledger: Ledger, *names: str, verb: str = "") -> None:
    for name in names:
        ledger.enter(Fax(name, 2))
        site.drop(name, fax(f"{name} {verb} @@requests=2"))


def _restored(site: Site, server: Postgres, dump: Path) -> None:
    site.env = {"PAR_DATABASE_URL": server.new_database()}
    server.load(site.env["PAR_DATABASE_URL"], dump)


def test_a_database_restored_alone_gets_again_what_came_after_its_dump(server: Postgres, tmp_path: Path, dump: Path) -> None:
    site, ledger = Site(tmp_path, {"PAR_DATABASE_URL": server.new_database()}), Ledger()
    service = Service(site)
    _fed(site, ledger, "before.pdf")
    service.wait_for_done(1)
    _fed(site, ledger, "on-its-way.pdf", verb="@sleep=4")
    service.wait_for_log("document is read", 2)
    server.dump(site.env["PAR_DATABASE_URL"], dump)
    _fed(site, ledger, "after.pdf")
    service.wait_for_done(3)
    service.kill()
    _restored(site, server, dump)
    assert _ask(site, "restore") == "3 documents; 2 of them are in work, and go on when the service starts\n"
    assert Service(site, "one", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


def test_a_dump_and_a_back_up_after_it_bring_back_what_was_there(server: Postgres, tmp_path: Path, dump: Path) -> None:
    site, ledger = Site(tmp_path, {"PAR_DATABASE_URL": server.new_database()}), Ledger()
    service = Service(site)
    _fed(site, ledger, "a.pdf", "b.pdf")
    service.wait_for_done(2)
    _fed(site, ledger, "c.pdf", "d.pdf", verb="@sleep=2")
    service.wait_for_log("document is read", 4)
    server.dump(site.env["PAR_DATABASE_URL"], dump)
    _ask(site, "backup", tmp_path / "safe")
    service.kill()
    shutil.rmtree(site.data)
    shutil.rmtree(site.outbox)
    _restored(site, server, dump)
    _ask(site, "restore", tmp_path / "safe")
    _ask(site, "replay", "--since", "2020-01-01")
    assert Service(site, "one", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict
