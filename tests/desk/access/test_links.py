"""One-time links: the first administrator's, and those for a person's password."""

from __future__ import annotations

import re

import httpx
from sqlalchemy.orm import Session

from models.store import accounts
from models.store.roles import Role
from review.access import links
from tests.desk.desks import HTML, Desk

PASSWORD = "correct horse battery"


def first_secret(desk: Desk) -> str | None:
    with Session(desk.services.engine) as session, session.begin():
        return links.first_link(session, desk.clock())


def use(client: httpx.Client, secret: str, name: str = "ann", password: str = PASSWORD) -> httpx.Response:
    opened = client.get("/welcome", headers=HTML)
    (before,) = re.findall(r'name="before" value="([^"]+)"', opened.text)
    fields = {"before": before, "secret": secret, "name": name, "new": password, "again": password}
    return client.post("/welcome", data=fields, headers=HTML)


def test_the_first_link_makes_an_administrator_who_is_signed_in(desk: Desk) -> None:
    client = desk.visitor()
    answer = use(client, first_secret(desk) or "")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/accounts", headers=HTML).status_code == 200
    with Session(desk.services.reading) as session:
        assert [(one.name, one.role) for one in accounts.listed(session)] == [("ann", Role.ADMINISTRATOR)]


def test_a_whole_link_may_be_pasted(desk: Desk) -> None:
    assert use(desk.visitor(), links.link_of("http://localhost:8600", first_secret(desk) or "")).status_code == 303


def test_a_link_is_good_for_one_use(desk: Desk) -> None:
    secret = first_secret(desk) or ""
    use(desk.visitor(), secret)
    again = use(desk.visitor(), secret, name="eve")
    assert again.status_code == 422
    assert "was used before" in again.text


def test_a_link_is_not_used_up_by_a_password_that_is_too_short(desk: Desk) -> None:
    secret = first_secret(desk) or ""
    refused = use(desk.visitor(), secret, password="short")
    assert "12 to 200 characters" in refused.text
    assert use(desk.visitor(), secret).status_code == 303


def test_links_end_with_their_time(desk: Desk) -> None:
    secret = first_secret(desk) or ""
    desk.clock.pass_s(3601)
    assert use(desk.visitor(), secret).status_code == 422


def test_no_first_link_is_made_once_anybody_has_an_account(desk: Desk) -> None:
    older, newer = first_secret(desk) or "", first_secret(desk) or ""
    use(desk.visitor(), older)
    assert first_secret(desk) is None
    assert use(desk.visitor(), newer, name="eve").status_code == 422


def test_an_accounts_link_needs_its_user_name_and_sets_the_password(desk: Desk) -> None:
    bob = desk.account("bob", Role.COORDINATOR)
    with Session(desk.services.engine) as session, session.begin():
        secret = links.new_link(session, bob, desk.clock(), actor="ann")
    assert use(desk.visitor(), secret, name="ann").status_code == 422
    client = desk.visitor()
    assert use(client, secret, name="BOB").status_code == 303
    assert client.get("/account", headers=HTML).status_code == 200


def test_a_new_link_ends_the_older_one(desk: Desk) -> None:
    bob = desk.account("bob", Role.COORDINATOR)
    with Session(desk.services.engine) as session, session.begin():
        older = links.new_link(session, bob, desk.clock(), actor="ann")
        links.new_link(session, bob, desk.clock(), actor="ann")
    assert use(desk.visitor(), older, name="bob").status_code == 422


def test_links_cannot_be_guessed_at_length(desk: Desk) -> None:
    first_secret(desk)
    answers = [use(desk.visitor(), f"guess{number}").status_code for number in range(31)]
    assert answers[:30] == [422] * 30
    assert answers[30] == 429


def test_the_secret_never_reaches_the_server_in_an_address() -> None:
    link = links.link_of("https://desk.example/", "abc")
    assert httpx.URL(link).raw_path == b"/welcome"
