"""The clocks of a request through the API. 10 March 2026 is a Tuesday; the decision on what came then is due on the 17th."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store.desk_tables import DeskItemRow
from models.store.roles import Role
from models.store.tables import AuditRow, DeliveryRow, RecordRow
from tests.desk.api.stands import Api, edit, key
from tests.desk.stored import a_reading, a_record, put
from validation.check import check
from validation.policies import completeness_policy

PACIFIC = ZoneInfo("America/Los_Angeles")
RECEIVED = datetime(2026, 3, 10, 9, 0, tzinfo=PACIFIC)
DUE, CEILING = datetime(2026, 3, 17, 23, 59, 59, tzinfo=PACIFIC), datetime(2026, 3, 24, 23, 59, 59, tzinfo=PACIFIC)
CLOCK = "/api/records/PAR-1/clock"


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=PACIFIC)


def stored(api: Api, urgency: str = "routine") -> ReferralRecord:
    """A request of 10 March as it is read; it is the 12th."""
    api.desk.clock.now = at(12)
    readings = {"member.last_name": a_reading("Ruiz-Ortega", doubtful=True)}
    record = a_record(
        "PAR-1", RECEIVED, request={"kind": "new", "urgency": urgency}, readings=readings, services=[{"code": "72148"}]
    )
    return put(api.desk, check(record, completeness_policy(), today=RECEIVED.date()))


@pytest.fixture
def ana(api: Api) -> httpx.Client:
    stored(api)
    return api.person("ana")


def tell(client: httpx.Client, action: str, status: int = 200, **parts: object) -> dict[str, Any]:
    body = {"key": key(), "action": action, **parts}
    answer = client.post(CLOCK, json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def due(state: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(state["deadline"]["decision_due_at"])


def test_the_clocks_are_shown_with_what_may_be_told_of_them(ana: httpx.Client) -> None:
    answer = ana.get(CLOCK)
    state = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert [clock["rule"] for clock in state["clocks"]] == [
        "hsc_1367_01.routine.5_business_days",
        "cms_0057_f.routine.7_calendar_days",
    ]
    assert (due(state), state["waits_for"], state["events"], state["told"]) == (DUE, "coordinator", [], [])
    refused = {move["action"]: move["refused"] for move in state["moves"]}
    assert [action for action, why in refused.items() if why is None] == [
        "extend",
        "information_requested",
        "information_received",
        "information_complete",
        "upgrade",
    ]
    assert refused["downgrade"] == "The request runs by the routine clocks already."


def test_an_extension_is_a_revision_that_is_delivered_and_audited(api: Api, ana: httpx.Client) -> None:
    state = tell(ana, "extend", reason="an expert is asked")
    assert (due(state), state["revision"]) == (CEILING, 2)
    with Session(api.desk.services.engine) as session:
        item = session.get_one(DeskItemRow, "PAR-1")
        assert (item.due_at, item.order_at, item.revision) == (CEILING, CEILING, 2)
        event = session.scalars(select(AuditRow).where(AuditRow.action == "clock_extend")).one()
        assert (event.actor, event.record_id, event.revision, event.detail) == ("ana", "PAR-1", 2, None)
        assert session.scalars(select(DeliveryRow.revision).where(DeliveryRow.record_id == "PAR-1")).all() == [1, 2]
        record = ReferralRecord.model_validate_json(session.get_one(RecordRow, ("PAR-1", 2)).body)
    assert [(one.kind.value, one.by, one.reason) for one in record.events] == [("extended", "ana", "an expert is asked")]


def test_what_is_sent_twice_is_told_once(api: Api, ana: httpx.Client) -> None:
    body = {"key": key(), "action": "extend", "reason": "an expert is asked"}
    first, second = ana.post(CLOCK, json=body).json(), ana.post(CLOCK, json=body).json()
    assert first == second
    assert first["revision"] == 2
    del api


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, "It needs a reason."),
        ({"reason": "an expert", "until": "2026-03-25"}, "ceiling of 2026-03-24"),
        ({"reason": "an expert", "at": "2026-03-12T10:00:00-07:00"}, "still to come"),
        ({"reason": "an expert", "at": "2026-03-10T08:00:00-07:00"}, "before the request was received"),
    ],
)
def test_an_extension_is_refused_in_words(ana: httpx.Client, parts: dict[str, str], says: str) -> None:
    assert says in tell(ana, "extend", 422, **parts)["detail"]
    assert ana.get(CLOCK).json()["revision"] == 1


def test_an_extension_after_the_deadline_is_too_late(api: Api, ana: httpx.Client) -> None:
    api.desk.clock.now = at(18)
    ana = api.person("ana")
    assert "too late" in tell(ana, "extend", 422, reason="an expert")["detail"]
    # The notice was given in time, and is told later.
    assert due(tell(ana, "extend", reason="an expert", at="2026-03-16T09:00:00-07:00")) == CEILING


def test_an_urgent_request_is_asked_about_and_goes_on(api: Api) -> None:
    stored(api, "urgent")
    ana = api.person("ana")
    assert "urgent request is never extended" in tell(ana, "extend", 422, reason="an expert")["detail"]
    state = tell(ana, "information_requested", reason="notes are missing")
    assert due(state) == at(13)
    assert state["told"] == ["The clock of an urgent request is never paused (hsc_1367_01.urgent.72_hours)."]
    assert state["waits_for"] == "provider"


def test_the_clock_waits_for_the_provider_and_starts_with_the_answer(ana: httpx.Client) -> None:
    asked = tell(ana, "information_requested", reason="notes are missing")
    assert (due(asked), asked["waits_for"], asked["clocks"][0]["paused"]) == (CEILING, "provider", True)
    # F13 M16 T17 W18 T19.
    answered = tell(ana, "information_received")
    assert due(answered) == datetime(2026, 3, 19, 23, 59, 59, tzinfo=PACIFIC)
    assert (answered["waits_for"], answered["clocks"][0]["paused"]) == ("coordinator", False)


def test_a_downgrade_keeps_both_urgencies(api: Api) -> None:
    stored(api, "urgent")
    state = tell(api.person("ana"), "downgrade", reason="stable, elective")
    assert (state["priority"]["requested"], state["priority"]["effective"]) == ("urgent", "routine")
    assert (state["priority"]["decided_by"], state["priority"]["reason"]) == ("ana", "stable, elective")
    assert due(state) == DUE
    record = api.person("ana").get("/api/records/PAR-1").json()
    assert record["request"]["urgency"] == "urgent"


def test_what_somebody_enters_in_a_row_stays_when_a_clock_moves(api: Api, ana: httpx.Client) -> None:
    bea = api.person("bea")
    assert bea.post("/api/records/PAR-1/edits", json=edit("services.0.units", "3", revision=1)).status_code == 200
    tell(ana, "extend", reason="an expert is asked")
    work = bea.get("/api/records/PAR-1/work").json()
    assert (work["revision"], work["left_aside"], work["record"]["services"][0]["units"]) == (2, 0, 3)
    assert work["record"]["events"][0]["kind"] == "extended"
    # From the page that was opened before: the rows are the same.
    assert bea.post("/api/records/PAR-1/edits", json=edit("services.0.code", "72149", revision=1)).status_code == 200


def test_a_completed_record_stays_completed_when_its_clock_moves(api: Api, ana: httpx.Client) -> None:
    ana.post("/api/records/PAR-1/edits", json={"key": key(), "action": "accept", "revision": 1, "path": "member.last_name"})
    assert ana.post("/api/records/PAR-1/complete", json={"key": key()}).json()["final"]
    state = tell(api.person("bea"), "extend", reason="an expert is asked")
    assert (state["final"], state["waits_for"], state["revision"]) == (True, "decision", 3)
    with Session(api.desk.services.engine) as session:
        item = session.get_one(DeskItemRow, "PAR-1")
        assert (item.waits, item.completed_by) == (False, "ana")


def test_a_record_without_a_request_has_no_clock(api: Api) -> None:
    put(api.desk, a_record("PAR-1", RECEIVED, status=Status.NO_REQUEST, due=None))
    ana = api.person("ana")
    assert tell(ana, "extend", 422, reason="an expert")["detail"] == "There is no request in this record."
    assert {move["refused"] for move in ana.get(CLOCK).json()["moves"]} == {"There is no request in this record."}


def test_who_may_only_look_moves_no_clock(api: Api, ana: httpx.Client) -> None:
    del ana
    auditor = api.desk.signed_in(Role.AUDITOR)
    assert auditor.get(CLOCK).status_code == 200
    assert auditor.post(CLOCK, json={"key": key(), "action": "extend", "reason": "x"}).status_code == 403


def test_an_outdated_page_moves_no_clock(ana: httpx.Client) -> None:
    tell(ana, "information_requested", reason="notes are missing")
    answer = ana.post(CLOCK, json={"key": key(), "action": "extend", "reason": "x"}, headers={"if-match": '"1"'})
    assert answer.status_code == 412
