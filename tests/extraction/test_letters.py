"""What is read from a letter, and from a comment on a form."""

from __future__ import annotations

from datetime import date

import pytest

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from extraction.prose import read_changes, read_letter
from extraction.prose.spelling import spelled
from models.geometry import Box
from models.page import Method, Word
from models.reading import AmendmentReading, FieldReading, FieldValue
from tests.extraction import typed_pages as typed


def letter(text: str) -> tuple[dict[str, FieldReading], tuple[AmendmentReading, ...]]:
    fields, amendments = read_letter(RequestPages(PageKind.LETTER, (typed.page_of(text),)))
    return {field.path: field for field in fields}, amendments


def values(text: str) -> dict[str, FieldValue]:
    return {path: field.value for path, field in letter(text)[0].items()}


def body(text: str) -> str:
    """The sample letter with another text in its body."""
    start, end = typed.LETTER.index("We are writing"), typed.LETTER.index("Sincerely")
    return f"{typed.LETTER[:start]}{text}\n\n{typed.LETTER[end:]}"


def test_a_letter_gives_member_sender_and_request() -> None:
    found = values(typed.LETTER)
    assert {path: found[path] for path in found if not path.startswith("signature")} == {
        "request.kind": "amendment",
        "request.requested_on": date(2026, 3, 3),
        "request.authorization_number": "2509-281864",
        "member.last_name": "Reyes",
        "member.first_name": "Ana",
        "member.member_id": "95853791K",
        "member.date_of_birth": date(1954, 9, 12),
        "requesting_provider.name": "Mei Jimenez",
        "requesting_provider.npi": "1234567893",
        "requesting_provider.tin": "81-2867455",
        "requesting_provider.phone": "+18315550100",
        "requesting_provider.fax": "+18315550101",
        "requesting_provider.contact": "Jennifer Nguyen",
    }


def test_its_changes_are_typed_and_placed() -> None:
    _, amendments = letter(typed.LETTER)
    assert [(a.action, a.field, a.old, a.new) for a in amendments] == [
        ("replace", "services.code", "72148", "72158"),
        ("replace", "services.to_date", date(2026, 4, 28), date(2026, 5, 12)),
    ]
    assert all(0.5 < a.confidence <= 1.0 and a.page == 1 and 0.3 < a.box.top < 0.6 for a in amendments)


def test_a_signature_that_is_read_as_a_letter_is_no_greeting() -> None:
    whole, changes = letter(typed.LETTER)
    greeting = typed.LETTER[typed.LETTER.index("To whom") :].split("\n", 1)[0]
    scrawled = typed.LETTER.replace(greeting, "Attention: Utilization Review").replace("Sincerely,", "Sincerely,\nm", 1)
    fields, amendments = letter(scrawled)
    assert amendments == changes != ()
    assert fields["requesting_provider.npi"].value == whole["requesting_provider.npi"].value


def test_the_plans_fax_number_is_not_the_senders() -> None:
    without = typed.LETTER.replace("| F (831) 555-0101 ", "")
    assert "requesting_provider.fax" not in values(without)


def test_a_member_named_only_in_prose_is_found() -> None:
    start, end = typed.LETTER.index("RE:"), typed.LETTER.index("To whom")
    text = typed.LETTER[:start] + typed.LETTER[end:]
    text = text.replace("for Ana Reyes.", "for our patient Ana Reyes, date of birth 09/12/1954,\nmember ID 95853791K.")
    found = values(text)
    assert (found["member.last_name"], found["member.first_name"]) == ("Reyes", "Ana")
    assert (found["member.date_of_birth"], found["member.member_id"]) == (date(1954, 9, 12), "95853791K")


