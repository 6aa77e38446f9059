"""The history of a member: who it is, and every request that names her, however."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from models.store.roles import Role
from tests.desk.lookup.story import Story, ids
from tests.matching.records import a_request

ALL_OF_ANA = ["PAR-0004", "PAR-0003", "PAR-0002", "PAR-0001"]


def by_record(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["record_id"]: one for one in told["requests"]}


def test_any_of_her_ids_finds_all_of_her_requests_the_newest_first(story: Story) -> None:
    asks = story.asks()
    for number in ("91234567A", "h331-812-251"):
        told = asks(member_id=number)
        assert (told["about"], ids(told), told["next"]) == ("member", ALL_OF_ANA, None)
        assert [one["found_by"] for one in told["requests"]] == [["name"], *[["member_id", "name"]] * 3]


def test_her_names_and_date_of_birth_find_hers_and_without_the_first_name_her_twins_too(story: Story) -> None:
    asks = story.asks()
    assert ids(asks(last_name="RUIZ", first_name="Ana", date_of_birth="1980-02-17")) == ALL_OF_ANA
    both = asks(last_name="Ruíz Ortega", date_of_birth="1980-02-17")
    assert ids(both) == ["PAR-0005", *ALL_OF_ANA]
    assert [one["first_name"] for one in both["members"]] == ["Ana", "Ana", "Bella"]
    assert ids(asks(last_name="Ruiz", date_of_birth="1980-02-18")) == []
    assert ids(asks(last_name="Rui", date_of_birth="1980-02-17")) == []


def test_an_id_is_narrowed_by_the_date_of_birth(own_story: Story) -> None:
    child = {"last_name": "Ruiz-Ortega", "first_name": "Carla", "member_id": "91234567A", "date_of_birth": "2010-05-04"}
    own_story.intake.put(a_request(member=child), days=60)
    asks = own_story.asks()
    assert ids(asks(member_id="91234567A"))[0] == "PAR-0007"
    assert ids(asks(member_id="91234567A", date_of_birth="1980-02-17")) == ALL_OF_ANA
    assert ids(asks(member_id="91234567A", date_of_birth="2010-05-04")) == ["PAR-0007"]


def test_who_she_is_and_how_she_is_covered_is_what_the_roster_says(story: Story) -> None:
    spans = story.asks()(member_id="91234567A")["members"]
    assert [(one["eligible_from"], one["eligible_to"], one["covered_today"]) for one in spans] == [
        ("2025-01-01", "2025-12-31", False),
        ("2026-01-01", None, True),
    ]
    assert (spans[1]["delegated_group"], spans[1]["other_coverage"]) == ("Cedar Medical Group", "Maple Insurance")


def test_without_a_roster_the_requests_say_whose_id_it_is(own_story: Story) -> None:
    with own_story.desk.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM roster_heads"))
    told = own_story.asks()(member_id="91234567A")
    assert told["members"] == []
    # By the ID, and the request that has none, by the names on the others; the plan's own ID of hers nobody knows.
    assert ids(told) == ALL_OF_ANA
    assert by_record(told)["PAR-0002"]["found_by"] == ["name"]


def test_each_request_is_told_with_all_that_belongs_to_it(story: Story) -> None:
    told = by_record(story.asks()(member_id="91234567A"))
    first, asked, change = told["PAR-0001"], told["PAR-0002"], told["PAR-0003"]
    assert [one["number"] for one in first["authorizations"]] == ["AUTH-1001"]
    assert [(one["outcome"], one["reviewer"]) for one in first["decisions"]] == [("approved", "UM nurse")]
    assert [(one["record_id"], one["kind"], one["sure"]) for one in first["linked_from"]] == [("PAR-0003", "amends", True)]
    assert (change["links"][0]["record_id"], change["links"][0]["kind"]) == ("PAR-0001", "amends")
    assert [(one["state"], one["asked"][0]["field"]) for one in asked["letters"]] == [("released", "diagnoses")]
    assert (first["notes"], asked["notes"]) == (0, 1)
    assert [one["what"] for one in first["happened"]] == ["received", "decided", "authorized"]
    assert [one["what"] for one in asked["happened"]] == ["received", "letter_proposed", "letter_released"]


def test_a_request_stands_as_the_newest_change_left_it(story: Story) -> None:
    told = story.asks()(member_id="91234567A")
    first, change = by_record(told)["PAR-0001"], by_record(told)["PAR-0003"]
    assert [service["units"] for service in first["stands"]["services"]] == [24, 12]
    assert first["changed_by"] == "PAR-0003"
    assert [[line["units"] for line in change[side]["services"]] for side in ("before", "after")] == [[12, 12], [24, 12]]
    (granted,) = told["authorizations"]
    assert [line["units"] for line in granted["authorization"]["services"]] == [12, 12]
    assert ([line["units"] for line in granted["stands"]["services"]], granted["changed_by"]) == ([24, 12], "PAR-0003")


def test_pages_follow_each_other_without_a_gap_and_without_a_double(story: Story) -> None:
    asks, found, cursor = story.asks(), [], None
    for _ in range(4):
        told = asks(member_id="91234567A", limit=1, **({} if cursor is None else {"cursor": cursor}))
        found += ids(told)
        cursor = told["next"]
    assert (found, cursor) == (ALL_OF_ANA, None)


def test_an_auditor_looks_it_up_and_a_program_with_another_scope_does_not(story: Story) -> None:
    assert ids(story.asks("audrey", Role.AUDITOR)(member_id="91234567A")) == ALL_OF_ANA
    assert story.desk.visitor().post("/api/lookup", json={"npi": "1234567893"}).status_code == 401
