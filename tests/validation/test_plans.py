"""Which plan a request is of, which policy holds for it, and what belongs elsewhere."""

from __future__ import annotations

import dataclasses

import pytest

from models.circumstances import Coverage, LineOfBusiness, NoticeSeverity
from models.form_facts import FormFacts
from models.record import ReferralRecord, Status
from tests.validation.requests import COMPLETE, TODAY, with_lists, with_part
from validation.misdirected import misdirected
from validation.plans import FormTopic, Plan, PublishedForm, other_plans, published_forms, shipped_plans
from validation.policies import completeness_policies, completeness_policy, deadline_set
from validation.policy_book import PolicyBook, default_book
from validation.recognition import Name, named_in, numbers_in

PLANS = {plan.id: plan for plan in shipped_plans()}


def book(*plan_ids: str, default: str = "default") -> PolicyBook:
    plans = tuple(PLANS[plan_id] for plan_id in plan_ids)
    policies = {(plan.id, ""): completeness_policy(plan.policy or default) for plan in plans}
    by_form = {("", form.id): completeness_policy(form.policy) for form in published_forms() if form.policy}
    return PolicyBook(completeness_policy(default), plans, {**by_form, **policies})


def of_form(*heading: str) -> FormFacts:
    return FormFacts(heading=heading)


ALAMEDA = of_form("Alameda Alliance for Health", "Prior Authorization Request")


@pytest.mark.parametrize("plan", shipped_plans(), ids=lambda plan: plan.id)
def test_a_shipped_plan_names_policies_and_deadlines_that_exist(plan: Plan) -> None:
    assert plan.policy is None or plan.policy in {policy.name for policy in completeness_policies()}
    assert plan.deadlines is None or deadline_set(plan.deadlines).rules
    assert plan.source
    assert plan.names


def test_no_name_and_no_number_is_of_two_plans() -> None:
    names = [name.lower() for plan in (*shipped_plans(), *other_plans()) for name in plan.names]
    numbers = [number for plan in shipped_plans() for number in plan.fax_numbers]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("form", published_forms(), ids=lambda form: form.id)
def test_a_published_form_is_known_by_each_of_its_phrases_and_says_where_it_belongs(form: PublishedForm) -> None:
    for phrase in form.phrases:
        assert default_book().coverage(of_form(phrase.title()), None).form == form.id
    assert form.topic is None or (form.belongs_to and form.rule)


# -- which plan
def test_the_folder_tells_the_plan_before_the_form_does() -> None:
    site = book("alameda_alliance", "cencal")
    told = site.coverage(ALAMEDA, "cencal")
    assert (told.plan, told.told_by, told.form_plan) == ("cencal", "inbox", "alameda_alliance")
    assert site.coverage(ALAMEDA, None).told_by == "form"
    assert site.coverage(ALAMEDA, "a-folder-of-before").plan == "alameda_alliance", "the site has no such plan any more"


def test_a_fax_number_to_send_to_tells_the_plan_as_its_name_does() -> None:
    site = book("alameda_alliance", "cencal")
    assert site.coverage(of_form("Fax to 1-855-891-7174"), None).plan == "alameda_alliance"
    both = of_form("CenCal Health", "Fax to (855) 891-7174")
    assert site.coverage(both, None).plan is None, "two plans are no plan"


def test_one_plan_of_the_site_is_the_plan_where_nothing_else_tells() -> None:
    checked = book("cencal").checked(COMPLETE, today=TODAY)
    assert (checked.coverage.plan, checked.coverage.told_by) == ("cencal", "site")
    assert checked.coverage.line_of_business is LineOfBusiness.MEDI_CAL, "it offers no other"
    two = book("cencal", "sfhp").checked(COMPLETE, today=TODAY)
    assert two.coverage.plan is None


def test_what_the_roster_told_stands() -> None:
    record = with_lists(COMPLETE, coverage=Coverage(plan="sfhp", told_by="roster"))
    checked = book("sfhp").checked(record, today=TODAY)
    assert checked.coverage.told_by == "roster"


def test_a_plan_of_several_lines_leaves_the_line_to_the_form() -> None:
    site = book("alameda_alliance")
    assert site.coverage(ALAMEDA, None).line_of_business is None
    ticked = dataclasses.replace(ALAMEDA, line_of_business=LineOfBusiness.DUAL)
    assert site.coverage(ticked, None).line_of_business is LineOfBusiness.DUAL


