"""Decisions that were made elsewhere: brought in by file and by the API, kept once, told in the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.importing.decision_lines import Taken, decision_of, take_decisions
from intake.placing import placed
from intake.settings import Settings
from models.errors import ConfigurationError
from models.record import ReferralRecord, Status
from models.store.database import sqlite_url
from models.store.decisions import Unfit, decisions_of
from models.store.desk_edits import Edit, newest_record
from models.store.desk_tables import DeskItemRow, EditAction
from models.store.report_tables import DecisionOutcome, ReportItemRow
from models.store.roles import Role
from models.store.tables import AuditRow, DeliveryRow
from review.work.apply import Rules
from review.work.working import Desk as Work
from tests.desk.desks import Desk
from tests.desk.stored import a_record, put

RECEIVED = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
HEAD = "record_id,outcome,decided_at"
ROOM = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def site(tmp_path: Path) -> tuple[Settings, Desk]:
    """A service's folders with its store, and a desk over the same."""
    settings = Settings(data=tmp_path / "data", inbox=tmp_path / "inbox", outbox=tmp_path / "outbox")
    folders = Folders.of(settings, executor_id_of(settings))
    folders.database.parent.mkdir(parents=True, exist_ok=True)
    desk = Desk.of(tmp_path, url=sqlite_url(folders.database))
    desk.clock.now = RECEIVED
    put(desk, a_record("PAR-A", RECEIVED, status=Status.READY))
    return settings, desk


def taken(site: tuple[Settings, Desk], *lines: str) -> tuple[Taken, list[str]]:
    """What became of a file with these lines."""
    file = site[0].data / "decisions.csv"
    file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    told: list[str] = []
    return take_decisions(site[0], file, told.append), told


def newest(desk: Desk, record_id: str) -> ReferralRecord:
    with Session(desk.services.reading) as session:
        found = newest_record(session, record_id)
    assert found is not None
    return found[0]


def test_a_decision_makes_a_revision_that_is_delivered_and_stays_as_it_ended(site: tuple[Settings, Desk]) -> None:
    assert taken(site, HEAD, "PAR-A,approved,2026-03-04T09:00") == (Taken(1, 0, 0), [])
    record = newest(site[1], "PAR-A")
    (event,) = record.events
    # Without an offset it is the site's time: eight hours behind UTC before 8 March 2026.
    assert (event.kind, event.at, event.reason) == ("decided", datetime(2026, 3, 4, 17, 0, tzinfo=UTC), "approved")
    assert (record.revision, record.final, record.status) == (2, True, Status.READY)
    with Session(site[1].services.reading) as session:
        item = session.get_one(DeskItemRow, "PAR-A")
        assert (item.revision, item.waits, item.written_at) == (2, False, RECEIVED)
        assert session.query(DeliveryRow).where(DeliveryRow.record_id == "PAR-A", DeliveryRow.revision == 2).count() == 1
        assert [row.detail for row in session.query(AuditRow).where(AuditRow.action == "decided")] == ["approved"]


def test_the_same_file_does_nothing_the_second_time(site: tuple[Settings, Desk]) -> None:
    lines = (HEAD, "PAR-A,approved,2026-03-04T09:00")
    taken(site, *lines)
    assert taken(site, *lines) == (Taken(0, 1, 0), [])
    assert newest(site[1], "PAR-A").revision == 2


