"""Guessing passwords becomes slow, for one name and from one address, and it is told in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import accounts, throttle
from models.store.account_tables import SignInFailureRow
from models.store.roles import Role
from models.store.throttle import Counted
from review.access import gate
from review.access.gate import Refused
from review.access.passwords import hash_of
from tests.desk.desks import Desk

PASSWORD = "correct horse battery"
HERE = "10.0.0.1"


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_of(PASSWORD, "ann")


@pytest.fixture
def ann(desk: Desk, kept: str) -> accounts.Account:
    return desk.account("ann", Role.COORDINATOR, kept)


def attempt(desk: Desk, name: str = "ann", password: str = "wrong", address: str = HERE) -> float | None:
    """Seconds to wait, 0 for a wrong password, ``None`` for a session."""
    outcome = gate.sign_in(desk.services, name, password, address)
    return outcome.wait_s if isinstance(outcome, Refused) else None


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_each_failure_makes_the_wait_longer_whether_there_is_an_account_or_not(desk: Desk, name: str) -> None:
    assert [attempt(desk, name) for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(12):
        wait_s = attempt(desk, name) or 0
        waits.append(round(wait_s))
        desk.clock.pass_s(wait_s)
        assert attempt(desk, name) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.usefixtures("ann")
def test_the_right_password_is_not_even_looked_at_while_waiting(desk: Desk) -> None:
    for _ in range(5):
        attempt(desk)
    assert attempt(desk, password=PASSWORD) == 1
    desk.clock.pass_s(1)
    assert attempt(desk, password=PASSWORD) is None
    assert [attempt(desk) for _ in range(5)] == [0] * 5


@pytest.mark.usefixtures("ann")
def test_many_names_from_one_address_are_slowed_as_well(desk: Desk) -> None:
    assert [attempt(desk, f"name{number}") for number in range(30)] == [0] * 30
    assert attempt(desk, "another") == 1
    assert attempt(desk, password=PASSWORD, address="10.0.0.2") is None


@pytest.mark.usefixtures("ann")
def test_one_network_of_version_six_counts_as_one_address(desk: Desk) -> None:
    for number in range(30):
        attempt(desk, f"name{number}", address=f"2001:db8::{number:x}")
    assert attempt(desk, "another", address="2001:db8::ffff") == 1


def test_failures_are_forgotten_after_a_day(desk: Desk) -> None:
    for _ in range(5):
        attempt(desk, "nobody")
    desk.clock.pass_s(2 * 86_400)
    assert [attempt(desk, "nobody") for _ in range(5)] == [0] * 5


@pytest.mark.usefixtures("ann")
def test_old_failures_of_names_that_nobody_has_are_not_kept(desk: Desk) -> None:
    attempt(desk, "nobody", address="10.0.0.9")
    desk.clock.pass_s(2 * 86_400)
    assert attempt(desk, password=PASSWORD) is None
    with Session(desk.services.reading) as session:
        assert session.scalars(select(SignInFailureRow)).all() == []


def test_attempts_at_the_same_time_do_not_pass_each_other(desk: Desk) -> None:
    counted = (Counted("name:x", 5),)

    def once(_: int) -> float:
        with Session(desk.services.engine) as session, session.begin():
            return throttle.attempt(session, counted, desk.clock())

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(once, range(20)))
    assert waits.count(0) == 5


@pytest.mark.usefixtures("ann")
def test_the_wait_is_told_in_words_and_to_programs(desk: Desk) -> None:
    from tests.desk.access.test_sign_in import refusal_of, sign_in  # noqa: PLC0415

    for _ in range(5):
        sign_in(desk.visitor(), password="wrong")
    answer = sign_in(desk.visitor(), password="wrong")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    assert refusal_of(answer) == "Too many attempts failed. Try again in 1 second."
