"""Each rule of comparison, and each way of being wrong, counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intake.evaluation.calibration import calibrate, calibrate_fields
from intake.evaluation.comparable import comparable
from intake.evaluation.labels import DocumentLabel, LabelledDocument, RequestLabel, load_labels
from intake.evaluation.marks import Mark, Outcome, Part
from intake.evaluation.matching import paired
from intake.evaluation.records import from_lines
from intake.evaluation.score import Evaluation, evaluate
from intake.evaluation.tally import Tally
from models.errors import ConfigurationError
from models.record import Reading, ReferralRecord
from tests.evaluation.standin import perfect, record_of

Json = dict[str, Any]


def a_label(**changes: object) -> Json:
    label: Json = {
        "pages": [2],
        "attached_pages": [1],
        "request": {"kind": "new", "urgency": "routine", "requested_on": "2026-03-02", "authorization_number": None},
        "member": {"last_name": "O'Malley", "first_name": "Odette", "member_id": "31648781-93", "date_of_birth": "1961-03-13"},
        "requesting_provider": {"name": "Jacinto R. Rasmussen", "npi": "1245319599", "fax": "+14087552208"},
        "servicing_provider": {"name": "Larkspur Imaging", "npi": "1269976589", "tin": None},
        "diagnoses": [{"code": "M19.011"}],
        "services": [{"code": "73221", "modifiers": ["LT"], "units": 1, "from_date": "2026-03-10", "to_date": None}],
        "amendments": [],
        "gaps": [],
    }
    return label | changes


def scored(record: Json | None, label: Json | None = None) -> Evaluation:
    label = label or a_label()
    document = DocumentLabel.model_validate({"document": "fax.tif", "requests": [label]})
    lines = [] if record is None else [json.dumps(record)]
    records, problems = from_lines(lines)
    return evaluate([LabelledDocument(document, Path("fax.tif"))], records, problems)


def a_record(**changes: object) -> Json:
    return record_of("fax.tif", a_label()) | changes


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("member.last_name", "O'Malley", "OMALLEY"),
        ("member.last_name", "Núñez", "Nunez"),
        ("member.first_name", "Ana María", "Anamaria T."),
        ("requesting_provider.name", "Lee, Ann", "Ann B. Lee"),
        ("servicing_provider.facility", "St. Agnes Pavilion", "Pavilion, St Agnes"),
        ("requesting_provider.phone", "+18315550142", "(831) 555-0142"),
        ("requesting_provider.tin", "12-3456789", "123456789"),
        ("diagnoses.code", "M19.011", "m19011"),
        ("member.date_of_birth", "1961-03-13", "1961-03-13T00:00:00"),
        ("services.modifiers", ["LT", "59"], "59, LT"),
        ("services.units", 12, "12.0"),
        ("member.member_id", "31648781-93", "3164878193"),
    ],
)
def test_values_that_say_the_same_are_equal(path: str, one: object, other: object) -> None:
    assert comparable(path, one) == comparable(path, other)


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("requesting_provider.name", "Ann Lee", "Anne Lee"),
        ("member.first_name", "Bo", "Bob"),
        ("member.date_of_birth", "1961-03-13", "1961-13-03"),
        ("services.units", 1, 10),
        ("requesting_provider.npi", "1245319599", "124531959"),
        ("services.modifiers", ["LT"], ["RT"]),
    ],
)
def test_values_that_say_something_else_are_not(path: str, one: object, other: object) -> None:
    assert comparable(path, one) != comparable(path, other)


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_given_is_no_value(nothing: object) -> None:
    assert comparable("services.modifiers", nothing) is None


def test_a_record_that_says_what_the_label_says_is_all_right() -> None:
    total = scored(a_record()).total()
    assert total.micro.f1 == 1.0
    assert (total.all_right, total.straight_through, total.ready_with_error) == (1, 1, 0)


@pytest.mark.parametrize(
    ("path", "value", "outcome"),
    [
        ("member.member_id", "3164878193", Outcome.RIGHT),
        ("member.member_id", "99999999", Outcome.WRONG),
        ("member.member_id", None, Outcome.MISSED),
        ("servicing_provider.tin", "12-3456789", Outcome.INVENTED),
        ("servicing_provider.tin", None, Outcome.ABSENT),
    ],
)
def test_each_way_a_value_can_come_out(path: str, value: str | None, outcome: Outcome) -> None:
    record = a_record()
    group, name = path.split(".")
    record[group] = {**record[group], name: value}
    [mark] = [m for m in marks_of(scored(record)) if m.path == path]
    assert mark.outcome is outcome


def marks_of(result: Evaluation) -> list[Mark]:
    return [mark for request in result.requests for mark in request.marks]


def test_without_a_record_everything_on_the_form_was_missed() -> None:
    result = scored(None)
    assert result.total().micro.right == 0
    assert result.total().micro.missed == result.total().micro.there
    assert result.problems == ("fax.tif: no record",)


def test_a_key_that_the_label_lacks_is_not_scored() -> None:
    record = a_record()
    record["member"] = {**record["member"], "phone": "+18315550142"}
    assert scored(record).total().micro.f1 == 1.0


def test_what_stands_beside_a_missed_code_is_missed_and_beside_an_invented_one_invented() -> None:
    record = a_record(services=[{"code": "99213", "units": 4, "from_date": "2026-03-10"}])
    by_field = scored(record).by_field(Part.FIELD)
    assert (by_field["services.code"].missed, by_field["services.code"].invented) == (1, 1)
    assert (by_field["services.units"].missed, by_field["services.units"].invented) == (1, 1)
    assert (by_field["services.from_date"].missed, by_field["services.from_date"].invented) == (1, 1)


def test_an_error_is_silent_unless_a_reading_or_a_gap_flags_it() -> None:
    record = a_record()
    record["member"] = {**record["member"], "member_id": "1"}
    assert scored(record).total().micro.silent == 1
    record["readings"]["member.member_id"]["needs_review"] = True
    assert scored(record).total().micro.silent == 0
    record["readings"] = {}
    record["gaps"] = [{"field": "member.member_id", "reason": "invalid", "severity": "warning", "message": "?"}]
    assert scored(record).total().micro.silent == 0


def test_the_flag_on_a_misread_code_counts_for_the_code_it_stands_for() -> None:
    record = a_record(diagnoses=[{"code": "M19.017"}])
    record["readings"]["diagnoses.0.code"]["needs_review"] = True
    assert scored(record).by_field(Part.FIELD)["diagnoses.code"].silent == 0


@pytest.mark.parametrize(
    ("labelled", "given", "right"),
    [
        (["diagnoses", "invalid"], {"field": "diagnoses.0.code", "reason": "invalid", "severity": "blocking"}, 1),
        (
            ["services.to_date", "inconsistent"],
            {"field": "services.1.from_date", "reason": "inconsistent", "severity": "warning"},
            1,
        ),
        (["member.member_id", "missing"], {"field": "member.member_id", "reason": "missing", "severity": "warning"}, 0),
        (["member.member_id", "missing"], {"field": "member.member_id", "reason": "illegible", "severity": "blocking"}, 0),
    ],
)
def test_which_gaps_count_as_the_same(labelled: list[str], given: Json, right: int) -> None:
    record = a_record(gaps=[{**given, "message": "?"}], status="needs_review")
    assert scored(record, a_label(gaps=[labelled])).total().gaps.right == right


def test_an_illegible_gap_is_counted_apart() -> None:
    record = a_record(gaps=[{"field": "member.member_id", "reason": "illegible", "severity": "blocking", "message": "?"}])
    total = scored(record).total()
    assert (total.illegible_gaps, total.gaps.invented) == (1, 0)


def test_no_services_imply_that_they_have_no_date() -> None:
    gaps = [
        {"field": field, "reason": "missing", "severity": "blocking", "message": "?"}
        for field in ("services", "services.from_date")
    ]
    label = a_label(services=[], gaps=[["services", "missing"]])
    total = scored(a_record(services=[], gaps=gaps), label).total()
    assert (total.gaps.right, total.gaps.invented) == (1, 0)


def test_a_change_is_right_only_in_all_its_parts() -> None:
    change = {"action": "replace", "field": "services.to_date", "old": "2026-05-01", "new": "2026-06-01"}
    label = a_label(amendments=[change])
    assert scored(a_record(amendments=[change]), label).total().amendments.right == 1
    assert scored(a_record(amendments=[{**change, "old": None}]), label).total().amendments.right == 0


def test_attached_pages_may_be_given_or_not() -> None:
    for pages, right in (([2], 1), ([1, 2], 1), ([1], 0), ([2, 3], 0)):
        record = a_record()
        record["source"] = {**record["source"], "pages": pages}
        assert scored(record).total().pages_right == right


def test_records_find_their_request_by_pages() -> None:
    labels = [RequestLabel(pages=[2]), RequestLabel(pages=[3, 4])]
    records = [ReferralRecord.model_validate(record_of("fax.tif", a_label(pages=pages))) for pages in ([3, 4], [2])]
    assert [record.source.pages if record else None for record in paired(labels, records)] == [[2], [3, 4]]


def test_a_page_without_request_wants_no_record() -> None:
    document = DocumentLabel.model_validate({"document": "fax.tif", "requests": []})
    quiet, _ = from_lines([json.dumps(a_record(status="no_request"))])
    assert evaluate([LabelledDocument(document, Path("fax.tif"))], quiet, ()).total().split_right == 1
    loud, _ = from_lines([json.dumps(a_record())])
    total = evaluate([LabelledDocument(document, Path("fax.tif"))], loud, ()).total()
    assert (total.split_right, total.invented_requests, total.ready_with_error) == (0, 1, 1)


def test_a_line_that_is_no_record_is_told_of_by_its_number_alone() -> None:
    records, problems = from_lines(["{}", "", '{"member": {"last_name": "O\'Malley"}', json.dumps(a_record())])
    assert len(records["fax.tif"]) == 1
    assert [problem.partition(":")[0] for problem in problems] == ["line 1", "line 3"]
    assert "Malley" not in "".join(problems)


def test_a_folder_without_labels_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_labels(tmp_path)


def test_a_bad_label_is_told_of_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "a.truth.json").write_text('{"document": "a.tif", "requests": [{"pages": "Malley"}]}', encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        load_labels(tmp_path)
    assert "pages" in str(error.value)
    assert "Malley" not in str(error.value)


def test_rates_of_a_tally() -> None:
    tally = Tally(right=6, wrong=1, invented=1, missed=2, absent=5, flagged=2, silent=3)
    assert (tally.precision, tally.recall) == (6 / 8, 6 / 9)
    assert tally.flag_rate == 2 / 8
    assert tally.silent_rate == 3 / 10
    assert Tally().f1 is None


def a_mark(confidence: float, *, right: bool) -> Mark:
    reading = Reading(text="x", confidence=confidence, method="ocr")
    return Mark(Part.FIELD, "member.member_id", "A", "A" if right else "B", flagged=False, reading=reading)


def test_calibration_puts_each_reading_into_the_bin_of_its_confidence() -> None:
    result = calibrate([a_mark(1.0, right=True), a_mark(0.55, right=False), a_mark(0.58, right=True), a_mark(0.8, right=True)])
    counts = {held.low: held.count for held in result.bins}
    assert (counts[0.5], counts[0.8], counts[0.999]) == (2, 1, 1)
    [half] = [held for held in result.bins if held.low == 0.5]
    assert half.right_share == 0.5
    assert result.expected_error == pytest.approx((2 * 0.065 + 0.2) / 4)


def test_each_field_says_how_sure_and_how_right_it_is() -> None:
    fields = calibrate_fields([a_mark(0.9, right=True), a_mark(0.7, right=False)])
    assert fields["member.member_id"].mean_confidence == pytest.approx(0.8)
    assert fields["member.member_id"].right_share == 0.5


def test_perfect_records_are_perfect_whatever_the_label_holds(labelled: Path, labels: list[Json]) -> None:
    records, problems = from_lines([json.dumps(record) for record in perfect(labels)])
    result = evaluate(load_labels(labelled), records, problems)
    total = result.total()
    assert total.micro.f1 == total.gaps.f1 == 1.0
    assert total.all_right == total.requests
    assert total.split_right == total.documents
