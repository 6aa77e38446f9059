"""Authorizations come in from files and by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import authorizations
from models.store.database import migrate, open_engine, sqlite_url
from models.store.match_tables import AuthorizationRow, MatchKeyRow
from models.store.roles import Role
from tests.desk.desks import Desk
from tests.desk.stored import a_record, put
from tests.intake.harness import Site, ask

HEAD = (
    "number,plan,status,member_id,last_name,first_name,date_of_birth,requesting_npi,requesting_fax,"
    "code,units,from_date,valid_to,record_id\n"
)
LINES = (
    "AUTH-1001,,approved,91234567A,Ruiz,Ana,1980-02-17,1234567893,(831) 555-0142,97110,12,2026-03-16,2026-06-14,\n"
    "AUTH-1001,,approved,91234567A,Ruiz,Ana,1980-02-17,1234567893,(831) 555-0142,97140,6,03/16/2026,2026-06-14,\n"
    "AUTH-1002,,,97654321N,Okafor,Beatriz,07/01/1991,,,,,,,PAR-7\n"
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A service that was started before."""
    site = Site(tmp_path)
    site.data.mkdir()
    engine = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    migrate(engine)
    engine.dispose()
    return site


def rows(site: Site) -> list[AuthorizationRow]:
    engine = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    with Session(engine) as session:
        found = list(session.scalars(select(AuthorizationRow).order_by(AuthorizationRow.number)))
        session.expunge_all()
    engine.dispose()
    return found


def bring(site: Site, text: str) -> tuple[int, str, str]:
    file = site.root / "authorizations.csv"
    file.write_text(text, encoding="utf-8")
    code, output, errors = ask(site, "import", "authorizations", file)
    return code, output.decode(), errors


def test_lines_of_one_number_are_the_services_of_one_authorization(site: Site) -> None:
    code, output, errors = bring(site, HEAD + LINES)
    assert (code, errors) == (0, "")
    assert output.startswith("2 authorizations kept")
    first, second = rows(site)
    standing = authorizations.standing_of(first)
    assert [(one.code, one.units) for one in standing.services] == [("97110", 12), ("97140", 6)]
    assert standing.services[0].from_date == standing.services[1].from_date
    assert (first.requesting_fax, first.status) == ("+18315550142", "approved")
    assert (second.record_id, second.tied_by) == ("PAR-7", "import")


def test_the_same_file_again_renews_what_is_there(site: Site) -> None:
    bring(site, HEAD + LINES)
    before = [row.authorization_id for row in rows(site)]
    bring(site, HEAD + LINES.replace("97140,6", "97140,18").replace("AUTH-1002", "auth 1002"))
    after = rows(site)
    assert sorted(row.authorization_id for row in after) == sorted(before)
    assert [one.units for row in after for one in authorizations.standing_of(row).services] == [12, 18]


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        ("date_of_birth", "1980-02-30"),
        ("requesting_npi", "1234567890"),
        ("requesting_fax", "555"),
        ("units", "many"),
        ("status", "perhaps"),
        ("code", "x"),
        ("record_id", "../etc"),
        ("number", ""),
    ],
)
def test_a_line_that_is_amiss_is_told_by_its_number_and_column_and_no_value(site: Site, column: str, bad: str) -> None:
    names = HEAD.strip().split(",")
    cells = LINES.splitlines()[0].split(",")
    cells[names.index(column)] = bad
    code, output, errors = bring(site, HEAD + LINES + ",".join(cells) + "\n")
    assert code == 1
    assert f"line 5, {column}: " in errors
    assert output.startswith("2 authorizations kept")
    assert "Ruiz" not in errors
    assert not bad or bad not in errors


@pytest.mark.parametrize("head", ["number,member\n", "member_id,last_name\n", "number\n", "number,number,member_id\n"])
def test_a_file_with_another_head_is_refused_whole(site: Site, head: str) -> None:
    code, _, _ = bring(site, head + "1,2,3\n")
    assert code == 2
    assert rows(site) == []


def body(number: str = "AUTH-1001", **parts: object) -> dict[str, object]:
    return {"authorizations": [{"number": number, "member_id": "H331812251", "last_name": "Ruiz-Ortega", **parts}]}


def test_the_api_takes_finds_and_gives_authorizations(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    services = [{"code": "97110", "units": 12, "from_date": "2026-03-16"}]
    taken = client.post("/api/authorizations", json=body(services=services))
    assert taken.status_code == 201
    (authorization_id,) = taken.json()["authorization_ids"]
    again = client.post("/api/authorizations", json=body("auth 1001", services=services))
    assert again.json()["authorization_ids"] == [authorization_id]
    one = client.get(f"/api/authorizations/{authorization_id}").json()
    assert (one["services"][0]["units"], one["member_id"]) == (12, "H331812251")
    for sought in ({"number": "AUTH1001"}, {"member_id": "H331812251"}):
        found = client.post("/api/authorizations/search", json=sought).json()
        assert [each["authorization_id"] for each in found] == [authorization_id]
    assert client.post("/api/authorizations/search", json={}).json() == []
    assert client.get("/api/authorizations/AUT-0000000000000000").status_code == 404


def test_an_auditor_may_look_and_bring_nothing_in(desk: Desk) -> None:
    client = desk.signed_in(Role.AUDITOR)
    assert client.post("/api/authorizations", json=body()).status_code == 403
    assert client.post("/api/authorizations/search", json={"number": "1"}).status_code == 200


def test_the_links_of_a_record_are_given_from_both_sides(desk: Desk) -> None:
    link = {"kind": "same_request", "record_id": "PAR-A", "confidence": 0.99, "sure": True, "because": ["codes"]}
    put(desk, a_record("PAR-A", desk.clock()))
    put(desk, a_record("PAR-B", desk.clock(), related={"links": [link]}))
    client = desk.signed_in(Role.COORDINATOR)
    assert [one["record_id"] for one in client.get("/api/records/PAR-B/links").json()["links"]] == ["PAR-A"]
    (other,) = client.get("/api/records/PAR-A/links").json()["linked_from"]
    assert (other["record_id"], other["sure"], other["set_aside"]) == ("PAR-B", True, False)
    assert client.get("/api/records/PAR-C/links").status_code == 404


def test_authorizations_that_ended_before_an_age_are_removed_with_their_keys(site: Site) -> None:
    bring(site, HEAD + LINES)
    engine = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    with Session(engine) as session, session.begin():
        assert authorizations.remove_ended(session, datetime(2026, 6, 14, tzinfo=UTC), 10) == 0
        assert authorizations.remove_ended(session, datetime(2026, 6, 15, tzinfo=UTC), 10) == 1
    with Session(engine) as session:
        (left,) = session.scalars(select(AuthorizationRow))
        owners = set(session.scalars(select(MatchKeyRow.owner_id)))
    engine.dispose()
    assert left.number == "AUTH-1002"
    assert owners == {left.authorization_id}