# -- which policy
def test_each_record_is_checked_by_the_policy_of_its_plan() -> None:
    site = book("alameda_alliance", "cencal")
    assert site.policy_for(Coverage(plan="alameda_alliance")).name == "alameda"
    assert site.policy_for(Coverage(plan="cencal")).name == "cencal"
    assert site.policy_for(Coverage()).name == "default"
    rules = {gap.rule for gap in site.checked(_of("alameda_alliance"), today=TODAY).gaps}
    assert "alameda.C12" in rules
    assert not any(str(rule).startswith("alameda.") for rule in {gap.rule for gap in site.checked(COMPLETE, today=TODAY).gaps})


def test_a_form_has_the_policy_of_its_own_where_the_plan_is_not_known() -> None:
    site = book("alameda_alliance", "cencal")
    assert site.policy_for(Coverage(form="medicare_opd_cover_sheet")).name == "medicare_opd"
    assert site.policy_for(Coverage(plan="cencal", form="medicare_opd_cover_sheet")).name == "cencal"


def test_a_plan_may_have_another_policy_for_one_form() -> None:
    plan = PLANS["cencal"].model_copy(update={"form_policies": {"dhcs_4509": "ccs"}})
    policies = {("cencal", ""): completeness_policy("cencal"), ("cencal", "dhcs_4509"): completeness_policy("ccs")}
    site = PolicyBook(completeness_policy(), (plan,), policies)
    assert site.policy_for(Coverage(plan="cencal", form="dhcs_4509")).name == "ccs"
    assert site.policy_for(Coverage(plan="cencal", form="dhcs_4488")).name == "cencal"


def test_without_plans_a_form_changes_neither_policy_nor_notices() -> None:
    facts = of_form("DHCS 4488", "Alameda Alliance for Health")
    site = default_book()
    coverage = site.coverage(facts, None)
    assert (coverage.plan, coverage.form) == (None, "dhcs_4488")
    assert site.policy_for(coverage).name == "default"
    checked = site.checked(with_lists(COMPLETE, coverage=coverage), today=TODAY)
    plain = site.checked(COMPLETE, today=TODAY)
    assert checked.model_copy(update={"coverage": Coverage()}) == plain
    assert checked.status is Status.READY


# -- what belongs elsewhere
def _of(plan: str | None, form: str | None = None) -> ReferralRecord:
    return with_lists(COMPLETE, coverage=Coverage(plan=plan, form=form, told_by="inbox"))


@pytest.mark.parametrize(
    ("heading", "code", "belongs_to"),
    [
        ("Prescription Drug Prior Authorization or Step-Therapy Exception Request Form", "pharmacy_form", "Medi-Cal Rx"),
        ("New Referral CCS/GHPP Client Service Authorization Request (SAR)", "ccs_form", "California Children's Services"),
        ("CCS/GHPP Discharge Planning Service Authorization Request", "ccs_form", "California Children's Services"),
        ("Established CCS/GHPP Client Service Authorization Request", "ccs_form", "California Children's Services"),
        ("Dental Treatment Authorization Request", "dental_form", "Medi-Cal Dental"),
        ("San Francisco Health Plan  Pre-Authorization Request", "other_plan", "San Francisco Health Plan"),
        ("L.A. Care Health Plan Authorization Request", "other_plan", "L.A. Care Health Plan"),
    ],
)
def test_a_form_of_another_kind_or_plan_is_told_with_where_it_belongs(heading: str, code: str, belongs_to: str) -> None:
    site = book("alameda_alliance", "cencal")
    record = with_lists(COMPLETE, coverage=site.coverage(of_form(heading), None))
    checked = site.checked(record, today=TODAY)
    (notice,) = checked.notices
    assert notice.code == f"misdirected.{code}"
    assert notice.severity is NoticeSeverity.ASK
    assert (notice.belongs_to or "").startswith(belongs_to)
    assert notice.rule
    assert notice.source
    assert checked.status is Status.NEEDS_REVIEW
    assert site.checked(checked, today=TODAY) == checked, "told once"
    assert default_book().checked(record, today=TODAY).notices == [], "no site's plans, nobody's elsewhere"


