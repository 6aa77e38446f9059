"""The commonest errors are told with their cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake.evaluation.causes import Cause, commonest_errors
from intake.evaluation.labels import DocumentLabel, LabelledDocument
from intake.evaluation.score import score_document
from models.record import ReferralRecord
from tests.evaluation.standin import record_of

Json = dict[str, Any]

_LABEL: Json = {
    "pages": [1],
    "request": {"kind": "new"},
    "member": {"last_name": "Okonkwo", "first_name": "Adaeze", "member_id": "31648781A", "phone": None},
    "requesting_provider": {"npi": "1245319599"},
    "servicing_provider": {"npi": "1269976589", "facility": "Larkspur Surgery Center"},
    "gaps": [],
}


def errors_of(*records: Json) -> list[tuple[str, Cause, int, int]]:
    document = DocumentLabel.model_validate({"document": "fax.tif", "requests": [_LABEL]})
    read = [ReferralRecord.model_validate(record) for record in records]
    scored = score_document(LabelledDocument(document, Path("fax.tif")), read)
    return [(held.path, held.cause, held.count, held.silent) for held in commonest_errors([scored])]


def a_record(group: str, name: str, value: str | None, *, gaps: list[Json] | None = None) -> Json:
    record = record_of("fax.tif", _LABEL)
    return record | {group: record[group] | {name: value}, "gaps": gaps or []}


@pytest.mark.parametrize(
    ("group", "name", "value", "cause"),
    [
        ("member", "member_id", "31648181A", Cause.MISREAD),
        ("member", "last_name", "Okonkwo Adaeze Male", Cause.CUT),
        ("servicing_provider", "npi", "1245319599", Cause.TAKEN),
        ("servicing_provider", "facility", "Urgent", Cause.OTHER),
        ("member", "phone", "+14085550101", Cause.FROM_BLANK),
        ("member", "first_name", None, Cause.NOT_FOUND),
    ],
)
def test_the_cause_of_an_error_that_nobody_was_told_of(group: str, name: str, value: str | None, cause: Cause) -> None:
    assert errors_of(a_record(group, name, value)) == [(f"{group}.{name}", cause, 1, 1)]


@pytest.mark.parametrize(("reason", "cause"), [("illegible", Cause.ILLEGIBLE), ("missing", Cause.TOLD_MISSING)])
def test_what_a_gap_tells_of_is_not_silent(reason: str, cause: Cause) -> None:
    gap = {"field": "member.first_name", "reason": reason, "severity": "blocking", "message": "Ask for it."}
    assert errors_of(a_record("member", "first_name", None, gaps=[gap])) == [("member.first_name", cause, 1, 0)]


def test_values_of_a_request_that_was_not_found_have_that_cause() -> None:
    assert {cause for _, cause, _, _ in errors_of()} == {Cause.NO_RECORD}


def test_a_right_record_has_no_errors() -> None:
    assert errors_of(record_of("fax.tif", _LABEL)) == []
