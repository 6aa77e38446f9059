"""The real service on the days of the week: its clock is moved, and nothing else of it is changed."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy.orm import Session

from models.store import api_tokens
from tests.clock.moved import moved_clock
from tests.intake.harness import Site, command, environment, stop
from tests.roster.files import new_site, store_of
from tests.week.faxes import Fax, at
from tests.week.values import PLAN_FILE

Json = dict[str, Any]
_LIMIT_S = 300
_SETTINGS = {
    "PAR_PLANS": json.dumps(["valley_choice", "california_health_wellness"]),
    "PAR_AT_RISK_UNTIL_DECIDED": "true",
    "PAR_LONE_SIDECAR_S": "999999999",  # a moved clock and the times of files do not go together
}


class Service:
    """One site with two plans, of which one has a folder of its own; and a program that works at its desk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        made = new_site(folder)
        plans = folder / "plans"
        plans.mkdir()
        (plans / "valley_choice.yaml").write_text(PLAN_FILE)
        self.site: Site = replace(made, env={**_SETTINGS, "PAR_PLAN_FILES": str(plans)})
        (self.site.inbox / "california_health_wellness").mkdir()
        self._token = self._new_token()
        self._started = 0

    def _new_token(self) -> str:
        engine = store_of(self.site)
        try:
            with Session(engine) as session, session.begin():
                scopes = ("view", "work")
                return api_tokens.add(session, "desk", scopes, at(4, 12), at(4, 12) + timedelta(days=90), actor="test")
        finally:
            engine.dispose()

    def _clock(self, now: datetime) -> dict[str, str]:
        return moved_clock(self._folder, timedelta(seconds=now.timestamp() - time.time()))

    def command(self, now: datetime, *arguments: str) -> str:
        """What a command of ``par-intake`` prints that is run at that time; it must end well."""
        folders = {"PAR_DATA": str(self.site.data), "PAR_OUTBOX": str(self.site.outbox), "PAR_INBOX": str(self.site.inbox)}
        done = subprocess.run(
            command(*arguments),
            env=environment({**self.site.env, **folders, **self._clock(now)}, standin=False),
            cwd=self.site.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def bring_in(self, now: datetime, kind: str, content: str) -> None:
        """Import a file."""
        file = self.site.root / f"{kind}.csv"
        file.write_text(content)
        self.command(now, "import", kind, str(file))

    @contextmanager
    def day(self, now: datetime) -> Iterator[Desk]:
        """The service from that time on, and its desk."""
        self._started += 1
        process = self.site.start(env=self._clock(now), standin=False)
        try:
            address = self.site.wait_for_log("listening", self._started)[-1]["address"]
            with httpx.Client(base_url=address, timeout=60, headers={"authorization": f"Bearer {self._token}"}) as client:
                yield Desk(self, client)
        finally:
            stop(process)

    def record_ids(self) -> dict[str, str]:
        """The record of each fax, by the fax's name; each holds one request at most."""
        rows = self.site.query("SELECT record_id, document_id FROM desk_items")
        names = dict(self.site.query("SELECT document_id, file_name FROM documents"))
        return {str(names[document]).partition(".")[0]: str(record) for record, document in rows}

    def waiting(self) -> set[str]:
        """The faxes that wait in the queue."""
        waits = {record for (record,) in self.site.query("SELECT record_id FROM desk_items WHERE waits")}
        return {name for name, record_id in self.record_ids().items() if record_id in waits}


class Desk:
    """What the gateway, a coordinator and the plan do while the service runs."""

    def __init__(self, service: Service, client: httpx.Client) -> None:
        self._service, self.client = service, client

    def receive(self, fax: Fax, content: bytes) -> None:
        """The gateway puts a fax and its note into the inbox; it is done when its record is there."""
        folder = self._service.site.inbox / fax.folder
        (folder / f"{fax.name}.json").write_text(json.dumps({"received_at": fax.at.isoformat()}))
        hidden = folder / f".{fax.name}.tmp"
        hidden.write_bytes(content)
        hidden.rename(folder / f"{fax.name}.tif")
        _until(lambda: fax.name in self._service.record_ids(), f"the record of {fax.name}")

    def record(self, name: str) -> Json:
        """The newest revision of a fax's record."""
        found: Json = self.client.get(f"/api/records/{self._service.record_ids()[name]}").raise_for_status().json()
        return found

    def complete(self, name: str) -> None:
        """Say of all that is doubtful that it is right, and complete the record."""
        address = f"/api/records/{self._service.record_ids()[name]}"
        while True:
            work = self.client.get(f"{address}/work").raise_for_status().json()
            doubtful = [one["path"] for one in work["questions"] if one["kind"] in ("doubt", "notice")]
            doubtful += [path for path, reading in work["record"]["readings"].items() if reading["needs_review"]]
            if not doubtful:
                break
            body = {"key": str(uuid4()), "action": "accept", "revision": work["revision"], "path": doubtful[0]}
            self.client.post(f"{address}/edits", json=body).raise_for_status()
        self.client.post(f"{address}/complete", json={"key": str(uuid4())}).raise_for_status()

    def answer(self, name: str, path: str, answer: str) -> None:
        """Say whether a fax belongs to the request that is asked about; it has to be asked."""
        address = f"/api/records/{self._service.record_ids()[name]}"
        work = self.client.get(f"{address}/work").raise_for_status().json()
        (asked,) = (one for one in work["questions"] if one["path"] == path)
        body = {
            "key": str(uuid4()),
            "action": answer,
            "revision": work["revision"],
            "path": path,
            "value": asked["link"]["record_id"],
        }
        self.client.post(f"{address}/edits", json=body).raise_for_status()

    def clock(self, name: str, action: str, reason: str, **more: str) -> None:
        """Tell what happened to a request's clocks."""
        body = {"key": str(uuid4()), "action": action, "reason": reason, **more}
        self.client.post(f"/api/records/{self._service.record_ids()[name]}/clock", json=body).raise_for_status()

    def release_letter(self) -> bytes:
        """Release the one letter that is held; gives it as it goes out."""
        (letter,) = self.client.get("/api/letters", params={"state": "held"}).raise_for_status().json()
        self.client.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
        sent = self._service.site.outbox / "letters" / f"{letter['letter_id']}.pdf"
        _until(sent.with_suffix(".json").exists, "the letter")
        return sent.read_bytes()


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.2)
