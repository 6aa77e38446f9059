"""Everything that can go wrong, said in one form, with nothing of a form in any address, answer, header or log line."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake.logs import start_logging
from intake.settings import Settings
from models.errors import StorageUnavailable
from models.store import api_tokens
from models.store.roles import Role
from review.api.description import description
from review.work.working import Desk as Work
from tests.desk.api.stands import Api, edit, key
from tests.desk.stored import a_gap, a_reading, a_record, put

CANARY = "Zyxwvut"
LAST = "member.last_name"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as the service writes it, down to what helps to find a fault."""
    stream = io.StringIO()
    start_logging(Settings(log_format="json", log_level="debug"), stream)
    logging.getLogger().setLevel(logging.DEBUG)
    # The client that asks, not the service.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture
def ana(api: Api) -> httpx.Client:
    readings = {LAST: a_reading(CANARY, doubtful=True)}
    record = a_record("PAR-1", api.desk.clock(), gaps=[a_gap()], readings=readings, member={"last_name": CANARY})
    put(api.desk, record)
    api.pages.counts["D-PAR-1"] = 1
    return api.person("ana")


BAD: list[tuple[str, str, Any]] = [
    ("POST", "records/search", {"member": CANARY, "surname": CANARY}),
    ("POST", "records/search", {CANARY: 1}),
    ("POST", "records/search", {"member": [CANARY]}),
    ("POST", "records/search", {"member": CANARY * 100}),
    ("POST", "records/search", {"member": f"{CANARY}\0"}),
    ("POST", "records/search", {"member": CANARY, "cursor": CANARY}),
    ("POST", "records/search", {"member": CANARY, "received_from": CANARY}),
    ("POST", "records/search", {"member": CANARY, "view": CANARY}),
    ("POST", "records/search", CANARY),
    ("POST", "records/search", {"member": CANARY, "received_from": "2026-01-01T00:00:00"}),
    ("POST", "records/PAR-1/edits", edit("member.date_of_birth", CANARY)),
    ("POST", "records/PAR-1/edits", edit("member.sex", CANARY)),
    ("POST", "records/PAR-1/edits", edit("requesting_provider.npi", CANARY)),
    ("POST", "records/PAR-1/edits", edit(CANARY, "x")),
    ("POST", "records/PAR-1/edits", {**edit(LAST, CANARY), "key": CANARY}),
    ("POST", "records/PAR-1/edits", {**edit(LAST, CANARY), "action": CANARY}),
    ("POST", "records/PAR-1/edits", {**edit(LAST, CANARY), "box": [CANARY]}),
    ("POST", "records/PAR-1/edits", edit("amendments.0", {"action": "add", "field": CANARY})),
    ("POST", "records/PAR-1/edits", edit("amendments.0", {"action": "add", "field": "services.units", "new": CANARY})),
    ("POST", "records/PAR-1/edits", edit("amendments.0", {CANARY: CANARY})),
    ("POST", "records/PAR-1/check", {"path": CANARY, "value": CANARY}),
    ("POST", "records/PAR-1/complete", {"key": key()}),
    ("POST", "records/PAR-1/notes", {"text": CANARY * 1000}),
    ("POST", "records/PAR-1/notes", {"words": CANARY}),
    ("POST", "filters", {"member": CANARY, "name": CANARY * 20}),
    ("POST", "codes/icd10", {"text": [CANARY]}),
    ("POST", "next", {"filter_id": f"F-{CANARY}"}),
    ("PUT", "documents/D-PAR-1/arrangement", {"groups": [[CANARY]]}),
    ("GET", f"records?{CANARY}={CANARY}", None),
    ("GET", f"records?status={CANARY}", None),
    ("GET", f"records/{CANARY} {CANARY}", None),
    ("GET", f"records/{CANARY}", None),
    ("GET", f"documents/D-PAR-1/pages/{CANARY}", None),
    ("PATCH", "records/PAR-1", {LAST: CANARY}),
]


@pytest.mark.parametrize(("method", "path", "body"), BAD)
def test_a_problem_has_its_form_and_repeats_nothing_that_was_sent(
    ana: httpx.Client, log: io.StringIO, method: str, path: str, body: object
) -> None:
    answer = ana.request(method, f"/api/{path}", json=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["type"]) == (answer.status_code, "about:blank")
    assert told["code"].isidentifier()
    assert told["detail"]
    assert CANARY not in answer.text
    assert CANARY not in str(answer.headers)
    assert CANARY not in log.getvalue()


