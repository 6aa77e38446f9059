"""Who gets in where: every role, a stranger, and tokens, against every address there is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.types import Message

from intake.service_state import ServiceState
from intake.web import build_app
from models.store import api_tokens
from models.store.roles import Role
from review.access.permissions import Permission
from tests.desk.access.addresses import Address, addresses, table, written
from tests.desk.desks import Desk

NOBODYS = "999999"


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return build_app(ServiceState(), 2.0, desk.app)


def status_of(app: FastAPI, address: Address, headers: Mapping[str, str]) -> int:
    """The status of an answer, whose body is not waited for: it may be a stream without an end."""
    path = re.sub(r"\{[^}]+\}", NOBODYS, address.path)
    given = {"host": "localhost", "content-type": "application/json", **headers}
    scope: dict[str, object] = {
        "type": "http",
        "http_version": "1.1",
        "method": address.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "root_path": "",
    }
    return asyncio.run(_status(app, scope))


async def _status(app: FastAPI, scope: dict[str, object]) -> int:
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and not started.done():
            started.set_result(int(message["status"]))

    running = asyncio.create_task(app(scope, receive, send))
    running.add_done_callback(lambda _: started.done() or started.cancel())
    status = await started
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return status


def session_of(desk: Desk, role: Role) -> dict[str, str]:
    """The headers of a new session, for some requests end the one that makes them."""
    client = desk.signed_in(role)
    (cookie,) = client.cookies.jar
    return {"cookie": f"{cookie.name}={cookie.value}", "x-csrf-token": client.headers["x-csrf-token"]}


def test_every_address_says_what_it_needs(app: FastAPI) -> None:
    assert [f"{one.method} {one.path}" for one in addresses(app) if not one.is_declared] == []


def test_a_stranger_gets_in_where_it_is_open_and_nowhere_else(app: FastAPI) -> None:
    for one in addresses(app):
        status = status_of(app, one, {})
        assert (status == 401) is not one.is_open, one.path


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_in_where_the_table_says(desk: Desk, app: FastAPI, role: Role) -> None:
    for one in addresses(app):
        if one.is_open:
            continue
        status = status_of(app, one, session_of(desk, role))
        assert (status == 403) is not one.lets_in(role), f"{one.method} {one.path}: {status}"
        assert status != 401, one.path
        assert status < 500, f"{one.method} {one.path}: {status}"


@pytest.mark.parametrize("scope", list(Permission))
def test_a_token_gets_in_where_its_scope_says(desk: Desk, app: FastAPI, scope: Permission) -> None:
    with Session(desk.services.engine) as session, session.begin():
        later = desk.clock.now.replace(year=desk.clock.now.year + 1)
        token = api_tokens.add(session, "program", [scope.value], desk.clock(), later, actor="test")
    for one in addresses(app):
        if not one.is_open:
            status = status_of(app, one, {"authorization": f"Bearer {token}"})
            assert (status == 403) is (one.permission is not scope), f"{one.method} {one.path}: {status}"


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_changed_without_the_sessions_own_token(desk: Desk, app: FastAPI, role: Role) -> None:
    for one in addresses(app):
        if one.method == "GET" or one.is_open:
            continue
        headers = session_of(desk, role)
        assert status_of(app, one, {**headers, "x-csrf-token": "guessed"}) == 403, one.path
        assert status_of(app, one, {"cookie": headers["cookie"]}) == 403, one.path


def test_the_table_in_the_documents_is_what_is_so(app: FastAPI) -> None:
    assert written() == table(app), "python -m tests.desk.access.addresses --write renews it; look at what it changes"
