"""How long it takes to find what an arriving request repeats or changes, in a store of few requests and in one of many.

::

    python -m benchmarks.matching_store [--few 1000] [--many 100000] [--asked 300] [--postgresql]

Both stores are filled from generated histories (``tests/matching/histories.py``) with as many requests for each member and office,
so that the work differs by the size of the store alone. Arrivals drawn from all of a history are left out of its store, and go one
after the other, to both stores by turns, through the step of the service that links them. Nothing of them is kept.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path
from random import Random
from statistics import fmean, median
from time import perf_counter

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from intake.linking import linked
from models.record import ReferralRecord
from models.store import authorizations, match_keys, match_records
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from models.store.desk_index import describe
from models.store.desk_tables import DeskItemRow
from models.store.match_tables import MatchOwner
from models.store.tables import Base
from tests.matching.histories import History, history
from tests.reliability.postgres import Postgres, running_postgres

_BATCH = 1_000
_WARM = 20
_SEED = "store"


@dataclass(slots=True)
class Store:
    """A store with its requests, those that arrive at it, and the time of each in seconds."""

    stored: int
    engine: Engine
    arriving: Sequence[ReferralRecord]
    seconds: list[float] = field(default_factory=list)
    compared: list[int] = field(default_factory=list)

    def ask(self, place: int) -> None:
        """Link one that arrives, and forget it."""
        record = self.arriving[place]
        with Session(self.engine) as session:
            begun = perf_counter()
            linked(session, record, UTC)
            spent = perf_counter() - begun
            found = len(match_records.earlier_like(session, record))
        if place >= _WARM:
            self.seconds.append(spent)
            self.compared.append(found)


def filled(engine: Engine, count: int, asked: int) -> Store:
    """A store of so many requests and their authorizations, and what is to arrive at it."""
    drawn = history(f"{_SEED}/{count}", count + asked)
    places = set(Random(_SEED).sample(range(len(drawn.arrivals)), asked))  # noqa: S311 - any of them will do
    migrate(engine)
    stored = (one.record for n, one in enumerate(drawn.arrivals) if n not in places)
    while some := list(islice(stored, _BATCH)):
        _lay_in(engine, some)
    _bring_in(engine, drawn)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return Store(count, engine, [drawn.arrivals[n].record for n in sorted(places)])


def _lay_in(engine: Engine, records: Sequence[ReferralRecord]) -> None:
    """The rows that are looked through, as ``models.store`` writes them for a fax."""
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    for record in records:
        for name, row in _rows(record):
            rows[name].append(row)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])


def _rows(record: ReferralRecord) -> Iterator[tuple[str, dict[str, object]]]:
    at, document_id = record.source.received_at, f"D-{record.record_id}"
    yield "documents", {
        "document_id": document_id, "sha256": record.source.sha256, "arrival": 1, "file_name": "fax.tif", "received_at": at,
        "state": "done", "registered_at": at, "finished_at": at,
    }  # fmt: skip
    yield "records", {
        "record_id": record.record_id, "revision": 1, "document_id": document_id, "position": 0, "status": record.status.value,
        "final": record.final, "body": record.model_dump_json(), "written_at": at,
    }  # fmt: skip
    item = DeskItemRow(record_id=record.record_id, document_id=document_id, written_at=at)
    describe(item, record)
    yield "desk_items", {column.name: getattr(item, column.name) for column in DeskItemRow.__table__.columns}
    for key in sorted(match_keys.keys_of_record(record)):
        yield "match_keys", {"owner_id": record.record_id, "key": key, "owner": MatchOwner.RECORD, "at": at}


def _bring_in(engine: Engine, drawn: History) -> None:
    granted = iter(drawn.granted)
    while some := list(islice(granted, _BATCH)):
        with Session(engine) as session, session.begin():
            authorizations.bring_in(session, tuple(one.authorization for one in some), some[-1].at)


def measured(few: int, many: int, asked: int, *, on_postgresql: bool) -> tuple[Store, Store]:
    """Both stores, asked by turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server: Postgres | None = stack.enter_context(running_postgres(durable=True)) if on_postgresql else None

        def opened(count: int) -> Engine:
            url = sqlite_url(folder / f"{count}.sqlite") if server is None else normalised_url(server.new_database())
            engine = open_engine(url)
            stack.callback(engine.dispose)
            return engine

        found = _filled(opened, few, asked + _WARM), _filled(opened, many, asked + _WARM)
        for place in range(asked + _WARM):
            for one in found:
                one.ask(place)
        return found


def _filled(opened: Callable[[int], Engine], count: int, asked: int) -> Store:
    return filled(opened(count), count, asked)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, in place of SQLite")
    wanted = parser.parse_args()
    found = measured(wanted.few, wanted.many, wanted.asked, on_postgresql=wanted.postgresql)
    for one in found:
        middle, mean = 1000 * median(one.seconds), 1000 * fmean(one.seconds)
        slow = 1000 * sorted(one.seconds)[int(0.95 * len(one.seconds))]
        times = f"{middle:.1f} ms in the middle, {mean:.1f} ms on average, {slow:.1f} ms and more for one of twenty"
        print(f"{one.stored:>9,} stored: {times}; {fmean(one.compared):.1f} compared")
    of = [
        f"{name} {tell(found[1].seconds) / tell(found[0].seconds):.2f}" for name, tell in (("middle", median), ("average", fmean))
    ]
    print(f"ratio: {', '.join(of)}")


if __name__ == "__main__":
    main()
