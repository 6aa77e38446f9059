"""Second readings: drawn so that it can be done again, blind by every route, kept apart, ruled on."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store import rater_samples, retention
from models.store.desk_edits import Edit, newest_record, note_beside
from models.store.desk_tables import DeskEditRow, EditAction
from models.store.match_tables import RecordLinkRow
from models.store.rater_samples import Draw
from models.store.report_tables import RaterFieldRow, RaterSampleRow
from models.store.roles import Role
from review.reports import rater_agreement
from review.reports.rater_agreement import verdict, wilson
from review.work.apply import Rules
from review.work.drawing import draw_samples
from review.work.second import comparison
from review.work.working import Desk as Work
from tests.desk.access.addresses import addresses
from tests.desk.desks import HTML, Desk
from tests.desk.reports.history import asked
from tests.desk.stored import MEMBER, OFFICE, a_reading, a_record, put

SECRET, FAX = "Firstonly", "+18315550177"
_OFFICES = re.compile(r"/dashboard|/reports/missing-information|/api/reports/missing-information")
NOTE = "Called about Firstonly"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk.of(tmp_path).with_settings(rater_share=1.0, rater_seed="a seed")
    yield one
    one.close()


def read(desk: Desk, record_id: str = "PAR-1", status: Status = Status.NEEDS_REVIEW) -> ReferralRecord:
    readings = {"member.last_name": a_reading("Ruiz", doubtful=status is not Status.READY), "member.first_name": a_reading("Ana")}
    services = [{"code": "97110", "units": 4}]
    return put(desk, a_record(record_id, desk.clock(), status=status, readings=readings, services=services))


def completed_by_dana(desk: Desk, record_id: str = "PAR-1", *, fax: bool = False) -> None:
    """The first person corrects the name, or the fax number too, and leaves a note."""
    read(desk, record_id)
    with Session(desk.services.engine) as session, session.begin():
        rules = Rules(desk.services.policies, desk.clock().date(), desk.services.zone)
        work = Work(session, "dana", rules, ("outbox",), desk.clock())
        work.enter(record_id, Edit("a", EditAction.SET, 1, "member.last_name", SECRET))
        if fax:
            work.enter(record_id, Edit("c", EditAction.SET, 1, "requesting_provider.fax", "831-555-0177"))
        note_beside(session, record_id, f"D-{record_id}", 1, NOTE, "dana", desk.clock())
        work.complete(record_id, "b")


def taken(client: httpx.Client) -> str:
    """The next second reading, taken."""
    answer = client.post("/api/second-readings/next")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["sample_id"])


def entered(client: httpx.Client, sample_id: str, action: str, path: str, value: str | None = None) -> httpx.Response:
    body = {"key": str(uuid.uuid4()), "action": action, "revision": 1, "path": path, "value": value}
    return client.post(f"/api/second-readings/{sample_id}/edits", json=body)


def done(client: httpx.Client, sample_id: str) -> httpx.Response:
    return client.post(f"/api/second-readings/{sample_id}/complete", json={"key": str(uuid.uuid4())})


def fields_of(desk: Desk) -> dict[str, tuple[bool, str | None, str | None]]:
    with Session(desk.services.reading) as session:
        return {row.path: (row.agrees, row.first_value, row.second_value) for row in session.query(RaterFieldRow)}


def test_a_draw_can_be_done_again_and_takes_its_share() -> None:
    how = Draw(0.1, "seed")
    ids = [f"PAR-{number:05}" for number in range(5000)]
    drawn = [one for one in ids if how.takes(one)]
    assert drawn == [one for one in ids if Draw(0.1, "seed").takes(one)]
    assert set(drawn) <= {one for one in ids if Draw(0.2, "seed").takes(one)}
    assert drawn != [one for one in ids if Draw(0.1, "other").takes(one)]
    # Of a binomial of 5,000 and 0.1, 500 ± 21; six times that is never missed.
    assert 373 < len(drawn) < 627


def test_ready_ones_are_drawn_and_what_waits_or_ended_long_ago_is_not(desk: Desk) -> None:
    desk.clock.pass_s(-40 * 86_400)
    read(desk, "OLD", Status.READY)
    desk.clock.pass_s(40 * 86_400)
    read(desk, "READY", Status.READY)
    read(desk, "WAITS")
    completed_by_dana(desk, "DONE")
    put(desk, a_record("NONE", desk.clock(), status=Status.NO_REQUEST))
    assert draw_samples(desk.services) == 2
    assert draw_samples(desk.services) == 0
    with Session(desk.services.reading) as session:
        found = {row.record_id: (row.first_actor, row.base_revision, row.first_revision) for row in session.query(RaterSampleRow)}
    assert found == {"READY": (None, 1, 1), "DONE": ("dana", 1, 2)}


def test_nothing_is_drawn_where_no_share_is_set(desk: Desk) -> None:
    read(desk, "READY", Status.READY)
    assert draw_samples(desk.with_settings(rater_share=0.0).services) == 0


def test_the_second_begins_as_the_first_did_and_the_record_stays(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    sample_id = taken(sam)
    work = sam.get(f"/api/second-readings/{sample_id}/work").json()
    assert work["record"]["member"]["last_name"] == "Ruiz-Ortega"
    assert (work["record_id"], work["document_id"], work["siblings"], work["mine"]) == (sample_id, sample_id, [], True)
    assert "member.last_name" in {question["path"] for question in work["questions"]}
    # A doubt that nobody looked at keeps it from its end.
    assert done(sam, sample_id).status_code == 409
    assert entered(sam, sample_id, "accept", "member.last_name").status_code == 200
    assert entered(sam, sample_id, "set", "services.0.units", "6").json()["edits"] == 2
    assert done(sam, sample_id).json()["final"] is True
    with Session(desk.services.reading) as session:
        found = newest_record(session, "PAR-1")
    assert found is not None
    assert (found[0].revision, found[0].member.last_name, found[0].services[0].units) == (2, SECRET, 4)
    told = fields_of(desk)
    assert told["member.last_name"] == (False, SECRET, "Ruiz-Ortega")
    assert told["services.0.units"] == (False, "4", "6")
    assert told["member.first_name"] == (True, None, None)
    # What neither gives is no field of theirs.
    assert "servicing_provider.npi" not in told


def test_who_had_to_do_with_a_record_never_gets_it(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    dana, ann = desk.signed_in(Role.COORDINATOR, "dana"), desk.signed_in(Role.COORDINATOR, "ann")
    assert ann.get("/api/records/PAR-1").status_code == 200
    for client in (dana, ann):
        assert client.post("/api/second-readings/next").status_code == 204
    assert taken(desk.signed_in(Role.COORDINATOR, "sam")).startswith("IRR-")


def test_what_is_taken_is_nobody_elses(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam, eve = desk.signed_in(Role.COORDINATOR, "sam"), desk.signed_in(Role.ADMINISTRATOR, "eve")
    sample_id = taken(sam)
    assert taken(sam) == sample_id
    assert eve.post("/api/second-readings/next").status_code == 204
    for path in ("work", "pages/1", "pages/1/words", "source"):
        assert eve.get(f"/api/second-readings/{sample_id}/{path}").status_code == 404
    assert entered(eve, sample_id, "accept", "member.last_name").status_code == 404
    assert done(eve, sample_id).status_code == 404


def addresses_of(desk: Desk, sample_id: str, letter_id: str) -> list[str]:
    """Every address that something can be got from, about this record."""
    known = {
        "letter_id": letter_id,
        "record_id": "PAR-1",
        "document_id": "D-PAR-1",
        "sample_id": sample_id,
        "number": "1",
        "kind": "matrix",
        "table": "matrix",
    }
    paths = [one.path for one in addresses(desk.app) if one.method == "GET" and one.path != "/api/events"]
    filled = [re.sub(r"\{(\w+)[^}]*\}", lambda found: known.get(found[1], "1"), path) for path in paths]
    more = ("/queue?view=all", "/queue?view=ended", "/queue/rows?view=all", "/api/records?view=all", "/history?of=PAR-1")
    kinds = [f"/reports/{kind}" for kind in ("turn-around", "matrix", "missing-information", "agreement")]
    return [*filled, *more, *kinds]


def seen(client: httpx.Client, paths: list[str]) -> list[str]:
    """The addresses whose answers hold what the first person entered."""
    searches = {
        "/api/records/search": {"view": "all", "member": "Ruiz"},
        "/api/authorizations/search": {},
    }
    answers = {path: client.get(path, headers=HTML if not path.startswith("/api") else {}) for path in paths}
    answers |= {path: client.post(path, json=body) for path, body in searches.items()}
    answers |= {f"by name {path}": client.post(path, json={"view": "all", "member": SECRET}) for path in ("/api/records/search",)}
    sought = ({"npi": OFFICE["npi"]}, {"fax": FAX}, {"member_id": MEMBER["member_id"]})
    answers |= {f"history by {next(iter(body))}": client.post("/api/lookup", json=body) for body in sought}
    for part in ("claim", "reopen", "edits", "complete", "check"):
        answers[f"POST {part}"] = client.post(f"/api/records/PAR-1/{part}", json={"key": str(uuid.uuid4())})
    # Fax numbers are counted in tables of all offices, which tell of no request.
    return [path for path, answer in answers.items() if SECRET in answer.text or (FAX in answer.text and not _OFFICES.match(path))]


def test_the_second_never_gets_the_firsts_entries_by_any_route(desk: Desk) -> None:
    completed_by_dana(desk, fax=True)
    letter = desk.signed_in(Role.COORDINATOR, "dana").post("/api/records/PAR-1/letter").json()
    draw_samples(desk.services)
    eve, ann = desk.signed_in(Role.ADMINISTRATOR, "eve"), desk.signed_in(Role.ADMINISTRATOR, "ann")
    sample_id = taken(eve)
    paths = addresses_of(desk, sample_id, letter["letter_id"])
    assert seen(eve, paths) == []
    assert entered(eve, sample_id, "accept", "member.last_name").status_code == 200
    assert SECRET not in eve.get(f"/api/second-readings/{sample_id}/work").text
    # Whoever does not read it a second time sees it in many places: the same look would find a leak.
    found = set(seen(ann, paths))
    assert {"/api/records/PAR-1", "/api/records/PAR-1/work", "/queue?view=all", "by name /api/records/search"} <= found
    assert {"/letters", "/api/letters", f"/api/letters/{letter['letter_id']}"} <= found
    assert {"history by npi", "history by fax", "history by member_id"} <= found
    # Once it is done, nothing is hidden any more.
    assert done(eve, sample_id).status_code == 200
    assert eve.get("/api/records/PAR-1").status_code == 200


def test_the_matrix_log_tells_nothing_of_what_is_read_a_second_time(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    before = sam.get("/api/reports/matrix").json()["tables"][0]
    taken(sam)
    (line,) = sam.get("/api/reports/matrix").json()["tables"][0]["rows"]
    told = {name: value for name, value in zip(before["columns"], line, strict=True) if value is not None}
    assert set(told) == {"record_id", "document_id", "received_at", "status"}
    assert told["status"] == "second_reading"
    assert len([value for value in before["rows"][0] if value is not None]) > 8


def test_a_fax_is_hidden_while_it_is_read_a_second_time_and_others_are_not(desk: Desk) -> None:
    completed_by_dana(desk)
    read(desk, "PAR-2")
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    taken(sam)
    refused = sam.get("/api/records/PAR-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_now")
    assert sam.get("/api/documents/D-PAR-1").status_code == 409
    assert sam.get("/records/PAR-1", headers=HTML).status_code == 409
    assert sam.get("/api/records/PAR-2").status_code == 200
    assert [item["record_id"] for item in sam.get("/api/records?view=all").json()["items"]] == ["PAR-2"]


def test_a_change_to_a_fax_is_hidden_with_it_for_it_shows_its_values(desk: Desk) -> None:
    completed_by_dana(desk)
    read(desk, "PAR-2")
    with Session(desk.services.engine) as session, session.begin():
        link = {"position": 0, "kind": "amends", "other_id": "PAR-1", "confidence": 1.0, "sure": True, "set_aside": False}
        session.add(RecordLinkRow(record_id="PAR-2", **link))
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    assert sam.get("/api/records/PAR-2").status_code == 200
    taken(sam)
    assert [sam.get(f"/api/{path}").status_code for path in ("records/PAR-2", "documents/D-PAR-2")] == [409, 409]


def test_a_supervisor_rules_on_differences_who_did_neither_of_the_two(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sue, bob = desk.signed_in(Role.SUPERVISOR, "sue"), desk.signed_in(Role.SUPERVISOR, "bob")
    sample_id = taken(sue)
    page = f"/second-readings/{sample_id}/differences"
    assert bob.get(page, headers=HTML).status_code == 404
    entered(sue, sample_id, "accept", "member.last_name")
    done(sue, sample_id)
    assert sue.get(page, headers=HTML).status_code == 409
    assert SECRET in bob.get(page, headers=HTML).text
    with Session(desk.services.reading) as session:
        (row,) = rater_samples.differences(session, sample_id)
    answer = bob.post(page, data={f"ruling-{row.position}": "second", "ruling-99": "first"})
    assert answer.status_code == 303
    assert sue.post(page, data={f"ruling-{row.position}": "first"}).status_code == 409
    with Session(desk.services.reading) as session:
        (row,) = rater_samples.differences(session, sample_id)
    assert (row.path, row.ruling, row.ruled_by) == ("member.last_name", "second", "bob")
    assert f'href="{page}"' in bob.get("/second-readings", headers=HTML).text
    assert f'href="{page}"' not in sue.get("/second-readings", headers=HTML).text


def test_what_was_taken_and_not_done_can_be_given_to_somebody_else_without_what_was_entered(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam, bob, kim = (desk.signed_in(role, name) for role, name in _PEOPLE)
    sample_id = taken(sam)
    entered(sam, sample_id, "set", "services.0.units", "9")
    assert bob.post(f"/second-readings/{sample_id}/release").status_code == 303
    assert sam.get(f"/api/second-readings/{sample_id}/work").status_code == 404
    assert taken(kim) == sample_id
    work = kim.get(f"/api/second-readings/{sample_id}/work").json()
    assert (work["edits"], work["record"]["services"][0]["units"]) == (0, 4)


_PEOPLE = ((Role.COORDINATOR, "sam"), (Role.SUPERVISOR, "bob"), (Role.COORDINATOR, "kim"))


def test_the_pages_of_a_second_reading_say_what_it_is(desk: Desk) -> None:
    completed_by_dana(desk)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    assert "1 waits that you may do" in sam.get("/reports", headers=HTML).text
    answer = sam.post("/second-readings/next")
    assert re.fullmatch(r"/second-readings/IRR-[A-Z2-7]{16}", answer.headers["location"])
    assert 'data-second="yes"' in sam.get(answer.headers["location"], headers=HTML).text
    assert "go on with it" in sam.get("/second-readings", headers=HTML).text


def test_a_purge_takes_second_readings_along(desk: Desk) -> None:
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    sample_id = taken(sam)
    entered(sam, sample_id, "accept", "member.last_name")
    done(sam, sample_id)
    with Session(desk.services.engine) as session, session.begin():
        assert retention.remove(session, "D-PAR-1", desk.clock(), "operator")
        for table in (RaterSampleRow, RaterFieldRow, DeskEditRow):
            assert session.query(table).count() == 0


def test_the_report_counts_fields_by_field_and_person(desk: Desk) -> None:
    desk.clock.now = asked().now - timedelta(days=1)
    completed_by_dana(desk)
    draw_samples(desk.services)
    sam = desk.signed_in(Role.COORDINATOR, "sam")
    sample_id = taken(sam)
    entered(sam, sample_id, "accept", "member.last_name")
    done(sam, sample_id)
    with Session(desk.services.reading) as session:
        figures = {one.name: one for one in rater_agreement.figures(session, asked())}
    by_field = {row[0]: dict(zip(figures["by-field"].head, row, strict=True)) for row in figures["by-field"].rows}
    assert (by_field["member.last_name"]["agreed"], by_field["member.last_name"]["differing"]) == (0, 1)
    assert by_field["services.code"]["agreed_share"] == 1.0
    (first,) = figures["by-first"].rows
    (second,) = figures["by-second"].rows
    # Kind, urgency; four of the member, one of them other; three of the provider; code, code's units; unsigned.
    assert (first[0], second[0]) == ("dana", "sam")
    assert first[2] == second[2] == len(by_field)
    assert first[3] == len(by_field) - 1


def test_texts_agree_by_their_letters_and_rows_by_their_place() -> None:
    now = asked().now
    first = a_record(
        "PAR-1", now, services=[{"code": "97110", "modifiers": ["GP"]}], member={"last_name": "O'Brien", "phone": None}
    )
    second = a_record("PAR-1", now, services=[{"code": "97112", "modifiers": ["GP"]}], member={"last_name": "OBRIEN", "sex": "F"})
    told = {one.path: (one.agrees, one.first, one.second) for one in comparison(first, second)}
    assert told["member.last_name"] == (True, None, None)
    assert told["member.sex"] == (False, None, "F")
    assert told["services.0.code"] == (False, "97110", "97112")
    assert told["services.0.modifiers"] == (True, None, None)
    assert "member.phone" not in told


@pytest.mark.parametrize(
    ("agreed", "of", "low", "high", "told"),
    [
        # Worked out by the formula: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
        (95, 100, 0.8882, 0.9785, "unsure"),
        (10, 10, 0.7225, 1.0, "unsure"),
        (990, 1000, 0.9817, 0.9946, "yes"),
        (80, 100, 0.7112, 0.8666, "no"),
    ],
)
def test_the_interval_and_the_target(agreed: int, of: int, low: float, high: float, told: str) -> None:
    assert wilson(agreed, of) == pytest.approx((low, high), abs=5e-5)
    assert verdict(agreed, of) == told


def test_of_nothing_there_is_no_interval() -> None:
    assert wilson(0, 0) is None
    assert verdict(0, 0) is None