def test_a_body_that_is_no_json_is_not_repeated(ana: httpx.Client) -> None:
    for content in (f'{{"member": {CANARY}', f"{CANARY}".encode() + b"\xff", b""):
        answer = ana.post("/api/records/search", content=content, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        assert answer.json()["code"] == "invalid"
        assert CANARY not in answer.text


def test_work_leaves_no_value_in_the_log_or_in_an_address(api: Api, ana: httpx.Client, log: io.StringIO) -> None:
    asked: list[str] = []
    ana.event_hooks["request"] = [lambda request: asked.append(str(request.url))]
    answers = [
        ana.post("/api/records/search", json={"member": CANARY, "limit": 1}),
        ana.post("/api/records/PAR-1/edits", json=edit(LAST, CANARY + "x")),
        ana.post("/api/records/PAR-1/notes", json={"text": CANARY}),
        ana.post("/api/records/PAR-1/complete", json={"key": key()}),
        ana.post("/api/filters", json={"member": CANARY}),
        ana.post("/api/documents", files={"file": (f"{CANARY}.pdf", b"%PDF")}),
        ana.get("/api/changes"),
    ]
    assert all(answer.is_success for answer in answers)
    kept = answers[4].json()["filter_id"]
    assert ana.get(f"/api/records?filter_id={kept}").status_code == 200
    assert CANARY not in answers[-1].text
    assert not [answer for answer in answers if CANARY in str(answer.headers)]
    assert CANARY not in "".join(asked)
    assert CANARY not in log.getvalue()
    with Session(api.desk.services.reading) as session:
        audit = session.connection().exec_driver_sql("SELECT * FROM audit_events").fetchall()
        changes = session.connection().exec_driver_sql("SELECT * FROM desk_changes").fetchall()
    assert CANARY not in str(audit)
    assert CANARY not in str(changes)


def test_a_defect_shows_no_value_and_is_found_again_by_its_reference(
    ana: httpx.Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(Work, "open", fail)
    answer = ana.get("/api/records/PAR-1/work")
    assert (answer.status_code, answer.json()["code"]) == (500, "defect")
    assert CANARY not in answer.text + log.getvalue()
    (line,) = [json.loads(line) for line in log.getvalue().splitlines() if "reference" in line]
    assert line["reference"] == answer.json()["reference"]
    assert "ValueError" in line["error"]


@pytest.mark.parametrize(
    "error", [StorageUnavailable("The folder cannot be written."), OperationalError("", {}, Exception(CANARY))]
)
def test_what_is_away_for_now_is_said_to_be(ana: httpx.Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Work, "open", fail)
    answer = ana.get("/api/records/PAR-1/work")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert CANARY not in answer.text


def test_a_method_that_is_not_known_is_told_which_are(ana: httpx.Client) -> None:
    answer = ana.put("/api/records/PAR-1/claim")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "method", "DELETE, POST")


def test_a_body_that_is_too_large_is_refused(ana: httpx.Client) -> None:
    answer = ana.post("/api/records/PAR-1/notes", json={"text": "x" * 1_100_000})
    assert answer.status_code == 413


def somewhere(path: str) -> str:
    """An address of the description with ids in it, whatever they are of."""
    return re.sub(r"\{\w+\}", "1", path.replace("{record_id}", "PAR-1").replace("{document_id}", "D-PAR-1"))


def test_nobody_gets_in_without_a_session_or_a_token(api: Api, ana: httpx.Client) -> None:
    del ana
    stranger = api.desk.visitor()
    for path, operations in description()["paths"].items():
        for method in operations:
            place = somewhere(path)
            answer = stranger.request(method, place)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), (method, path)


def test_what_changes_anything_needs_the_sessions_own_word(api: Api, ana: httpx.Client) -> None:
    del ana.headers["x-csrf-token"]
    for path, operations in description()["paths"].items():
        for method in operations:
            if method != "get":
                place = somewhere(path)
                answer = ana.request(method, place, json={})
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)
    assert api.documents.uploaded == []


def _program(api: Api, *scopes: str) -> httpx.Client:
    with Session(api.desk.services.engine) as session, session.begin():
        until = api.desk.clock() + timedelta(days=1)
        token = api_tokens.add(session, "-".join(scopes), scopes, api.desk.clock(), until, actor="test")
    client = api.desk.visitor()
    client.headers["authorization"] = f"Bearer {token}"
    return client


def test_a_program_does_what_its_token_is_for(api: Api, ana: httpx.Client) -> None:
    del ana
    reader, worker = _program(api, "view"), _program(api, "view", "work")
    assert reader.get("/api/records/PAR-1").status_code == 200
    assert reader.post("/api/records/search", json={"member": CANARY}).status_code == 200
    assert reader.post("/api/records/PAR-1/claim").status_code == 403
    assert worker.post("/api/records/PAR-1/claim").json()["by"] == "token:view-work"
    assert worker.post("/api/records/PAR-1/claim/break").status_code == 403
    assert _program(api, "work").get("/api/records").status_code == 403
    past = worker.get("/api/records/PAR-1/history").json()
    assert [one["actor"] for one in past if one["action"] == "viewed"] == ["token:view"]
    api.desk.clock.pass_s(86_401)
    assert reader.get("/api/records/PAR-1").status_code == 401


def test_a_session_that_is_over_loses_nothing_that_was_kept(api: Api, ana: httpx.Client) -> None:
    sent = edit(LAST, "Ruiz")
    assert ana.post("/api/records/PAR-1/edits", json=sent).status_code == 200
    later = edit("member.first_name", "Ana")
    api.desk.clock.pass_s(api.desk.services.settings.idle_s + 1)
    over = ana.post("/api/records/PAR-1/edits", json=later)
    assert (over.status_code, over.json()["code"]) == (401, "not_signed_in")
    again = api.person("ana")
    assert again.post("/api/records/PAR-1/edits", json=sent).json()["edits"] == 1
    assert again.post("/api/records/PAR-1/edits", json=later).json()["edits"] == 2


def test_an_auditor_sees_all_and_changes_nothing(api: Api, ana: httpx.Client) -> None:
    del ana
    auditor = api.person("sue", Role.AUDITOR)
    for path in ("records", "records/PAR-1", "records/PAR-1/work", "records/PAR-1/history", "records/PAR-1/notes", "changes"):
        assert auditor.get(f"/api/{path}").status_code == 200
    for path, body in (
        ("records/PAR-1/claim", None),
        ("records/PAR-1/edits", edit(LAST, "Ruiz")),
        ("records/PAR-1/complete", {"key": key()}),
        ("records/PAR-1/notes", {"text": "x"}),
        ("next", {}),
    ):
        answer = auditor.post(f"/api/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
