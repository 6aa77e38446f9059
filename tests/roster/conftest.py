"""A store of its own for each test, on SQLite or on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.database import migrate, open_engine, sqlite_url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """An empty store on SQLite."""
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def each_store(new_store: Callable[[], str]) -> Iterator[Engine]:
    """An empty store on each kind of database."""
    engine = open_engine(new_store())
    migrate(engine)
    yield engine
    engine.dispose()
