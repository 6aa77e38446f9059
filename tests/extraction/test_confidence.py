"""Evidence becomes a probability: what must raise it, what must lower it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.confidence import group_of, judge, judged_with, probability
from extraction.evidence import changes_in_context, with_context
from intake.evaluation.compare import GROUPS
from models.evidence import Evidence, Origin, SecondLook
from models.geometry import Box
from models.page import Method, Page
from models.reading import AmendmentReading, FieldReading, FieldValue
from tests.extraction import typed_pages as typed

READ = Evidence(weakest=0.96, mean=0.97, words=1, letters=10, place=0.95, direction="right", label=0.95, page_mean=0.98, peers=0.97)
TYPED = replace(READ, exact=True, weakest=1.0, mean=1.0, page_mean=1.0, peers=1.0)
PATHS = ("member.last_name", "member.member_id", "requesting_provider.npi", "requesting_provider.phone", "services.0.from_date")
SERVICE_PARTS = ("code", "modifiers", "units", "description", "from_date", "to_date")


def a_reading(path: str, value: FieldValue, text: str, box: Box | None = None, evidence: Evidence = READ) -> FieldReading:
    return FieldReading(path, text, value, 0.0, 1, box or Box(0.5, 0.5, 0.6, 0.51), Method.OCR, evidence=evidence)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "worse",
    [
        replace(READ, weakest=0.6, mean=0.8),
        replace(READ, place=0.4),
        replace(READ, fit=0.5),
        replace(READ, rival=0.95),
        replace(READ, weakest=0.5, mean=0.5, page_mean=0.8, page_doubtful=0.3, peers=0.7),
    ],
    ids=("letters", "place", "shape", "rival", "page"),
)
def test_weaker_evidence_is_less_sure(path: str, worse: Evidence) -> None:
    assert probability(path, worse) < probability(path, READ)


@pytest.mark.parametrize("path", PATHS)
def test_a_second_look_that_agrees_is_surer_than_one_that_differs(path: str) -> None:
    agreed = replace(READ, second=SecondLook.AGREED, again=0.97)
    assert probability(path, agreed) > probability(path, replace(agreed, second=SecondLook.DIFFERED))


@pytest.mark.parametrize("path", PATHS)
def test_a_text_layer_is_surer_than_an_engine_and_one_that_was_repaired_is_not(path: str) -> None:
    assert probability(path, TYPED) > probability(path, READ)
    assert probability(path, replace(TYPED, repaired=True)) < probability(path, TYPED)


def test_a_date_out_of_order_and_a_code_beside_another_description_are_less_sure() -> None:
    assert probability("services.0.to_date", replace(TYPED, plausible=False)) < probability("services.0.to_date", TYPED)
    like, unlike = replace(TYPED, described=0.95), replace(TYPED, described=0.1)
    assert probability("diagnoses.0.code", unlike) < probability("diagnoses.0.code", like)


def test_a_value_beside_a_struck_one_is_a_guess_whatever_else_speaks_for_it() -> None:
    assert probability("member.member_id", replace(TYPED, struck=True)) <= 0.5 < probability("member.member_id", TYPED)


def test_an_organization_that_answers_place_of_service_is_no_guess_but_a_borrowed_number_is() -> None:
    borrowed = replace(TYPED, target=0.5)
    assert probability("servicing_provider.facility", borrowed) > 0.9
    assert probability("servicing_provider.tin", borrowed) <= 0.5


def test_a_blank_field_is_surer_where_no_word_stands_in_its_place() -> None:
    blank = Evidence(Origin.ABSENT, exact=True, labelled=True, siblings=0.8)
    filled = replace(blank, words=3, ink=0.05, leftover=2, strays=2, unfilled=2)
    assert probability("member.phone", filled) < probability("member.phone", blank)


def test_every_scored_path_belongs_to_a_kind_of_field() -> None:
    paths = [f"{group}.{name}" for group, names in GROUPS.items() for name in names]
    paths += [f"services.1.{name}" for name in SERVICE_PARTS] + ["diagnoses.0.code", "diagnoses.0.description"]
    paths += ["diagnoses", "services", "amendments", "amendments.2", "signature.present", "signature.signed_on"]
    assert all(group_of(path) for path in paths)
    assert group_of("diagnoses") == group_of("diagnoses.4.code") != group_of("services.4.code")


def test_a_blank_field_is_judged_by_its_own_habits_and_a_value_with_its_kind() -> None:
    blank, read = Evidence(Origin.ABSENT), Evidence()
    names = ("requesting_provider.contact", "requesting_provider.name")
    assert len({judged_with(path, read) for path in names}) == 1
    assert len({judged_with(path, blank) for path in names}) == 2
    assert judged_with("services.0.units", blank) == judged_with("services.7.units", blank)
    assert judged_with("diagnoses", blank) == "diagnoses"


PAGE = Page(
    1,
    1.294,
    typed.words_of(["Member ID: 91234567A     Phone: 831-555-0142", "", "", "Re: 91234567A", "Diagnosis: Low back pain"]),
    fax_header="03/04/2026 10:11 FROM 8315550142",
)


def test_what_else_on_the_page_says_the_same_supports_a_value() -> None:
    own = next(word for word in PAGE.words if word.text == "91234567A")
    alone = a_reading("member.sex", "F", "F")
    twice = a_reading("member.member_id", "91234567A", "91234567A", own.box)
    header = a_reading("requesting_provider.fax", "+18315550142", "831.555.0142")
    supported = {reading.path: reading.evidence.supported for reading in with_context((alone, twice, header), (PAGE,))}
    assert supported == {"member.sex": 0, "member.member_id": 1, "requesting_provider.fax": 2}


def test_a_field_of_the_request_that_says_the_same_supports_a_change() -> None:
    stated, elsewhere = Box(0.1, 0.8, 0.6, 0.82), Box(0.5, 0.3, 0.6, 0.31)
    change = AmendmentReading(
        "replace", "services.to_date", None, date(2026, 5, 1), None, "x", 0.0, 1, stated, Method.OCR, evidence=READ
    )
    same = a_reading("services.0.to_date", date(2026, 5, 1), "x", elsewhere)
    others = [
        a_reading("services.0.to_date", date(2026, 5, 1), "x", stated),
        a_reading("services.0.to_date", date(2026, 5, 2), "x", elsewhere),
        a_reading("services.0.from_date", date(2026, 5, 1), "x", elsewhere),
    ]
    assert changes_in_context((change,), (same,), (PAGE,))[0].evidence.supported == 1
    assert [changes_in_context((change,), (other,), (PAGE,))[0].evidence.supported for other in others] == [0, 0, 0]
    doubtful = replace(same, evidence=replace(READ, weakest=0.5))
    assert changes_in_context((change,), (doubtful,), (PAGE,))[0].evidence.peers == 0.5


def test_the_forms_own_description_is_held_against_the_code() -> None:
    near = (a_reading("diagnoses.0.code", "M54.50", "M54.50"), a_reading("diagnoses.0.description", "x", "Low back pain"))
    far = (near[0], a_reading("diagnoses.0.description", "x", "Type 2 diabetes mellitus"))
    scores = [with_context(readings, (PAGE,))[0].evidence.described or 0.0 for readings in (near, far)]
    assert scores[0] > 0.6
    assert scores[1] < 0.5
    assert with_context(near[:1], (PAGE,))[0].evidence.described is None


@pytest.mark.parametrize(
    ("path", "day", "plausible"),
    [
        ("member.date_of_birth", date(2026, 5, 1), False),
        ("member.date_of_birth", date(1954, 5, 1), True),
        ("services.0.to_date", date(2026, 2, 1), False),
        ("services.0.to_date", date(2026, 5, 1), True),
        ("services.0.to_date", date(2062, 5, 1), False),
        ("services.1.from_date", date(2026, 9, 3), True),
        ("services.1.from_date", date(2025, 3, 9), False),
    ],
)
def test_dates_are_held_against_each_other(path: str, day: date, plausible: bool) -> None:
    others = (
        a_reading("request.requested_on", date(2026, 3, 1), "03/01/2026"),
        a_reading("services.0.from_date", date(2026, 3, 9), "03/09/2026"),
    )
    *_, judged = with_context((*others, a_reading(path, day, "x")), (PAGE,))
    assert judged.evidence.plausible is plausible


def test_a_page_that_was_hardly_read_makes_all_of_it_doubtful() -> None:
    poor = replace(PAGE, words=typed.words_of(["Member ID: 91234567A", "lIl .. rn vv", "x1 O0 5S"], confidence=0.55))
    [sure], [unsure] = (judge((a_reading("member.member_id", "91234567A", "91234567A"),), (page,)) for page in (PAGE, poor))
    assert unsure.confidence < sure.confidence


def test_a_service_that_lasts_longer_than_a_year_has_a_misread_date() -> None:
    begun = a_reading("services.0.from_date", date(2025, 9, 15), "9/15/2025")
    ends = [a_reading("services.0.to_date", day, "x") for day in (date(2026, 9, 1), date(2026, 11, 13))]
    judged = [with_context((begun, end), (PAGE,)) for end in ends]
    assert [[each.evidence.plausible for each in pair] for pair in judged] == [[True, True], [False, False]]
