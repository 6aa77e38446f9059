"""The member roster and the provider directories, searched by the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from models.store.roles import Role
from tests.desk.api.stands import Api
from tests.roster.made import ANA, OFFICE, keep

TWIN = replace(ANA, member_id="H331812252", cin="91234568C", first_name="Bella", eligible_to=date(2025, 12, 31))


def _ask(api: Api, kind: str, body: dict[str, str]) -> list[dict[str, Any]]:
    answer = api.desk.signed_in(Role.COORDINATOR).post(f"/api/{kind}/search", json=body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"member_id": "h331-812-251"}, ["Ana"]),
        ({"member_id": "91234568C"}, ["Bella"]),
        ({"last_name": "ruiz"}, ["Ana", "Bella"]),
        ({"last_name": "Ruiz", "first_name": "be"}, ["Bella"]),
        ({"date_of_birth": "2/17/1980"}, ["Ana", "Bella"]),
        ({"date_of_birth": "1980-02-17", "first_name": "A"}, ["Ana"]),
        ({"member_id": "H331812251", "date_of_birth": "1980-02-18"}, []),
        ({"last_name": "Quill"}, []),
        ({}, []),
    ],
)
def test_members_are_found_by_all_that_is_given(each_api: Api, body: dict[str, str], names: list[str]) -> None:
    keep(each_api.desk.services.engine, ANA, TWIN)
    assert [one["first_name"] for one in _ask(each_api, "members", body)] == names


def test_a_member_is_shown_with_coverage(api: Api) -> None:
    keep(api.desk.services.engine, ANA, TWIN)
    shown = {one["first_name"]: one for one in _ask(api, "members", {"last_name": "Ruiz"})}
    assert (shown["Ana"]["plan"], shown["Ana"]["covered_today"], shown["Bella"]["covered_today"]) == ("alder_health", True, False)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"npi": "1234567893"}, 1),
        ({"tin": "123456789"}, 1),
        ({"fax": "(831) 555-0142"}, 1),
        ({"name": "linda t"}, 1),
        ({"name": "o'brien"}, 0),
        ({"npi": "1234567893", "tin": "98-7654321"}, 0),
        ({}, 0),
    ],
)
def test_providers_are_found_by_all_that_is_given(each_api: Api, body: dict[str, str], count: int) -> None:
    keep(each_api.desk.services.engine, OFFICE)
    assert len(_ask(each_api, "providers", body)) == count


def test_what_is_no_day_is_refused_without_its_value(api: Api) -> None:
    answer = api.desk.signed_in(Role.COORDINATOR).post("/api/members/search", json={"date_of_birth": "Zzyzx"})
    assert answer.status_code == 422
    assert "Zzyzx" not in answer.text


def test_the_audit_trail_keeps_who_asked_and_none_of_what_was_asked_for(api: Api) -> None:
    keep(api.desk.services.engine, ANA)
    _ask(api, "members", {"last_name": "Ruiz", "first_name": "Ana"})
    with api.desk.services.engine.connect() as connection:
        rows = connection.execute(text("SELECT actor, action, detail FROM audit_events WHERE detail LIKE 'members by%'")).all()
    assert [tuple(row) for row in rows] == [("one-coordinator", "searched", "members by last_name, first_name: 1 found")]
