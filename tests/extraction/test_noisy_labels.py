"""Labels and titles of which noise has spoilt a part: what is left must not give a value to somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.confidence import probability
from extraction.fields import read_request
from extraction.labels import find_labels
from extraction.lexicon import default_lexicon
from extraction.lines import lines_from, runs_of
from extraction.pages import PageKind, RequestPages
from models.evidence import Evidence
from models.geometry import Box
from models.page import InkMap, Page, Rule, Word
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def test_the_other_half_of_a_name_is_of_the_same_person() -> None:
    lines = [
        "Member Last Name: Reyes              Member First Name: Ana",
        "Referring Physician - Last: Lee      First: Mark      Prescriber NPI: 1234567893",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["member.first_name"], found["member.last_name"]) == ("Ana", "Reyes")
    assert found["requesting_provider.name"] == "Mark Lee"


def test_a_misread_owner_is_told_by_the_other_half_of_the_name_behind_it() -> None:
    lines = [
        "Servicing provider: Mark Lee        Servicing provider NPI: 1234567893",
        "Pi. last name: Reyes                Patient's given name: Ana",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["member.first_name"], found["member.last_name"]) == ("Ana", "Reyes")
    assert found["servicing_provider.name"] == "Mark Lee"


def test_a_choice_behind_a_label_is_no_title_of_a_section() -> None:
    lines = [
        "Member name: Ana Reyes",
        "Submitted by:   PCP    Other",
        "Requesting NPI: 1234567893",
        "Phone: (831) 555-0101",
    ]
    assert values(Page(1, 1.294, typed.words_of(lines)))["requesting_provider.phone"] == "+18315550101"


def test_a_numbered_title_that_runs_into_the_next_one_keeps_its_owner() -> None:
    lines = [
        "SECTION III - Requesting Provider InfornION IV - Services By",
        "NPI: 1234567893                   NPI: 1144316001",
        "Tel: (831) 555-0101               Tel: (831) 555-0102",
        "Fax: (831) 555-0103               Fax: (831) 555-0104",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")
    assert (found["requesting_provider.fax"], found["servicing_provider.fax"]) == ("+18315550103", "+18315550104")


def test_the_number_of_the_next_title_is_no_value_of_a_title() -> None:
    lines = [
        "Part 3:   Ordering Provider       Part 4:   Servicing Provider",
        "NPI: 1234567893                   NPI: 1144316001",
        "Tel: (831) 555-0101               Tel: (831) 555-0102",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")


def test_a_dark_bar_that_cannot_be_read_ends_the_section_before_it() -> None:
    lines = ["Servicing Provider", "NPI: 1144316001", "", "", "Provider name: Mark Lee", "Tel: (831) 555-0101"]
    words = typed.words_of(lines)
    bar = Box(0.07, words[3].box.bottom + 0.008, 0.93, words[3].box.bottom + 0.03)
    ink = InkMap(1, 1000, bytes(200 if bar.top < row / 1000 < bar.bottom else 0 for row in range(1000)))
    page = Page(1, 1.294, words, shades=(bar,), ink=ink)
    assert values(replace(page, shades=()))["servicing_provider.phone"] == "+18315550101"
    assert "servicing_provider.phone" not in values(page)


def test_a_value_over_a_caption_that_nobody_understood_is_not_the_next_captions() -> None:
    lines = [
        "Requesting Provider",
        "(831) 555-0101      (831) 555-0103",
        "otfee tcephone      Secure fax:",
        "",
        "1234567893",
        "NPI:",
    ]
    words = typed.words_of(lines)
    line = words[2].box.bottom + 0.002
    rules = (
        Rule(Box(0.08, line, 0.6, line + 0.001), True),
        Rule(Box(0.08, words[-1].box.top - 0.006, 0.4, words[-1].box.top - 0.005), True),
    )
    found = values(Page(1, 1.294, words, rules=rules))
    assert found["requesting_provider.fax"] == "+18315550103"


def test_a_hint_that_runs_into_a_label_does_not_spoil_it() -> None:
    found = values(Page(1, 1.294, typed.words_of(["Member name: Ana Reyes", "", "DX / ICD-10(istall)     M23.611"])))
    assert found["diagnoses.0.code"] == "M23.611"


def test_of_two_numbers_that_fit_alike_neither_is_sure() -> None:
    seen = Evidence(weakest=0.99, mean=0.99, place=0.95, page_mean=0.98, peers=0.98)
    assert probability("servicing_provider.npi", replace(seen, rival=1.0)) <= 0.5 < probability("servicing_provider.npi", seen)


def test_whom_to_call_is_no_provider_though_a_letter_is_lost() -> None:
    found = values(typed.page_of("REQUESTING PROVIDER\nNPI: 1234567893\nWhom should we cal with questions? Thaddeus Wojcik"))
    assert found.get("requesting_provider.contact") == "Thaddeus Wojcik"
    assert "requesting_provider.name" not in found


def test_a_value_whose_box_noise_has_broken_stands_behind_the_cell_of_its_caption() -> None:
    words = [
        word
        for top, texts in (
            (0.2, (("First", 0.10), ("name", 0.132), ("LEOPOLD", 0.18))),
            (0.23, (("Last", 0.10), ("name", 0.13), ("VO", 0.18))),
        )
        for word in (Word(text, Box(left, top, left + 0.008 * len(text), top + 0.012), 0.97) for text, left in texts)
    ]
    cells = tuple(Box(0.095, top, 0.172, top + 0.025) for top in (0.194, 0.224))
    title = typed.words_of(["Member Information"])
    found = values(Page(1, 1.294, (*title, *words), cells=cells))
    assert (found["member.first_name"], found["member.last_name"]) == ("LEOPOLD", "VO")


def test_a_degree_behind_a_name_is_no_label_that_it_nearly_spells() -> None:
    page = Page(1, 1.294, typed.words_of(["Provider Name:  JOSÉ PEÑA, NP", "NP: 1234567893"], confidence=0.8))
    labels = find_labels(page, default_lexicon(loose=True))
    assert [(label.attribute, label.text) for label in labels] == [("name", "Provider Name:"), ("npi", "NP:")]


def placed(text: str, left: float, right: float, top: float = 0.2, bottom: float = 0.211) -> Word:
    return Word(text, Box(left, top, right, bottom), 0.99)


def test_a_label_of_a_fax_ends_where_the_rule_to_write_on_begins() -> None:
    words = (
        *(placed(*word) for word in (("Requesting", 0.08, 0.15), ("Provider", 0.154, 0.21), ("Name", 0.214, 0.25))),
        *(placed(*word) for word in (("Samuel", 0.256, 0.31), ("Ortega", 0.314, 0.36))),
        *(placed(*word) for word in (("Phone", 0.5, 0.54), ("714-555-0123", 0.546, 0.66))),
    )
    rules = (Rule(Box(0.253, 0.2115, 0.44, 0.2125), True), Rule(Box(0.543, 0.2115, 0.66, 0.2125), True))
    found = values(Page(1, 1.294, words, rules=rules))
    assert (found["requesting_provider.name"], found["requesting_provider.phone"]) == ("Samuel Ortega", "+17145550123")


def spaced(text: str, gap: float, low: float) -> tuple[Word, ...]:
    """Words with so much between them, in page widths, and print that is ``low`` page heights high."""
    words: list[Word] = []
    left = 0.08
    for word in text.split():
        words.append(placed(word, left, left + 0.009 * len(word), 0.2, 0.2 + low))
        left += 0.009 * len(word) + gap
    return tuple(words)


def test_words_of_a_value_that_look_like_a_label_are_none() -> None:
    page = Page(1, 1.294, spaced("Cypress Point Therapy", 0.011, 0.0095))
    assert find_labels(page, default_lexicon(loose=True)) == ()


def test_a_sentence_that_begins_in_the_words_of_a_label_is_none() -> None:
    page = Page(1, 1.294, spaced("Extend authorization to cancel one that was already issued by the plan", 0.0075, 0.0095))
    assert find_labels(page, default_lexicon(loose=True)) == ()


def test_the_words_of_a_typewriter_are_not_parted_at_a_comma() -> None:
    words = spaced("05 PATIENT NAME -", 0.0076, 0.006)
    behind = (placed("LAST,", 0.2364, 0.265, 0.2, 0.206), placed("FIRST", 0.2752, 0.31, 0.2, 0.206))
    assert [run.text for run in runs_of(Page(1, 1.294, (*words, *behind)))] == ["05 PATIENT NAME - LAST, FIRST"]


def test_a_word_with_a_comma_that_hangs_low_stands_on_the_line_of_the_word_before_it() -> None:
    words = (placed("Thank", 0.086, 0.124, 0.2195, 0.2277), placed("you,", 0.128, 0.152, 0.2222, 0.2341))
    assert [line.text for line in lines_from(words)] == ["Thank you,"]


def test_a_label_that_begins_where_the_value_before_it_ends_is_found() -> None:
    found = values(
        typed.page_of("""
