"""What an administrator does on the page of accounts, and a person with their own."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts
from models.store.account_tables import AccountEventRow, ApiTokenRow
from models.store.accounts import Account, NewAccount
from models.store.roles import Role
from review.access.passwords import hash_of
from tests.desk.access.test_links import use
from tests.desk.access.test_sign_in import PASSWORD, refusal_of, sign_in
from tests.desk.desks import HTML, Desk


@pytest.fixture
def boss(desk: Desk) -> httpx.Client:
    return desk.signed_in(Role.ADMINISTRATOR, "boss")


def known(desk: Desk, name: str) -> Account:
    with Session(desk.services.reading) as session:
        account = accounts.named(session, name)
    assert account is not None
    return account


def shown(answer: httpx.Response) -> str:
    """What is shown this once."""
    assert answer.status_code == 200
    return answer.text.partition('class="secret" readonly value="')[2].partition('"')[0]


def test_an_account_is_added_with_a_link_by_which_its_person_comes_in(desk: Desk, boss: httpx.Client) -> None:
    link = shown(boss.post("/accounts", data={"name": "Bob", "role": "auditor"}, headers=HTML))
    assert link.startswith("http://localhost/welcome#")
    client = desk.visitor()
    assert use(client, link, name="bob").status_code == 303
    assert known(desk, "bob").role is Role.AUDITOR
    assert link.partition("#")[2] not in boss.get("/accounts", headers=HTML).text


@pytest.mark.parametrize("name", ["", "a b", "boss", "BOSS", "service", "operator", "token:x", "-", "x" * 57, "a\n"])
def test_a_name_that_cannot_be_used_is_refused(boss: httpx.Client, name: str) -> None:
    answer = boss.post("/accounts", data={"name": name, "role": "auditor"}, headers=HTML)
    assert answer.status_code == (200 if name == "a\n" else 409)


def test_a_role_that_does_not_exist_is_refused(boss: httpx.Client) -> None:
    assert "The roles are" in refusal_of(boss.post("/accounts", data={"name": "bob", "role": "root"}, headers=HTML))


def test_a_new_role_ends_the_sessions(desk: Desk, boss: httpx.Client) -> None:
    person = desk.signed_in(Role.COORDINATOR, "bob")
    answer = boss.post(f"/accounts/{known(desk, 'bob').account_id}/role", data={"role": "supervisor"}, headers=HTML)
    assert answer.headers["location"] == "/accounts"
    assert "sign in again" in boss.get("/accounts", headers=HTML).text
    assert person.get("/account").status_code == 401
    assert known(desk, "bob").role is Role.SUPERVISOR


def test_switching_off_ends_sessions_and_the_tokens_that_the_person_made(desk: Desk, boss: httpx.Client) -> None:
    other = desk.signed_in(Role.ADMINISTRATOR, "other")
    token = shown(other.post("/tokens", data={"name": "ehr", "days": "30", "scope-view": "1"}, headers=HTML))
    program = desk.visitor()
    program.headers["authorization"] = f"Bearer {token}"
    assert program.get("/api/schema").status_code == 200
    boss.post(f"/accounts/{known(desk, 'other').account_id}/disable", headers=HTML)
    assert other.get("/account").status_code == 401
    assert program.get("/api/schema").status_code == 401
    assert "switched off" in boss.get("/accounts", headers=HTML).text
    boss.post(f"/accounts/{known(desk, 'other').account_id}/enable", headers=HTML)
    assert known(desk, "other").disabled_at is None


@pytest.mark.parametrize(("act", "fields"), [("disable", {}), ("role", {"role": "auditor"})])
def test_the_last_administrator_stays(desk: Desk, boss: httpx.Client, act: str, fields: dict[str, str]) -> None:
    answer = boss.post(f"/accounts/{known(desk, 'boss').account_id}/{act}", data=fields, headers=HTML)
    assert "only administrator" in refusal_of(answer)
    assert boss.get("/accounts", headers=HTML).status_code == 200


def test_an_administrator_signs_a_person_out(desk: Desk, boss: httpx.Client) -> None:
    person = desk.signed_in(Role.COORDINATOR, "bob")
    boss.post(f"/accounts/{known(desk, 'bob').account_id}/end-sessions", headers=HTML)
    assert person.get("/account").status_code == 401


def test_the_page_tells_what_happened_last(desk: Desk, boss: httpx.Client) -> None:
    desk.signed_in(Role.COORDINATOR, "bob")
    boss.post(f"/accounts/{known(desk, 'bob').account_id}/role", data={"role": "auditor"}, headers=HTML)
    rows = boss.get("/accounts", headers=HTML).text.partition("What happened last</h2>")[2]
    assert "<td>boss</td><td>role changed</td><td>bob</td><td>auditor</td>" in rows


def test_an_account_that_does_not_exist_is_not_found(boss: httpx.Client) -> None:
    assert boss.post("/accounts/999/disable", headers=HTML).status_code == 404


def test_a_token_has_scopes_and_an_end_and_can_be_revoked(desk: Desk, boss: httpx.Client) -> None:
    token = shown(boss.post("/tokens", data={"name": "ehr", "days": "30", "scope-view": "1"}, headers=HTML))
    program = desk.visitor()
    program.headers["authorization"] = f"bearer {token}"
    answer = program.get("/api/schema")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert program.get("/accounts").status_code == 403
    desk.clock.pass_s(timedelta(days=31).total_seconds())
    assert program.get("/api/schema").status_code == 401
    desk.clock.pass_s(-timedelta(days=31).total_seconds())
    with Session(desk.services.reading) as session:
        row = session.scalars(select(ApiTokenRow)).one()
    assert row.token_hash not in token
    boss.post(f"/tokens/{row.token_id}/revoke", headers=HTML)
    assert program.get("/api/schema").status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "ehr", "days": "30"},
        {"name": "ehr", "days": "0", "scope-view": "1"},
        {"name": "ehr", "days": "367", "scope-view": "1"},
        {"name": "ehr", "days": "x", "scope-view": "1"},
        {"name": "", "days": "30", "scope-view": "1"},
        {"name": "ehr", "days": "30", "scope-administer": "1"},
        {"name": "ehr", "days": "30", "scope-root": "1"},
    ],
)
def test_a_token_that_should_not_be_is_not_made(desk: Desk, boss: httpx.Client, fields: dict[str, str]) -> None:
    assert boss.post("/tokens", data=fields, headers=HTML).status_code == 409
    with Session(desk.services.reading) as session:
        assert session.scalars(select(ApiTokenRow)).all() == []


@pytest.mark.parametrize("token", ["", "par_", "x" * 10_000, "par_\udcff"])
def test_a_token_that_is_none_lets_nobody_in_and_is_no_reason_to_look_at_cookies(desk: Desk, token: str) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    assert client.get("/api/schema").status_code == 200
    refused = client.get("/api/schema", headers=[(b"authorization", f"Bearer {token}".encode("utf-8", "surrogateescape"))])
    assert refused.status_code == 401


def test_a_person_changes_the_password_and_is_signed_out_elsewhere(desk: Desk) -> None:
    desk.account("ann", Role.COORDINATOR, hash_of(PASSWORD, "ann"))
    here, there = desk.visitor(), desk.visitor()
    sign_in(here)
    sign_in(there)
    (csrf, *_) = re.findall(r'name="csrf" content="([^"]+)"', here.get("/account", headers=HTML).text)
    fields = {"csrf": csrf, "password": "wrong", "new": "another long one", "again": "another long one"}
    assert "present password is wrong" in refusal_of(here.post("/account/password", data=fields, headers=HTML))
    assert "not the same" in refusal_of(here.post("/account/password", data=fields | {"again": "x"}, headers=HTML))
    changed = here.post("/account/password", data=fields | {"password": PASSWORD}, headers=HTML)
    assert changed.headers["location"] == "/account"
    assert here.get("/account", headers=HTML).status_code == 200
    assert there.get("/account").status_code == 401
    assert sign_in(desk.visitor(), password="another long one").status_code == 303


def test_a_person_ends_one_of_their_sessions_and_nobody_elses(desk: Desk) -> None:
    here, there = desk.signed_in(Role.COORDINATOR, "ann"), desk.signed_in(Role.COORDINATOR, "ann")
    other = desk.signed_in(Role.COORDINATOR, "bob")
    first = min(int(number) for number in re.findall(r"/account/sessions/(\d+)/end", here.get("/account", headers=HTML).text))
    (bobs,) = re.findall(r"/account/sessions/(\d+)/end", other.get("/account", headers=HTML).text)
    for number in (first, bobs):
        assert there.post(f"/account/sessions/{number}/end", headers=HTML).status_code == 303
    assert [one.get("/account").status_code for one in (here, there, other)] == [401, 200, 200]


def test_a_person_signs_out_everywhere_else(desk: Desk) -> None:
    here, there = desk.signed_in(Role.COORDINATOR, "ann"), desk.signed_in(Role.COORDINATOR, "ann")
    here.post("/account/sessions/end", headers=HTML)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"x-csrf-token": ""},
        {"x-csrf-token": "ü".encode()},
    ],
)
def test_another_sites_page_changes_nothing(desk: Desk, headers: dict[str, str]) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    assert client.post("/account/sessions/end", headers=headers).status_code == 403
    assert client.post("/account/sessions/end", headers={"origin": "http://localhost"}).status_code == 303


def test_the_token_of_another_session_changes_nothing(desk: Desk) -> None:
    one, two = desk.signed_in(Role.COORDINATOR, "ann"), desk.signed_in(Role.COORDINATOR, "ann")
    one.headers["x-csrf-token"] = two.headers["x-csrf-token"]
    assert one.post("/account/sessions/end").status_code == 403


def test_another_sites_page_signs_nobody_in(desk: Desk) -> None:
    desk.account("ann", Role.COORDINATOR, hash_of(PASSWORD, "ann"))
    fields = {"name": "ann", "password": PASSWORD}
    assert desk.visitor().post("/sign-in", data=fields | {"before": ""}).status_code == 403
    assert desk.visitor().post("/sign-in", data=fields | {"before": "planted"}).status_code == 403


def test_what_happened_to_accounts_cannot_be_changed(desk: Desk) -> None:
    desk.account("ann", Role.COORDINATOR)
    with Session(desk.services.engine) as session:
        event = session.scalars(select(AccountEventRow)).one()
        assert (event.actor, event.action, event.subject, event.detail) == ("test", "account_added", "ann", "coordinator")
        event.actor = "somebody else"
        with pytest.raises(DatabaseError):
            session.flush()


def test_a_password_that_is_easy_to_guess_is_refused() -> None:
    for password in ("short", "x" * 201, "aaaaaaaaaaaaa", "my name is ann!"):
        with pytest.raises(AccountRefused):
            hash_of(password, "ann")


def test_reading_takes_no_lock_and_cannot_write(desk: Desk) -> None:
    with Session(desk.services.engine) as writing, writing.begin():
        accounts.add(writing, NewAccount("ann", Role.AUDITOR), desk.clock(), actor="test")
        with Session(desk.services.reading) as reading:
            assert accounts.named(reading, "ann") is None
    with Session(desk.services.reading) as reading, pytest.raises(DatabaseError), reading.begin():
        accounts.add(reading, NewAccount("bob", Role.AUDITOR), desk.clock(), actor="test")
