"""What happened: the search, the export, and what the database refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models.store import audit_trail, desk_edits, retention
from models.store.audit_trail import Asked
from models.store.desk_edits import Edit
from models.store.desk_tables import DeskEditRow, DeskNoteRow, EditAction
from models.store.roles import Role
from models.store.tables import AuditRow, DeliveryRow
from tests.desk.desks import HTML, Desk
from tests.desk.stored import MEMBER, a_record, put


def worked_on(desk: Desk) -> None:
    """A record with a correction and a note by dana."""
    put(desk, a_record("PAR-1", desk.clock()))
    put(desk, a_record("PAR-2", desk.clock()))
    with Session(desk.services.engine) as session, session.begin():
        edit = Edit("k", EditAction.SET, 1, "member.member_id", "H331812252")
        desk_edits.add(session, "PAR-1", "D-PAR-1", edit, "dana", desk.clock())
        desk_edits.note_beside(session, "PAR-1", "D-PAR-1", 1, "Called Ruiz.", "dana", desk.clock())


def rows(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]]


def test_what_happened_is_found_by_record_document_person_action_and_day(desk: Desk) -> None:
    worked_on(desk)
    client = desk.signed_in(Role.AUDITOR)

    def found(query: str) -> list[str]:
        return rows(client.get(f"/history?{query}", headers=HTML).text)

    day = desk.clock().astimezone(desk.services.zone).date()
    assert len(found("")) == 8
    assert [row.split()[3] for row in found("by=dana")] == ["note", "set"]
    assert "member.member_id" in found("action=set")[0]
    assert len(found("of=PAR-1")) == 3
    assert len(found("of=D-PAR-1")) == 5
    assert len(found(f"first={day}&last={day}")) == 8
    assert found(f"last={day - timedelta(days=1)}") == []
    assert found("by=Dana") == []


def test_the_page_holds_no_value_and_its_addresses_neither(desk: Desk) -> None:
    worked_on(desk)
    page = desk.signed_in(Role.AUDITOR).get("/history", headers=HTML).text
    for value in (*MEMBER.values(), "H331812252", "Called", "scan.pdf"):
        assert value not in page


def test_earlier_events_are_on_the_next_page(desk: Desk) -> None:
    with Session(desk.services.engine) as session, session.begin():
        session.add_all(AuditRow(at=desk.clock(), actor="dana", action=f"a{n}", document_id="D") for n in range(105))
    client = desk.signed_in(Role.AUDITOR)
    first = client.get("/history?by=dana", headers=HTML).text
    assert len(rows(first)) == 100
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    assert len(rows(client.get(onward[1].replace("&amp;", "&"), headers=HTML).text)) == 5


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_holds_every_event_of_documents_and_accounts_in_order(desk: Desk, form: str) -> None:
    worked_on(desk)
    client = desk.signed_in(Role.AUDITOR, "lee")
    answer = client.get(f"/history/export?form={form}")
    if form == "csv":
        events = [dict(row) for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
    else:
        events = [json.loads(line) for line in answer.text.splitlines()]
    assert "attachment" in answer.headers["content-disposition"]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    told = {(event["actor"], event["action"]) for event in events}
    assert {("dana", "set"), ("dana", "note"), ("service", "stored"), ("lee", "exported")} <= told
    assert any(event["about"] == "lee" for event in events)
    assert not [value for value in (*MEMBER.values(), "H331812252", "Called") if value in answer.text]


def test_an_export_is_of_whole_days_of_the_site(desk: Desk) -> None:
    for n, at in enumerate(("2026-03-01T07:59:59+00:00", "2026-03-01T08:00:00+00:00", "2026-03-02T08:00:00+00:00")):
        with Session(desk.services.engine) as session, session.begin():
            session.add(AuditRow(at=datetime.fromisoformat(at), actor="x", action=f"a{n}", document_id="D"))
    text_of = desk.signed_in(Role.AUDITOR).get("/history/export?form=ndjson&first=2026-03-01&last=2026-03-01").text
    assert [json.loads(line)["action"] for line in text_of.splitlines()] == ["a1"]


def test_who_may_look_may_not_take_it_along(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    page = client.get("/history", headers=HTML)
    assert page.status_code == 200
    assert "/history/export" not in page.text
    assert client.get("/history/export").status_code == 403


def test_a_long_trail_is_streamed_whole(desk: Desk) -> None:
    with Session(desk.services.engine) as session, session.begin():
        session.add_all(AuditRow(at=desk.clock(), actor="x", action="a", document_id="D") for _ in range(2500))
    with Session(desk.services.reading) as session:
        assert sum(1 for _ in audit_trail.whole(session, None, None)) == 2500
        assert len(audit_trail.newest(session, Asked(actor="x"), 10)) == 10


@pytest.mark.parametrize("table", ["desk_edits", "desk_notes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_a_person_did(desk: Desk, table: str, change: str) -> None:
    worked_on(desk)
    with pytest.raises(DatabaseError, match="append-only"), desk.services.engine.begin() as connection:
        connection.execute(text(change.format(table)))
    with Session(desk.services.reading) as session:
        assert session.query(DeskEditRow).one().actor == "dana"
        assert session.query(DeskNoteRow).one().actor == "dana"


def test_a_purge_takes_the_values_along_and_leaves_that_it_did(desk: Desk) -> None:
    worked_on(desk)
    with Session(desk.services.engine) as session, session.begin():
        session.query(DeliveryRow).delete()
        assert retention.remove(session, "D-PAR-1", datetime.now(UTC), "operator")
    with Session(desk.services.reading) as session:
        assert session.query(DeskEditRow).count() == 0
        assert session.query(DeskNoteRow).count() == 0
        assert [event.action for _, event in audit_trail.newest(session, Asked(of="PAR-1"), 1)] == ["purged"]
