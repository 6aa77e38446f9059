"""The default completeness policy, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from models.record import (
    Amendment,
    AmendmentAction,
    AmendmentField,
    Diagnosis,
    Reading,
    RequestingProvider,
    RequestKind,
    Service,
    ServicingProvider,
    Signature,
)
from tests.validation.requests import COMPLETE, as_kind, gaps, read_as, with_lists, with_part

CHANGES = [RequestKind.AMENDMENT, RequestKind.EXTENSION, RequestKind.CANCELLATION]
A_CHANGE = Amendment(action=AmendmentAction.REPLACE, field=AmendmentField.TO_DATE, old=None, new=date(2026, 6, 1))


def test_a_complete_request_has_no_gap() -> None:
    assert gaps(COMPLETE) == []


@pytest.mark.parametrize(
    "path",
    [
        "member.last_name",
        "member.first_name",
        "member.member_id",
        "member.date_of_birth",
        "requesting_provider.name",
        "requesting_provider.npi",
        "servicing_provider.name",
        "servicing_provider.npi",
    ],
)
def test_what_blocks_when_it_is_missing(path: str) -> None:
    part, key = path.split(".")
    assert gaps(with_part(COMPLETE, part, **{key: None})) == [(path, "missing", "blocking")]


@pytest.mark.parametrize("path", ["requesting_provider.fax", "requesting_provider.tin", "request.urgency"])
def test_what_is_a_warning_when_it_is_missing(path: str) -> None:
    part, key = path.split(".")
    assert gaps(with_part(COMPLETE, part, **{key: None})) == [(path, "missing", "warning")]


def test_lists_that_are_empty() -> None:
    assert gaps(with_lists(COMPLETE, diagnoses=[])) == [("diagnoses", "missing", "blocking")]
    assert gaps(with_lists(COMPLETE, services=[])) == [("services", "missing", "blocking")]


def test_each_service_needs_its_start_date_and_its_units() -> None:
    lines = [Service(code="72148", units=1, from_date=date(2026, 3, 20)), Service(code="72141")]
    assert gaps(with_lists(COMPLETE, services=lines)) == [
        ("services.1.from_date", "missing", "blocking"),
        ("services.1.units", "missing", "warning"),
    ]


def test_a_service_without_a_code_and_diagnoses_without_any() -> None:
    line = Service(description="MRI", units=1, from_date=date(2026, 3, 20))
    assert gaps(with_lists(COMPLETE, services=[line])) == [("services.0.code", "missing", "blocking")]
    only_words = [Diagnosis(description="back pain")]
    assert gaps(with_lists(COMPLETE, diagnoses=only_words)) == [("diagnoses.0.code", "missing", "blocking")]
    assert gaps(with_lists(COMPLETE, diagnoses=[*COMPLETE.diagnoses, *only_words])) == []


def test_an_unsigned_request_is_a_warning() -> None:
    assert gaps(with_lists(COMPLETE, signature=Signature(present=False))) == [("signature", "missing", "warning")]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_needs_the_number_of_its_authorization(kind: RequestKind) -> None:
    record = with_lists(as_kind(kind, authorization_number=None), amendments=[A_CHANGE])
    assert gaps(record) == [("request.authorization_number", "missing", "blocking")]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_may_leave_out_what_the_authorization_holds(kind: RequestKind) -> None:
    record = with_lists(as_kind(kind), servicing_provider=ServicingProvider(), diagnoses=[], services=[], amendments=[A_CHANGE])
    assert gaps(record) == []
    without_dates = with_lists(record, services=[Service(code="72148", units=2)])
    assert gaps(without_dates) == []


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_must_still_say_who_asks_and_for_whom(kind: RequestKind) -> None:
    record = with_lists(as_kind(kind), requesting_provider=RequestingProvider(), amendments=[A_CHANGE])
    assert [gap for gap in gaps(record) if gap[2] == "blocking"] == [
        ("requesting_provider.name", "missing", "blocking"),
        ("requesting_provider.npi", "missing", "blocking"),
    ]


def test_only_an_amendment_needs_a_stated_change() -> None:
    assert gaps(as_kind(RequestKind.AMENDMENT)) == [("amendments", "missing", "blocking")]
    assert gaps(as_kind(RequestKind.EXTENSION)) == []
    assert gaps(as_kind(RequestKind.CANCELLATION)) == []


def test_a_request_that_names_no_kind_is_judged_as_new() -> None:
    record = with_part(with_lists(COMPLETE, diagnoses=[]), "request", kind=None)
    assert gaps(record) == [("diagnoses", "missing", "blocking")]


@pytest.mark.parametrize("part", ["requesting_provider", "servicing_provider"])
def test_an_npi_that_fails_its_check_digit(part: str) -> None:
    assert gaps(with_part(COMPLETE, part, npi="1234567890")) == [(f"{part}.npi", "invalid", "blocking")]


@pytest.mark.parametrize("code", ["M54.1", "G56.0", "M99.88Z", "ZZZ"])
def test_a_diagnosis_code_that_cannot_be_billed(code: str) -> None:
    record = with_lists(COMPLETE, diagnoses=[*COMPLETE.diagnoses, Diagnosis(code=code)])
    assert gaps(record) == [("diagnoses.1.code", "invalid", "blocking")]


def test_a_new_value_of_a_change_is_judged_too() -> None:
    npi = Amendment(action=AmendmentAction.REPLACE, field=AmendmentField.SERVICING_NPI, old="1487793048", new="1234567890")
    code = Amendment(action=AmendmentAction.ADD, field=AmendmentField.DIAGNOSIS_CODE, old=None, new="M54.1")
    record = with_lists(as_kind(RequestKind.AMENDMENT), amendments=[A_CHANGE, npi, code])
    assert gaps(record) == [("amendments.2.new", "invalid", "blocking"), ("amendments.1.new", "invalid", "blocking")]


def test_a_birth_date_in_the_future() -> None:
    assert gaps(with_part(COMPLETE, "member", date_of_birth=date(2067, 10, 23))) == [
        ("member.date_of_birth", "invalid", "blocking")
    ]
    assert gaps(with_part(COMPLETE, "member", date_of_birth=date(2026, 3, 10))) == []


def test_an_end_before_the_start() -> None:
    line = Service(code="72148", units=1, from_date=date(2026, 3, 20), to_date=date(2026, 3, 19))
    assert gaps(with_lists(COMPLETE, services=[line])) == [("services.0.to_date", "inconsistent", "blocking")]


def test_a_date_that_does_not_exist_is_invalid_and_not_missing() -> None:
    born = read_as(with_part(COMPLETE, "member", date_of_birth=None), member__date_of_birth="09/31/1935")
    assert gaps(born) == [("member.date_of_birth", "invalid", "blocking")]
    line = Service(code="72148", units=1)
    started = read_as(with_lists(COMPLETE, services=[line]), services__0__from_date="02/30/2026", services__0__to_date="2/31/26")
    assert gaps(started) == [("services.0.from_date", "invalid", "blocking"), ("services.0.to_date", "invalid", "warning")]
    asked = read_as(with_part(COMPLETE, "request", requested_on=None), request__requested_on="13/10/2026")
    assert gaps(asked) == [("request.requested_on", "invalid", "warning")]


@pytest.mark.parametrize(("blank", "reason"), [(0.9, "missing"), (0.2, "illegible")])
def test_a_field_that_is_likelier_unread_than_blank_is_illegible(blank: float, reason: str) -> None:
    nothing_read = Reading(text="", confidence=blank, page=1, method="ocr")
    record = with_lists(with_part(COMPLETE, "member", member_id=None), readings={"member.member_id": nothing_read})
    assert gaps(record) == [("member.member_id", reason, "blocking")]


def test_what_a_coordinator_left_blank_is_missing() -> None:
    cleared = Reading(text="", confidence=0.0, page=1, method="coordinator")
    record = with_lists(with_part(COMPLETE, "member", member_id=None), readings={"member.member_id": cleared})
    assert gaps(record) == [("member.member_id", "missing", "blocking")]


def test_what_stands_there_and_cannot_be_made_out_is_illegible() -> None:
    npi = read_as(with_part(COMPLETE, "requesting_provider", npi=None), requesting_provider__npi="12?45 6")
    assert gaps(npi) == [("requesting_provider.npi", "illegible", "blocking")]
    born = read_as(with_part(COMPLETE, "member", date_of_birth=None), member__date_of_birth="2/0/1960")
    assert gaps(born) == [("member.date_of_birth", "illegible", "blocking")]
    codes = read_as(with_lists(COMPLETE, diagnoses=[]), diagnoses__0__code="M5~")
    assert gaps(codes) == [("diagnoses", "illegible", "blocking")]


def test_a_reading_of_nothing_but_marks_is_missing() -> None:
    record = read_as(with_part(COMPLETE, "requesting_provider", npi=None), requesting_provider__npi=" __/ ")
    assert gaps(record) == [("requesting_provider.npi", "missing", "blocking")]


def test_blocking_gaps_come_first_and_in_the_order_of_the_policy() -> None:
    record = with_lists(COMPLETE, requesting_provider=RequestingProvider(), services=[])
    assert [gap[0] for gap in gaps(with_part(record, "member", last_name=None))] == [
        "member.last_name",
        "requesting_provider.name",
        "requesting_provider.npi",
        "services",
        "requesting_provider.fax",
        "requesting_provider.tin",
    ]
