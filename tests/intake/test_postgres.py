"""Two services on one PostgreSQL database, one of them killed: the same code, and exactly once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.store.database import normalised_url, open_engine
from tests.intake.harness import Site, ended, fax, stop

_NOBODY = "nobody"


def _server_binaries() -> Path | None:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(candidates[-1]) if candidates else shutil.which("initdb")
    return Path(found).parent if found else None


BINARIES = _server_binaries()
pytestmark = pytest.mark.skipif(BINARIES is None, reason="no PostgreSQL server is installed")


def _run(home: Path, *arguments: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["setpriv", f"--reuid={_NOBODY}", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    output = home / "output"
    # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
    with output.open("w") as sink:
        subprocess.run([*prefix, *map(str, arguments)], check=True, stdout=sink, stderr=sink, cwd=home, timeout=300)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    assert BINARIES is not None
    home = Path(tempfile.mkdtemp(prefix="par-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _NOBODY)
        cluster = home / "cluster"
        _run(home, BINARIES / "initdb", "-D", cluster, "-U", "par", "-A", "trust", "--no-sync")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
        control = (BINARIES / "pg_ctl", "-D", cluster, "-w", "-l", home / "log")
        _run(home, *control, "-o", options, "start")
        try:
            yield f"postgresql://par@127.0.0.1:{port}/postgres"
        finally:
            _run(home, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def test_a_worker_that_never_comes_back_is_finished_by_the_other(database_url: str, tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_DATABASE_URL": database_url})
    names = [f"{number}.pdf" for number in range(8)]
    for name in names:
        site.drop(name, fax(f"{name} @sleep=1 @@requests=2"))
    lost = site.start(env={"PAR_WORKER_NAME": "lost"})
    site.wait_for_log("document is read", 2)
    stop(lost, signal.SIGKILL)
    store = open_engine(normalised_url(database_url))
    with store.begin() as connection:  # a minute goes by
        connection.execute(text("UPDATE workers SET beat_at = beat_at - interval '10 minutes'"))
    assert site.drain(env={"PAR_WORKER_NAME": "living"}) == 0
    assert site.archived("done") == Counter(names)
    assert Counter(record["source"]["file_name"] for record in site.records().values()) == dict.fromkeys(names, 2)
    with store.connect() as connection:
        assert connection.execute(text("SELECT count(*), max(revision) FROM records")).all() == [(16, 1)]
        assert connection.scalar(text("SELECT count(*) FROM workers WHERE executor_id = 'lost'")) == 0
    store.dispose()


def test_two_workers_share_one_inbox_and_do_nothing_twice(database_url: str, tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_DATABASE_URL": database_url, "PAR_WORKERS": "1"})
    workers = [site.start("--drain", env={"PAR_WORKER_NAME": name}) for name in ("one", "two")]
    names = [f"shared {number}.pdf" for number in range(12)]
    for name in names:
        site.drop(name, fax(f"{name} @sleep=0.1"))
    for worker in workers:
        worker.communicate(timeout=300)
    site.drain(env={"PAR_WORKER_NAME": "one"})
    assert site.archived("done") == Counter(names)
    assert Counter(record["source"]["file_name"] for record in site.records().values()) == Counter(names)


def test_a_second_worker_of_the_same_name_is_refused(database_url: str, tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_DATABASE_URL": database_url, "PAR_WORKER_NAME": "one"})
    first = site.start()
    site.wait_for_log("listening")
    assert ended(site.start()) == 2
    assert stop(first) == 0
    assert "name of this worker" in (site.root / "log").read_text()
