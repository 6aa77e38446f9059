"""What a second service on the same database and folders brings, and what the database has to do for it.

::

    python -m benchmarks.throughput FOLDER [--services 1 2] [--copies 1]

Every document of the folder is dropped at once into one inbox, and read by so many services of one reader each, on a PostgreSQL
server of the benchmark's own. Time runs from the first document's reading to the last one's archive, so that loading the engines'
models, which happens once for each reader, is in it. ``--quick`` replaces reading by one that takes no time. The rate of
transactions without work is measured afterwards.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from models.store.database import normalised_url, open_engine
from tests.intake.harness import Site
from tests.reliability.postgres import Postgres, running_postgres
from tests.reliability.services import Service

_SUFFIXES = (".pdf", ".tif", ".tiff", ".png", ".jpg")
_LOOK_S = 0.2
_IDLE_S = 20.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. ``transactions`` and ``kilobytes`` are the database's for all documents, ``idle_rate`` is transactions a second."""

    services: int
    documents: int
    wall_s: float
    cpu_s: float
    transactions: float
    kilobytes: float
    idle_rate: float


def measure(server: Postgres, documents: list[Path], services: int, *, quick: bool) -> Measured:
    """Read the documents with so many services."""
    url = server.new_database()
    store = open_engine(normalised_url(url))
    with tempfile.TemporaryDirectory(prefix="par-throughput-") as root:
        site = Site(Path(root), {"PAR_DATABASE_URL": url, "PAR_WORKERS": "1", "PAR_STABILITY_S": "1", "PAR_SCAN_INTERVAL_S": "1"})
        used_s = _cpu_s()
        workers = [Service(site, f"worker-{number}", standin=quick) for number in range(services)]
        for worker in workers:
            worker.wait_for_log("listening")
        before, before_kb = _transactions(store), _kilobytes(store)
        for number, path in enumerate(documents):
            shutil.copy(path, site.inbox / f".{number}")
            (site.inbox / f".{number}").rename(site.inbox / f"{number}{path.suffix}")
        while not any("document is read" in worker.log for worker in workers):
            time.sleep(_LOOK_S)
        began_s = time.monotonic()
        while sum(len(list((site.data / archive).iterdir())) for archive in ("done", "failed")) < len(documents):
            time.sleep(_LOOK_S)
        wall_s = time.monotonic() - began_s
        time.sleep(2)  # the last checkpoints
        after, after_kb = _transactions(store), _kilobytes(store)
        time.sleep(_IDLE_S)
        idle_rate = (_transactions(store) - after) / _IDLE_S
        for worker in workers:
            worker.stop()
    store.dispose()
    busy = after - before - idle_rate * (wall_s + 2)
    return Measured(services, len(documents), wall_s, _cpu_s() - used_s, busy, after_kb - before_kb, idle_rate)


def _transactions(store: Engine) -> float:
    with store.connect() as connection:
        asked = text("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")
        return float(connection.scalar(asked) or 0)


def _kilobytes(store: Engine) -> float:
    with store.connect() as connection:
        return float(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1024


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="documents to read")
    parser.add_argument("--services", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--copies", type=int, default=1, help="how often each document is dropped")
    parser.add_argument("--quick", action="store_true", help="a reading that takes no time: what the service and the database cost")
    given = parser.parse_args()
    documents = [path for path in sorted(given.folder.iterdir()) if path.suffix.lower() in _SUFFIXES] * given.copies
    print("services | documents | wall s | a second | times the first | CPU s each | transactions each | KB each | idle a second")
    first = None
    with running_postgres(durable=True) as server:
        for services in given.services:
            run = measure(server, documents, services, quick=given.quick)
            rate = run.documents / run.wall_s
            first = first or rate
            each = f"{run.cpu_s / run.documents:.2f} | {run.transactions / run.documents:.0f} | {run.kilobytes / run.documents:.1f}"
            print(
                f"{services} | {run.documents} | {run.wall_s:.0f} | {rate:.2f} | {rate / first:.2f} | {each} | {run.idle_rate:.1f}"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
