"""What holds for all tests that start services."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reliability.services import Service


@pytest.fixture(autouse=True)
def no_service_outlives_its_test() -> Iterator[None]:
    """Kill what a test that failed has left running."""
    yield
    Service.kill_all()
