"""How long the desk's pages take with a few records and with many, in one run, on SQLite and PostgreSQL.

    python -m benchmarks.desk [--few 1000] [--many 100000] [--rounds 41] [--postgresql] [--keep FOLDER] [--json]

The records are made up (:mod:`benchmarks.desk_stores`). Each request goes through the whole desk, without a socket; of both
stores it is asked in turn, so that what else the machine does falls on both. The times are the fastest of all rounds, for what else
runs only adds to them; what counts is their ratio. ``--keep`` leaves the SQLite stores in a folder, and takes them from there the
next time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import httpx
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.desk_stores import NPI_OF_MANY, MadeUp, copy, stores
from models.store.database import normalised_url, sqlite_url
from models.store.roles import Role
from tests.desk.desks import HTML, Desk
from tests.reliability.postgres import Postgres, running_postgres

_WARM_UP = 3
# How often the whole list is gone through, each time with its part of the rounds: what else runs for a while meets one of them.
_GOES = 3


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
            yield f"search, {view}: {name}", _post(client, "/api/records/search", {**body, "view": view, "limit": 50})
    last, _, given = first[5].partition(", ")
    for name, body in (
        ("a member, by ID", {"member_id": first[1]}),
        ("a member, by name", {"last_name": last, "first_name": given, "date_of_birth": str(first[4])[:10]}),
        ("a provider of many requests", {"npi": NPI_OF_MANY}),
        ("an office, by its fax number", {"fax": first[3]}),
        ("an authorization", {"authorization_number": first[2]}),
    ):
        yield f"history of {name}", _post(client, "/api/lookup", body)
    yield "record page", lambda: client.get(f"/records/{first[0]}", headers=HTML)
    yield "record to work on", lambda: client.get(f"/api/records/{first[0]}/work")
    yield "record", lambda: client.get(f"/api/records/{first[0]}")
    yield "history", lambda: client.get(f"/api/records/{first[0]}/history")
    yield "claim what comes next", lambda: client.post("/api/next", json={})


def _rare_names(engine: Engine) -> Iterator[str]:
    """Last names that were not on the list of those that many share."""
    known = set(MadeUp(1).shared)
    with Session(engine) as session:
        for (member,) in session.execute(text("SELECT member FROM desk_items WHERE waits ORDER BY record_id LIMIT 100")):
            if member.partition(",")[0] not in known:
                yield member.partition(",")[0]


def _post(client: httpx.Client, path: str, body: Mapping[str, object]) -> Callable[[], httpx.Response]:
    return lambda: client.post(path, json=body)


def measured(database: str, few: Desk, many: Desk, rounds: int) -> tuple[Figure, ...]:
    """The time of each request over both stores, asked in turn."""
    clients = [desk.signed_in(Role.SUPERVISOR, "bench") for desk in (few, many)]
    asked = [list(requests_of(few.services.engine, client)) for client in clients]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in asked[0]}
    for _ in range(_GOES):
        for (name, of_few), (_, of_many) in zip(*asked, strict=True):
            taken = [(_taken(name, of_few), _taken(name, of_many)) for _ in range(_WARM_UP + -(-rounds // _GOES))]
            times[name] += taken[_WARM_UP:]
    return tuple(Figure(database, name, *map(min, zip(*taken, strict=True))) for name, taken in times.items())


def _taken(name: str, ask: Callable[[], httpx.Response]) -> float:
    begin = perf_counter()
    answer = ask()
    taken = 1000 * (perf_counter() - begin)
    if answer.status_code not in (200, 204):
        raise SystemExit(f"{name}: {answer.status_code}")
    return taken


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