def test_a_later_decision_corrects_and_an_appeal_stands_beside(site: tuple[Settings, Desk]) -> None:
    taken(site, HEAD, "PAR-A,approved,2026-03-04T09:00", "PAR-A,denied,2026-03-04T10:00")
    taken(site, HEAD, "PAR-A,approved_after_appeal,2026-03-20T10:00")
    assert [event.reason for event in newest(site[1], "PAR-A").events] == ["denied", "approved_after_appeal"]
    with Session(site[1].services.reading) as session:
        row = session.get_one(ReportItemRow, "PAR-A")
    assert (row.determined, row.outcome, row.decided_at) == (
        "denied",
        "approved_after_appeal",
        datetime(2026, 3, 4, 18, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("PAR-NONE,approved,2026-03-04T09:00", "line 2, record_id: no request is known by this"),
        (",approved,2026-03-04T09:00", "line 2, record_id: one of record_id, authorization_number, document_id is needed"),
        ("PAR-A,granted Ruiz,2026-03-04T09:00", "line 2, outcome: this is none of approved, denied"),
        ("PAR-A,approved,04 March Ruiz", "line 2, decided_at: this is no time such as"),
        ("PAR-A,approved,2026-03-04", "line 2, decided_at: this is a day without a time"),
        ("PAR-A,approved,", "line 2, decided_at: this is needed"),
        ("PAR-A,approved,2026-03-01T09:00", "line 2, decided_at: this is before the request was received"),
        ("PAR-A,approved,2126-03-01T09:00", "line 2, decided_at: this is still to come"),
        ("PAR-A,approved,2026-03-04T09:00,Ruiz", "line 2, line: there are more cells than columns"),
    ],
)
def test_a_line_that_is_wrong_is_told_by_number_and_column_and_never_by_its_values(
    site: tuple[Settings, Desk], line: str, fault: str
) -> None:
    counts, told = taken(site, HEAD, line, "PAR-A,denied,2026-03-04T09:30")
    assert counts == Taken(1, 0, 1)
    assert len(told) == 1
    assert told[0].startswith(fault)
    assert "Ruiz" not in told[0]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"extended": "perhaps"}, "extended"),
        ({"reviewer": "x" * 65}, "reviewer"),
        ({"reason_code": "see the notes of Ruiz"}, "reason_code"),
        ({"decision_id": "a b"}, "decision_id"),
        ({"member_notified_at": "soon"}, "member_notified_at"),
    ],
)
def test_each_cell_is_looked_at(row: dict[str, str], column: str) -> None:
    with pytest.raises(Unfit) as caught:
        decision_of({"record_id": "PAR-A", "outcome": "approved", "decided_at": "2026-03-04T09:00", **row}, ROOM)
    assert caught.value.column == column


def test_outcomes_are_taken_as_people_write_them() -> None:
    row = {"record_id": "PAR-A", "outcome": "Partially Approved", "decided_at": "2026-03-04T09:00Z", "extended": "Yes"}
    _, decision = decision_of(row, ROOM)
    assert (decision.outcome, decision.extended) == (DecisionOutcome.PARTIALLY_APPROVED, True)


