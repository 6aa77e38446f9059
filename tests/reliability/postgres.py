"""A PostgreSQL server of the test's own, that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NOBODY = "nobody"
_LIMIT_S = 300


def server_binaries() -> Path | None:
    """Where the server's programs lie; ``None`` where it is not installed."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(candidates[-1]) if candidates else shutil.which("initdb")
    return Path(found).parent if found else None


class Postgres:
    """One server on a port of its own. ``durable``: a commit is on the disk before it is told, as in use."""

    def __init__(self, home: Path, binaries: Path, *, durable: bool) -> None:
        self._home = home
        self._cluster = home / "cluster"
        self._binaries = binaries
        self._port = _free_port()
        self._databases = 0
        fsync = "on" if durable else "off"
        self._options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync={fsync}"
        self._run(binaries / "initdb", "-D", self._cluster, "-U", "par", "-A", "trust", "--no-sync")

    @property
    def url(self) -> str:
        """The address of its database, as a site writes it into the settings."""
        return f"postgresql://par@127.0.0.1:{self._port}/postgres"

    def new_database(self) -> str:
        """The address of another, empty database."""
        self._databases += 1
        name = f"site{self._databases}"
        self._run(self._binaries / "createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "par", name)
        return self.url.rpartition("/")[0] + f"/{name}"

    def dump(self, url: str, file: Path) -> None:
        """Write a database into a file, as a back-up of it would be made."""
        self._run(self._binaries / "pg_dump", "--dbname", url, "--file", file)

    def load(self, url: str, file: Path) -> None:
        """Fill an empty database from such a file."""
        self._run(self._binaries / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--file", file)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("-o", self._options, "start")

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._control("-m", "immediate", "stop")

    def kill(self) -> None:
        """SIGKILL to the server and all that it started."""
        first = int((self._cluster / "postmaster.pid").read_text().split()[0])
        listed = Path(f"/proc/{first}/task/{first}/children").read_text()
        for process in (first, *(int(one) for one in listed.split())):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{first}").exists():
            time.sleep(0.05)

    def _control(self, *arguments: str) -> None:
        self._run(self._binaries / "pg_ctl", "-D", self._cluster, "-w", "-l", self._home / "log", *arguments)

    def _run(self, *arguments: str | Path) -> None:
        """PostgreSQL refuses to run as root."""
        prefix = ["setpriv", f"--reuid={_NOBODY}", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
        with (self._home / "output").open("w") as sink:
            subprocess.run([*prefix, *map(str, arguments)], check=True, stdout=sink, stderr=sink, cwd=self._home, timeout=_LIMIT_S)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A server that runs until the end of the block."""
    binaries = server_binaries()
    assert binaries is not None
    home = Path(tempfile.mkdtemp(prefix="par-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _NOBODY)
        server = Postgres(home, binaries, durable=durable)
        server.start()
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):  # it may have been killed by the test
                server.stop()
    finally:
        shutil.rmtree(home)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
