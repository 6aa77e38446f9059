"""What a plan asks for beyond the usual fields: shown where it is asked for, keyed, and settled with the rule beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.circumstances import Coverage, LineOfBusiness
from models.record import ReferralRecord, Setting
from models.store.desk_edits import Done, Edit
from models.store.desk_tables import EditAction
from review.work.apply import Rules, drafted
from review.work.fields import field_at, sections
from review.work.questions import questions
from tests.validation.requests import COMPLETE, with_lists, with_part
from tests.validation.test_plans import book
from validation.check import CALIFORNIA
from validation.policy_book import default_book

RULES = Rules(book("alameda_alliance", "sfhp"), date(2026, 3, 10), CALIFORNIA)
SFHP = with_lists(COMPLETE, coverage=Coverage(plan="sfhp", told_by="inbox"))


def shown(record: ReferralRecord) -> set[str]:
    return {field.path for section in sections(record) for field in section.fields}


def with_edits(record: ReferralRecord, *edits: tuple[str, str]) -> ReferralRecord:
    at = datetime(2026, 3, 10, 18, tzinfo=UTC)
    done = [
        Done(n, Edit(f"k{n}", EditAction.SET, record.revision, path, value), "dana", at) for n, (path, value) in enumerate(edits)
    ]
    return drafted(record, done, RULES).record


def test_a_field_that_only_some_plans_ask_for_is_shown_where_it_is_asked_for() -> None:
    asked = RULES.checked(SFHP)
    assert {"request.place_of_service", "request.clinical_notes"} <= shown(asked)
    assert not {"request.place_of_service", "request.clinical_notes", "request.setting"} & shown(RULES.checked(COMPLETE))
    assert "request.setting" in shown(with_part(COMPLETE, "request", setting=Setting.INPATIENT)), "and where the form gave it"


def test_the_question_says_which_rule_asks_and_where_it_stands() -> None:
    asked = {one.path: one for one in questions(RULES.checked(SFHP))}
    notes = asked["request.clinical_notes"]
    assert (notes.rule, notes.source) == ("sfhp.C15", "https://sfhp.org/providers/authorizations/pre-authorizations")


def test_what_is_keyed_closes_the_gap_of_the_plan() -> None:
    done = with_edits(RULES.checked(SFHP), ("request.place_of_service", "22"), ("request.clinical_notes", "attached"))
    assert (done.request.place_of_service, done.request.clinical_notes) == ("22", "attached")
    assert not {"sfhp.C15"} & {gap.rule for gap in done.gaps}


def test_what_is_no_place_of_service_is_refused() -> None:
    kept = with_edits(RULES.checked(SFHP), ("request.place_of_service", "97"))
    assert kept.request.place_of_service is None
    assert field_at("request.place_of_service") is not None


def test_a_misdirected_request_is_asked_about_with_its_rule() -> None:
    record = RULES.checked(with_lists(COMPLETE, coverage=Coverage(form="form_61_211")))
    (asked,) = [one for one in questions(record) if one.path == "notices.misdirected.pharmacy_form"]
    assert asked.rule == "misdirected.medi_cal_rx"


# -- a plan, or a line of business, that was told wrongly
def test_plan_and_line_are_asked_with_the_plans_of_the_site() -> None:
    fields = {field.path: field for section in sections(COMPLETE, RULES.plans) for field in section.fields}
    assert fields["coverage.plan"].choices == ("alameda_alliance", "sfhp")
    assert "medi_cal" in fields["coverage.line_of_business"].choices
    assert "coverage.plan" not in shown(COMPLETE), "a site that names no plans is asked for none"
    assert "coverage.line_of_business" in shown(COMPLETE)


def test_another_plan_brings_its_own_rules_and_nothing_takes_it_back() -> None:
    wrong = RULES.checked(SFHP)
    assert "sfhp.C15" in {gap.rule for gap in wrong.gaps}
    right = with_edits(wrong, ("coverage.plan", "alameda"))
    assert (right.coverage.plan, right.coverage.told_by) == ("alameda_alliance", "coordinator")
    assert "sfhp.C15" not in {gap.rule for gap in right.gaps}
    assert right.readings["coverage.plan"].method == "coordinator"
    assert RULES.checked(right) == right


def test_clocks_follow_the_line_of_business() -> None:
    rules = Rules(default_book(), date(2026, 3, 10), CALIFORNIA)
    told = rules.checked(with_lists(COMPLETE, coverage=Coverage(line_of_business=LineOfBusiness.MEDI_CAL, told_by="roster")))
    assert told.deadline is not None
    # Tuesday 10 March 2026: seven days end on Tuesday 17, and so do five business days; a commercial member has the five alone.
    assert told.deadline.rule == "hsc_1367_01.routine.5_business_days"
    assert "cms_0057_f.routine.7_calendar_days" in {clock.rule for clock in told.clocks}
    done = Done(
        1, Edit("k", EditAction.SET, told.revision, "coverage.line_of_business", "commercial"), "dana", told.source.received_at
    )
    corrected = drafted(told, [done], rules).record
    assert (corrected.coverage.line_of_business, corrected.coverage.told_by) == (LineOfBusiness.COMMERCIAL, "coordinator")
    assert [clock.rule for clock in corrected.clocks] == ["hsc_1367_01.routine.5_business_days"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [("Medi-Cal", "medi_cal"), ("medicare", "medicare"), ("c", "commercial"), ("medi", None), ("HMO", None)],
)
def test_a_line_of_business_is_typed_as_people_write_it(typed: str, line: str | None) -> None:
    assert with_edits(RULES.checked(COMPLETE), ("coverage.line_of_business", typed)).coverage.line_of_business == line


def test_the_line_follows_a_plan_that_offers_one_alone_unless_the_form_states_it() -> None:
    rules = Rules(book("alameda_alliance", "cencal"), date(2026, 3, 10), CALIFORNIA)
    at = datetime(2026, 3, 10, 18, tzinfo=UTC)
    done = Done(1, Edit("k", EditAction.SET, 1, "coverage.plan", "cencal"), "dana", at)
    told = {}
    for stated in (None, LineOfBusiness.COMMERCIAL):
        line = LineOfBusiness.COMMERCIAL
        coverage = Coverage(plan="alameda_alliance", line_of_business=line, form_line_of_business=stated, told_by="form")
        told[stated] = drafted(with_lists(COMPLETE, coverage=coverage), [done], rules).record.coverage.line_of_business
    assert told == {None: LineOfBusiness.MEDI_CAL, LineOfBusiness.COMMERCIAL: LineOfBusiness.COMMERCIAL}


def test_a_plan_that_a_person_tells_is_not_asked_about_again() -> None:
    misdirected = with_lists(COMPLETE, coverage=Coverage(form_plan="cencal"))
    asked = RULES.checked(misdirected)
    assert [one.code for one in asked.notices] == ["misdirected.other_plan"]
    assert with_edits(asked, ("coverage.plan", "sfhp")).notices == []


def test_that_nobody_knows_the_plan_stands_at_a_site_with_one_alone() -> None:
    rules = Rules(book("sfhp"), date(2026, 3, 10), CALIFORNIA)
    done = Done(1, Edit("k", EditAction.SET, 1, "coverage.plan", ""), "dana", datetime(2026, 3, 10, 18, tzinfo=UTC))
    assert rules.checked(COMPLETE).coverage.plan == "sfhp"
    assert drafted(rules.checked(COMPLETE), [done], rules).record.coverage.plan is None
