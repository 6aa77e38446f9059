"""What tests of the desk have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models.store.database import normalised_url
from review.access import passwords
from tests.desk.desks import Desk
from tests.reliability.postgres import Postgres


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashes that take no time; what they cost in use is not what these tests are about."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk.of(tmp_path)
    yield one
    one.close()


@pytest.fixture
def desk_on_postgresql(postgres: Postgres, tmp_path: Path) -> Iterator[Desk]:
    one = Desk.of(tmp_path, url=normalised_url(postgres.new_database()))
    yield one
    one.close()
