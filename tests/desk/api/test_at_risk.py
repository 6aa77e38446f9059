"""What is late or due soon: through the API, on both databases, on the queue's page, and from beside the service."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from intake.cli import app
from models.circumstances import ClockEvent, ClockEventKind
from models.record import Status
from models.store.report_tables import RaterSampleRow
from models.store.roles import Role
from tests.desk.api.stands import Api
from tests.desk.desks import HTML, Desk
from tests.desk.stored import a_record, put

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def stored(desk: Desk) -> None:
    """One late, one due in six hours, one with time, one that is done, one that no rule gives a time, one that was decided late."""
    now = desk.clock()
    put(desk, a_record("PAR-TIME", now - HOUR))
    put(desk, a_record("PAR-LATE", now - 4 * DAY, due=3 * DAY))
    put(desk, a_record("PAR-SOON", now - DAY, due=30 * HOUR))
    put(desk, a_record("PAR-DONE", now - DAY, due=27 * HOUR, status=Status.READY))
    put(desk, a_record("PAR-BARE", now - 70 * HOUR, due=None))
    put(desk, a_record("PAR-PAST", now - 6 * DAY, due=5 * DAY))


def decide(client: httpx.Client, record_id: str, moment: object) -> None:
    body = {"record_id": record_id, "key": f"K-{record_id}", "outcome": "approved", "decided_at": str(moment)}
    answer = client.post("/api/decisions", json={"decisions": [body]})
    assert answer.json()["entered"] == 1, answer.text


def listed(client: httpx.Client, **query: int) -> list[dict[str, Any]]:
    answer = client.get("/api/at-risk", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [one["item"]["record_id"] for one in items]


@pytest.fixture
def desk(each_api: Api) -> Desk:
    stored(each_api.desk)
    decide(each_api.person("ana"), "PAR-PAST", (each_api.desk.clock() - HOUR).isoformat())
    return each_api.desk


def test_the_most_urgent_stands_first_and_says_what_it_waits_for(desk: Desk) -> None:
    found = listed(desk.signed_in(Role.COORDINATOR, "ana"))
    assert [(one["item"]["record_id"], one["late"], one["rule"], one["waits_for"]) for one in found] == [
        ("PAR-LATE", True, "a.rule", "coordinator"),
        ("PAR-BARE", False, None, "coordinator"),
        ("PAR-SOON", False, "a.rule", "coordinator"),
    ]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, ["PAR-LATE"]), (4, ["PAR-LATE", "PAR-BARE"]), (8_784, ["PAR-LATE", "PAR-BARE", "PAR-SOON", "PAR-TIME"])],
)
def test_how_soon_may_be_asked_for(desk: Desk, hours: int, expected: list[str]) -> None:
    assert ids(listed(desk.signed_in(Role.COORDINATOR, "ana"), within_hours=hours)) == expected


def test_the_settings_say_how_soon_is_at_risk_and_that_it_is_until_the_decision(desk: Desk) -> None:
    site = desk.with_settings(at_risk=4 * HOUR, at_risk_until_decided=True)
    found = listed(site.signed_in(Role.COORDINATOR, "ana"))
    assert [(one["item"]["record_id"], one["waits_for"]) for one in found] == [
        ("PAR-LATE", "coordinator"),
        ("PAR-BARE", "coordinator"),
        ("PAR-DONE", "decision"),
    ]


def test_the_list_is_read_page_by_page(desk: Desk) -> None:
    site = desk.with_settings(at_risk_until_decided=True)
    client, seen, cursor = site.signed_in(Role.COORDINATOR, "ana"), [], None
    for _ in range(4):
        answer = client.get("/api/at-risk", params={"limit": 1, **({} if cursor is None else {"cursor": cursor})}).json()
        seen += ids(answer["items"])
        cursor = answer["next"]
    assert (seen, cursor) == (["PAR-LATE", "PAR-BARE", "PAR-DONE", "PAR-SOON"], None)


def test_a_cursor_of_another_listing_is_none_here(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR, "ana")
    other = client.get("/api/records", params={"view": "all", "limit": 1}).json()["next"]
    assert client.get("/api/at-risk", params={"cursor": other}).status_code == 422


def test_what_waits_for_the_provider_says_so(desk: Desk) -> None:
    now = desk.clock()
    asked = ClockEvent(kind=ClockEventKind.INFORMATION_REQUESTED, at=now - HOUR, by="ana", reason="notes")
    put(desk, a_record("PAR-ASKED", now - DAY, due=25 * HOUR, events=[asked.model_dump()]))
    found = {one["item"]["record_id"]: one["waits_for"] for one in listed(desk.signed_in(Role.COORDINATOR, "ana"))}
    assert found["PAR-ASKED"] == "provider"


def test_the_queue_has_a_view_of_it(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR, "ana")
    page = client.get("/queue", params={"view": "at_risk"}, headers=HTML)
    assert page.status_code == 200
    assert re.findall(r'data-record="([^"]+)"', page.text) == ["PAR-LATE", "PAR-BARE", "PAR-SOON"]
    assert re.search(r'aria-current="true">At risk<', page.text)
    # What was decided is not late any more, though it waits: it stands last in the queue, and is not counted.
    assert re.search(r'id="count-late">1<', page.text)
    queue = client.get("/queue", headers=HTML).text
    assert re.findall(r'data-record="([^"]+)"', queue) == ["PAR-LATE", "PAR-BARE", "PAR-SOON", "PAR-TIME", "PAR-PAST"]
    assert "Decided" in queue.partition('id="row-PAR-PAST"')[2]
    assert ids_of_records(client) == ["PAR-LATE", "PAR-BARE", "PAR-SOON"]


def ids_of_records(client: httpx.Client) -> list[str]:
    return [one["record_id"] for one in client.get("/api/records", params={"view": "at_risk"}).json()["items"]]


def test_the_counts_say_how_soon(desk: Desk) -> None:
    client = desk.with_settings(at_risk=4 * HOUR).signed_in(Role.COORDINATOR, "ana")
    page = client.get("/queue", headers=HTML)
    assert re.search(r'id="count-risk">1</b> due within 4 hours', page.text)


def test_the_command_prints_ids_times_and_rules_and_nothing_of_a_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    desk = Desk.of(data, url=f"sqlite:///{data / 'par-intake.sqlite'}")
    stored(desk)
    desk.close()
    monkeypatch.chdir(tmp_path)
    lines = CliRunner().invoke(app, ["at-risk", "--data", str(data)]).stdout.splitlines()
    assert [re.sub(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}", "TIME", line) for line in lines] == [
        "PAR-LATE  late TIME  a.rule  waits for coordinator",
        "PAR-PAST  late TIME  a.rule  waits for coordinator",
        "PAR-BARE  due TIME  no rule  waits for coordinator",
        "PAR-SOON  due TIME  a.rule  waits for coordinator",
    ]
    late = json.loads(CliRunner().invoke(app, ["at-risk", "--data", str(data), "--within", "0", "--json"]).stdout)
    assert [(one["record_id"], one["late"]) for one in late] == [("PAR-LATE", True), ("PAR-PAST", True)]
    assert set(late[0]) == {"record_id", "document_id", "due_at", "late", "rule", "waits_for"}


def test_who_reads_a_fax_a_second_time_sees_it_not_here(desk: Desk) -> None:
    site = desk.with_settings(at_risk_until_decided=True)
    with Session(desk.services.engine) as session, session.begin():
        now = desk.clock()
        sample = RaterSampleRow(sample_id="S-1", record_id="PAR-DONE", document_id="D-PAR-DONE", drawn_at=now, first_revision=1)
        sample.base_revision, sample.second_actor, sample.taken_at = 1, "bea", now
        session.add(sample)
    assert "PAR-DONE" in ids(listed(site.signed_in(Role.COORDINATOR, "ana")))
    assert "PAR-DONE" not in ids(listed(site.signed_in(Role.COORDINATOR, "bea")))