Ordering Provider: Keith Monroe   NPI: 1234567893
Phone: 562-555-1200Fax:562-555-1201
""")
    )
    assert (found["requesting_provider.phone"], found["requesting_provider.fax"]) == ("+15625551200", "+15625551201")


def test_a_label_without_its_colon_ends_where_the_print_changes_its_size() -> None:
    words = (
        *(placed(*word, 0.2, 0.2116) for word in (("Member's", 0.08, 0.168), ("Name", 0.176, 0.23))),
        *(placed(*word, 0.2027, 0.2116) for word in (("Harold", 0.238, 0.29), ("Kimura", 0.3, 0.36))),
        *(placed(*word, 0.24, 0.2516) for word in (("Member", 0.08, 0.16), ("ID:", 0.168, 0.19), ("95853791K", 0.2, 0.29))),
    )
    found = values(Page(1, 1.294, words))
    assert (found["member.first_name"], found["member.last_name"]) == ("Harold", "Kimura")


def test_whoever_completed_the_form_is_the_contact_below_the_servicing_provider_too() -> None:
    found = values(
        typed.page_of("""
Ordering Provider: Keith Monroe   NPI: 1234567893
DME Supplier: Allcare Mobility    NPI: 1144316001
Completed by: Dolores Vance
""")
    )
    assert found["requesting_provider.contact"] == "Dolores Vance"


def test_a_day_that_two_fields_say_is_no_range_and_one_of_a_single_day_is() -> None:
    table = """
