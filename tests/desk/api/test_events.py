"""The stream of changes, from a real server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from intake.web import WebServer
from models.store import api_tokens
from models.store.account_tables import ApiTokenRow, SessionRow
from models.store.changes import note_change
from models.store.desk_tables import ChangeKind
from models.store.roles import Role
from review.api.feed import BATCH, Feed, Pace
from tests.desk.api.stands import Api
from tests.desk.stored import a_gap, a_record, put

QUICK = Pace(look_s=0.02, check_s=0.05, beat_s=0.2)
_LIMIT_S = 60


@dataclass(slots=True)
class Heard:
    """What one listener was told, kept by a thread that reads to the stream's end."""

    events: list[dict[str, str]] = field(default_factory=list)
    beats: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def changes(self) -> list[tuple[int, str, str]]:
        told = [json.loads(event["data"]) for event in self.events if event["event"] == "change"]
        return [(one["change"], one["kind"], one["record_id"]) for one in told]

    def wait_for(self, count: int) -> list[tuple[int, str, str]]:
        until = time.monotonic() + _LIMIT_S
        while len(self.changes()) < count:
            assert time.monotonic() < until, self.events
            time.sleep(0.01)
        return self.changes()


@pytest.fixture
def address(api: Api) -> Iterator[str]:
    """The desk, served."""
    api.desk.app.state.feed = Feed(api.desk.services.reading, QUICK)
    server = WebServer("127.0.0.1", 0)
    server.start(api.desk.app)
    yield server.address
    server.stop()


@contextmanager
def listening(address: str, client: httpx.Client, query: str = "", last: str | None = None) -> Iterator[Heard]:
    heard = Heard()
    headers = dict(client.headers) | ({} if last is None else {"last-event-id": last})
    began = threading.Event()
    real = httpx.Client(base_url=address, headers=headers, cookies=dict(client.cookies), timeout=_LIMIT_S)

    def read() -> None:
        try:
            with real.stream("GET", f"/api/events{query}") as answer:
                assert answer.status_code == 200, answer.read()
                assert answer.headers["content-type"].startswith("text/event-stream")
                assert answer.headers["cache-control"] == "no-store"
                event: dict[str, str] = {}
                for line in answer.iter_lines():
                    began.set()
                    name, _, value = line.partition(": ")
                    if not line and event:
                        if "event" in event:
                            heard.events.append(event)
                        event = {}
                    elif not name:
                        heard.beats += 1
                    elif line:
                        event[name] = value
        except (httpx.ReadError, httpx.RemoteProtocolError):
            pass
        finally:
            began.set()
            heard.ended.set()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert began.wait(_LIMIT_S)
    try:
        yield heard
    finally:
        real.close()


def _put(api: Api, *names: str) -> None:
    for name in names:
        put(api.desk, a_record(f"PAR-{name}", api.desk.clock()))


def test_changes_are_told_as_they_happen_to_all_who_listen(api: Api, address: str) -> None:
    _put(api, "old")
    ana, bo = api.person("ana"), api.person("bo")
    with listening(address, ana) as first, listening(address, bo) as second:
        _put(api, "a")
        first.wait_for(1)
        bo.post("/api/records/PAR-a/claim")
        bo.post("/api/records/PAR-a/notes", json={"text": "x"})
        expected = [(2, "revision", "PAR-a"), (3, "claim", "PAR-a"), (4, "note", "PAR-a")]
        assert first.wait_for(3) == second.wait_for(3) == expected


def test_who_comes_again_is_told_what_was_missed_and_nothing_twice(api: Api, address: str) -> None:
    ana = api.person("ana")
    with listening(address, ana) as heard:
        _put(api, "a", "b")
        last = heard.wait_for(2)[-1][0]
        assert [event["id"] for event in heard.events] == ["1", "2"]
    _put(api, "c", "d")
    with listening(address, ana, last=str(last)) as heard:
        heard.wait_for(2)
        _put(api, "e")
        assert [name for _, _, name in heard.wait_for(3)] == ["PAR-c", "PAR-d", "PAR-e"]


def test_a_page_goes_on_from_the_change_that_its_listing_shows(api: Api, address: str) -> None:
    _put(api, "a")
    ana = api.person("ana")
    change = ana.get("/api/records").json()["change"]
    _put(api, "b")
    with listening(address, ana, f"?since={change}") as heard:
        assert [name for _, _, name in heard.wait_for(1)] == ["PAR-b"]


@pytest.mark.parametrize("last", ["", "x", "-1", "9" * 40, "1 2"])
def test_a_number_that_is_none_is_left_aside(api: Api, address: str, last: str) -> None:
    _put(api, "a")
    with listening(address, api.person("ana"), last=last) as heard:
        _put(api, "b")
        assert [name for _, _, name in heard.wait_for(1)] == ["PAR-b"]