KINDS = [
    ("Please cancel the authorization referenced above. The patient changed health plans.", "cancellation"),
    ("We wish to withdraw the request for Ana Reyes that was approved under the number above.", "cancellation"),
    ("Kindly void the authorization noted above.", "cancellation"),
    ("Please extend the authorization referenced above through August 6, 2026.", "extension"),
    ("We request an extension of the authorization. 8 further visits are planned.", "extension"),
    ("This is a request for continuation of previously approved services.", "extension"),
    ("Please remove CPT 75574 from the authorization.", "amendment"),
    ("Our office needs the following corrected: the diagnosis should be M17.12, not M17.11.", "amendment"),
    ("I am requesting authorization for CPT 72148 for my patient. Diagnosis: M54.16.", "new"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_the_kind_of_the_request_follows_from_what_is_asked(text: str, kind: str) -> None:
    assert values(body(text))["request.kind"] == kind


def test_a_new_request_states_its_services() -> None:
    found = values(body("I am requesting authorization for CPT 72148. Diagnosis: M54.16.\nHistory of M17.11, resolved."))
    assert found["services.0.code"] == "72148"
    assert found["diagnoses.0.code"] == "M54.16"
    assert "diagnoses.1.code" not in found


def test_urgency_is_read_only_where_it_is_said() -> None:
    assert values(body("Please expedite. Please remove CPT 75574."))["request.urgency"] == "urgent"
    assert "request.urgency" not in values(body("This is not urgent. Please remove CPT 75574."))


def test_misread_cue_words_still_ask() -> None:
    page = typed.words_of(["Please chenge CPT 97110 to CPT 97140 end the authorizaticn"], confidence=0.8)
    assert [(a.old, a.new) for a in read_changes(page, 1, date(2026, 3, 2))] == [("97110", "97140")]


@pytest.mark.parametrize("text", ["Pain 8/10, limits work and sleep. Imaging attached.", "", "See attached notes dated 3/4/2026."])
def test_a_clinical_comment_asks_for_no_change(text: str) -> None:
    assert read_changes(typed.words_of([text]), 1, date(2026, 3, 2)) == ()


def test_a_comment_that_moves_a_date_or_a_provider_asks_for_a_change() -> None:
    comment = typed.words_of(["Please move the expiration date from 03/22/2026 to 02/21/2026."])
    found = read_changes(comment, 1, date(2026, 3, 2))
    assert [(a.field, a.old, a.new) for a in found] == [("services.to_date", date(2026, 3, 22), date(2026, 2, 21))]


def test_a_letter_whose_parts_cannot_be_told_still_gives_its_change() -> None:
    fields, amendments = letter("Please change CPT 97110 to CPT 97140")
    assert fields["request.kind"].value == "amendment"
    assert [(a.old, a.new) for a in amendments] == [("97110", "97140")]


def test_a_misread_label_still_names_its_value() -> None:
    found = values(typed.LETTER.replace("DOB:  ", "D0B:  ").replace("Member ID:", "Mernber !D:"))
    assert found["member.date_of_birth"] == date(1954, 9, 12)
    assert found["member.member_id"] == "95853791K"


def test_an_identifier_that_lost_a_letter_is_doubtful() -> None:
    fields, _ = letter(typed.LETTER.replace("95853791K", "95853 91K"))
    assert "member.member_id" not in fields or fields["member.member_id"].confidence < 0.95


def test_a_letter_without_a_salutation_whose_first_sentence_holds_a_colon_is_read_from_there() -> None:
    text = """
Tamarack Primary Care
4318 Palisade St, Linden Flats, CA 95336
3/2/2026
Patient: Bridget Bell
Auth #: R-1998-1326

Kindly modify the approved authorization. Pls correct the modifier on 64615: 50 -> KX
Nothing else needs to be changed at this time.

Thank you,
Jean-Luc Ho, M.D.
"""
    fields, changes = letter(text)
    assert [(each.field, each.old, each.new) for each in changes] == [("services.modifiers", ("50",), ("KX",))]
    assert fields["request.kind"].value == "amendment"


@pytest.mark.parametrize("last_name", ["Vo", "Ng", "Okafor"])
def test_a_short_last_name_before_a_full_stop_ends_the_sentence(last_name: str) -> None:
    text = f"RE: authorization 2502-367454\nIt was issued for Bridget {last_name}. Please replace procedure code 62323 with E0601."
    found = values(text)
    assert (found["member.first_name"], found["member.last_name"]) == ("Bridget", last_name)


def test_an_l_read_as_an_exclamation_mark_is_put_right_in_a_cue() -> None:
    assert spelled(Word("cance!", Box(0.1, 0.1, 0.2, 0.12), 0.99, Method.OCR)) == "cancel"


def test_a_misread_closing_ends_the_letter() -> None:
    found = values(typed.LETTER.replace("Sincerely,", "Sincerelv."))
    assert (found["requesting_provider.name"], found["requesting_provider.npi"]) == ("Mei Jimenez", "1234567893")


@pytest.mark.parametrize("before", ["D0S:", "Member ID: 95853791K Bor"])
def test_a_date_behind_other_labels_is_not_passed_as_the_letters(before: str) -> None:
    fields, _ = letter(typed.LETTER.replace("March 3, 2026", "Ma cb 3. 26").replace("DOB:", before))
    doubtful = fields.get("request.requested_on")
    assert doubtful is None or doubtful.confidence <= 0.5


@pytest.mark.parametrize("label", ["D O.B.", "D.O.3", "DO.B."])
def test_a_misread_date_of_birth_is_still_the_members(label: str) -> None:
    assert values(typed.LETTER.replace("DOB", label))["member.date_of_birth"] == date(1954, 9, 12)


def test_a_list_that_a_sentence_announces_is_asked_for_with_its_quantities_and_the_dates_below() -> None:
    page = typed.page_of("""
Dear Medical Director:
We are requesting prior authorization for the following services for our patient:
45385 Colonoscopy with polypectomy, 1 unit
43239 EGD with biopsy, 2 units
Diagnoses: K92.1 (melena)
Requested dates: 10/12/2026 through 11/12/2026.
Colonoscopy in 2021 (45378) was incomplete.
Sincerely,
Curtis Yamada, MD
""")
    found = read_request(RequestPages(PageKind.LETTER, (page,)), date(2026, 10, 10))
    read = {reading.path: reading.value for reading in found.readings if reading.value is not None}
    assert [read.get(f"services.{n}.code") for n in range(3)] == ["45385", "43239", None]
    assert [read.get(f"services.{n}.units") for n in range(2)] == [1, 2]
    assert (read["services.1.from_date"], read["services.1.to_date"]) == (date(2026, 10, 12), date(2026, 11, 12))
