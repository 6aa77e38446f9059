"""How long the desk's pages take with a few records and with many, in one run, on SQLite and PostgreSQL.

    python -m benchmarks.desk [--few 1000] [--many 100000] [--rounds 41] [--postgresql] [--keep FOLDER] [--json]

The records are made up, with names drawn at random. The rows of each are those that ``models.store`` writes for a fax, laid in by
the thousand. A quarter of them waits for a person. Each request goes through the whole desk, without a socket; of both stores it is
asked in turn, so that what else the machine does falls on both. The times are the fastest of all rounds, for what else runs only
adds to them; what counts is their ratio. ``--keep`` leaves the SQLite stores in a folder, and takes them from there the next time.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from models.record import FaxHeader, Gap, GapReason, Reading, ReferralRecord, Severity, Source, Status
from models.store.database import empty_log, migrate, normalised_url, open_engine, sqlite_url
from models.store.desk_index import describe
from models.store.desk_keys import keys_of
from models.store.desk_tables import ChangeKind, DeskItemRow
from models.store.roles import Role
from models.store.tables import Base
from tests.desk.desks import HTML, Desk
from tests.reliability.postgres import Postgres, running_postgres

_PEOPLE = Path(__file__).parents[1] / "tests" / "faxes" / "data" / "people.toml"
_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fal",
    "gri",
    "hol",
    "jan",
    "kel",
    "lor",
    "mun",
    "ner",
    "ost",
    "pel",
    "ruk",
    "sen",
    "tov",
    "vil",
    "zar",
)
_BATCH = 1_000
_WAITING = 0.25
_WARM_UP = 3
_TABLES = frozenset({"documents", "records", "desk_items", "desk_keys", "desk_gaps", "desk_changes", "audit_events"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One request: milliseconds with few records and with many."""

    database: str
    request: str
    few_ms: float
    many_ms: float

    @property
    def ratio(self) -> float:
        """How many times longer it takes with many."""
        return self.many_ms / self.few_ms


class MadeUp:
    """Records that are made up, always the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret hangs on it
        people = tomllib.loads(_PEOPLE.read_text(encoding="utf-8"))
        self._first: list[str] = people["first_f"] + people["first_m"]
        self._last: list[str] = people["last"]

    def record(self, number: int, now: datetime) -> ReferralRecord:
        """A record that came within the last year; one that waits, within the last days."""
        draw = self._random
        waits = draw.random() < _WAITING
        received = now - timedelta(seconds=draw.uniform(0, 5 * 86_400 if waits else 365 * 86_400))
        phone = f"+1831555{draw.randrange(10_000):04}"
        gap = Gap(field="member.phone", reason=GapReason.MISSING, severity=Severity.BLOCKING, message="Please send it.")
        reading = Reading(text="x", confidence=0.5, page=1, method="ocr", needs_review=waits)
        return ReferralRecord.model_validate(
            {
                "record_id": f"PAR-{number:016}",
                "status": Status.NEEDS_REVIEW if waits else Status.READY,
                "final": not waits,
                "source": Source(
                    file_name="fax.tif",
                    sha256=f"{number:064x}",
                    received_at=received,
                    pages=[1, 2],
                    fax=FaxHeader(sender_number=phone),
                ),
                "request": {
                    "kind": draw.choice(["new", "amendment", "extension"]),
                    "urgency": draw.choice(["routine", "urgent"]),
                    "authorization_number": f"A{draw.randrange(10**9):09}",
                },
                "member": {
                    "last_name": self._last_name(),
                    "first_name": draw.choice(self._first),
                    "member_id": f"H{draw.randrange(10**8):08}A",
                    "date_of_birth": f"{draw.randrange(1930, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
                },
                "requesting_provider": {"name": f"{draw.choice(self._first)} {self._last_name()}", "fax": phone},
                "deadline": {"decision_due_at": received + timedelta(days=7), "rule": "made.up"},
                "gaps": [gap] if waits else [],
                "readings": {"member.last_name": reading},
            }
        )

    def _last_name(self) -> str:
        """One of a few dozen names that many share, or one that hardly anybody has."""
        draw = self._random
        return draw.choice(self._last) if draw.random() < 0.5 else "".join(draw.choices(_SYLLABLES, k=4)).title()


def fill(engine: Engine, count: int, now: datetime) -> None:
    """Store so many records, each of a document of its own."""
    made_up = MadeUp(1)
    for begin in range(0, count, _BATCH):
        rows: dict[str, list[dict[str, object]]] = defaultdict(list)
        for number in range(begin, min(begin + _BATCH, count)):
            for name, row in _rows(made_up.record(number, now), f"DOC-{number:022X}"):
                rows[name].append(row)
        with engine.begin() as connection:
            for table in Base.metadata.sorted_tables:
                if rows[table.name]:
                    connection.execute(insert(table), rows[table.name])


def _rows(record: ReferralRecord, document_id: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The rows that a record has in the store, by their tables."""
    at = record.source.received_at
    known = {"document_id": document_id, "record_id": record.record_id, "revision": record.revision}
    yield "documents", {
        "document_id": document_id, "sha256": record.source.sha256, "arrival": 1, "file_name": "fax.tif", "received_at": at,
        "state": "done", "registered_at": at, "finished_at": at,
    }  # fmt: skip
    yield "records", {
        **known, "position": 0, "status": record.status.value, "final": record.final, "body": record.model_dump_json(),
        "written_at": at,
    }  # fmt: skip
    item = DeskItemRow(record_id=record.record_id, document_id=document_id, written_at=at)
    describe(item, record)
    yield "desk_items", {column.name: getattr(item, column.name) for column in DeskItemRow.__table__.columns}
    for kind, key in keys_of(record):
        yield "desk_keys", {
            "record_id": record.record_id, "kind": kind, "key": key,
            "waits": item.waits, "order_at": item.order_at, "received_at": item.received_at,
        }  # fmt: skip
    for position, gap in enumerate(record.gaps):
        yield "desk_gaps", {
            "record_id": record.record_id, "position": position, "field": gap.field, "reason": gap.reason, "severity": gap.severity,
        }  # fmt: skip
    yield "desk_changes", {"kind": ChangeKind.REVISION, "record_id": record.record_id, "revision": 1, "at": at}
    for action in ("registered", "stored", "done"):
        yield "audit_events", {**known, "at": at, "actor": "service", "action": action}


