"""A store of its own for each test, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from tests.reliability.postgres import Postgres, running_postgres, server_binaries


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; what needs it is skipped where none is installed."""
    if server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with running_postgres() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """An empty store on SQLite."""
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty store on each kind of database."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "each.sqlite")
    else:
        url = normalised_url(request.getfixturevalue("postgres").new_database())
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()
