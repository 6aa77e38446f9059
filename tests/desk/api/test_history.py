"""The history of a record: everything that happened to it, who and when."""

from __future__ import annotations

from typing import Any

import httpx

from models.store.roles import Role
from tests.desk.api.stands import Api, edit, key
from tests.desk.stored import a_gap, a_reading, a_record, put

LAST = "member.last_name"


def _past(client: httpx.Client) -> list[dict[str, Any]]:
    answer = client.get("/api/records/PAR-1/history")
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()
    return told


def _work(api: Api, client: httpx.Client, *edits: dict[str, Any]) -> None:
    for one in edits:
        api.desk.clock.pass_s(1)
        assert client.post("/api/records/PAR-1/edits", json=one).status_code == 200


def _first(api: Api) -> None:
    readings = {LAST: a_reading("Ruiz-Ortega", doubtful=True)}
    put(api.desk, a_record("PAR-1", api.desk.clock(), gaps=[a_gap()], readings=readings, services=[{"code": "97110"}]))


def test_each_edit_stands_with_what_it_changed(each_api: Api) -> None:
    _first(each_api)
    ana = each_api.person("ana")
    change = {"action": "replace", "field": "services.units", "old": "1", "new": "2"}
    _work(
        each_api,
        ana,
        edit(LAST, "Ruiz"),
        edit(LAST, "Ruis"),
        edit(action="undo"),
        edit("member.date_of_birth", ""),
        edit("services.1.code", "97140"),
        edit(action="remove_row", path="services.0"),
        edit("amendments.0", change),
    )
    told = [(one["action"], one["path"], one["differences"]) for one in _past(ana) if one["kind"] == "edit"]
    assert [(action, path) for action, path, _ in told] == [
        ("set", LAST),
        ("set", LAST),
        ("undo", LAST),
        ("set", "member.date_of_birth"),
        ("set", "services.1.code"),
        ("remove_row", "services.0"),
        ("set", "amendments.0"),
    ]
    differences = [(one["old"], one["new"]) for _, _, (one,) in told]
    assert differences[:5] == [
        ("Ruiz-Ortega", "Ruiz"), ("Ruiz", "Ruis"), ("Ruis", "Ruiz"), ("1980-02-17", None), (None, "97140"),
    ]  # fmt: skip
    assert (differences[5][0]["code"], differences[5][1]["code"]) == ("97110", "97140")
    assert (differences[6][0], differences[6][1]["new"]) == (None, 2)


def test_the_whole_life_of_a_record(each_api: Api) -> None:
    _first(each_api)
    ana, sue = each_api.person("ana"), each_api.person("sue", Role.SUPERVISOR)
    each_api.desk.clock.pass_s(1)
    assert ana.get("/api/records/PAR-1/work").status_code == 200
    _work(each_api, ana, edit(LAST, "Ruiz"))
    each_api.desk.clock.pass_s(1)
    ana.post("/api/records/PAR-1/notes", json={"text": "Called the office."})
    each_api.desk.clock.pass_s(1)
    sue.post("/api/records/PAR-1/claim/break")
    each_api.desk.clock.pass_s(1)
    assert ana.post("/api/records/PAR-1/complete", json={"key": key()}).status_code == 200
    told = [(one["kind"], one["action"], one["actor"]) for one in _past(sue)]
    assert set(told[:4]) == {
        ("revision", "needs_review", "service"),
        ("delivery", "pending", "service"),
        ("event", "registered", "service"),
        ("event", "done", "service"),
    }
    assert told[4:8] == [
        ("event", "viewed", "ana"), ("edit", "set", "ana"), ("note", "note", "ana"), ("event", "claim_broken", "sue"),
    ]  # fmt: skip
    assert set(told[8:]) == {
        ("revision", "final", "ana"),
        ("edit", "complete", "ana"),
        ("delivery", "pending", "service"),
        ("event", "letter_proposed", "ana"),
    }
    (revision,) = (one for one in _past(sue) if one["revision"] == 2 and one["kind"] == "revision")
    paths = {one["path"]: (one["old"], one["new"]) for one in revision["differences"]}
    assert paths[LAST] == ("Ruiz-Ortega", "Ruiz")
    assert paths["final"] == (False, True)
    assert paths[f"readings.{LAST}.method"] == ("ocr", "coordinator")
    assert "revision" not in paths


def test_a_second_reading_stands_with_what_it_changed(api: Api) -> None:
    _first(api)
    put(
        api.desk, a_record("PAR-1", api.desk.clock(), services=[{"code": "97110"}, {"code": "97140"}], member={"last_name": "Ruis"})
    )
    (second,) = (one for one in _past(api.person("ana")) if one["kind"] == "revision" and one["revision"] == 2)
    paths = {one["path"]: (one["old"], one["new"]) for one in second["differences"]}
    assert paths[LAST] == ("Ruiz-Ortega", "Ruis")
    assert paths["services.1"][0] is None
    assert paths["services.1"][1]["code"] == "97140"
    assert second["actor"] == "service"


def test_what_happened_to_another_record_of_the_document_is_its_own(api: Api) -> None:
    _first(api)
    ana = api.person("ana")
    put(api.desk, a_record("PAR-2", api.desk.clock()))
    ana.get("/api/records/PAR-2/work")
    assert not [one for one in _past(ana) if one["action"] == "viewed"]
    assert ana.get("/api/records/PAR-9/history").status_code == 404
