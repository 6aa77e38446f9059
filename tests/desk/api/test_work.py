"""Work on a record by two people, over connections that are lost."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from models.record import Status
from models.store.roles import Role
from tests.desk.api.stands import Api, edit, key
from tests.desk.stored import a_gap, a_reading, a_record, put

LAST = "member.last_name"


@pytest.fixture
def ana(api: Api) -> httpx.Client:
    """Somebody at work, with one record that has a doubtful name and no date of birth."""
    readings = {LAST: a_reading("Ruiz-Ortega", doubtful=True)}
    put(api.desk, a_record("PAR-1", api.desk.clock(), gaps=[a_gap()], readings=readings))
    return api.person("ana")


def _post(client: httpx.Client, path: str, body: object = None, status: int = 200) -> dict[str, Any]:
    answer = client.post(f"/api/records/PAR-1/{path}", json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json() if answer.content else {}
    return told


def test_what_is_shown_to_work_on(api: Api, ana: httpx.Client) -> None:
    api.pages.counts["D-PAR-1"] = 2
    work = ana.get("/api/records/PAR-1/work").json()
    assert [(one["path"], one["kind"]) for one in work["questions"]] == [(LAST, "doubt"), ("member.date_of_birth", "blocking")]
    assert [(page["number"], page["width"], page["in_request"]) for page in work["pages"]] == [(1, 1700, True), (2, 1700, False)]
    assert work["record"]["member"]["last_name"] == "Ruiz-Ortega"
    assert (work["edits"], work["can_undo"], work["held"], work["mine"], work["final"]) == (0, False, None, False, False)
    assert [section["name"] for section in work["additions"]] == ["diagnoses", "services", "amendments"]
    assert work["additions"][1]["fields"][0]["path"] == "services.0.code"
    (kind,) = (field for field in work["sections"][0]["fields"] if field["path"] == "request.kind")
    assert kind["choices"] == ["new", "amendment", "extension", "cancellation"]
    looked = api.pages.looked
    ana.get("/api/records/PAR-1/work")
    assert api.pages.looked == looked


def test_hints_stand_beside_values_that_are_odd_or_mean_something(api: Api, ana: httpx.Client) -> None:
    services = [{"code": "97110", "code_system": "CPT"}]
    office = {"name": "Linda O'Brien", "npi": "1234567890"}
    put(
        api.desk, a_record("PAR-2", api.desk.clock(), diagnoses=[{"code": "M54.50"}], services=services, requesting_provider=office)
    )
    hints = ana.get("/api/records/PAR-2/work").json()["hints"]
    assert hints["diagnoses.0.code"] == {"problem": None, "hint": "Low back pain, unspecified"}
    assert hints["requesting_provider.npi"]["problem"] == "The check digit does not fit."
    assert "member.last_name" not in hints


def test_an_edit_is_kept_and_the_same_sent_again_is_kept_once(ana: httpx.Client) -> None:
    sent = edit(LAST, "Ruiz")
    first, again = _post(ana, "edits", sent), _post(ana, "edits", sent)
    assert first["record"]["member"]["last_name"] == again["record"]["member"]["last_name"] == "Ruiz"
    assert first["edits"] == again["edits"] == 1
    assert LAST not in [one["path"] for one in again["questions"]]
    assert ana.get("/api/records/PAR-1").json()["member"]["last_name"] == "Ruiz-Ortega"


def test_what_is_no_value_is_refused_and_kept_as_it_is_stated(ana: httpx.Client) -> None:
    birth = "member.date_of_birth"
    assert _post(ana, "edits", edit(birth, "in May"), 422)["code"] == "refused"
    work = _post(ana, "edits", {**edit(birth), "value": {"as_stated": "in May"}})
    assert (work["record"]["member"]["date_of_birth"], work["record"]["readings"][birth]["text"]) == (None, "in May")
    assert birth not in [one["path"] for one in work["questions"]]


def test_an_edit_that_was_kept_is_known_again_though_somebody_else_works_on_the_record_now(api: Api, ana: httpx.Client) -> None:
    sent = edit(LAST, "Ruiz")
    _post(ana, "edits", sent)
    api.desk.clock.pass_s(601)
    bo = api.person("bo")
    _post(bo, "claim")
    assert _post(ana, "edits", sent)["edits"] == 1
    held = _post(ana, "edits", edit(LAST, "Smith"), 409)
    assert (held["code"], held["by"]) == ("held", "bo")
    assert _post(bo, "edits", edit("member.first_name", "Ana"))["record"]["member"]["last_name"] == "Ruiz"


def test_a_value_is_taken_from_a_place_on_the_page_whichever_way_the_box_was_drawn(ana: httpx.Client) -> None:
    work = _post(ana, "edits", edit(LAST, "Ruiz", page=1, box=[0.4, 0.5, 0.2, 0.1]))
    assert work["record"]["readings"][LAST]["box"] == [0.2, 0.1, 0.4, 0.5]


def test_undo_takes_the_last_one_back(ana: httpx.Client) -> None:
    _post(ana, "edits", edit(LAST, "Ruiz"))
    _post(ana, "edits", edit("member.date_of_birth", "2/17/1980"))
    work = _post(ana, "edits", edit(action="undo"))
    assert (work["record"]["member"]["last_name"], work["edits"]) == ("Ruiz", 1)
    assert _post(ana, "edits", edit(action="undo"))["can_undo"] is False
    assert _post(ana, "edits", edit(action="undo"), 422)["code"] == "refused"


@pytest.mark.parametrize(
    "sent",
    [
        edit("member.date_of_birth", "Tuesday"),
        edit("member.nothing", "x"),
        edit("services.7.code", "97110"),
        edit("amendments.0", "97110"),
        edit("amendments.0", {"action": "remove", "field": "services.code"}),
        edit(LAST, {"action": "remove", "field": "services.code", "old": "97110"}),
        edit(action="accept", path="member.sex"),
        edit(action="remove_row", path="services.0"),
        edit(action="remove_row", path="member.sex"),
        edit(action="by_hand"),
    ],
)
def test_what_fits_no_field_is_refused_in_words(ana: httpx.Client, sent: dict[str, Any]) -> None:
    told = _post(ana, "edits", sent, 422)
    assert told["code"] == "refused"
    assert "Tuesday" not in str(told)
    assert ana.get("/api/records/PAR-1/work").json()["edits"] == 0


def test_rows_are_added_and_removed_and_changes_are_entered_in_parts(ana: httpx.Client) -> None:
    _post(ana, "edits", edit("services.0.code", "97110"))
    _post(ana, "edits", edit("services.1.code", "97140"))
    work = _post(ana, "edits", edit(action="remove_row", path="services.0"))
    assert [service["code"] for service in work["record"]["services"]] == ["97140"]
    change = {"action": "replace", "field": "services.units", "old": "12", "new": "24", "code": "97140"}
    work = _post(ana, "edits", edit("amendments.0", change))
    assert work["record"]["amendments"][0]["new"] == 24


def test_an_edit_of_a_row_of_an_earlier_reading_is_not_kept(api: Api, ana: httpx.Client) -> None:
    put(api.desk, a_record("PAR-1", api.desk.clock(), services=[{"code": "97110"}]))
    assert _post(ana, "edits", edit("services.0.code", "97140", revision=1), 409)["code"] == "changed"
    assert _post(ana, "edits", edit(LAST, "Ruiz", revision=1))["revision"] == 2


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("requesting_provider.npi", "1234567893", ("1234567893", None, False)),
        ("requesting_provider.npi", "123", ("123", "Ten digits; these are 3.", False)),
        ("member.date_of_birth", "2/17/1980", ("1980-02-17", None, False)),
        ("member.date_of_birth", "Tuesday", (None, "A date such as 2/17/2026.", True)),
        ("services.0.modifiers", "gp, 59", (["GP", "59"], None, False)),
        ("member.sex", "f", ("F", None, False)),
        ("signature.present", "yes", (True, None, False)),
        (LAST, "", (None, None, False)),
    ],
)
def test_a_value_is_checked_while_it_is_entered(ana: httpx.Client, path: str, value: str, expected: tuple[Any, ...]) -> None:
    told = _post(ana, "check", {"path": path, "value": value})
    assert (told["value"], told["problem"], told["refused"]) == expected


def test_a_change_is_checked_too(ana: httpx.Client) -> None:
    change = {"action": "replace", "field": "services.to_date", "old": "3/1/2026", "new": "4/1/2026"}
    told = _post(ana, "check", {"path": "amendments.0", "value": change})
    assert (told["value"]["new"], told["refused"]) == ("2026-04-01", False)
    assert _post(ana, "check", {"path": "amendments.0", "value": {**change, "new": ""}})["refused"] is True
    assert _post(ana, "check", {"path": "amendments.0", "value": "x"}, 422)["code"] == "refused"
    assert _post(ana, "check", {"path": LAST, "value": change}, 422)["code"] == "refused"
    assert _post(ana, "check", {"path": "member.nothing", "value": "x"}, 422)["code"] == "refused"


def test_a_record_is_completed_once_however_often_it_is_sent(api: Api, ana: httpx.Client) -> None:
    unsettled = _post(ana, "complete", {"key": key()}, 409)
    assert (unsettled["code"], unsettled["paths"]) == ("unsettled", [LAST])
    _post(ana, "edits", edit(action="accept", path=LAST))
    sent = {"key": key()}
    told = _post(ana, "complete", sent)
    assert (told["revision"], told["final"]) == (2, True)
    assert _post(ana, "complete", sent) == told
    assert api.announced
    assert _post(ana, "edits", edit(LAST, "Smith"), 409)["code"] == "changed"
    assert ana.get("/api/records?view=ended").json()["items"][0]["completed_by"] == "ana"


def test_a_completion_that_comes_again_late_does_not_undo_a_reopening(api: Api, ana: httpx.Client) -> None:
    _post(ana, "edits", edit(action="accept", path=LAST))
    sent = {"key": key()}
    _post(ana, "complete", sent)
    assert _post(ana, "reopen", {"key": key()}) == {"record_id": "PAR-1", "revision": 3, "status": "needs_review", "final": False}
    assert _post(ana, "complete", sent)["final"] is False
    assert api.person("bo").get("/api/records").json()["items"][0]["revision"] == 3


def test_pages_without_a_request_are_dismissed_and_come_back_as_they_were(ana: httpx.Client) -> None:
    told = _post(ana, "dismiss", {"key": key()})
    assert (told["status"], told["final"]) == (Status.NO_REQUEST, True)
    assert _post(ana, "reopen", {"key": key()})["status"] == "needs_review"
    assert ana.get("/api/records/PAR-1").json()["member"]["last_name"] == "Ruiz-Ortega"


def test_an_unreadable_fax_is_keyed_by_hand(api: Api, ana: httpx.Client) -> None:
    put(api.desk, a_record("PAR-9", api.desk.clock(), status=Status.UNREADABLE, member={}, requesting_provider={}))
    assert ana.post("/api/records/PAR-9/edits", json=edit(LAST, "Ruiz")).status_code == 422
    assert ana.post("/api/records/PAR-9/edits", json=edit(action="by_hand")).status_code == 200
    work = ana.post("/api/records/PAR-9/edits", json=edit(LAST, "Ruiz")).json()
    assert work["record"]["member"]["last_name"] == "Ruiz"


def test_two_people_on_one_record_are_told_of_each_other(api: Api, ana: httpx.Client) -> None:
    bo, supervisor = api.person("bo"), api.person("sue", Role.SUPERVISOR)
    assert _post(ana, "claim")["by"] == "ana"
    for path, body in (("claim", None), ("edits", edit(LAST, "Smith")), ("complete", {"key": key()}), ("dismiss", {"key": key()})):
        told = _post(bo, path, body, 409)
        assert (told["code"], told["by"]) == ("held", "ana")
        assert "ana" in told["detail"]
    assert bo.get("/api/records/PAR-1/work").json()["held"]["by"] == "ana"
    assert bo.delete("/api/records/PAR-1/claim").status_code == 204
    assert _post(bo, "claim", None, 409)["by"] == "ana"
    assert _post(bo, "claim/break", None, 403)["code"] == "forbidden"
    _post(supervisor, "claim/break", None, 204)
    assert _post(bo, "claim")["by"] == "bo"
    assert _post(ana, "edits", edit(LAST, "Ruiz"), 409)["by"] == "bo"
    assert bo.delete("/api/records/PAR-1/claim").status_code == 204
    assert _post(ana, "edits", edit(LAST, "Ruiz"))["mine"] is True


def test_a_change_of_a_revision_that_is_not_the_newest_is_not_made(api: Api, ana: httpx.Client) -> None:
    etag = ana.get("/api/records/PAR-1/work").headers["etag"]
    put(api.desk, a_record("PAR-1", api.desk.clock(), readings={LAST: a_reading("Ruiz")}))
    for path, body in (("edits", edit(LAST, "Smith")), *((end, {"key": key()}) for end in ("complete", "dismiss", "reopen"))):
        answer = ana.post(f"/api/records/PAR-1/{path}", json=body, headers={"if-match": etag})
        assert (answer.status_code, answer.json()["code"]) == (412, "changed")
    assert ana.post("/api/records/PAR-1/edits", json=edit(LAST, "Ruiz"), headers={"if-match": '"2"'}).status_code == 200
    assert ana.post("/api/records/PAR-1/edits", json=edit(LAST, "Ruiz"), headers={"if-match": "*"}).status_code == 200


def test_what_comes_next_is_the_most_urgent_that_nobody_works_on(each_api: Api) -> None:
    for n in range(3):
        put(each_api.desk, a_record(f"PAR-{n}", each_api.desk.clock()))
    ana, bo = each_api.person("ana"), each_api.person("bo")

    def following(client: httpx.Client, after: str | None = None) -> str | None:
        answer = client.post("/api/next", json={} if after is None else {"after": after})
        return answer.json()["record_id"] if answer.status_code == 200 else None

    assert following(ana) == "PAR-0"
    assert following(bo) == "PAR-1"
    assert following(ana, "PAR-0") == "PAR-2"
    assert following(ana, "PAR-2") == "PAR-0"
    assert ana.delete("/api/records/PAR-0/claim").status_code == 204
    assert following(bo, "PAR-1") == "PAR-0"
    assert ana.post("/api/records/PAR-2/dismiss", json={"key": key()}).status_code == 200
    assert following(ana, "PAR-2") is None


def test_behind_the_last_one_that_is_left_comes_nothing(ana: httpx.Client) -> None:
    assert ana.post("/api/next", json={"after": "PAR-1"}).status_code == 204
    assert ana.post("/api/next", json={"after": "PAR-unknown"}).json() == {"record_id": "PAR-1"}


def test_what_comes_next_is_of_the_filter(api: Api, ana: httpx.Client) -> None:
    put(api.desk, a_record("PAR-2", api.desk.clock(), member={"last_name": "Smith"}))
    kept = ana.post("/api/filters", json={"member": "smith", "view": "ended"}).json()["filter_id"]
    assert ana.post("/api/next", json={"filter_id": kept}).json() == {"record_id": "PAR-2"}
    assert ana.post("/api/next", json={"filter_id": "F-none"}).status_code == 404


def test_notes_are_written_by_whoever_works_and_read_by_all(api: Api, ana: httpx.Client) -> None:
    _post(api.person("bo"), "claim")
    assert _post(ana, "notes", {"text": "The office calls back."}, 201)["actor"] == "ana"
    (note,) = api.person("sue", Role.AUDITOR).get("/api/records/PAR-1/notes").json()
    assert (note["text"], note["actor"]) == ("The office calls back.", "ana")
    assert _post(ana, "notes", {"text": "  "}, 422)["code"] == "invalid"
    assert ana.get("/api/records/PAR-9/notes").status_code == 404
