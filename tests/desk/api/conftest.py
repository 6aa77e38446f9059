"""The API over a store on SQLite, and where a server is installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.api.stands import Api


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    one = Api.of(tmp_path)
    yield one
    one.desk.close()


@pytest.fixture
def each_api(new_store: Callable[[], str], tmp_path: Path) -> Iterator[Api]:
    """The API on each kind of database."""
    one = Api.of(tmp_path, new_store())
    yield one
    one.desk.close()
