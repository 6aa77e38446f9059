"""The letter itself: its words, its pages, its template, and that it is always the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from letters.content import Letter, asked_gaps
from letters.pdf import printable, render
from letters.png import page_count, page_image
from letters.template import letter_template
from models.errors import ConfigurationError
from models.record import Diagnosis, ReferralRecord, Service, Severity
from models.reply_code import code_of
from tests.letters.faxed import a_gap, a_letter


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def a_letter_about(**parts: object) -> Letter:
    letter = a_letter("one")
    record = ReferralRecord.model_validate({**letter.record.model_dump(), **parts})
    return Letter(letter.letter_id, letter.reply_code, record, letter.fax_number, letter.on)


def test_it_says_what_is_missing_in_the_words_of_their_form() -> None:
    gaps = [a_gap("requesting_provider.npi", "Please send us the NPI."), a_gap("services.0.from_date", "Please send us the date.")]
    letter = a_letter_about(
        gaps=[gap.model_dump() for gap in gaps],
        labels={"requesting_provider.npi": "Ordering MD NPI #", "services.from_date": "DOS from"},
    )
    text = text_of(render(letter, letter_template()))
    for said in ("Please send us the NPI.", "On your form: “Ordering MD NPI #”", "On your form: “DOS from”", "Start date"):
        assert said in text
    assert text.count(letter.reply_code) == 3


def test_it_names_the_request() -> None:
    letter = a_letter("two")
    text, record = text_of(render(letter, letter_template())), letter.record
    assert record.member.last_name is not None
    assert record.member.member_id is not None
    for said in (record.member.last_name, record.member.member_id, record.record_id, "+18315550142"):
        assert said in text


@pytest.mark.parametrize("seed", [f"letter/{n}" for n in range(12)])
def test_an_ordinary_letter_has_one_page_and_always_the_same_bytes(seed: str) -> None:
    letter = a_letter(seed)
    pdf = render(letter, letter_template())
    assert pdf == render(letter, letter_template())
    assert page_count(pdf) == 1
    image = page_image(pdf, 1)
    assert image is not None
    assert image.startswith(b"\x89PNG")
    assert page_image(pdf, 2) is None


def test_each_page_of_a_long_letter_bears_the_code_and_its_number() -> None:
    gaps = [a_gap(f"services.{n}.from_date", f"Please send us the start date of service line {n + 1}. " * 3) for n in range(28)]
    services = [Service(code="97110").model_dump() for _ in gaps]
    letter = a_letter_about(gaps=[gap.model_dump() for gap in gaps], services=services)
    pdf = render(letter, letter_template())
    count = page_count(pdf)
    assert count > 1
    text = text_of(pdf)
    assert all(f"Page {number} of {count}" in text for number in range(1, count + 1))
    assert text.count(letter.reply_code) >= count + 1


def test_the_table_for_services_shows_what_is_known_of_them() -> None:
    gap = a_gap("services.1.units", "Please send us the units.")
    services = [Service(code="97110", units=4).model_dump(), Service(code="70553").model_dump()]
    text = text_of(render(a_letter_about(gaps=[gap.model_dump()], services=services), letter_template()))
    table = text[text.index("CPT/HCPCS code") :]
    assert table.index("97110") < table.index("4") < table.index("70553")


def test_a_field_is_asked_for_once_and_warnings_are_not() -> None:
    warning = a_gap("signature", "Three.").model_copy(update={"severity": Severity.WARNING})
    gaps = [a_gap("diagnoses", "One."), a_gap("diagnoses", "Two."), warning]
    record = a_letter_about(gaps=[gap.model_dump() for gap in gaps], diagnoses=[Diagnosis().model_dump()]).record
    assert [gap.message for gap in asked_gaps(record)] == ["One."]


def test_letters_that_the_fonts_lack_lose_their_marks() -> None:
    assert printable("Édith Łukasz Žižková") == "Édith Lukasz Žižková"
    assert printable("Nguyễn\x07") == "Nguyen"


def test_a_plan_changes_some_words_and_keeps_the_others(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("sender: {name: Bay Health Plan, lines: [PO Box 1]}\nfax: 831-555-0100\nanswers: {diagnoses: ICD codes}\n")
    template = letter_template(own)
    text = text_of(render(a_letter("three"), template))
    assert "Bay Health Plan" in text
    assert "831-555-0100" in text
    assert template.answer_to("diagnoses") == "ICD codes"
    assert template.answer_to("member.member_id") == "Member ID"
    assert template.day(date(2026, 3, 2)) == "03/02/2026"


@pytest.mark.parametrize(
    "content",
    [
        "closing: 'Call {phone}.'",
        "opening: 'We {received'",
        "colour: red",
        "- a list",
        "sender: {name: A, lines: [1, 2, 3, 4, 5, 6]}",
        "a: b: c",
    ],
)
def test_a_template_that_is_wrong_is_refused(tmp_path: Path, content: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(content)
    with pytest.raises(ConfigurationError):
        letter_template(own)


def test_a_code_is_not_given_out_twice() -> None:
    first = code_of("LTR-9")
    assert code_of("LTR-9", [first]) != first
