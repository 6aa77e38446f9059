"""One service for each module that asks for it, and browsers in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from models.store.roles import Role
from tests.desk.browser.harness import NO_CHROMIUM, WAIT_MS, Desk, Person, launched, read_once

OpenPerson = Callable[..., Person]


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A site that has read the faxes; the same for all test processes of a run, or with DESK_FAXES_READ for many runs."""
    if kept := os.environ.get("DESK_FAXES_READ"):
        return read_once(Path(kept))
    base = tmp_path_factory.getbasetemp()
    return read_once((base if worker_id == "master" else base.parent) / "faxes-read")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; of one module, since playwright's loop would be in the way of tests that run one of their own."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAIT_MS)
        one = launched(playwright)
        if one is None:
            pytest.fail(NO_CHROMIUM)
        yield one
        one.close()


@pytest.fixture(scope="module")
def service(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A running service over what was read."""
    one = Desk.started(origin, tmp_path_factory.mktemp("desk") / "site")
    yield one
    one.close()


@pytest.fixture
def live_desk(service: Desk) -> Desk:
    """The service, its records as they were read."""
    service.reset()
    return service


@pytest.fixture
def person(live_desk: Desk, browser: Browser) -> Iterator[OpenPerson]:
    """Opens browsers: ``person("ana")`` gives a coordinator who is signed in. Their pages may report no error."""
    opened: list[Person] = []

    def at(name: str, role: Role = Role.COORDINATOR, viewport: dict[str, int] | None = None) -> Person:
        opened.append(Person.at(live_desk, browser, name, role, viewport))
        return opened[-1]

    yield at
    for one in opened:
        one.close()
    assert not [message for one in opened for message in one.messages]