@pytest.mark.parametrize(
    "head",
    ["record_id,outcome", "outcome,decided_at", "record_id,outcome,decided_at,member", "record_id,outcome,outcome,decided_at"],
)
def test_a_file_whose_head_is_not_known_is_not_begun(site: tuple[Settings, Desk], head: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        taken(site, head, "PAR-A,approved,2026-03-04T09:00,Ruiz")
    assert "Ruiz" not in str(caught.value)


def test_a_file_that_is_no_csv_says_nothing_of_what_is_in_it(site: tuple[Settings, Desk]) -> None:
    file = site[0].data / "decisions.csv"
    file.write_bytes(HEAD.encode() + b"\nRuiz\xff\n")
    with pytest.raises(ConfigurationError) as caught:
        take_decisions(site[0], file, lambda _: None)
    assert "Ruiz" not in f"{caught.value}{caught.value.__cause__}"


def test_the_request_is_found_by_authorization_number_or_document(site: tuple[Settings, Desk]) -> None:
    desk = site[1]
    put(desk, a_record("PAR-B", RECEIVED, status=Status.READY, request={"kind": "extension", "authorization_number": "A-77/1"}))
    put(desk, a_record("PAR-C", RECEIVED, status=Status.READY, request={"kind": "extension", "authorization_number": "B5"}))
    put(desk, a_record("PAR-D", RECEIVED, status=Status.READY, request={"kind": "extension", "authorization_number": "B-5"}))
    counts, told = taken(
        site,
        "authorization_number,document_id,outcome,decided_at",
        "a771,,approved,2026-03-04T09:00",
        ",D-PAR-C,denied,2026-03-04T09:00",
        "B5,,denied,2026-03-04T09:00",
    )
    assert (counts, told) == (
        Taken(2, 0, 1),
        ["line 4, authorization_number: more than one request is known by this; name its record_id"],
    )
    assert [event.reason for event in newest(desk, "PAR-B").events] == ["approved"]
    assert [event.reason for event in newest(desk, "PAR-C").events] == ["denied"]


def test_what_somebody_is_entering_is_not_disturbed_and_tells_of_the_decision_when_completed(desk: Desk) -> None:
    desk.clock.now = RECEIVED
    put(desk, a_record("PAR-1", RECEIVED, services=[{"code": "97110"}]))
    with Session(desk.services.engine) as session, session.begin():
        _work(desk, session).enter("PAR-1", Edit("a", EditAction.SET, 1, "services.0.units", "4"))
    desk.clock.pass_s(3600)
    answer = _send(desk, {"record_id": "PAR-1", "key": "k", "outcome": "denied", "decided_at": desk.clock().isoformat()})
    assert answer == {"entered": 1, "known": 0, "refused": []}
    assert newest(desk, "PAR-1").revision == 1
    with Session(desk.services.engine) as session, session.begin():
        left = _work(desk, session).complete("PAR-1", "b")
    assert left.services[0].units == 4
    assert [event.reason for event in left.events] == ["denied"]


def _work(desk: Desk, session: Session) -> Work:
    rules = Rules(desk.services.policies, desk.clock().date(), desk.services.zone, lambda record: placed(session, record))
    return Work(session, "dana", rules, ("outbox",), desk.clock())


def _send(desk: Desk, *decisions: Mapping[str, object]) -> dict[str, Any]:
    answer = desk.signed_in(Role.COORDINATOR).post("/api/decisions", json={"decisions": decisions})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_api_keeps_each_decision_for_itself_and_once(desk: Desk) -> None:
    desk.clock.now = RECEIVED + timedelta(days=1)
    put(desk, a_record("PAR-1", RECEIVED, status=Status.READY))
    good = {"record_id": "PAR-1", "key": "k1", "outcome": "modified", "decided_at": desk.clock().isoformat(), "reviewer": "um-7"}
    told = _send(desk, good, good, {**good, "record_id": "PAR-2"}, {**good, "record_id": None, "key": "k3"})
    assert (told["entered"], told["known"]) == (1, 1)
    assert [(one["position"], one["at"]) for one in told["refused"]] == [(2, "record_id"), (3, "record_id")]
    shown = desk.signed_in(Role.AUDITOR).get("/api/records/PAR-1/decisions").json()
    assert [(one["key"], one["outcome"], one["reviewer"], one["entered_by"]) for one in shown] == [
        ("k1", "modified", "um-7", "one-coordinator")
    ]


def test_a_record_without_a_request_cannot_be_decided(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock(), status=Status.NO_REQUEST))
    told = _send(desk, {"record_id": "PAR-1", "key": "k", "outcome": "denied", "decided_at": desk.clock().isoformat()})
    assert told["refused"][0]["message"] == "there is no request in that record."


@pytest.mark.parametrize("body", [{"decisions": []}, {"decisions": [{"record_id": "PAR-1"}]}, {}, {"decisions": [{}] * 1001}])
def test_a_body_that_is_none_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.signed_in(Role.COORDINATOR).post("/api/decisions", json=body).status_code == 422


def test_a_notice_of_extension_moves_the_clocks(desk: Desk) -> None:
    desk.clock.now = RECEIVED + timedelta(days=8)
    put(desk, a_record("PAR-1", RECEIVED, status=Status.READY))
    at = {"extended_at": (RECEIVED + timedelta(days=2)).isoformat(), "decided_at": desk.clock().isoformat()}
    _send(desk, {"record_id": "PAR-1", "key": "k", "outcome": "approved", **at})
    assert [event.kind for event in newest(desk, "PAR-1").events] == ["extended", "decided"]


@pytest.mark.parametrize("change", ["UPDATE decisions SET outcome = 'approved'", "DELETE FROM decisions"])
def test_the_database_refuses_to_change_a_decision(desk: Desk, change: str) -> None:
    put(desk, a_record("PAR-1", desk.clock(), status=Status.READY))
    _send(desk, {"record_id": "PAR-1", "key": "k", "outcome": "denied", "decided_at": desk.clock().isoformat()})
    with pytest.raises(DatabaseError, match="append-only"), Session(desk.services.engine) as session, session.begin():
        session.execute(text(change))
    with Session(desk.services.reading) as session:
        assert [row.outcome for row in decisions_of(session, "PAR-1")] == ["denied"]
