"""What the member roster says of a request: who it is, how sure each reading is then, and what has to be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from models.circumstances import Coverage, LineOfBusiness, NoticeSeverity
from models.record import Member, Reading, ReferralRecord
from models.store import roster_load  # noqa: F401 - the tables belong to the store
from tests.roster.made import ANA, MEMBER, a_record, codes, confirm, keep

WHO = ("member_id", "last_name", "first_name", "date_of_birth")


def _like(**changes: object) -> Member:
    return MEMBER.model_copy(update=changes)


def test_nothing_changes_where_no_list_was_imported(store: Engine) -> None:
    record = a_record()
    checked = confirm(store, record)
    assert checked.readings.keys() == record.readings.keys()
    assert all(one.confidence == 0.9 and one.read_confidence is None for one in checked.readings.values())
    assert (checked.notices, checked.coverage) == ([], Coverage())


def test_agreement_in_all_raises_each_reading_until_nobody_is_asked(each_store: Engine) -> None:
    keep(each_store, ANA)
    found = confirm(each_store, a_record(confidence=0.9))
    for name in WHO:
        reading = found.readings[f"member.{name}"]
        assert reading.confidence > 0.99
        assert reading.read_confidence == 0.9
        assert not reading.needs_review
        assert reading.list_value is None
    assert codes(found) == []


def test_an_id_that_is_off_by_a_digit_is_asked_about_and_the_rosters_is_proposed_first(store: Engine) -> None:
    keep(store, ANA)
    record = a_record(_like(member_id="H331812257"), confidence=0.99)
    found = confirm(store, record)
    reading = found.readings["member.member_id"]
    assert found.member.member_id == "H331812257", "what the form says is never replaced"
    assert reading.candidates == ["H331812251"]
    assert (reading.confidence < 0.9, reading.needs_review, reading.read_confidence) == (True, True, 0.99)
    assert found.readings["member.last_name"].confidence > 0.99, "the others are confirmed all the same"
    assert codes(found) == [], "the flag asks; no notice does it once more"


def test_a_day_of_birth_with_month_and_day_swapped_is_asked_about(store: Engine) -> None:
    keep(store, replace(ANA, date_of_birth=date(1980, 2, 7)))
    found = confirm(store, a_record(_like(date_of_birth=date(1980, 7, 2)), confidence=0.999))
    reading = found.readings["member.date_of_birth"]
    assert (reading.needs_review, reading.candidates) == (True, ["1980-02-07"])


def test_the_candidates_of_the_reader_stay_behind_that_of_the_roster(store: Engine) -> None:
    keep(store, ANA)
    record = a_record(_like(member_id="H331812257"))
    path = "member.member_id"
    read = record.readings[path].model_copy(update={"candidates": ["H331812258"]})
    found = confirm(store, record.model_copy(update={"readings": {**record.readings, path: read}}))
    assert found.readings[path].candidates == ["H331812251", "H331812258"]


def test_a_member_is_found_by_cin_bic_and_medical_record_too(store: Engine) -> None:
    keep(store, replace(ANA, medical_record="MR0012345"))
    for given in ("91234567A", "91234567A29180", "MR-0012345"):
        found = confirm(store, a_record(_like(member_id=given), confidence=0.9))
        assert found.readings["member.member_id"].confidence > 0.99
        assert codes(found) == []


def test_a_member_without_an_id_on_the_form_is_found_by_name_and_birth(store: Engine) -> None:
    keep(store, ANA)
    found = confirm(store, a_record(_like(member_id=None, last_name="Ruiz 0rtega")))
    assert found.coverage.plan == "alder_health"
    assert found.readings["member.last_name"].candidates == ["Ruiz-Ortega"]


def test_nobody_of_the_roster_is_a_question(store: Engine) -> None:
    keep(store, ANA)
    found = confirm(
        store, a_record(_like(member_id="K99887766", last_name="Quill", first_name="Bo", date_of_birth=date(1955, 5, 5)))
    )
    assert codes(found) == ["member.not_found"]
    assert found.notices[0].severity is NoticeSeverity.ASK
    assert found.readings["member.member_id"].confidence == 0.9


def test_a_form_that_says_too_little_is_not_asked_about_once_more(store: Engine) -> None:
    keep(store, ANA)
    assert codes(confirm(store, a_record(Member(last_name="Ruiz")))) == []


TWIN = replace(ANA, member_id="H331812252", cin="91234568C", first_name="Bella", middle_name=None)


def test_a_twin_is_told_apart_where_id_and_first_name_say_the_same(store: Engine) -> None:
    keep(store, ANA, TWIN)
    found = confirm(store, a_record())
    assert found.readings["member.member_id"].confidence > 0.99
    assert codes(found) == []


def test_the_id_of_one_twin_with_the_name_of_the_other_is_a_question_about_both(store: Engine) -> None:
    keep(store, ANA, TWIN)
    found = confirm(store, a_record(_like(member_id="H331812252"), confidence=0.99))
    assert codes(found) == ["member.ambiguous"]
    assert found.readings["member.member_id"].needs_review
    assert found.readings["member.member_id"].candidates == ["H331812251"]
    assert not found.coverage.by_roster, "whose coverage it is, is not known"


def test_another_date_of_birth_under_the_same_id_and_name_is_a_question(store: Engine) -> None:
    keep(store, ANA)
    found = confirm(store, a_record(_like(date_of_birth=date(1991, 12, 30)), confidence=0.999))
    assert codes(found) == ["member.differs"]
    assert "date of birth" in found.notices[0].message
    assert found.notices[0].field == "member.date_of_birth"
    assert found.readings["member.date_of_birth"].candidates == ["1980-02-17"]


def test_coverage_on_the_day_of_service_counts_and_not_today(store: Engine) -> None:
    keep(store, replace(ANA, eligible_to=date(2026, 3, 9)))
    assert codes(confirm(store, a_record(day=date(2026, 3, 9)))) == []
    assert codes(confirm(store, a_record(day=date(2026, 3, 10)))) == ["member.not_eligible"]


def test_one_of_several_spans_holds(store: Engine) -> None:
    before = replace(ANA, plan="birch_health", eligible_from=date(2024, 1, 1), eligible_to=date(2024, 12, 31))
    keep(store, before, ANA)
    assert confirm(store, a_record(day=date(2024, 6, 1))).coverage.plan == "birch_health"
    assert confirm(store, a_record(day=date(2026, 6, 1))).coverage.plan == "alder_health"


def test_the_sites_only_plan_gives_way_to_the_rosters(store: Engine) -> None:
    keep(store, ANA)
    by_site = a_record().model_copy(update={"coverage": Coverage(plan="birch_health", told_by="site")})
    told = confirm(store, by_site).coverage
    assert (told.plan, told.told_by) == ("alder_health", "roster")


def test_the_roster_tells_what_form_and_inbox_do_not(store: Engine) -> None:
    keep(store, replace(ANA, delegated_group="Cedar Medical Group"))
    told = confirm(store, a_record()).coverage
    assert (told.plan, told.line_of_business, told.told_by) == ("alder_health", LineOfBusiness.MEDI_CAL, "roster")
    by_inbox = a_record().model_copy(update={"coverage": Coverage(plan="birch_health", told_by="inbox")})
    told = confirm(store, by_inbox).coverage
    assert (told.plan, told.told_by) == ("birch_health", "inbox")
    assert (told.line_of_business, told.by_roster) == (LineOfBusiness.MEDI_CAL, ["line_of_business", "delegated_group"])


@pytest.mark.parametrize(
    ("stated", "expected"),
    [(LineOfBusiness.COMMERCIAL, ["member.line_of_business"]), (LineOfBusiness.MEDI_CAL, []), (None, [])],
)
def test_a_form_that_states_another_line_of_business_is_asked_about_with_both(
    store: Engine, stated: LineOfBusiness | None, expected: list[str]
) -> None:
    coverage = Coverage(line_of_business=stated, form_line_of_business=stated, told_by="form" if stated else None)
    record = a_record().model_copy(update={"coverage": coverage})
    assert codes(confirm(store, record)) == [], "nobody is asked where no roster was imported"
    keep(store, ANA)
    told = confirm(store, record)
    assert codes(told) == expected
    assert told.coverage.line_of_business == (stated or LineOfBusiness.MEDI_CAL), "what the form says is not replaced"
    for notice in told.notices:
        assert (notice.severity, notice.source) == (NoticeSeverity.ASK, "the site's own member roster, for the date of service")
        assert "Commercial" in notice.message
        assert "Medi-Cal" in notice.message


@pytest.mark.parametrize(
    ("entered", "expected"), [(LineOfBusiness.MEDI_CAL, []), (LineOfBusiness.COMMERCIAL, [NoticeSeverity.NOTE]), (None, [])]
)
def test_what_a_person_enters_stands_against_roster_and_form(
    store: Engine, entered: LineOfBusiness | None, expected: list[NoticeSeverity]
) -> None:
    keep(store, ANA)
    coverage = Coverage(line_of_business=entered, form_line_of_business=LineOfBusiness.COMMERCIAL, told_by="coordinator")
    by_person = Reading(text="", confidence=1.0, method="coordinator")
    readings = {"coverage.line_of_business": by_person, "coverage.plan": by_person}
    told = confirm(store, a_record().model_copy(update={"coverage": coverage, "readings": readings}))
    assert (told.coverage.line_of_business, told.coverage.plan) == (entered, None)
    assert [one.severity for one in told.notices] == expected


def test_what_one_member_told_goes_when_a_person_corrects_who_it_is(store: Engine) -> None:
    other = replace(
        ANA, member_id="J555666777", cin=None, last_name="Quill", first_name="Bo", line_of_business="commercial", plan=None
    )
    keep(store, ANA, other)
    before = confirm(store, a_record())
    corrected = before.model_copy(update={"member": _like(member_id="J555666777", last_name="Quill", first_name="Bo")})
    told = confirm(store, corrected).coverage
    assert (told.plan, told.line_of_business) == (None, LineOfBusiness.COMMERCIAL)


@pytest.mark.parametrize(
    ("group", "own", "belongs_to"),
    [
        ("Cedar Medical Group", (), "Cedar Medical Group"),
        ("Cedar Medical Group", ("cedar medical group",), None),
        ("Birch IPA", ("Cedar Medical Group",), "Birch IPA"),
        (None, ("Cedar Medical Group",), "alder_health"),
        (None, (), None),
    ],
)
def test_a_request_belongs_to_who_decides_for_the_member(
    store: Engine, group: str | None, own: tuple[str, ...], belongs_to: str | None
) -> None:
    keep(store, replace(ANA, delegated_group=group))
    found = confirm(store, a_record(), *own)
    assert [notice.belongs_to for notice in found.notices if notice.code == "member.delegated_group"] == (
        [] if belongs_to is None else [belongs_to]
    )


def test_another_payer_is_good_to_know_and_asks_nobody(store: Engine) -> None:
    keep(store, replace(ANA, other_coverage="Maple Insurance"))
    (notice,) = confirm(store, a_record()).notices
    assert (notice.code, notice.severity) == ("member.other_coverage", NoticeSeverity.NOTE)
    assert "Maple Insurance" in notice.message


def test_what_a_person_keyed_is_left_as_it_is(store: Engine) -> None:
    keep(store, ANA)
    record = a_record(_like(member_id="H331812257"))
    path = "member.member_id"
    keyed = record.readings[path].model_copy(update={"method": "coordinator", "confidence": 1.0})
    found = confirm(store, record.model_copy(update={"readings": {**record.readings, path: keyed}}))
    assert found.readings[path] == keyed


def test_an_agreement_that_is_gone_leaves_the_readers_own_confidence(store: Engine) -> None:
    keep(store, ANA)
    before = confirm(store, a_record(_like(member_id="H331812257")))
    assert before.readings["member.member_id"].list_value == "H331812251"
    keep(store, replace(ANA, member_id="Z000111222", cin=None, last_name="Quill", first_name="Bo", date_of_birth=date(1950, 1, 1)))
    after = confirm(store, before).readings["member.member_id"]
    assert (after.confidence, after.read_confidence, after.list_value, after.candidates) == (0.9, None, None, [])


def _child(code: str, born: date = date(2015, 6, 1), line: str | None = "medi_cal") -> tuple[ReferralRecord, Member]:
    del line
    member = _like(date_of_birth=born)
    return a_record(member, codes=(code,)), member


@pytest.mark.parametrize(
    ("code", "born", "line", "eligible"),
    [
        ("Q21.0", date(2015, 6, 1), "medi_cal", True),
        ("C91.00", date(2015, 6, 1), "medi_cal", True),
        ("D57.1", date(2015, 6, 1), "medi_cal", True),
        ("Q21.0", date(2015, 6, 1), "commercial", False),
        ("M54.50", date(2015, 6, 1), "medi_cal", False),
        ("Q21.0", date(2005, 3, 11), "medi_cal", True),
        ("Q21.0", date(2005, 3, 10), "medi_cal", False),
    ],
)
def test_under_21_with_medi_cal_and_such_a_diagnosis_belongs_to_ccs(
    store: Engine, code: str, born: date, line: str, *, eligible: bool
) -> None:
    keep(store, replace(ANA, date_of_birth=born, line_of_business=line))
    found = confirm(store, _child(code, born)[0])
    assert [(one.code, one.belongs_to, one.field) for one in found.notices] == (
        [("ccs.eligible_condition", "CCS", "diagnoses.0.code")] if eligible else []
    )


def test_medi_cal_by_the_form_alone_asks_nobody(store: Engine) -> None:
    told = Coverage(line_of_business=LineOfBusiness.MEDI_CAL, told_by="form")
    record = _child("Q21.0")[0].model_copy(update={"coverage": told})
    assert [one.severity for one in confirm(store, record).notices] == [NoticeSeverity.NOTE]
