"""Killed at any step between a letter and its answer, the service loses no letter and no answer, and doubles none."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.store import api_tokens
from tests.intake.harness import Site, fax
from tests.reliability.killed_service import KILL_AT, kill_points
from tests.reliability.services import Service

MEMBER = {"last_name": "Alder", "first_name": "June", "member_id": "91234567A", "date_of_birth": "1961-03-14"}
REQUEST = {
    "request": {"kind": "new", "urgency": "routine"},
    "member": MEMBER,
    "requesting_provider": {"name": "Ina Brook", "fax": "+18315550142", "tin": "12-3456789"},
    "servicing_provider": {"name": "Harbor Therapy", "npi": "1234567893"},
    "diagnoses": [{"code": "M54.50"}],
    "services": [{"code": "97110", "code_system": "CPT", "from_date": "2026-12-01", "units": 12}],
    "signature": {"present": True},
}
NPI = "1245319599"


def says(parts: dict[str, Any]) -> bytes:
    return fax(f"{uuid4()} @@says={base64.b64encode(json.dumps(parts).encode()).decode()}")


@dataclass(frozen=True)
class Letters:
    """One site, of which letters are asked for through the API and looked at in the store and the outbox."""

    site: Site

    @contextmanager
    def running(self, *, kill_at: str | None = None) -> Iterator[tuple[Service, httpx.Client]]:
        service = Service(self.site, env={} if kill_at is None else {KILL_AT: kill_at})
        try:
            service.wait_for_log("listening")
            address = service.log.split('"address": "')[1].split('"')[0]
            with httpx.Client(base_url=address, timeout=60, headers={"authorization": f"Bearer {self.token()}"}) as client:
                yield service, client
        finally:
            service.kill()

    def token(self) -> str:
        engine = create_engine(f"sqlite:///{self.site.data / 'par-intake.sqlite'}")
        now = datetime.now(UTC)
        with Session(engine) as session, session.begin():
            token = api_tokens.add(session, f"t{uuid4().hex[:8]}", ("view", "work"), now, now + timedelta(days=1), actor="test")
        engine.dispose()
        return token

    def asked(self) -> str:
        ((record_id,),) = self.site.query("SELECT record_id FROM letters")
        return str(record_id)

    def newest(self, record_id: str) -> dict[str, Any]:
        query = f"SELECT body FROM records WHERE record_id = '{record_id}' ORDER BY revision DESC LIMIT 1"  # noqa: S608 - an id
        found: dict[str, Any] = json.loads(self.site.query(query)[0][0])
        return found

    def actions(self, *names: str) -> dict[str, int]:
        found = dict(self.site.query("SELECT action, COUNT(*) FROM audit_events GROUP BY action"))
        return {name: found.get(name, 0) for name in names}


def held(tmp_path: Path) -> Letters:
    """A completed request about which a letter is held."""
    letters = Letters(Site(tmp_path))
    letters.site.drop("request.pdf", says(REQUEST))
    with letters.running() as (service, client):
        service.wait_for_done(1)
        ((record_id,),) = letters.site.query("SELECT DISTINCT record_id FROM records")
        client.post(f"/api/records/{record_id}/complete", json={"key": str(uuid4())}).raise_for_status()
    return letters


def release(client: httpx.Client) -> str:
    (letter,) = client.get("/api/letters").json()
    client.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
    return str(letter["reply_code"])


def test_a_proposed_letter_outlives_a_kill(tmp_path: Path) -> None:
    letters = held(tmp_path)
    assert letters.actions("letter_proposed") == {"letter_proposed": 1}
    with letters.running() as (_, client):
        assert [one["state"] for one in client.get("/api/letters").json()] == ["held"]


@pytest.mark.parametrize("visit", [1, 2])
def test_a_kill_while_a_letter_is_delivered_neither_loses_nor_doubles_it(tmp_path: Path, visit: int) -> None:
    point = "after outbox write_atomically"
    assert point in kill_points()
    letters = held(tmp_path)
    Service(letters.site, "one", "--drain").drained()
    with letters.running(kill_at=f"{point}#{visit}") as (service, client):
        release(client)
        # The letter's two files, and the record that says it was asked about.
        assert service.ended_within(60)
        assert service.process.returncode == -9
    assert Service(letters.site, "one", "--drain").drained() == 0
    assert sorted(path.suffix for path in (letters.site.outbox / "letters").iterdir()) == [".json", ".pdf"]
    assert letters.site.query("SELECT state FROM letters") == [("sent",)]
    assert letters.actions("letter_released", "letter_sent") == {"letter_released": 1, "letter_sent": 1}
    assert [event["kind"] for event in letters.newest(letters.asked())["events"]] == ["information_requested"]


@pytest.mark.parametrize("point", ["after step store", "after workflow commit"])
def test_a_kill_while_an_answer_is_stored_takes_it_once(tmp_path: Path, point: str) -> None:
    letters = held(tmp_path)
    with letters.running() as (_, client):
        code = release(client)
    letters.site.drop("reply.pdf", says({"member": MEMBER, "requesting_provider": {"npi": NPI}, "reply_codes": [code]}))
    killed = Service(letters.site, env={KILL_AT: f"{point}#1"})
    assert killed.ended_within(120)
    assert Service(letters.site, "one", "--drain").drained() == 0
    asked = letters.newest(letters.asked())
    assert asked["requesting_provider"]["npi"] == NPI
    assert [event["kind"] for event in asked["events"]] == ["information_requested", "information_received", "information_complete"]
    assert (asked["status"], asked["final"]) == ("ready", True)
    assert letters.actions("letter_answered") == {"letter_answered": 1}
    assert json.loads((letters.site.outbox / f"{letters.asked()}.json").read_text())["revision"] == asked["revision"]
