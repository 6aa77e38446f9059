"""The story of a member over a store on SQLite, and where a server is installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.store.database import sqlite_url
from tests.desk.lookup.story import Story, telling


@pytest.fixture(scope="module")
def story(new_store: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story on each kind of database, told once for all tests of a module: none of them adds to it."""
    yield from telling(new_store(), tmp_path_factory.mktemp("story"))


@pytest.fixture
def own_story(tmp_path: Path) -> Iterator[Story]:
    """The story on SQLite, for a test by which it goes on."""
    yield from telling(sqlite_url(tmp_path / "store.sqlite"), tmp_path)
