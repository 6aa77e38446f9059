"""How long a roster or a directory takes to come in and to be asked, beside plain SQL of the same work, and what memory it takes.

::

    python -m benchmarks.roster [--rows 500000] [--kinds members 834 providers nppes] [--postgresql]

An import is the command's own: a file is parsed, checked, written beside what is in force, put in force and tidied. The plain work
is one statement for 5,000 rows, prepared on SQLite and COPY on PostgreSQL, into an equal table with the same indexes, of rows that
were parsed before: what no import can be without. Memory is the greatest of the importing process. Each measurement has a database
of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.rosters_drawn import (
    MEMBER_HEADER,
    PROVIDER_HEADER,
    as_in_834,
    as_in_nppes,
    members,
    npi_of,
    providers,
    write_834,
    write_nppes,
    write_table,
)
from intake.folders import Folders
from intake.importing.rosters import Order, import_members, import_providers
from intake.settings import Settings
from models.roster import MemberSpan, ProviderPlace
from models.store import roster
from models.store.bulk import write_rows
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from models.store.roster_load import MEMBER_COLUMNS, PROVIDER_COLUMNS, Load, member_row, provider_row
from models.store.roster_tables import RosterList
from tests.reliability.postgres import running_postgres

_Key = TypeVar("_Key")
_TOGETHER = 5_000
_LOOKS = 1_000
_DAYS = 34_000
_KINDS = ("members", "834", "providers", "nppes")
_OF_PROVIDERS = frozenset({"providers", "nppes"})
_MEMBER_TABLE = ("roster_members", ("member_id", "cin", "mbi", "medical_record", "last_key, first_key", "date_of_birth"))
_PROVIDER_TABLE = ("roster_providers", ("npi", "tin", "fax", "name_key"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of list on one database."""

    database: str
    kind: str
    rows: int
    import_s: float
    plain_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One look-up, in milliseconds each, beside the plain one."""

    database: str
    look_up: str
    ours_ms: float
    plain_ms: float


def draw(folder: Path, kind: str, rows: int) -> Path:
    """A file of so many rows."""
    path = folder / f"{kind}-{rows}"
    if kind == "834":
        write_834(path, members(rows))
    elif kind == "members":
        write_table(path, MEMBER_HEADER, members(rows))
    elif kind == "nppes":
        write_nppes(path, providers(rows))
    else:
        write_table(path, PROVIDER_HEADER, providers(rows))
    return path


def told(kind: str, rows: int) -> Iterator[MemberSpan | ProviderPlace]:
    """What such a file says."""
    if kind in _OF_PROVIDERS:
        drawn = providers(rows)
        yield from drawn if kind == "providers" else (as_in_nppes(number, row) for number, row in enumerate(drawn))
    else:
        yield from members(rows) if kind == "members" else (as_in_834(row) for row in members(rows))


def _import(data: Path, url: str | None, kind: str, path: Path, answers: multiprocessing.SimpleQueue[tuple[float, float]]) -> None:
    settings = Settings(data=data, database_url=url)
    before = perf_counter()
    order = Order(path, replaces=True, broken=0)
    (import_providers if kind in _OF_PROVIDERS else import_members)(settings, order)
    spent = perf_counter() - before
    # Of this process alone: what getrusage tells begins with the memory of the one that started it.
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    answers.put((spent, int(peak[1]) / 1024 if peak else 0.0))


def imported(data: Path, url: str | None, kind: str, path: Path) -> tuple[float, float]:
    """The time of an import, in seconds, and the greatest memory of its process, in megabytes."""
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.SimpleQueue[tuple[float, float]] = context.SimpleQueue()
    process = context.Process(target=_import, args=(data, url, kind, path, answers))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return answers.get()


def plainly(store: Engine, kind: str, rows: int) -> float:
    """The time of the plain work, in seconds."""
    table, indexes = _PROVIDER_TABLE if kind in _OF_PROVIDERS else _MEMBER_TABLE
    columns = PROVIDER_COLUMNS if kind in _OF_PROVIDERS else MEMBER_COLUMNS
    with store.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS plain"))
        if store.dialect.name == "postgresql":
            connection.execute(text(f"CREATE TABLE plain (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY)"))
            connection.execute(text("ALTER TABLE plain DROP COLUMN row_id, ADD COLUMN row_id SERIAL PRIMARY KEY"))
        else:
            connection.execute(text("PRAGMA cache_size=-64000"))
            made = connection.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{table}'"))  # noqa: S608 - ours
            connection.execute(text(str(made).replace(table, "plain")))
        for index in indexes:
            connection.execute(text(f"CREATE INDEX plain_{index.partition(',')[0]} ON plain ({index})"))
    spent = 0.0
    load = Load(1, RosterList.NPPES if kind == "nppes" else RosterList.DIRECTORY, replaces=True)
    drawn = told(kind, rows)
    while some := list(islice(drawn, _TOGETHER)):
        parsed = [member_row(1, one) if isinstance(one, MemberSpan) else provider_row(load, one) for one in some]
        before = perf_counter()
        with Session(store) as session, session.begin():
            write_rows(session, "plain", columns, parsed)
        spent += perf_counter() - before
    return spent


def asked(store: Engine, database: str, kind: str, rows: int) -> Iterator[Asked]:
    """Look-ups beside plain ones: of ours the whole answer, of the plain ones all columns of the rows."""
    rng = Random(2)  # noqa: S311 - any keys will do
    numbers = [rng.randrange(rows) for _ in range(_LOOKS)]
    with Session(store) as session:
        if kind in _OF_PROVIDERS:
            npis = [npi_of(number) for number in numbers]
            found = _by_turns(npis, lambda npi: len(roster.providers_by_npi(session, {npi})), _plain(session, "npi"))
            yield Asked(database, "provider by NPI", *found)
            return
        ids = [f"H{100_000_000 + number * 7 % 900_000_000}" for number in numbers]
        any_id = ("member_id", "cin", "mbi", "medical_record")
        for beside, columns in (("one id", any_id[:1]), ("any id", any_id)):
            found = _by_turns(ids, lambda one: len(roster.members_by_id(session, {one})), _plain(session, *columns))
            yield Asked(database, f"member by any id, beside {beside}", *found)
        days = [date.fromordinal(date(1930, 1, 1).toordinal() + rng.randrange(_DAYS)) for _ in range(_LOOKS)]
        found = _by_turns(days, lambda day: len(roster.members_by_birth(session, day)), _plain(session, "date_of_birth"))
        yield Asked(database, "members by date of birth", *found)


def _plain(session: Session, *columns: str) -> Callable[[str | date], int]:
    query = text(f"SELECT * FROM plain WHERE {' OR '.join(f'{column} = :key' for column in columns)}")  # noqa: S608 - our own names
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return lambda key: len(session.execute(query, {"key": str(key) if on_sqlite else key}).all())


def _by_turns(keys: Sequence[_Key], ours: Callable[[_Key], int], plain: Callable[[_Key], int]) -> tuple[float, float]:
    """The time of both for each key, in milliseconds, asked one after the other: what else the machine does falls on both."""
    spent = [0.0, 0.0]
    both: tuple[Callable[[_Key], int], ...] = (ours, plain)
    for n, key in enumerate([*keys[: _LOOKS // 10], *keys]):
        for place, ask in enumerate(both):
            before = perf_counter()
            ask(key)
            spent[place] += perf_counter() - before if n >= _LOOKS // 10 else 0.0
    return 1000 * spent[0] / len(keys), 1000 * spent[1] / len(keys)


def run(options: argparse.Namespace) -> Iterator[Figure | Asked]:
    """Measure what is asked for."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running_postgres(durable=True)) if options.postgresql else None
        for kind in options.kinds:
            for rows in (options.rows // 10, options.rows):
                url = None if server is None else server.new_database()
                yield from _measured(folder, url, kind, rows, last=rows == options.rows)


def _measured(folder: Path, url: str | None, kind: str, rows: int, *, last: bool) -> Iterator[Figure | Asked]:
    database = "SQLite" if url is None else "PostgreSQL"
    data = folder / f"{database}-{kind}-{rows}"
    data.mkdir()
    address = sqlite_url(Folders.of(Settings(data=data), "local").database) if url is None else normalised_url(url)
    store = open_engine(address)
    migrate(store)
    path = draw(folder, kind, rows)
    spent, peak = imported(data, url, kind, path)
    yield Figure(database, kind, rows, spent, plainly(store, kind, rows), peak)
    if last:
        if url is not None:
            with store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        yield from asked(store, database, kind, rows)
    store.dispose()
    path.unlink()


def line(found: Figure | Asked) -> str:
    """A row of a table for people."""
    if isinstance(found, Asked):
        ratio = found.ours_ms / found.plain_ms
        return f"| {found.database} | {found.look_up} | {found.ours_ms:.2f} ms | {found.plain_ms:.2f} ms | {ratio:.2f} |"
    ratio = found.import_s / found.plain_s
    figures = f"{found.import_s:.1f} s | {found.plain_s:.1f} s | {ratio:.2f} | {found.peak_mb:.0f} MB"
    return f"| {found.database} | {found.kind} | {found.rows:,} | {figures} |"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--kinds", nargs="+", choices=_KINDS, default=_KINDS)
    parser.add_argument("--postgresql", action="store_true", help="On PostgreSQL, in place of SQLite.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for found in run(options):
        print(json.dumps(asdict(found)) if options.json else line(found), flush=True)


if __name__ == "__main__":
    main()
