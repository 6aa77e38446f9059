"""The API over a store on SQLite, and where a server is installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.store.database import normalised_url, sqlite_url
from tests.desk.api.stands import Api
from tests.reliability.postgres import running_postgres, server_binaries


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    one = Api.of(tmp_path)
    yield one
    one.desk.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """The address of an empty database, each time another."""
    if request.param == "sqlite":
        yield lambda: sqlite_url(tmp_path_factory.mktemp("store") / "store.sqlite")
    elif server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    else:
        with running_postgres() as postgres:
            yield lambda: normalised_url(postgres.new_database())


@pytest.fixture
def each_api(new_store: Callable[[], str], tmp_path: Path) -> Iterator[Api]:
    """The API on each kind of database."""
    one = Api.of(tmp_path, new_store())
    yield one
    one.desk.close()
