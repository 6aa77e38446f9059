"""Sentences as offices fax them, with abbreviations and without care; what is quoted, told or only possible is no change."""

from __future__ import annotations

from datetime import date

import pytest

from extraction.prose import read_changes
from extraction.prose.changes import changes_in
from extraction.prose.language import read_sentences
from extraction.prose.resolve import DOUBTFUL, Change, typed
from tests.extraction import typed_pages

Expected = tuple[str, str, object, object]
CODE, DX, MODIFIERS, UNITS = "services.code", "diagnoses.code", "services.modifiers", "services.units"
START, END, NAME, NPI = "services.from_date", "services.to_date", "servicing_provider.name", "servicing_provider.npi"
WRITTEN_ON = date(2026, 3, 2)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def swap(field: str, old: object, new: object) -> Expected:
    return "replace", field, old, new


def changes(text: str, written_on: date | None = WRITTEN_ON) -> tuple[Change, ...]:
    return changes_in(read_sentences(text, written_on))


def read(text: str) -> list[Expected]:
    return [(c.action, c.field, typed(c.field, c.old), typed(c.field, c.new)) for c in changes(text)]


STATED = [
    ("wrong CPT, s/b 73721 not 73221", [swap(CODE, "73221", "73721")]),
    ("Wrong code sent - s/b 29881, not 29880.", [swap(CODE, "29880", "29881")]),
    ("DOS s/b 3/19/2026", [swap(START, None, day(3, 19))]),
    ("change rendering to Dr Lee NPI 1234567893", [swap(NAME, None, "Lee"), swap(NPI, None, "1234567893")]),
    ("Ext. auth to 5/15/26 please.", [swap(END, None, day(5, 15))]),
    ("The units on this auth s/b 12 rather than 6.", [swap(UNITS, 6, 12)]),
    ("Units requested s/b 24, not 12", [swap(UNITS, 12, 24)]),
    ("Dx s/b M17.12 (left knee), we sent M17.11.", [swap(DX, "M17.11", "M17.12")]),
    ("ICD-10 s/b G56.02 not G56.01", [swap(DX, "G56.01", "G56.02")]),
    ("Dr. wants 72148 w/o contrast changed to 72158 w/ & w/o contrast.", [swap(CODE, "72148", "72158")]),
    ("Patient was approved for 64483 but needs 62323 instead.", [swap(CODE, "64483", "62323")]),
    ("Auth was issued with CPT 43235. We need it to be CPT 43239.", [swap(CODE, "43235", "43239")]),
    ("CPT: 93306 (NOT 93307)", [swap(CODE, "93307", "93306")]),
    ("Correct CPT = 77067. Incorrect CPT = 77066.", [swap(CODE, "77066", "77067")]),
    ("Additional code requested: 20550", [("add", CODE, None, "20550")]),
    ("Add'l CPT needed: 97116.", [("add", CODE, None, "97116")]),
    ("97014 should come off this authorization.", [("remove", CODE, "97014", None)]),
    ("We are no longer requesting 95886.", [("remove", CODE, "95886", None)]),
    ("We were given 6 visits and need 12.", [swap(UNITS, 6, 12)]),
    ("Approved for 8 units; requesting 16 units.", [swap(UNITS, 8, 16)]),
    ("Only 4 visits were approved but 10 visits are needed.", [swap(UNITS, 4, 10)]),
    ("Requesting +6 visits", [("add", UNITS, None, 6)]),
    ("12 visits have been used; we ask for 12 more.", [("add", UNITS, None, 12)]),
    ("Additional units requested: 20", [("add", UNITS, None, 20)]),
    ("Mod 50 s/b RT.", [swap(MODIFIERS, ("50",), ("RT",))]),
    ("Please change modifier to RT; LT was sent in error.", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("Laterality was wrong: should be left (LT), not right (RT).", [swap(MODIFIERS, ("RT",), ("LT",))]),
    ("27447-LT s/b 27447-RT", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("Modifier KX missing on 97110, please add.", [("add", MODIFIERS, None, ("KX",))]),
    ("Change NU to RR on E0601.", [swap(MODIFIERS, ("NU",), ("RR",))]),
    ("E0260 s/b RR (rental), not NU.", [swap(MODIFIERS, ("NU",), ("RR",))]),
    ("Please also list I50.9 as a diagnosis.", [("add", DX, None, "I50.9")]),
    ("Please extend DOS from 3/31/2026 to 5/31/2026.", [swap(END, day(3, 31), day(5, 31))]),
    ("Expiration 2/28/2026 >> 5/28/2026", [swap(END, day(2, 28), day(5, 28))]),
    ("Auth dates s/b 4/1/26 - 6/30/26", [swap(START, None, day(4, 1)), swap(END, None, day(6, 30))]),
    ("Admit date changed from 5/4/26 to 5/11/26.", [swap(START, day(5, 4), day(5, 11))]),
    ("New DOS: 4/9/26. Old DOS: 4/2/26.", [swap(START, day(4, 2), day(4, 9))]),
    ("Backdate start to 2/1/2026 please.", [swap(START, None, day(2, 1))]),
    ("Please extend through March 31.", [swap(END, None, day(3, 31))]),
    ("auth thru 5/31 please", [swap(END, None, day(5, 31))]),
    ("Please change the dates to 4/1 - 6/30/26.", [swap(START, None, day(4, 1)), swap(END, None, day(6, 30))]),
    ("Please extend the authorization from 3/15 to 6/15/2026.", [swap(END, day(3, 15), day(6, 15))]),
    ("Extend for another 90 days from 3/31/2026.", [swap(END, day(3, 31), day(6, 29))]),
    ("Auth expires 4/1/2026; please extend it 6 weeks.", [swap(END, day(4, 1), day(5, 13))]),
    ("Dr. Alan Cho will be doing the surgery in place of Dr. Priya Nair.", [swap(NAME, "Priya Nair", "Alan Cho")]),
    (
        "Servicing provider s/b Lakeside Radiology, NPI 1467560003.",
        [swap(NAME, None, "Lakeside Radiology"), swap(NPI, None, "1467560003")],
    ),
    ("Rendering NPI s/b 1922083419 not 1922083418.", [swap(NPI, "1922083418", "1922083419")]),
    ("Pls fix: CPT 97110 -> 97112, units 6 -> 8", [swap(CODE, "97110", "97112"), swap(UNITS, 6, 8)]),
    (
        "Changes: add 97112; remove 97124; visits 8 to 12.",
        [("add", CODE, None, "97112"), ("remove", CODE, "97124", None), swap(UNITS, 8, 12)],
    ),
    ("Kindly revise auth: CPT 62322 s/b 62323.", [swap(CODE, "62322", "62323")]),
    ("Please process as 99204, not 99203.", [swap(CODE, "99203", "99204")]),
    ("Replace E1390 w/ E1392 pls", [swap(CODE, "E1390", "E1392")]),
    ("Surgeon will not be doing 29826; please delete from auth.", [("remove", CODE, "29826", None)]),
    ("The number of visits s/b 10 (not 1).", [swap(UNITS, 1, 10)]),
    ("Side is wrong: LT s/b RT.", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("Add dx I10 and E78.5 pls.", [("add", DX, None, "I10"), ("add", DX, None, "E78.5")]),
    ("Auth valid dates s/b 3/1/2026 thru 5/31/2026.", [swap(START, None, day(3, 1)), swap(END, None, day(5, 31))]),
    ("Requesting ext of auth thru 8/15/26.", [swap(END, None, day(8, 15))]),
    ("Please extend expiration date to 7/1.", [swap(END, None, day(7, 1))]),
    ("Please extend the authorization 30 days past 4/30/2026.", [swap(END, day(4, 30), day(5, 30))]),
    ("Auth is set to expire on 3/15/2026, kindly renew thru 6/15/2026.", [swap(END, day(3, 15), day(6, 15))]),
    ("Please continue services until June 30th.", [swap(END, None, day(6, 30))]),
    ("Procedure was r/s from March 17, 2026 to April 11, 2026, pls update auth.", [swap(START, day(3, 17), day(4, 11))]),
    (
        "Units for 43235 should read 10, not 8. The rendering provider should be Jean-Luc Eberhardt instead of Tamarack Supply.",
        [swap(UNITS, 8, 10), swap(NAME, "Tamarack Supply", "Jean-Luc Eberhardt")],
    ),
]
NOTHING = [
    "On 1/12/2026 we asked that 97110 be added, and it was approved.",
    'Your letter states "please change CPT 97110 to 97112", which we never requested.',
    'Per your denial, "code 97110 should be 97112" - we disagree.',
    "Treatment was continued until 2/28/2026.",
    "Pt was extended through 2/15/2026 under the prior auth.",
    "In January the plan added 97140 at our request.",
    "If she does not improve, we will ask for 8 more visits.",
    'You wrote: "Change the end date to 5/1/2026." This is incorrect.',
    "Should visits run out, we would ask for 6 more visits.",
    "Auth thru 3/31/2026.",
    "They added 97140 last spring.",
    "Strength 4/5, pain from 8/10 to 3/10.",
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_a_change_is_read_however_it_is_written(text: str, expected: list[Expected]) -> None:
    assert sorted(read(text), key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_quoted_told_or_only_possible_is_no_change(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Please extend from 12/15 to 1/15/2027.", date(2026, 12, 15), date(2027, 1, 15)),
        ("Please extend the authorization from 3/15 to 6/15.", day(3, 15), day(6, 15)),
        ("Please extend through December 31.", None, day(12, 31)),
    ],
)
def test_a_day_without_a_year_takes_that_of_its_range_or_else_of_the_letter(text: str, old: date | None, new: date) -> None:
    assert read(text) == [swap(END, old, new)]


def test_a_year_that_nothing_tells_is_not_guessed_and_that_of_the_letter_is_no_certainty() -> None:
    text = "Please extend through March 31."
    assert changes(text, None) == ()
    assert [each.new.fit < 0.7 for each in changes(text) if each.new] == [True]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Please extend it for another 90 days from 3/31/2026.", day(3, 31), day(6, 29)),
        ("The authorization expires on 1/31/2026. Please extend for one month.", day(1, 31), day(2, 28)),
        ("Please extend therapy for 6 weeks starting 4/1/2026.", None, day(5, 13)),
        ("Requesting a 30-day extension from 4/30/2026.", day(4, 30), day(5, 30)),
    ],
)
def test_a_length_of_time_is_counted_from_a_stated_start_and_stays_doubtful(text: str, old: date | None, new: date) -> None:
    assert read(text) == [swap(END, old, new)]
    assert [each.evidence for each in changes(text)] == [DOUBTFUL]


@pytest.mark.parametrize(
    "text", ["Please extend for 3 months.", "Please extend PT 2x/week for 6 weeks.", "Please extend care effective 4/1/2026."]
)
def test_a_length_of_time_without_a_start_gives_no_date(text: str) -> None:
    assert read(text) == []


def test_a_comment_that_moves_a_service_to_another_provider_needs_no_number() -> None:
    comment = "Rendering provider s/b Seacliff Imaging, not Stonebridge Home Health."
    found = read_changes(typed_pages.words_of([comment]), 1, WRITTEN_ON)
    assert [(c.field, c.old, c.new) for c in found] == [(NAME, "Stonebridge Home Health", "Seacliff Imaging")]
