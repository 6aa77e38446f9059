"""Signing in and out, and how long a session lasts."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import accounts
from models.store.account_tables import AccountEventRow, SessionRow, SignInFailureRow
from models.store.roles import Role
from review.access import passwords
from review.access.passwords import hash_of
from tests.desk.desks import COOKIE_DOMAIN, HTML, Desk

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_of(PASSWORD, "ann")


@pytest.fixture
def ann(desk: Desk, kept: str) -> accounts.Account:
    return desk.account("ann", Role.COORDINATOR, kept)


def sign_in(client: httpx.Client, name: str = "ann", password: str = PASSWORD, onward: str = "/account") -> httpx.Response:
    opened = client.get("/sign-in", headers=HTML)
    (before,) = re.findall(r'name="before" value="([^"]+)"', opened.text)
    return client.post("/sign-in", data={"before": before, "name": name, "password": password, "next": onward}, headers=HTML)


def refusal_of(answer: httpx.Response) -> str:
    return answer.text.partition('role="alert">')[2].partition("<")[0]


@pytest.mark.usefixtures("ann")
def test_the_right_password_opens_a_session(desk: Desk) -> None:
    client = desk.visitor()
    answer = sign_in(client, "  Ann ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("desk="))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert "max-age" not in cookie.lower()
    assert client.get("/account", headers=HTML).status_code == 200


@pytest.mark.usefixtures("ann")
def test_behind_tls_the_cookie_needs_it(desk: Desk) -> None:
    client = desk.with_settings(secure_cookies=True).visitor("https://localhost")
    cookie = next(one for one in sign_in(client).headers.get_list("set-cookie") if one.startswith("__Host-desk="))
    assert {"secure", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(desk: Desk) -> None:
    wrong, unknown = sign_in(desk.visitor(), password="no"), sign_in(desk.visitor(), "nobody")
    assert refusal_of(wrong) == refusal_of(unknown) == "The user name or the password is wrong."
    assert wrong.status_code == unknown.status_code == 401
    taken = re.compile(r'value="[^"]*"')
    assert taken.sub("", wrong.text) == taken.sub("", unknown.text)


def test_an_unknown_name_costs_a_hash_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def verify(password: str, kept: str) -> tuple[bool, None]:
        del password
        asked.append(kept)
        return True, None

    monkeypatch.setattr(passwords._HASHER, "verify_and_update", verify)
    assert sign_in(desk.visitor(), "nobody").status_code == 401
    assert [kept.split("$")[1] for kept in asked] == ["argon2id"]


def test_an_account_that_is_switched_off_cannot_sign_in(desk: Desk, ann: accounts.Account) -> None:
    desk.account("boss", Role.ADMINISTRATOR)
    with Session(desk.services.engine) as session, session.begin():
        accounts.disable(session, ann, desk.clock(), actor="boss")
    assert sign_in(desk.visitor()).status_code == 401


@pytest.mark.usefixtures("ann")
def test_a_session_that_was_planted_is_not_taken_over(desk: Desk) -> None:
    client = desk.visitor()
    client.cookies.set("desk", "planted", COOKIE_DOMAIN)
    sign_in(client)
    assert client.cookies.get("desk") != "planted"
    planted = desk.visitor()
    planted.cookies.set("desk", "planted")
    assert planted.get("/account").status_code == 401


@pytest.mark.usefixtures("ann")
def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    client = desk.visitor()
    sign_in(client)
    before = client.cookies["desk"]
    opened = client.get("/account", headers=HTML)
    assert opened.status_code == 200
    fresh = desk.visitor()
    fresh.get("/sign-in", headers=HTML)
    client.cookies.set("desk-before", fresh.cookies["desk-before"], COOKIE_DOMAIN)
    fields = {"before": fresh.cookies["desk-before"], "name": "ann", "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 303
    old = desk.visitor()
    old.cookies.set("desk", before)
    assert old.get("/account").status_code == 401


@pytest.mark.usefixtures("ann")
def test_the_store_keeps_no_token_and_no_password(desk: Desk) -> None:
    client = desk.visitor()
    sign_in(client)
    with Session(desk.services.reading) as session:
        (row,) = session.scalars(select(SessionRow))
        assert client.cookies["desk"] not in str(vars(row))
    kept = b"".join(path.read_bytes() for path in sorted(desk.services.labels.parent.glob("store.sqlite*")))
    assert client.cookies["desk"].encode() not in kept
    assert PASSWORD.encode() not in kept


@pytest.mark.usefixtures("ann")
def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    client = desk.visitor()
    sign_in(client)
    token = client.cookies["desk"]
    text = client.get("/account", headers=HTML).text
    (csrf, *_) = re.findall(r'name="csrf" value="([^"]+)"', text)
    answer = client.post("/sign-out", data={"csrf": csrf}, headers=HTML)
    assert answer.headers["location"] == "/sign-in"
    assert "storage" in answer.headers["clear-site-data"]
    again = desk.visitor()
    again.cookies.set("desk", token)
    assert again.get("/account").status_code == 401


def test_a_session_ends_when_nothing_is_done(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    for _ in range(3):
        desk.clock.pass_s(899)
        assert client.get("/account").status_code == 200
    desk.clock.pass_s(901)
    assert client.get("/account").status_code == 401


def test_a_session_ends_however_much_is_done(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    while client.get("/account").status_code == 200:
        desk.clock.pass_s(800)
    with Session(desk.services.reading) as session:
        began = session.scalars(select(SessionRow.created_at)).one()
    assert 43_200 <= (desk.clock() - began).total_seconds() < 44_000


def test_a_person_without_a_session_is_led_to_sign_in_and_back(desk: Desk) -> None:
    answer = desk.visitor().get("/account", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")
    assert desk.visitor().get("/account").status_code == 401


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb", "/\tb"])
def test_nobody_is_led_elsewhere_after_signing_in(desk: Desk, onward: str) -> None:
    assert sign_in(desk.visitor(), onward=onward).headers["location"] == "/"


@pytest.mark.usefixtures("ann")
def test_sign_ins_are_noted_and_names_that_are_nobodys_are_not(desk: Desk) -> None:
    sign_in(desk.visitor(), "my secret password typed as a name", "x")
    sign_in(desk.visitor(), password="wrong")
    sign_in(desk.visitor())
    with Session(desk.services.reading) as session:
        rows = session.execute(select(AccountEventRow.action, AccountEventRow.subject).order_by(AccountEventRow.event_id)).all()
        failures = session.scalars(select(SignInFailureRow.subject)).all()
    assert [tuple(row) for row in rows][1:] == [("sign_in_failed", None), ("sign_in_failed", "ann"), ("signed_in", "ann")]
    assert not any("secret" in subject for subject in failures)
