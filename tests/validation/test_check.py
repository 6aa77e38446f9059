"""From a record to its gaps, deadline and status; policies as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ConfigurationError
from models.record import Reading, ReferralRecord, RequestingProvider, SourceProblem, Status
from tests.validation.requests import COMPLETE, TODAY, with_lists, with_part
from validation.check import check, unreadable_gap
from validation.policies import completeness_policies, completeness_policy, deadline_sets, read_policy
from validation.rules import all_rules
from validation.wording import wording

DOUBLED = """
kind: completeness
name: p
title: p
deadlines: null
fields:
  - {field: services, severity: warning}
  - {field: services, severity: blocking}
"""


def checked(record: ReferralRecord) -> ReferralRecord:
    return check(record, completeness_policy(), today=TODAY)


def test_a_complete_request_is_ready_and_final() -> None:
    record = checked(COMPLETE)
    assert (record.status, record.final) == (Status.READY, True)
    assert record.deadline is not None


def test_a_warning_alone_does_not_hold_a_request_back() -> None:
    record = checked(with_part(COMPLETE, "requesting_provider", fax=None))
    assert len(record.gaps) == 1
    assert record.status is Status.READY


def test_a_blocking_gap_a_page_problem_and_a_doubt_each_ask_for_a_look() -> None:
    doubt = {"member.last_name": Reading(text="Doe", confidence=0.4, page=1, method="ocr", needs_review=True)}
    problem = SourceProblem(page=1, code="too_dark", message="The page is too dark to read.")
    for record in (
        with_part(COMPLETE, "member", member_id=None),
        with_part(COMPLETE, "source", problems=[problem]),
        with_lists(COMPLETE, readings=doubt),
    ):
        assert checked(record).status is Status.NEEDS_REVIEW
        assert not checked(record).final


def test_checking_twice_changes_nothing_and_the_record_given_stays() -> None:
    given = with_part(COMPLETE, "member", member_id=None)
    before = given.model_dump_json()
    once = checked(given)
    assert checked(once) == once
    assert given.model_dump_json() == before


@pytest.mark.parametrize("status", [Status.NO_REQUEST, Status.UNREADABLE])
def test_what_holds_no_request_is_not_judged(status: Status) -> None:
    record = with_lists(
        COMPLETE, status=status, requesting_provider=RequestingProvider(), gaps=[unreadable_gap("The file has no pages.")]
    )
    found = checked(record)
    assert found.gaps == record.gaps
    assert found.deadline is None
    assert found.status is status


def test_an_unreadable_document_says_why() -> None:
    gap = unreadable_gap("The file has no pages. Ask the sender to fax it again.")
    assert (gap.field, gap.reason.value, gap.severity.value) == ("document", "illegible", "blocking")
    assert gap.message == "The fax could not be read: The file has no pages. Ask the sender to fax it again."


def test_every_shipped_policy_names_fields_rules_and_deadlines_that_exist() -> None:
    rules = {rule.id for rule in all_rules()}
    assert completeness_policies()
    assert deadline_sets()
    for policy in completeness_policies():
        assert {field.field for field in policy.fields} <= set(wording())
        assert set(policy.rules) | policy.switched_off <= rules
        assert policy.deadlines is None or policy.deadlines in {rules.name for rules in deadline_sets()}


def test_every_rule_has_an_id_of_its_own_and_keeps_still_on_a_complete_request() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids)) >= 6
    assert checked(COMPLETE).gaps == []


def test_every_gap_names_its_rule_and_speaks_in_whole_polite_sentences() -> None:
    empty = ReferralRecord(record_id="r", status=Status.NEEDS_REVIEW, source=COMPLETE.source)
    found = checked(empty).gaps
    assert len(found) >= 10
    for gap in found:
        assert gap.rule in {rule.id for rule in all_rules()}
        assert gap.message[0].isupper()
        assert gap.message.endswith(".")
        assert "lease" in gap.message
        assert "{" not in gap.message


def test_no_message_repeats_what_identifies_the_member() -> None:
    record = with_part(with_part(COMPLETE, "requesting_provider", npi="1234567890"), "servicing_provider", npi=None)
    said = " ".join(gap.message for gap in checked(record).gaps)
    for value in ("Doe", "Jane", "91234567A", "1960", "1234567890"):
        assert value not in said


def test_a_plan_replaces_the_policy_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "kind: completeness\nname: plan\ntitle: A plan\ndeadlines: null\nfields:\n  - {field: member.phone, severity: blocking}\n"
        "switched_off: [npi.check_digit]\n",
        encoding="utf-8",
    )
    record = with_part(with_part(COMPLETE, "member", last_name=None), "requesting_provider", npi="1234567890")
    found = check(record, read_policy(path), today=TODAY)
    assert [(gap.field, gap.severity.value) for gap in found.gaps] == [("member.phone", "blocking")]
    assert found.deadline is None


@pytest.mark.parametrize(
    "text",
    [
        "kind: completeness",
        "kind: completeness\nname: p\ntitle: p\ndeadlines: none_such\nfields: []",
        "kind: completeness\nname: p\ntitle: p\ndeadlines: null\nfields: [{field: member.shoe_size, severity: blocking}]",
        "kind: completeness\nname: p\ntitle: p\ndeadlines: null\nfields: []\nrules: {none.such: blocking}",
        DOUBLED,
        "kind: deadlines\nname: d\ntitle: d\ncountry: US\nwhen_not_stated: routine\nrules: []",
        "not: [a, policy",
        "kind: completeness\nname: p\ntitle: p\ndeadlines: null\nfields: []\nsurprise: 1",
    ],
)
def test_a_file_that_is_no_policy_is_a_wrong_setting(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError):
        read_policy(path)


def test_a_policy_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        read_policy(tmp_path / "none.yaml")
    with pytest.raises(ConfigurationError):
        completeness_policy("none")
