"""What holds for every answer of the desk: headers, hosts, failures, sizes."""

from __future__ import annotations

import pytest
from httpx import Client, Response

from models.store.roles import Role
from tests.desk.desks import HTML, Desk, title_of


def answers(client: Client) -> list[Response]:
    return [
        client.get("/sign-in", headers=HTML),
        client.get("/account", headers=HTML),
        client.get("/nowhere", headers=HTML),
        client.get("/nowhere"),
        client.post("/sign-in", headers=HTML),
        client.put("/sign-in"),
    ]


@pytest.mark.parametrize("role", [None, Role.COORDINATOR])
def test_every_answer_is_closed_to_other_sites_and_kept_by_nobody(desk: Desk, role: Role | None) -> None:
    client = desk.visitor() if role is None else desk.signed_in(role)
    for answer in answers(client):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers


def test_a_page_brings_no_script_or_style_of_its_own(desk: Desk) -> None:
    text = desk.signed_in(Role.ADMINISTRATOR).get("/account", headers=HTML).text
    assert "<script>" not in text
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text


def test_files_of_ours_are_kept_by_the_browser_and_their_address_changes_with_them(desk: Desk) -> None:
    text = desk.visitor().get("/sign-in", headers=HTML).text
    path = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = desk.visitor().get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert desk.visitor().get(path.replace("/static/", "/static/0")).status_code == 404


@pytest.mark.parametrize("path", ["/static/", "/static/../templates/base.html", "/static/%2e%2e/templates/base.html"])
def test_nothing_but_files_of_ours_is_given(desk: Desk, path: str) -> None:
    assert desk.visitor().get(path).status_code == 404


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8600", "[::1]:8600", "LOCALHOST"])
def test_this_machine_may_ask(desk: Desk, host: str) -> None:
    assert desk.visitor().get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["desk.example", "localhost.example", "169.254.169.254", ""])
def test_a_name_that_nobody_set_is_not_answered(desk: Desk, host: str) -> None:
    answer = desk.visitor().get("/sign-in", headers={"host": host})
    assert answer.status_code == 400
    assert "desk_hosts" in answer.text


def test_a_name_that_is_set_is_answered(desk: Desk) -> None:
    named = desk.with_settings(hosts=("desk.example",))
    assert named.visitor().get("/sign-in", headers={"host": "Desk.example:443"}).status_code == 200


def test_behind_tls_browsers_are_told_to_stay_there(desk: Desk) -> None:
    secure = desk.with_settings(secure_cookies=True)
    answer = secure.visitor("https://localhost").get("/sign-in", headers=HTML)
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert all("secure" in cookie.lower() for cookie in answer.headers.get_list("set-cookie"))


def test_a_failure_is_a_page_to_a_person_and_a_problem_to_a_program(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    page = client.get("/nowhere", headers=HTML)
    assert title_of(page) == "Not Found"
    assert "one-coordinator" in page.text
    told = client.get("/nowhere")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "unknown",
        "detail": "There is nothing at this address.",
    }


def test_a_large_body_is_refused_before_anybody_reads_it(desk: Desk) -> None:
    assert desk.visitor().post("/sign-in", content=b"x" * 2_000_000).status_code == 413
