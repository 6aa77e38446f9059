"""Who listed and searched records, as the audit trail tells it."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.roles import Role
from models.store.tables import AuditRow
from tests.desk.desks import HTML, Desk
from tests.desk.stored import MEMBER, a_record, put


@pytest.fixture
def ana(desk: Desk) -> httpx.Client:
    for n in range(3):
        put(desk, a_record(f"PAR-{n}", desk.clock()))
    return desk.signed_in(Role.COORDINATOR, "ana")


def noted(desk: Desk) -> list[tuple[str, str, str | None]]:
    """Who, what, and of which kind."""
    with Session(desk.services.reading) as session:
        query = select(AuditRow).where(AuditRow.action.in_(("listed", "searched"))).order_by(AuditRow.event_id)
        return [(row.actor, row.action, row.detail) for row in session.scalars(query)]


def test_a_search_of_a_program_is_noted_by_its_fields_and_what_it_found_and_not_by_its_values(
    desk: Desk, ana: httpx.Client
) -> None:
    ana.post("/api/records/search", json={"view": "all", "member": MEMBER["last_name"], "date_of_birth": "1980-02-17", "limit": 2})
    ana.post("/api/records/search", json={"member_id": "H000000000"})
    assert noted(desk) == [
        ("ana", "searched", "all by member, date_of_birth: 2 or more found"),
        ("ana", "searched", "waiting by member_id: 0 found"),
    ]


def test_the_same_listing_is_noted_once_in_ten_minutes_for_each_person(desk: Desk, ana: httpx.Client) -> None:
    bo = desk.signed_in(Role.AUDITOR, "bo")
    for client in (ana, ana, bo):
        client.get("/queue", headers=HTML)
        client.get("/queue/rows", headers=HTML)
        client.get("/api/records")
    assert noted(desk) == [("ana", "listed", "waiting: 3 found"), ("bo", "listed", "waiting: 3 found")]
    desk.clock.pass_s(599)
    ana.get("/queue", headers=HTML)
    assert len(noted(desk)) == 2
    desk.clock.pass_s(1)
    ana.get("/queue", headers=HTML)
    assert len(noted(desk)) == 3


def test_another_member_is_another_search_though_it_asks_for_the_same_fields(desk: Desk, ana: httpx.Client) -> None:
    for name in ("Ruiz-Ortega", "Okonkwo", "Ruiz-Ortega"):
        ana.post("/api/records/search", json={"member": name})
    assert [detail for _, _, detail in noted(desk)] == ["waiting by member: 3 found", "waiting by member: 0 found"]


def test_following_pages_and_renewals_of_a_search_are_no_further_searches(desk: Desk, ana: httpx.Client) -> None:
    first = ana.post("/api/records/search", json={"provider": "Linda", "limit": 2}).json()
    ana.post("/api/records/search", json={"provider": "Linda", "limit": 2, "cursor": first["next"]})
    address = ana.post("/queue", data={"member": "Ruiz"}, headers=HTML).headers["location"]
    for path in (address, address.replace("/queue", "/queue/rows"), address):
        assert ana.get(path, headers=HTML).status_code == 200
    for change in (1, 2):
        ana.get(f"/api/records?since={change}")
    assert [what for _, what, _ in noted(desk)] == ["searched", "searched", "listed"]


def test_a_search_for_everything_is_told_as_far_as_it_fits(desk: Desk, ana: httpx.Client) -> None:
    texts = ("text", "member", "member_id", "authorization_number", "provider", "fax")
    ana.post("/api/records/search", json={**dict.fromkeys(texts, "x"), "kind": ["new"], "unclaimed": True})
    ((_, action, detail),) = noted(desk)
    assert (action, detail) == ("searched", "waiting by text, member, member_id, authorization_number, 4 more: 0 found")


def test_searches_are_in_the_export_and_on_the_page_without_a_value(desk: Desk, ana: httpx.Client) -> None:
    ana.post("/api/records/search", json={"member": "Ruiz", "fax": "8315559999"})
    auditor = desk.signed_in(Role.AUDITOR, "lee")
    exported = auditor.get("/history/export").text
    (row,) = (row for row in csv.DictReader(io.StringIO(exported, newline="")) if row["action"] == "searched")
    assert (row["actor"], row["detail"]) == ("ana", "waiting by member, fax: 3 found")
    page = auditor.get("/history?action=searched", headers=HTML).text
    assert re.search(r"<td>waiting by member, fax: 3 found</td>", page)
    assert not [value for value in ("Ruiz", "8315559999") if value in exported + page]
