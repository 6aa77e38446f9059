"""The desk of an earlier release on SQLite and PostgreSQL: what it kept is found by the new one, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import models.store
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from models.store.desk_keys import signature
from models.store.desk_queue import Search, View, listed
from models.store.tables import Base
from tests.reliability.postgres import running_postgres, server_binaries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield from _opened(sqlite_url(tmp_path / "store.sqlite"))
    elif server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    else:
        with running_postgres() as server:
            yield from _opened(normalised_url(server.new_database()))


def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def _to(engine: Engine, revision: str, *, up: bool = True) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(str(models.store.__file__)).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.upgrade if up else command.downgrade)(config, revision)


def _kept_by_0004(engine: Engine, record_id: str, waits: bool, came: datetime, due: datetime) -> None:
    """A record of Maria Ruiz as the release with schema 0004 kept it."""
    known = {"id": record_id, "waits": waits, "came": came, "due": due, "status": "needs_review" if waits else "ready"}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO documents (document_id, sha256, arrival, file_name, received_at, state, registered_at) "
                "VALUES (:id, :id, 1, 'a.pdf', :came, 'done', :came)"
            ),
            known,
        )
        connection.execute(
            text(
                "INSERT INTO desk_items (record_id, document_id, revision, status, waits, received_at, order_at, page_count, "
                "blocking, warnings, doubtful, written_at) VALUES (:id, :id, 1, :status, :waits, :came, :due, 1, 0, 0, 0, :came)"
            ),
            known,
        )
        for kind, key in (("member", "ruiz"), ("member", "maria"), ("member_id", "h1")):
            connection.execute(
                text("INSERT INTO desk_keys (record_id, kind, key) VALUES (:id, :kind, :key)"),
                {"id": record_id, "kind": kind, "key": key},
            )


def _found(engine: Engine, search: Search) -> list[str]:
    with Session(engine) as session:
        return [row.record_id for row in listed(session, search, 10, NOW)]


def test_what_an_earlier_release_kept_is_found_in_its_order(store: Engine) -> None:
    _to(store, "0004")
    days = [NOW + timedelta(days=n) for n in range(4)]
    _kept_by_0004(store, "PAR-LATER", True, days[0], days[3])
    _kept_by_0004(store, "PAR-ENDED", False, days[1], days[1])
    _kept_by_0004(store, "PAR-SOON", True, days[2], days[2])
    migrate(store)
    for asked in (Search(member="maria r"), Search(text="ruiz"), Search(member_id="h1")):
        assert _found(store, asked) == ["PAR-SOON", "PAR-LATER"]
    assert _found(store, Search(member="maria", view=View.ENDED)) == ["PAR-ENDED"]
    assert _found(store, Search(member="maria", view=View.ALL)) == ["PAR-SOON", "PAR-ENDED", "PAR-LATER"]
    with store.connect() as connection:
        assert set(connection.scalars(text("SELECT signature FROM desk_keys"))) == {signature(("ruiz", "maria", "h1"))}
    _to(store, "0004", up=False)
    with store.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM desk_keys")) == 9


def test_what_an_earlier_release_adds_after_the_migration_is_found(store: Engine) -> None:
    _to(store, "0004")
    _kept_by_0004(store, "PAR-1", True, NOW, NOW)
    migrate(store)
    with store.begin() as connection:
        as_before = "record_id, kind, waits, order_at, received_at"  # what the release before wrote: no signature
        for name in ("dana", "lopez"):
            copied = text(f"INSERT INTO desk_keys (key, {as_before}) SELECT :name, {as_before} FROM desk_keys WHERE key = 'ruiz'")  # noqa: S608
            connection.execute(copied, {"name": name})
        connection.execute(text("DELETE FROM desk_keys WHERE key IN ('ruiz', 'maria', 'h1')"))
    assert _found(store, Search(member="lopez dana")) == ["PAR-1"]


def test_the_migrations_make_the_tables_that_the_code_names(store: Engine) -> None:
    migrate(store)
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
