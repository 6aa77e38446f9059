"""Stores of made-up records, to measure the desk over: the rows that ``models.store`` writes for a fax, laid in by the thousand.

The names are drawn at random, always the same; a quarter of the records waits for a person.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select

from models.record import FaxHeader, Gap, GapReason, Reading, ReferralRecord, Severity, Source, Status
from models.store.database import empty_log, migrate, open_engine, sqlite_url
from models.store.desk_index import describe
from models.store.desk_keys import keys_of
from models.store.desk_tables import ChangeKind, DeskItemRow
from models.store.tables import Base

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
_TABLES = frozenset(
    {"documents", "records", "desk_items", "desk_keys", "desk_gaps", "desk_changes", "report_items", "audit_events"}
)
# Every so many requests come from the same office: one that has many has more, the more requests there are.
_OFFICES = 20
NPI_OF_MANY = "1000000000"
"""The NPI of one of these offices."""


class MadeUp:
    """Records that are made up, always the same for the same seed. ``shared`` are the last names that many have."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret hangs on it
        people = tomllib.loads(_PEOPLE.read_text(encoding="utf-8"))
        self._first: list[str] = people["first_f"] + people["first_m"]
        self.shared: list[str] = people["last"]

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
                "requesting_provider": {
                    "name": f"{draw.choice(self._first)} {self._last_name()}",
                    "npi": f"{int(NPI_OF_MANY) + number % _OFFICES}",
                    "fax": phone,
                },
                "deadline": {"decision_due_at": received + timedelta(days=7), "rule": "made.up"},
                "gaps": [gap] if waits else [],
                "readings": {"member.last_name": reading},
            }
        )

    def _last_name(self) -> str:
        """One of a few dozen names that many share, or one that hardly anybody has."""
        draw = self._random
        return draw.choice(self.shared) if draw.random() < 0.5 else "".join(draw.choices(_SYLLABLES, k=4)).title()


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
            "waits": item.waits, "order_at": item.order_at, "received_at": item.received_at, "signature": item.signature,
        }  # fmt: skip
    for position, gap in enumerate(record.gaps):
        yield "desk_gaps", {
            "record_id": record.record_id, "position": position, "field": gap.field, "reason": gap.reason, "severity": gap.severity,
        }  # fmt: skip
    yield "report_items", {
        "record_id": record.record_id, "document_id": document_id, "counts": True, "is_drug": False, "started_at": at,
        "npi": record.requesting_provider.npi, "extended": False, "weighed": True,
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
