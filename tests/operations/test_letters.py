"""From an incomplete fax to the answer that completes it: the real service, real reading, and a letter that is faxed back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.store import api_tokens
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.faxes.values import npi
from tests.intake.harness import Site, stop
from tests.letters.faxed import answered, fax

_LIMIT_S = 300
_ASKED = "requesting_provider.npi"
Json = dict[str, Any]


def incomplete_fax(folder: Path) -> tuple[Path, Json]:
    """A typed request by fax that lacks the requesting provider's NPI and nothing else; and its label."""
    for n in count():
        path = make(Order("incomplete", "new", Condition.FINE_FAX, f"letters/{n}"), folder)
        told = json.loads((folder / "incomplete.truth.json").read_text())
        (request,) = told["requests"]
        if request["gaps"] == [[_ASKED, "missing"]] and not told["handwritten"] and request["requesting_provider"].get("fax"):
            return path, request
    raise AssertionError("no fax lacks an NPI alone")


@contextmanager
def running(site: Site) -> Iterator[httpx.Client]:
    """The service, and a program that may work at its desk."""
    before = (site.root / "log").read_text().count('"listening"') if (site.root / "log").exists() else 0
    process = site.start(standin=False)
    try:
        address = site.wait_for_log("listening", before + 1)[-1]["address"]
        with httpx.Client(base_url=address, timeout=60, headers={"authorization": f"Bearer {token(site)}"}) as client:
            yield client
    finally:
        stop(process)


def token(site: Site) -> str:
    engine = create_engine(f"sqlite:///{site.data / 'par-intake.sqlite'}")
    now = datetime.now(UTC)
    try:
        with Session(engine) as session, session.begin():
            return api_tokens.add(session, f"t{uuid4().hex[:8]}", ("view", "work"), now, now + timedelta(days=1), actor="test")
    finally:
        engine.dispose()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.2)


def settle_and_complete(client: httpx.Client, record_id: str) -> None:
    """Say of every doubtful value that it is right, and complete the record."""
    while True:
        work = client.get(f"/api/records/{record_id}/work").json()
        doubtful = [one["path"] for one in work["questions"] if one["kind"] in ("doubt", "notice")]
        doubtful += [path for path, reading in work["record"]["readings"].items() if reading["needs_review"]]
        if not doubtful:
            break
        body = {"key": str(uuid4()), "action": "accept", "revision": work["revision"], "path": doubtful[0]}
        client.post(f"/api/records/{record_id}/edits", json=body).raise_for_status()
    client.post(f"/api/records/{record_id}/complete", json={"key": str(uuid4())}).raise_for_status()


def record(client: httpx.Client, record_id: str) -> Json:
    found: Json = client.get(f"/api/records/{record_id}").raise_for_status().json()
    return found


def test_what_an_incomplete_fax_lacks_is_asked_for_and_the_answer_closes_it(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    path, truth = incomplete_fax(tmp_path)
    site.drop("incomplete.tif", path.read_bytes())
    right = npi(Random("letters/npi"))

    with running(site) as client:
        until(lambda: bool(site.query("SELECT record_id FROM records")), "the record")
        ((asked,),) = site.query("SELECT DISTINCT record_id FROM records")
        assert [gap["field"] for gap in record(client, asked)["gaps"] if gap["severity"] == "blocking"] == [_ASKED]
        settle_and_complete(client, asked)
        (letter,) = client.get("/api/letters", params={"state": "held"}).json()
        assert not (site.outbox / "letters").exists(), "nothing leaves before its release"

    # Stopped and started between any two steps, it goes on where it was.
    with running(site) as client:
        client.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
        letters = site.outbox / "letters"
        until((letters / f"{letter['letter_id']}.json").exists, "the letter")
        told = json.loads((letters / f"{letter['letter_id']}.json").read_text())
        assert told["fax_number"] == truth["requesting_provider"]["fax"]
        pdf = (letters / f"{letter['letter_id']}.pdf").read_bytes()
        assert pdf == client.get(f"/api/letters/{letter['letter_id']}/pdf").content

    back = fax(answered(pdf, {"Requesting provider NPI:": right}), Condition.STANDARD_FAX, "letters/reply")
    site.drop("reply.tif", back)
    with running(site) as client:
        until(lambda: len(site.query("SELECT DISTINCT record_id FROM records")) > 1, "the reply")
        ((reply,),) = site.query(f"SELECT DISTINCT record_id FROM records WHERE record_id != '{asked}'")  # noqa: S608 - an id
        after, answer = record(client, asked), record(client, reply)
        shown = client.get(f"/api/letters/{letter['letter_id']}").json()

    assert answer["source"]["reply_codes"] == [letter["reply_code"]]
    links = [link for link in answer["related"]["links"] if link["kind"] == "answers"]
    assert [(link["record_id"], link["sure"]) for link in links] == [(asked, True)]
    assert after["requesting_provider"]["npi"] == right
    assert after["readings"][_ASKED]["record_id"] == reply
    assert not [gap for gap in after["gaps"] if gap["field"] == _ASKED]
    assert [event["kind"] for event in after["events"]] == ["information_requested", "information_received", "information_complete"]
    assert (shown["state"], shown["answered_by"]) == ("sent", reply)
    actions = [action for (action,) in site.query(f"SELECT action FROM audit_events WHERE record_id = '{asked}' ORDER BY event_id")]  # noqa: S608
    ours = [action for action in actions if action.startswith("letter_")]
    assert ours == ["letter_proposed", "letter_released", "letter_sent", "letter_answered"]
