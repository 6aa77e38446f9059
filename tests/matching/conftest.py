"""Stores on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from tests.desk.desks import Desk
from tests.matching.records import Intake
from tests.reliability.postgres import Postgres, running_postgres, server_binaries


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk.of(tmp_path)
    yield one
    one.close()


def _urls() -> list[str]:
    return ["sqlite", "postgresql"] if server_binaries() is not None else ["sqlite"]


@pytest.fixture(params=_urls())
def intake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Intake]:
    """An empty store."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "store.sqlite")
    else:
        url = normalised_url(request.getfixturevalue("postgres").new_database())
    engine = open_engine(url)
    migrate(engine)
    yield Intake(engine)
    engine.dispose()
