"""What a person types, as values of fields."""

from __future__ import annotations

from datetime import date

import pytest

from review.work.changes import ChangeEntry, change
from review.work.entries import entry, kept
from review.work.fields import field_at, sections
from tests.desk.stored import a_record
from tests.desk.work.working import NOW

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("member.last_name", "  Ruiz   Ortega ", "Ruiz Ortega"),
        ("member.date_of_birth", "2/17/80", date(1980, 2, 17)),
        ("services.0.from_date", "2-17-26", date(2026, 2, 17)),
        ("requesting_provider.npi", "123 456 7893", "1234567893"),
        ("requesting_provider.tin", "123456789", "12-3456789"),
        ("servicing_provider.fax", "(831) 555-0142", "+18315550142"),
        ("diagnoses.0.code", "m5450", "M54.50"),
        ("services.2.code", "j0585", "J0585"),
        ("services.2.modifiers", "rt, 59", ["RT", "59"]),
        ("services.2.units", "12", 12),
        ("request.kind", "ext", "extension"),
        ("request.urgency", "u", "urgent"),
        ("member.sex", "f", "F"),
        ("signature.present", "y", True),
        ("member.phone", "", None),
    ],
)
def test_what_is_typed_is_a_value_of_its_field(path: str, typed: str, value: object) -> None:
    field = field_at(path)
    assert field is not None
    read = entry(field, typed, TODAY)
    assert (read.value, read.problem, read.refused) == (value, None, False)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("member.date_of_birth", "tomorrow"),
        ("member.date_of_birth", "O2/17/1980"),
        ("requesting_provider.npi", "12345678931"),
        ("requesting_provider.tin", "12345"),
        ("member.phone", "555-0142"),
        ("diagnoses.0.code", "back pain"),
        ("services.0.code", "123"),
        ("services.0.modifiers", "R"),
        ("services.0.units", "0"),
        ("services.0.units", "1.5"),
        ("request.urgency", "r"),  # routine, or retroactive
        ("member.sex", "female"),
    ],
)
def test_what_is_no_value_is_refused_and_says_why(path: str, typed: str) -> None:
    field = field_at(path)
    assert field is not None
    read = entry(field, typed, TODAY)
    assert read.refused
    assert read.problem


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("requesting_provider.npi", "1234567890", "1234567890"),
        ("requesting_provider.npi", "12345", "12345"),
        ("diagnoses.0.code", "M54.5", "M54.5"),
        ("member.date_of_birth", "9/31/1935", None),
        ("member.date_of_birth", "1/1/2031", date(2031, 1, 1)),
        ("member.member_id", "??", "??"),
    ],
)
def test_what_the_form_may_say_though_it_is_wrong_is_kept_with_its_problem(path: str, typed: str, value: object) -> None:
    field = field_at(path)
    assert field is not None
    read = entry(field, typed, TODAY)
    assert not read.refused
    assert read.problem
    assert (read.value, read.text) == (value, typed)


def test_a_code_says_what_it_means() -> None:
    field = field_at("diagnoses.0.code")
    assert field is not None
    assert entry(field, "M54.50", TODAY).hint == "Low back pain, unspecified"


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("requesting_provider.npi", "12345678931", "12345678931"),
        ("diagnoses.0.code", "back pain", "back pain"),
        ("member.date_of_birth", "in  May", None),
        ("services.0.units", "a few", None),
        ("member.phone", "(831) 555-0142", "+18315550142"),
    ],
)
def test_what_is_confirmed_to_stand_so_is_kept_as_its_text_and_as_a_value_only_where_its_gap_is_found_from_it(
    path: str, typed: str, value: object
) -> None:
    field = field_at(path)
    assert field is not None
    read = kept(field, {"as_stated": typed}, TODAY)
    assert (read.value, read.text, read.refused) == (value, " ".join(typed.split()), False)
    assert kept(field, typed, TODAY).refused is (path != "member.phone")


@pytest.mark.parametrize(
    "path", ["member", "member.age", "services", "services.x.code", "services.01.code", "notes.0", "services.0.price", ""]
)
def test_there_is_no_field_at_other_paths(path: str) -> None:
    assert field_at(path) is None


def test_every_shown_field_is_found_by_its_path() -> None:
    record = a_record("PAR-1", NOW, services=[{"code": "97110"}], diagnoses=[{"code": "M54.50"}], amendments=[])
    shown = [field for section in sections(record) for field in section.fields]
    assert all(field_at(field.path) == field for field in shown)
    assert {"services.0.code", "diagnoses.0.description", "signature.signed_on"} <= {field.path for field in shown}


def _change(**entered: str) -> ChangeEntry:
    return ChangeEntry.model_validate(entered)


def test_a_change_has_typed_values_and_no_old_one_where_something_is_added() -> None:
    told, problem = change(_change(action="replace", field="services.to_date", old="4/28/2026", new="5/12/2026"), TODAY)
    assert told is not None
    assert (told.old, told.new, problem) == (date(2026, 4, 28), date(2026, 5, 12), None)
    added, _ = change(_change(action="add", field="services.units", old="3", new="6", code="97110"), TODAY)
    assert added is not None
    assert (added.old, added.new, added.code) == (None, 6, "97110")


@pytest.mark.parametrize(
    "entered",
    [
        {"action": "remove", "field": "services.code"},
        {"action": "add", "field": "services.units", "new": "many"},
        {"action": "replace", "field": "diagnoses.code", "old": "M54.50"},
    ],
)
def test_a_change_without_what_it_changes_is_refused(entered: dict[str, str]) -> None:
    told, problem = change(_change(**entered), TODAY)
    assert told is None
    assert problem