Diagnosis: I69.351
CPT code: 97110
"""
    twice = values(typed.page_of(f"{table}SOC date: 05/06/2026    Cert period: 05/06/2026to 07/04/2026"))
    assert (twice["services.0.from_date"], twice["services.0.to_date"]) == (date(2026, 5, 6), date(2026, 7, 4))
    once = values(typed.page_of(f"{table}Dates of service: 05/06/2026 - 05/06/2026"))
    assert (once["services.0.from_date"], once["services.0.to_date"]) == (date(2026, 5, 6), date(2026, 5, 6))
    start = values(typed.page_of(f"{table}SOC date: 05/06/2026    Date of service: 05/06/2026"))
    assert "services.0.to_date" not in start


def test_writing_that_stands_off_its_label_keeps_it_from_no_line() -> None:
    words = (
        placed("Telegraph", 0.2, 0.3, 0.3997, 0.4118),
        placed("Alejandra", 0.716, 0.8125, 0.4006, 0.4127),
        placed("Address:", 0.087, 0.146, 0.4042, 0.4144),
        placed("Contact", 0.6, 0.6534, 0.4046, 0.414),
        placed("Person:", 0.6586, 0.71, 0.402, 0.414),
    )
    assert "Contact Person: Alejandra" in " ".join(line.text for line in lines_from(words))


def test_codes_and_the_next_label_that_were_read_in_one_word_are_parted() -> None:
    found = values(
        typed.page_of("""
Ordering provider: Ellis Monroe   NPI: 1234567893
ICD-10: Z80.3Z15.01Date of service 10/30/2026
CPT: 81162     Member ID: 95853791K
""")
    )
    assert [found.get(f"diagnoses.{n}.code") for n in range(3)] == ["Z80.3", "Z15.01", None]
