"""Wordings of changes, each with what it asks for; and what looks like a change and is none."""

from __future__ import annotations

from datetime import date

import pytest

from extraction.prose.changes import changes_in
from extraction.prose.language import read_sentences
from extraction.prose.resolve import typed

Expected = tuple[str, str, object, object]
CODE, DX, MODIFIERS, UNITS = "services.code", "diagnoses.code", "services.modifiers", "services.units"
START, END, NAME, NPI = "services.from_date", "services.to_date", "servicing_provider.name", "servicing_provider.npi"


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def swap(field: str, old: object, new: object) -> Expected:
    return "replace", field, old, new


def read(text: str) -> list[Expected]:
    changes = changes_in(read_sentences(text))
    return [(c.action, c.field, typed(c.field, c.old), typed(c.field, c.new)) for c in changes]


CODES = [
    ("Please change CPT 97110 to CPT 97140.", [swap(CODE, "97110", "97140")]),
    ("We ask that code 97110 be changed to 97140.", [swap(CODE, "97110", "97140")]),
    ("Please replace 97110 with 97140.", [swap(CODE, "97110", "97140")]),
    ("Replace procedure 97110 by procedure 97140, please.", [swap(CODE, "97110", "97140")]),
    ("Kindly substitute 97140 for 97110.", [swap(CODE, "97110", "97140")]),
    ("Please swap 97110 for 97140.", [swap(CODE, "97110", "97140")]),
    ("Please switch from 97110 to 97140.", [swap(CODE, "97110", "97140")]),
    ("The code 97110 should have been 97140.", [swap(CODE, "97110", "97140")]),
    ("CPT 97110 was submitted in error; the correct code is 97140.", [swap(CODE, "97110", "97140")]),
    ("We entered 97110 in error. The correct code is 97140.", [swap(CODE, "97110", "97140")]),
    ("72148 was requested in error. It should be 72158.", [swap(CODE, "72148", "72158")]),
    ("Please authorize 97140 instead of 97110.", [swap(CODE, "97110", "97140")]),
    ("Instead of 97110, please authorize 97140.", [swap(CODE, "97110", "97140")]),
    ("Please use HCPCS E0601 in place of E0470.", [swap(CODE, "E0470", "E0601")]),
    ("Our office mistakenly requested 72148 rather than 72158.", [swap(CODE, "72148", "72158")]),
    ("The CPT code on the request should read 72158, not 72148.", [swap(CODE, "72148", "72158")]),
    ("Kindly revise the procedure code (from 72148) to 72158.", [swap(CODE, "72148", "72158")]),
    ("97110 -> 97140", [swap(CODE, "97110", "97140")]),
    ("Code correction: 97110=>97140", [swap(CODE, "97110", "97140")]),
    ("Please change 97110 and 97112 to 97140 and 97530.", [swap(CODE, "97110", "97140"), swap(CODE, "97112", "97530")]),
    ("Please note the correct CPT is 72158.", [swap(CODE, None, "72158")]),
    ("Please add CPT 97140 to the authorization.", [("add", CODE, None, "97140")]),
    ("Please add J1030 x 2 units and J7325.", [("add", CODE, None, "J1030"), ("add", CODE, None, "J7325")]),
    ("We also need procedure code 78452 added.", [("add", CODE, None, "78452")]),
    ("CPT 20611 was left off; please add it.", [("add", CODE, None, "20611")]),
    ("Please remove CPT 75574 from the authorization.", [("remove", CODE, "75574", None)]),
    ("Drop 97112 and 97530 from the request.", [("remove", CODE, "97112", None), ("remove", CODE, "97530", None)]),
    ("We no longer need 97112; please take it off the authorization.", [("remove", CODE, "97112", None)]),
    ("Kindly take 97112 off the approved services.", [("remove", CODE, "97112", None)]),
    ("CPT 97112 is no longer needed and should be removed.", [("remove", CODE, "97112", None)]),
    ("Please cancel CPT 97112 only; keep 97110.", [("remove", CODE, "97112", None)]),
    ("Please add 97140 and remove 97110.", [("add", CODE, None, "97140"), ("remove", CODE, "97110", None)]),
    ("Please change the previously approved code 97110 to 97140.", [swap(CODE, "97110", "97140")]),
]
MORE_CODES = [
    ("Please be advised that the CPT code has been changed from 29881 to 29880 per the surgeon.", [swap(CODE, "29881", "29880")]),
    ("Surgeon decided to do 29880 rather than 29881, please update auth.", [swap(CODE, "29881", "29880")]),
    ("PLEASE UPDATE CPT 29881 TO 29880. THANK YOU", [swap(CODE, "29881", "29880")]),
    ("Wrong CPT submitted: 29881. Correct CPT: 29880.", [swap(CODE, "29881", "29880")]),
    ("Please correct auth to reflect CPT 29880 (was 29881).", [swap(CODE, "29881", "29880")]),
    ("We need 29881 changed to 29880.", [swap(CODE, "29881", "29880")]),
    ("Could you please add 20610 to this authorization?", [("add", CODE, None, "20610")]),
    ("CPT code 20610 was inadvertently omitted from our request. Please add.", [("add", CODE, None, "20610")]),
    ("20610 will not be done. Please remove from the authorization.", [("remove", CODE, "20610", None)]),
]
DIAGNOSES = [
    ("Please link diagnosis M25.561 instead of M25.562.", [swap(DX, "M25.562", "M25.561")]),
    ("Please change diagnosis M1711 to M1712.", [swap(DX, "M17.11", "M17.12")]),
    ("Please update the diagnosis code from E11.621 to I69.354.", [swap(DX, "E11.621", "I69.354")]),
    ("Please correct the diagnosis to read M54.16 rather than M54.50.", [swap(DX, "M54.50", "M54.16")]),
    ("The diagnosis was listed as M17.11 but should be M17.12.", [swap(DX, "M17.11", "M17.12")]),
    ("Please remove M20.11 and use M20.12 instead.", [swap(DX, "M20.11", "M20.12")]),
    ("Remove M54.50, use M54.16.", [swap(DX, "M54.50", "M54.16")]),
    ("ICD-10 E11.9 should be E11.65", [swap(DX, "E11.9", "E11.65")]),
    ("Please add diagnosis M25.561 to the authorization.", [("add", DX, None, "M25.561")]),
    ("Secondary diagnosis M17.12 needs to be added.", [("add", DX, None, "M17.12")]),
    ("Dx E11.9 no longer applies; please remove it.", [("remove", DX, "E11.9", None)]),
    ("Please remove diagnosis code E11.9 and add E11.65.", [("remove", DX, "E11.9", None), ("add", DX, None, "E11.65")]),
]
MODIFIER_CHANGES = [
    ("Please update the modifier from LT to RT.", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("Modifier should be RT, not LT.", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("The RT modifier should be LT.", [swap(MODIFIERS, ("RT",), ("LT",))]),
    ("Change from 97110-LT to 97110-RT", [swap(MODIFIERS, ("LT",), ("RT",))]),
    ("Please add modifier 59 to 97110.", [("add", MODIFIERS, None, ("59",))]),
    ("Append modifier RT to CPT 73721.", [("add", MODIFIERS, None, ("RT",))]),
    ("Modifier 50 should be added to code 27447.", [("add", MODIFIERS, None, ("50",))]),
    ("Please delete modifier 59 from 97110.", [("remove", MODIFIERS, ("59",), None)]),
    ("Please remove the 59 modifier.", [("remove", MODIFIERS, ("59",), None)]),
    ("Kindly take modifier KX off 64615.", [("remove", MODIFIERS, ("KX",), None)]),
]
UNIT_CHANGES = [
    ("Please increase the units for 97110 from 4 to 8.", [swap(UNITS, 4, 8)]),
    ("Please change the number of visits from 6 to 12.", [swap(UNITS, 6, 12)]),
    ("Units should be 24 instead of 12.", [swap(UNITS, 12, 24)]),
    ("Units for 90791 should read 10, not 8.", [swap(UNITS, 8, 10)]),
    ("Update quantity to 30 units.", [swap(UNITS, None, 30)]),
    ("The units were entered as 1 and should be 10.", [swap(UNITS, 1, 10)]),
    ("Please increase from 6 visits to 12 visits.", [swap(UNITS, 6, 12)]),
    ("Increase visits by 6.", [("add", UNITS, None, 6)]),
    ("We request an additional 12 visits for 97110.", [("add", UNITS, None, 12)]),
    ("We are requesting 6 more physical therapy visits.", [("add", UNITS, None, 6)]),
    ("The patient needs eight (8) additional sessions.", [("add", UNITS, None, 8)]),
    ("An additional 10 visits are needed.", [("add", UNITS, None, 10)]),
]
DATES = [
    ("Please update the end date from 4/28/26 to 5/12/26.", [swap(END, day(4, 28), day(5, 12))]),
    ("Please extend the end date through 06/30/2026.", [swap(END, None, day(6, 30))]),
    ("Please extend the end date of 3/31/2026 to 6/30/2026.", [swap(END, day(3, 31), day(6, 30))]),
    ("We request an extension of the authorization until September 30, 2026.", [swap(END, None, day(9, 30))]),
    ("The authorization expires on 5/31/2026. Please extend it through 8/31/2026.", [swap(END, day(5, 31), day(8, 31))]),
    ("Please extend authorization A123456, which expires on 05/31/2026, to 08/31/2026.", [swap(END, day(5, 31), day(8, 31))]),
    ("Requesting that the expiration date be extended from 5/31/26 to 7/31/26.", [swap(END, day(5, 31), day(7, 31))]),
    ("The authorization should end on 12/17/26 rather than 10/28/26.", [swap(END, day(10, 28), day(12, 17))]),
    ("Current end date: 3/31/2026. New end date: 4/30/2026.", [swap(END, day(3, 31), day(4, 30))]),
    ("The authorization is expiring on 5/31/2026 and we need it extended to 8/31/2026.", [swap(END, day(5, 31), day(8, 31))]),
    ("DOS needs to be changed to 3/19/2026 from 3/5/2026.", [swap(START, day(3, 5), day(3, 19))]),
    (
        "Please update DOS: 3/19/2026 to 6/19/2026 instead of 3/5/2026 to 6/5/2026.",
        [swap(START, day(3, 5), day(3, 19)), swap(END, day(6, 5), day(6, 19))],
    ),
    ("The start date has moved from 03/01/2026 to 03/15/2026.", [swap(START, day(3, 1), day(3, 15))]),
    ("Please change the date of service from April 8, 2026 to April 22, 2026.", [swap(START, day(4, 8), day(4, 22))]),
    ("The surgery has been rescheduled from 3/5/2026 to 3/19/2026.", [swap(START, day(3, 5), day(3, 19))]),
    (
        "Please change the dates of service from 3/1/26-3/31/26 to 4/1/26-4/30/26.",
        [swap(START, day(3, 1), day(4, 1)), swap(END, day(3, 31), day(4, 30))],
    ),
    (
        "Please extend services through 10/14/26. 20 more sessions are requested.",
        [swap(END, None, day(10, 14)), ("add", UNITS, None, 20)],
    ),
]
PROVIDERS = [
    (
        "Please transfer services from Salinas Valley Hand & Spine Rehab to El Camino Therapy & Wellness.",
        [swap(NAME, "Salinas Valley Hand & Spine Rehab", "El Camino Therapy & Wellness")],
    ),
    (
        "Redirect services to El Camino Therapy & Wellness (NPI 1256634076).",
        [swap(NAME, None, "El Camino Therapy & Wellness"), swap(NPI, None, "1256634076")],
    ),
    ("Please change the servicing provider from Dr. John Lee, MD to Dr. Anna Park, DO.", [swap(NAME, "John Lee", "Anna Park")]),
    (
        "Services will now be performed by Harbor MRI & CT instead of Delta Imaging Center.",
        [swap(NAME, "Delta Imaging Center", "Harbor MRI & CT")],
    ),
    ("The patient would like to be seen by Dr. Anna Park rather than Dr. John Lee.", [swap(NAME, "John Lee", "Anna Park")]),
    (
        "PLEASE CHANGE SERVICING PROVIDER FROM DELTA IMAGING CENTER TO HARBOR MRI & CT EFFECTIVE 4/1/2026",
        [swap(NAME, "DELTA IMAGING CENTER", "HARBOR MRI & CT")],
    ),
    ("Please correct the servicing provider NPI from 1956980456 to 1256634076.", [swap(NPI, "1956980456", "1256634076")]),
    ("The facility NPI should be 1144316001 and not 1956980456.", [swap(NPI, "1956980456", "1144316001")]),
    ("The wrong NPI was listed: 1956980456. The correct NPI is 1256634076.", [swap(NPI, "1956980456", "1256634076")]),
]
SEVERAL = [
    (
        "Change: CPT 97110 to 97140, modifier LT to RT, end date 5/1/2026 to 6/1/2026",
        [swap(CODE, "97110", "97140"), swap(MODIFIERS, ("LT",), ("RT",)), swap(END, day(5, 1), day(6, 1))],
    ),
    (
        "AMENDMENT: PLEASE CHANGE DIAGNOSIS CODE FROM E10.9 TO E10.65 AND CHANGE END DATE FROM 03-24-2026 TO 04-22-2026.",
        [swap(DX, "E10.9", "E10.65"), swap(END, day(3, 24), day(4, 22))],
    ),
    (
        "Please extend authorization 2512-656274 through May 22, 2026. Goals are not reached, and 4 further visits are planned.",
        [swap(END, None, day(5, 22)), ("add", UNITS, None, 4)],
    ),
    (
        "Kindly modify the approved authorization for Ann Ng. The thru date of 02/10/2026 should be corrected to 03/02/2026.",
        [swap(END, day(2, 10), day(3, 2))],
    ),
]
NOTHING = [
    "The medical necessity has not changed.",
    "All other details of the request stay the same.",
    "Please do not change the diagnosis code M54.50.",
    "Please don't add modifier RT.",
    "We are not asking to add CPT 97112.",
    "No changes to CPT 97110 are requested.",
    "There is no change to the end date of 05/31/2026.",
    "The diagnosis has not changed from M54.16.",
    "The authorization should not be extended past 5/31/2026.",
    "Neither the modifier RT nor the diagnosis M17.11 needs to be changed.",
    "The authorization was previously changed from 97110 to 97112.",
    "Last year the authorization was changed from 97110 to 97112.",
    "We previously requested 12 visits of 97110.",
    "History of M54.50, previously treated with 97110 x 12 visits.",
    "Radiculopathy (M54.12) was ruled out on 1/11/2026.",
    "Authorization for CPT 93350 was considered and deferred.",
    "If approved, we may add 97140 later.",
    "The patient changed health plans on 1/1/2026.",
    "The patient moved from Salinas to Monterey on 3/1/2026.",
    "Her care was transferred from Dr. John Lee to Dr. Anna Park in 2019.",
    "Gabapentin was increased from 300 mg to 600 mg on 1/5/2026.",
    "Add meloxicam 15 mg daily.",
    "Foot drop, left foot (M21.372), was noted.",
    "Assessment: differential included carpal tunnel syndrome (G56.01).",
    "Continue current regimen, home health aide (G0156) as before.",
    "Pain decreased from 8 to 4 with therapy.",
    "The A1c increased from 7.1 to 8.4.",
    "The patient completed 12 visits of 97110 between 1/5/2026 and 2/5/2026.",
    "Please correct the requesting provider NPI from 1956980456 to 1256634076.",
    "Please correct our fax number to 831-555-0101.",
    "Please cancel the authorization for CPT 97112.",
    "Please call Michael at 559-676-2637 with any questions.",
    "Please cancel authorization 2602-914444. The service will not be performed.",
]


@pytest.mark.parametrize(
    ("text", "expected"), [*CODES, *MORE_CODES, *DIAGNOSES, *MODIFIER_CHANGES, *UNIT_CHANGES, *DATES, *PROVIDERS, *SEVERAL]
)
def test_a_stated_change_is_read(text: str, expected: list[Expected]) -> None:
    assert sorted(read(text), key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_denied_past_or_clinical_is_no_change(text: str) -> None:
    assert read(text) == []


def test_the_service_that_a_change_is_about_is_named() -> None:
    changes = changes_in(read_sentences("Please add modifier 59 to 97110. Increase the units for 97530 from 4 to 8."))
    assert [change.code for change in changes] == ["97110", "97530"]
