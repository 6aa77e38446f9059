"""The API against its own description, by schemathesis, on real records of real pages: as a person, and as a program."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.desk_services import Surroundings, desk_services
from intake.folders import Folders
from intake.settings import Settings
from intake.web import WebServer
from models.store import accounts, api_tokens, sessions
from models.store.accounts import NewAccount
from models.store.database import migrate, open_engine, sqlite_url
from models.store.desk_tables import DeskItemRow
from models.store.roles import Role
from review.access.needs import CSRF_HEADER
from review.access.permissions import Permission
from review.access.signed_in import cookie_name, csrf_token, limits_of
from review.api.description import description
from review.app import build_desk
from tests.desk.browser.harness import read_once

# A stream has no end; what it tells is tested in test_events.py.
SCHEMA = schemathesis.openapi.from_dict(description()).exclude(path="/api/events")
# What fits a field is said in words and cannot be said in a schema, and a record that somebody completed takes no edit.
_REFUSALS = {"refused", "invalid", "changed", "held", "unsettled", "not_now"}
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody sends to be known."""

    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Served:
    """A desk at an address, over faxes that were read, and who asks it."""

    address: str
    person: Credentials
    program: Credentials
    ids: dict[str, list[str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Served]:
    """The desk as the service serves it, without the rest of the service."""
    base = tmp_path_factory.getbasetemp()
    origin = read_once((base if worker_id == "master" else base.parent) / "faxes-read")
    root = tmp_path_factory.mktemp("desk") / "site"
    shutil.copytree(origin, root)
    options = Settings(inbox=root / "in", outbox=root / "out", data=root / "data")
    folders = Folders.of(options, "test")
    engine = open_engine(sqlite_url(folders.database))
    migrate(engine)
    around = Surroundings(engine, ("outbox",), announce=lambda: None, wake=lambda: None)
    services = desk_services(options, folders, around)
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        account = accounts.add(session, NewAccount("ana", Role.ADMINISTRATOR), now, actor="test")
        mine = sessions.begin(session, account.account_id, "127.0.0.1", now, limits_of(services.settings))
        token = api_tokens.add(session, "all", tuple(Permission), now, now + timedelta(days=1), actor="test")
        items = session.scalars(select(DeskItemRow)).all()
        ids = {"record_id": [item.record_id for item in items], "document_id": sorted({item.document_id for item in items})}
    server = WebServer("127.0.0.1", 0)
    server.start(build_desk(services))
    person = Credentials({CSRF_HEADER: csrf_token(mine)}, {cookie_name(services.settings): mine})
    yield Served(server.address, person, Credentials({"Authorization": f"Bearer {token}"}), ids)
    server.stop()
    engine.dispose()
    services.reading.dispose()


def _ask(case: Case[Any], served: Served, by: Credentials) -> None:
    """Send what was drawn, of a record or document that there is wherever the drawn id could be one."""
    for name, known in served.ids.items():
        drawn = str(case.path_parameters.get(name, ""))
        if _ID.fullmatch(drawn):
            case.path_parameters[name] = known[len(drawn) % len(known)]
    # One of the two ways to be known: beside a session that is good, the tool draws a token that is none.
    for name in [name for name in case.headers or () if name.lower() in ("authorization", CSRF_HEADER.lower())]:
        del case.headers[name]
    answer = case.call(base_url=served.address, headers=by.headers, cookies=by.cookies)
    known_refusal = answer.status_code in (404, 409, 412, 422) and answer.json()["code"] in {*_REFUSALS, "unknown"}
    left_out = [positive_data_acceptance] if known_refusal else []
    case.validate_response(answer, excluded_checks=[*left_out], headers=by.headers)


@pytest.mark.filterwarnings("ignore")  # of the tool's own
@SCHEMA.parametrize()
@settings(max_examples=_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_person_is_answered_as_the_description_says(case: Case[Any], served: Served) -> None:
    _ask(case, served, served.person)


@pytest.mark.filterwarnings("ignore")
@SCHEMA.parametrize()
@settings(max_examples=_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_program_is_answered_as_the_description_says(case: Case[Any], served: Served) -> None:
    _ask(case, served, served.program)