def test_more_than_one_batch_is_missed_and_told(api: Api, address: str) -> None:
    put(api.desk, a_record("PAR-1", api.desk.clock()))
    with Session(api.desk.services.engine) as session, session.begin():
        for _ in range(2 * BATCH + 5):
            note_change(session, ChangeKind.NOTE, "PAR-1", 1, api.desk.clock())
    with listening(address, api.person("ana"), "?since=0") as heard:
        assert [number for number, _, _ in heard.wait_for(2 * BATCH + 6)] == list(range(1, 2 * BATCH + 7))


def test_nothing_is_missed_while_changes_are_written_and_listeners_come_and_go(api: Api, address: str) -> None:
    ana = api.person("ana")
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            _put(api, f"w{n}")
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(6):
            with listening(address, ana, "?since=0") as heard:
                numbers = [number for number, _, _ in heard.wait_for(5)]
                assert numbers == list(range(1, len(numbers) + 1))
    finally:
        stop.set()
        writer.join()


def test_the_stream_of_a_session_that_is_ended_ends_and_says_so(api: Api, address: str) -> None:
    ana, bo = api.person("ana"), api.person("bo")
    with listening(address, ana) as heard, listening(address, bo) as other:
        account = api.desk.account("ana", Role.COORDINATOR)
        with Session(api.desk.services.engine) as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.account_id == account.account_id))
        assert heard.ended.wait(_LIMIT_S)
        assert heard.events[-1]["event"] == "end"
        assert json.loads(heard.events[-1]["data"]) == {"code": "not_signed_in"}
        _put(api, "a")
        other.wait_for(1)
        assert not heard.changes()
    again = httpx.get(f"{address}/api/events", cookies=dict(ana.cookies))
    assert (again.status_code, again.json()["code"]) == (401, "not_signed_in")


def test_listening_does_not_keep_a_session_from_its_idle_end(api: Api, address: str) -> None:
    with listening(address, api.person("ana")) as heard:
        for _ in range(4):
            api.desk.clock.pass_s(api.desk.services.settings.idle_s / 3)
            time.sleep(0.1)
        assert heard.ended.wait(_LIMIT_S)


def test_what_a_page_asks_by_itself_does_not_keep_it_either(api: Api) -> None:
    ana = api.person("ana")
    for _ in range(2):
        api.desk.clock.pass_s(0.4 * api.desk.services.settings.idle_s)
        assert ana.get("/api/records", headers={"x-background": "1"}).status_code == 200
    api.desk.clock.pass_s(0.4 * api.desk.services.settings.idle_s)
    assert ana.get("/api/records").status_code == 401


def test_the_stream_of_a_token_ends_with_the_token(api: Api, address: str) -> None:
    with Session(api.desk.services.engine) as session, session.begin():
        until = api.desk.clock().replace(year=api.desk.clock().year + 1)
        token = api_tokens.add(session, "feed", ("view",), api.desk.clock(), until, actor="test")
    program = api.desk.visitor()
    program.headers["authorization"] = f"Bearer {token}"
    with listening(address, program) as heard:
        _put(api, "a")
        heard.wait_for(1)
        with Session(api.desk.services.engine) as session, session.begin():
            session.execute(update(ApiTokenRow).values(revoked_at=api.desk.clock()))
        assert heard.ended.wait(_LIMIT_S)


def test_heartbeats_show_that_the_line_stands(api: Api, address: str) -> None:
    with listening(address, api.person("ana")) as heard:
        until = time.monotonic() + _LIMIT_S
        while heard.beats < 2:
            assert time.monotonic() < until
            time.sleep(0.02)
        assert not heard.events


def test_the_thread_goes_with_the_last_listener(api: Api, address: str) -> None:
    def threads() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name == "desk-feed"]

    with listening(address, api.person("ana")), listening(address, api.person("bo")):
        until = time.monotonic() + _LIMIT_S
        while len(threads()) != 1:
            assert time.monotonic() < until
            time.sleep(0.01)
    while threads():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_who_listens_does_not_keep_the_service_from_its_end(api: Api) -> None:
    server = WebServer("127.0.0.1", 0)
    server.start(api.desk.app)
    with listening(server.address, api.person("ana")) as heard:
        server.stop()
        assert heard.ended.wait(_LIMIT_S)


def test_there_is_an_end_to_how_many_listen(api: Api, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.api.feed._MOST_LISTENERS", 1)
    ana = api.person("ana")
    with listening(address, ana) as heard:
        _put(api, "a")
        heard.wait_for(1)
        answer = httpx.get(f"{address}/api/events", cookies=dict(ana.cookies))
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


def test_changes_are_listed_from_a_number_on(each_api: Api) -> None:
    _put(each_api, "a", "b", "c")
    ana = each_api.person("ana")
    told = ana.get("/api/changes?since=1&limit=1").json()
    assert ([one["record_id"] for one in told["changes"]], told["newest"]) == (["PAR-b"], 3)
    assert ana.get("/api/changes?since=3").json() == {"changes": [], "newest": 3}
    put(each_api.desk, a_record("PAR-a", each_api.desk.clock(), gaps=[a_gap()]))
    (change,) = ana.get("/api/changes?since=3").json()["changes"]
    assert (change["kind"], change["revision"]) == ("revision", 2)