def copy(source: Engine, target: Engine) -> None:
    """Put the rows of one store into another, empty one on PostgreSQL."""
    raw = target.raw_connection()
    driver: Any = raw.driver_connection  # psycopg's own
    try:
        with source.connect() as reading, driver.cursor() as cursor:
            for table in (one for one in Base.metadata.sorted_tables if one.name in _TABLES):
                columns = ", ".join(table.columns.keys())
                with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as writing:
                    for row in reading.execution_options(yield_per=5_000).execute(select(table)):
                        writing.write_row(tuple(row))
            for name, column in (("desk_changes", "change_id"), ("audit_events", "event_id")):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), max({column})) FROM {name}")  # noqa: S608 - ours
        raw.commit()
    finally:
        raw.close()


def requests_of(engine: Engine, client: httpx.Client) -> Iterator[tuple[str, Callable[[], httpx.Response]]]:
    """What is asked, by its name; what it looks for is in both stores."""
    with Session(engine) as session:
        first = session.execute(
            text("SELECT record_id, member_id, authorization_number, office, date_of_birth, member FROM desk_items "
                 "WHERE waits AND member NOT LIKE '%-%' ORDER BY record_id LIMIT 1")
        ).one()  # fmt: skip
    rare = next(_rare_names(engine))
    begin = client.get("/api/records?limit=50").json()["next"]
    yield "queue page", lambda: client.get("/queue", headers=HTML)
    yield "queue, all records", lambda: client.get("/queue?view=all", headers=HTML)
    yield "listing", lambda: client.get("/api/records?limit=50")
    yield "listing, second page", lambda: client.get(f"/api/records?limit=50&cursor={begin}")
    yield "listing, ended", lambda: client.get("/api/records?view=ended&limit=50")
    yield "listing, one kind with gaps", lambda: client.get("/api/records?kind=amendment&with_gaps=true&unclaimed=true&limit=50")
    for name, body in (
        ("a name that many share", {"member": "Kowalczyk"}),
        ("a name that few share", {"member": rare}),
        ("the beginning of a name", {"member": "k"}),
        ("last and first name", {"member": "Kowalczyk Odette"}),
        ("a name that nobody has", {"member": "Qqqqq"}),
        ("member ID", {"member_id": first[1]}),
        ("authorization number", {"authorization_number": first[2]}),
        ("provider", {"provider": "Rasmussen"}),
        ("fax number", {"fax": first[3]}),
        ("date of birth", {"date_of_birth": str(first[4])[:10]}),
        ("any words", {"text": "Kowalczyk Odette"}),
        ("any one word", {"text": rare}),
    ):
        for view in ("waiting", "all"):
            yield f"search, {view}: {name}", _search(client, {**body, "view": view, "limit": 50})
    yield "record page", lambda: client.get(f"/records/{first[0]}", headers=HTML)
    yield "record to work on", lambda: client.get(f"/api/records/{first[0]}/work")
    yield "record", lambda: client.get(f"/api/records/{first[0]}")
    yield "history", lambda: client.get(f"/api/records/{first[0]}/history")
    yield "claim what comes next", lambda: client.post("/api/next", json={})


