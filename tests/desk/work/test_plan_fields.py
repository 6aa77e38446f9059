"""What a plan asks for beyond the usual fields: shown where it is asked for, keyed, and settled with the rule beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models.circumstances import Coverage
from models.record import ReferralRecord, Setting
from models.store.desk_edits import Done, Edit
from models.store.desk_tables import EditAction
from review.work.apply import Rules, drafted
from review.work.fields import field_at, sections
from review.work.questions import questions
from tests.validation.requests import COMPLETE, with_lists, with_part
from tests.validation.test_plans import book
from validation.check import CALIFORNIA

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
