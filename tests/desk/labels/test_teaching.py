"""Proposing, confirming and taking back labels at the desk."""

from __future__ import annotations

import stat

import pytest
from sqlalchemy.orm import Session

from models.store.roles import Role
from models.store.tables import AuditRow
from models.taught_labels import TaughtLabel, as_yaml, parse
from tests.desk.desks import HTML, Desk
from tests.desk.stored import a_record, put

WALLET = {"text": "Coverage Wallet Mark:", "field": "member.member_id"}


def in_file(desk: Desk) -> list[tuple[str, str]]:
    path = desk.services.labels
    return [(one.text, one.field) for one in parse(path.read_text(encoding="utf-8"), "labels.yaml")] if path.exists() else []


def test_a_label_is_written_when_a_supervisor_confirms_it_and_not_before(desk: Desk) -> None:
    proposed = desk.signed_in(Role.COORDINATOR, "dana").post("/api/labels", json=WALLET)
    assert proposed.status_code == 201
    assert (proposed.json()["text"], proposed.json()["state"]) == ("Coverage Wallet Mark", "proposed")
    assert in_file(desk) == []
    address = f"/api/labels/{proposed.json()['label_id']}"
    assert desk.signed_in(Role.COORDINATOR, "dana").post(f"{address}/confirm").status_code == 403
    sam = desk.signed_in(Role.SUPERVISOR, "sam")
    assert sam.post(f"{address}/confirm").json()["decided_by"] == "sam"
    assert in_file(desk) == [("Coverage Wallet Mark", "member.member_id")]
    assert not stat.S_IMODE(desk.services.labels.stat().st_mode) & 0o007
    assert sam.post(f"{address}/refuse").json()["state"] == "refused"
    assert in_file(desk) == []
    with Session(desk.services.reading) as session:
        rows = [(row.actor, row.action) for row in session.query(AuditRow)]
    assert rows == [("dana", "label_proposed"), ("sam", "label_confirmed"), ("sam", "label_refused")]


def test_what_stands_in_the_file_stays(desk: Desk) -> None:
    own = TaughtLabel(text="Our own", field="request.requested_on")
    desk.services.labels.write_text(as_yaml([own]), encoding="utf-8")
    sam = desk.signed_in(Role.SUPERVISOR)
    number = sam.post("/api/labels", json=WALLET).json()["label_id"]
    for _ in range(2):
        sam.post(f"/api/labels/{number}/confirm")
    assert in_file(desk) == [("Our own", "request.requested_on"), ("Coverage Wallet Mark", "member.member_id")]


def test_a_file_that_cannot_be_understood_keeps_the_label_proposed(desk: Desk) -> None:
    desk.services.labels.write_text("labels: 7", encoding="utf-8")
    sam = desk.signed_in(Role.SUPERVISOR)
    number = sam.post("/api/labels", json=WALLET).json()["label_id"]
    assert sam.post(f"/api/labels/{number}/confirm").status_code == 409
    assert [one["state"] for one in sam.get("/api/labels").json()] == ["proposed"]
    assert desk.services.labels.read_text(encoding="utf-8") == "labels: 7"


def test_a_label_that_was_proposed_before_is_kept_once(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    first = client.post("/api/labels", json=WALLET).json()
    again = client.post("/api/labels", json={**WALLET, "text": "COVERAGE  wallet mark"}).json()
    assert again == first
    assert len(client.get("/api/labels?state=proposed").json()) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"text": "H331812251", "field": "member.member_id"}, "digits"),
        ({"text": "Patient Ruiz-Ortega", "field": "member.last_name", "document_id": "D-PAR-1"}, "name"),
        ({"text": "Wallet mark", "field": "member.age"}, "cannot be taught"),
        ({"text": "  ", "field": "member.sex"}, "word"),
    ],
)
def test_what_is_no_label_is_refused_with_the_reason(desk: Desk, body: dict[str, str], why: str) -> None:
    put(desk, a_record("PAR-1", desk.clock()))
    answer = desk.signed_in(Role.COORDINATOR).post("/api/labels", json=body)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert desk.signed_in(Role.COORDINATOR).get("/api/labels").json() == []


def test_a_position_in_a_list_is_left_out_of_the_field(desk: Desk) -> None:
    body = {"text": "How many times", "field": "services.2.units"}
    assert desk.signed_in(Role.COORDINATOR).post("/api/labels", json=body).json()["field"] == "services.units"


def test_the_page_shows_them_and_decides(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock()))
    sam = desk.signed_in(Role.SUPERVISOR)
    sam.post("/api/labels", json={**WALLET, "document_id": "D-PAR-1", "page": 2})
    text = sam.get("/labels", headers=HTML).text
    assert "Coverage Wallet Mark" in text
    assert '<a href="/records/PAR-1">page 2</a>' in text
    assert sam.post("/labels/1/confirm", headers=HTML).headers["location"] == "/labels"
    assert len(in_file(desk)) == 1
    assert sam.post("/labels/1/refuse", headers=HTML).status_code == 303
    assert in_file(desk) == []
    assert sam.post("/labels/1/burn", headers=HTML).status_code == 404
    assert sam.post("/labels/9/confirm", headers=HTML).status_code == 404
    assert desk.signed_in(Role.COORDINATOR).get("/labels", headers=HTML).status_code == 403


def test_one_is_taught_by_hand_on_the_page(desk: Desk) -> None:
    sam = desk.signed_in(Role.SUPERVISOR)
    assert sam.post("/labels", data=WALLET, headers=HTML).status_code == 303
    refused = sam.post("/labels", data={"text": "12345", "field": "member.sex"}, headers=HTML)
    assert refused.status_code == 422
    assert "12345" not in refused.text
    assert [one["text"] for one in sam.get("/api/labels").json()] == ["Coverage Wallet Mark"]