def _rare_names(engine: Engine) -> Iterator[str]:
    """Last names that were not on the list of those that many share."""
    known = set(MadeUp(1)._last)  # noqa: SLF001 - the same list
    with Session(engine) as session:
        for (member,) in session.execute(text("SELECT member FROM desk_items WHERE waits ORDER BY record_id LIMIT 100")):
            if member.partition(",")[0] not in known:
                yield member.partition(",")[0]


def _search(client: httpx.Client, body: dict[str, object]) -> Callable[[], httpx.Response]:
    return lambda: client.post("/api/records/search", json=body)


def measured(database: str, few: Desk, many: Desk, rounds: int) -> tuple[Figure, ...]:
    """The time of each request over both stores, asked in turn."""
    clients = [desk.signed_in(Role.SUPERVISOR, "bench") for desk in (few, many)]
    asked = [list(requests_of(few.services.engine, client)) for client in clients]
    figures = []
    for (name, of_few), (_, of_many) in zip(*asked, strict=True):
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(rounds + _WARM_UP):
            for spent, ask in zip(times, (of_few, of_many), strict=True):
                begin = perf_counter()
                answer = ask()
                if turn >= _WARM_UP:
                    spent.append(1000 * (perf_counter() - begin))
                if answer.status_code not in (200, 204):
                    raise SystemExit(f"{name}: {answer.status_code}")
        figures.append(Figure(database, name, min(times[0]), min(times[1])))
    return tuple(figures)


@contextmanager
def stores(few: int, many: int, keep: Path | None, folder: Path) -> Iterator[dict[int, Path]]:
    """An SQLite store with each number of records."""
    now = datetime.now(UTC)
    found = {}
    for count in (few, many):
        kept = (keep or folder) / f"records-{count}.sqlite"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            engine = open_engine(sqlite_url(kept.with_suffix(".part")))
            migrate(engine)
            fill(engine, count, now)
            empty_log(engine)
            engine.dispose()
            kept.with_suffix(".part").rename(kept)
        found[count] = Path(shutil.copy(kept, folder / f"run-{count}.sqlite"))
    yield found


def run(options: argparse.Namespace) -> Iterator[tuple[Figure, ...]]:
    """Measure what is asked for, database by database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = stack.enter_context(stores(options.few, options.many, options.keep, folder))
        few, many = (Desk.of(folder, url=sqlite_url(found[count])) for count in (options.few, options.many))
        yield measured("SQLite", few, many, options.rounds)
        if options.postgresql:
            server = stack.enter_context(running_postgres(durable=True))
            yield measured("PostgreSQL", _copied(few, server, folder), _copied(many, server, folder), options.rounds)


def _copied(desk: Desk, server: Postgres, folder: Path) -> Desk:
    """The same desk on PostgreSQL, which has counted its rows, as it does by itself after so many new ones."""
    other = Desk.of(folder, url=normalised_url(server.new_database()))
    copy(desk.services.engine, other.services.engine)
    with other.services.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return other


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """The figures for people."""
    yield "| database | request | few, ms | many, ms | times |"
    yield "|---|---|---|---|---|"
    for one in figures:
        yield f"| {one.database} | {one.request} | {one.few_ms:.1f} | {one.many_ms:.1f} | {one.ratio:.2f} |"
    yield f"\nThe worst is {max(one.ratio for one in figures):.2f} times.\n"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for figures in run(options):
        print(json.dumps([asdict(one) for one in figures]) if options.json else "\n".join(table(figures)), flush=True)


if __name__ == "__main__":
    main()
