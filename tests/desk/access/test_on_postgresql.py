"""What two workers must not do at the same time, on PostgreSQL, where transactions run beside each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts, throttle
from models.store.accounts import NewAccount
from models.store.roles import Role
from models.store.throttle import Counted
from review.access import links
from review.access.links import Choice
from tests.desk.access.test_sign_in import PASSWORD
from tests.desk.desks import HTML, Desk


@pytest.fixture
def desk(desk_on_postgresql: Desk) -> Desk:
    return desk_on_postgresql


def at_once(act: Callable[[int], object], times: int) -> list[object]:
    """What each of several threads came to; a refusal is its class."""

    def tried(number: int) -> object:
        try:
            return act(number)
        except (AccountRefused, DBAPIError) as error:
            return type(error)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(tried, range(times)))


def test_a_desk_works_on_postgresql(desk: Desk) -> None:
    client = desk.signed_in(Role.ADMINISTRATOR)
    assert client.get("/accounts", headers=HTML).status_code == 200
    desk.clock.pass_s(120)
    assert client.get("/account", headers=HTML).status_code == 200
    assert client.post("/accounts", data={"name": "bob", "role": "auditor"}, headers=HTML).status_code == 200


def test_attempts_at_the_same_time_do_not_pass_each_other(desk: Desk) -> None:
    def once(_: int) -> float:
        with Session(desk.services.engine) as session, session.begin():
            return throttle.attempt(session, (Counted("name:x", 5),), desk.clock())

    assert at_once(once, 12).count(0) == 5


def test_one_first_administrator_is_made_by_any_number_of_links(desk: Desk) -> None:
    secrets = []
    for _ in range(4):
        with Session(desk.services.engine) as session, session.begin():
            secrets.append(links.first_link(session, desk.clock()) or "")

    def use(number: int) -> str:
        return links.use_link(desk.services, Choice(secrets[number], f"ann{number}", PASSWORD), "127.0.0.1")

    tokens = [one for one in at_once(use, 4) if isinstance(one, str)]
    with Session(desk.services.reading) as session:
        assert len(accounts.listed(session)) == len(tokens) == 1


def test_two_administrators_cannot_switch_each_other_off(desk: Desk) -> None:
    both = [desk.account(name, Role.ADMINISTRATOR) for name in ("ann", "bob")]

    def switch_off(number: int) -> str:
        with Session(desk.services.engine) as session, session.begin():
            accounts.disable(session, both[number], desk.clock(), actor="test")
        return "off"

    assert at_once(switch_off, 2).count("off") == 1


def test_one_name_is_given_once(desk: Desk) -> None:
    def add(_: int) -> str:
        with Session(desk.services.engine) as session, session.begin():
            return accounts.add(session, NewAccount("ann", Role.AUDITOR), desk.clock(), actor="test").name

    assert at_once(add, 6).count("ann") == 1


def test_reading_cannot_write_and_sees_one_state(desk: Desk) -> None:
    with Session(desk.services.reading) as reading:
        assert reading.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert not accounts.listed(reading)
        desk.account("ann", Role.AUDITOR)
        assert not accounts.listed(reading)
        with pytest.raises(DBAPIError):
            accounts.add(reading, NewAccount("bob", Role.AUDITOR), desk.clock(), actor="test")
