"""What holds for all tests."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from models.store.database import normalised_url, sqlite_url
from tests.reliability.postgres import Postgres, running_postgres, server_binaries

# Started in the background, a shell's children ignore SIGINT, and so would the commands that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for all tests of a process, each of which takes a database of its own."""
    if server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """The address of an empty database, each time another."""
    if request.param == "sqlite":
        return lambda: sqlite_url(tmp_path_factory.mktemp("store") / "store.sqlite")
    server: Postgres = request.getfixturevalue("postgres")
    return lambda: normalised_url(server.new_database())