def test_a_plan_that_takes_such_forms_itself_is_not_told_of_them() -> None:
    site = book("ccs")
    facts = of_form("Established CCS/GHPP Client Service Authorization Request")
    checked = site.checked(with_lists(COMPLETE, coverage=site.coverage(facts, None)), today=TODAY)
    assert (checked.coverage.plan, checked.notices) == ("ccs", [])
    own_pharmacy = PLANS["cencal"].model_copy(update={"accepts": frozenset({FormTopic.PHARMACY})})
    record = _of("cencal", "form_61_211")
    assert misdirected(record, (own_pharmacy,)) == ()
    assert [notice.code for notice in misdirected(record, (PLANS["cencal"],))] == ["misdirected.pharmacy_form"]


def test_the_form_of_one_plan_in_the_folder_of_another_is_asked_about() -> None:
    site = book("alameda_alliance", "cencal")
    record = with_lists(COMPLETE, coverage=site.coverage(ALAMEDA, "cencal"))
    (notice,) = site.checked(record, today=TODAY).notices
    assert (notice.code, notice.belongs_to) == ("misdirected.other_folder", "Alameda Alliance for Health")
    own = with_lists(COMPLETE, coverage=site.coverage(ALAMEDA, "alameda_alliance"))
    assert site.checked(own, today=TODAY).notices == []


def test_a_member_whom_the_roster_has_with_another_plan_is_asked_about() -> None:
    site = book("cencal")
    record = with_lists(COMPLETE, coverage=Coverage(plan="sfhp", told_by="roster", by_roster=["plan"]))
    checked = site.checked(record, today=TODAY)
    assert [(one.code, one.belongs_to) for one in checked.notices] == [("misdirected.members_plan", "San Francisco Health Plan")]
    assert checked.coverage.plan == "sfhp"
    assert not [gap for gap in checked.gaps if str(gap.rule).startswith("sfhp")], "its policy is not the site's"
    own = with_lists(COMPLETE, coverage=Coverage(plan="cencal", told_by="roster", by_roster=["plan"]))
    assert site.checked(own, today=TODAY).notices == []


def test_a_notice_that_no_longer_holds_is_gone_and_what_was_settled_stays_so() -> None:
    site = book("alameda_alliance")
    record = _of("alameda_alliance", "form_61_211")
    told = site.checked(record, today=TODAY)
    settled = with_lists(told, notices=[told.notices[0].model_copy(update={"settled_by": "dana"})])
    again = site.checked(settled, today=TODAY)
    assert [notice.settled_by for notice in again.notices] == ["dana"]
    assert site.checked(with_part(again, "coverage", form=None), today=TODAY).notices == []


def test_a_document_without_a_request_is_of_no_plan() -> None:
    empty = with_lists(COMPLETE, status=Status.NO_REQUEST)
    assert book("cencal").checked(empty, today=TODAY).coverage == Coverage()


# -- names as they are read
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ALAMEDA ALLIANCE FOR HEALTH", {"alameda"}),
        ("Alarneda Alliance for Health - Prior Authorization", {"alameda"}),
        ("California Health and Wellness", {"chw"}),
        ("CALIFORNIA HEALTH & WELLNESS", {"chw"}),
        ("Central California Alliance for Health", set()),
        ("Sunrise Health Network", set()),
        ("Health Net", {"health_net"}),
        ("Health Net Federal Wellness", {"health_net"}),
        ("Alliance for Health Alameda County", set()),
        ("", set()),
    ],
)
def test_a_name_is_known_though_a_letter_was_misread_and_no_other_is_taken_for_it(line: str, found: set[str]) -> None:
    names = [
        Name("alameda", "Alameda Alliance for Health"),
        Name("chw", "California Health & Wellness"),
        Name("health_net", "Health Net"),
    ]
    assert named_in([line], names) == found


def test_a_name_within_a_longer_one_is_not_meant() -> None:
    names = [Name("short", "Blue Cross"), Name("long", "Anthem Blue Cross")]
    assert named_in(["Anthem Blue Cross of California"], names) == {"long"}
    assert named_in(["Anthem Blue Cross", "Blue Cross"], names) == {"long", "short"}


@pytest.mark.parametrize("line", ["Fax: (831) 430-5850", "FAX 831.430.5850", "1-831-430-5850", "+1 831 430 5850", "8314305850"])
def test_a_number_is_read_as_it_may_be_printed(line: str) -> None:
    assert numbers_in([line]) == {"+18314305850"}


def test_digits_of_something_else_are_no_number() -> None:
    assert numbers_in(["Case 831430585012", "03/14/2026", "91234567A"]) == frozenset()
