"""When a coordinator is asked about a reading: costs from the policy, probability from the reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ConfigurationError
from models.record import Reading, Status
from tests.validation.requests import COMPLETE, TODAY, with_lists
from validation.check import check
from validation.policies import ReviewCosts, completeness_policy, read_policy

PLAN = "kind: completeness\nname: plan\ntitle: A plan\ndeadlines: null\nfields: []\n"


def a_reading(confidence: float, method: str = "ocr", *, asked: bool = False) -> Reading:
    return Reading.model_validate({"text": "x", "confidence": confidence, "page": 1, "method": method, "needs_review": asked})


@pytest.mark.parametrize(("confidence", "asked"), [(0.9, True), (0.959, True), (0.961, False), (1.0, False)])
def test_a_reading_is_asked_about_where_an_error_would_cost_more_than_the_question(
    confidence: float, asked: bool, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN + "review: {silent_error: 50, needless_flag: 2}\n", encoding="utf-8")
    record = with_lists(COMPLETE, readings={"member.last_name": a_reading(confidence)})
    done = check(record, read_policy(file), today=TODAY)
    assert done.readings["member.last_name"].needs_review is asked
    assert (done.status is Status.NEEDS_REVIEW) is asked


def test_a_field_may_have_a_cost_of_its_own_in_every_row() -> None:
    costs = ReviewCosts(silent_error=10, fields={"services.code": 200})
    assert costs.doubt("services.3.code") == pytest.approx(0.005)
    assert costs.doubt("services.3.units") == pytest.approx(0.1)


def test_what_a_coordinator_keyed_is_not_asked_about_again() -> None:
    record = with_lists(COMPLETE, readings={"member.last_name": a_reading(0.2, "coordinator", asked=True)})
    done = check(record, completeness_policy(), today=TODAY)
    assert done.status is Status.READY


def test_a_blank_field_costs_less_than_a_wrong_value(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN + "review: {silent_error: 50, missed_value: 5}\n", encoding="utf-8")
    blank = Reading.model_validate({"text": "", "confidence": 0.9, "page": 1, "method": "ocr"})
    doubts = {"member.phone": blank, "services.0.modifiers": blank, "member.last_name": a_reading(0.9), "services": blank}
    done = check(with_lists(COMPLETE, readings=doubts), read_policy(file), today=TODAY)
    assert [path for path, reading in done.readings.items() if reading.needs_review] == ["member.last_name"]


def test_a_list_that_may_lack_a_row_is_a_gap_and_an_empty_one_is_only_missing() -> None:
    doubt = {"services": a_reading(0.3)}
    [gap] = check(with_lists(COMPLETE, readings=doubt), completeness_policy(), today=TODAY).gaps
    assert (gap.field, gap.reason, gap.rule) == ("services.code", "illegible", "lists.complete")
    empty = check(with_lists(COMPLETE, readings=doubt, services=[]), completeness_policy(), today=TODAY)
    assert "lists.complete" not in [gap.rule for gap in empty.gaps]


@pytest.mark.parametrize(
    "costs", ["{silent_error: 0}", "{needless_flag: -1}", "{silent_eror: 3}", "{fields: {member.shoe_size: 3}}"]
)
def test_costs_that_make_no_sense_stop_the_start(costs: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN + f"review: {costs}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        read_policy(file)
