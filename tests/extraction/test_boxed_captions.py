"""Captions behind, before and above boxes of their own, and headings that touch."""

from __future__ import annotations

from datetime import date

import pytest

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Method, Page, Rule, Word
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def box(first: float, last: float, row: float) -> Box:
    """A box from one column of letters to another around a row."""
    top = 0.05 + row * 0.019 - 0.003
    return Box(0.08 + first * 0.0095 - 0.003, top, 0.08 + last * 0.0095, top + 0.016)


def typed_at(
    text: str, left: float, top: float, letter: float, height: float, method: Method = Method.PDF_TEXT
) -> tuple[Word, ...]:
    """The words of a text, each letter so wide and so high."""
    words: list[Word] = []
    place = left
    for word in text.split():
        words.append(Word(word, Box(place, top, place + letter * len(word), top + height), 0.99, method))
        place += letter * (len(word) + 1)
    return tuple(words)


def read_words(runs: tuple[tuple[Word, ...], ...], *boxes: Box) -> dict[str, FieldValue]:
    level = [Rule(Box(box.left, y, box.right, y + 0.001), horizontal=True) for box in boxes for y in (box.top, box.bottom)]
    upright = [Rule(Box(x, box.top, x + 0.001, box.bottom), horizontal=False) for box in boxes for x in (box.left, box.right)]
    return values(Page(1, 1.294, tuple(word for run in runs for word in run), rules=(*level, *upright), cells=boxes))


def read(lines: list[str], *boxes: Box) -> dict[str, FieldValue]:
    return values(Page(1, 1.294, typed.words_of(lines), cells=boxes))


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


@pytest.mark.parametrize("label", ["ICD code & description", "ICD-10-CM code & description", "Dx code & description"])
def test_one_field_for_a_code_and_its_description_is_one_label(label: str) -> None:
    found = read(["Diagnosis Information", "", f"{label}*: H25", "", "CPT-4 / HCPCS      Quantity", "92134              2"])
    assert [path for path, value in found.items() if value == "H25"] == ["diagnoses.0.code"]


def test_captions_before_boxes_of_their_own_are_no_headings() -> None:
    captions = (
        ("Begin date", 0.061, 0.59),
        ("CPT / HCPCS code(s) and units", 0.307, 0.59),
        ("Procedure description", 0.061, 0.619),
        ("Explanation of change or extension", 0.066, 0.647),
    )
    answers = (
        ("2026-04-15", 0.129, 0.582),
        ("E0431-RR x 12, 94060 x 1", 0.492, 0.582),
        ("Portable oxygen", 0.19, 0.611),
        ("Symptoms for 9 months, failed 12 weeks of exercise.", 0.066, 0.66),
    )
    found = read_words(
        (
            *(typed_at(*each, 0.0055, 0.009) for each in captions),
            *(typed_at(*each, 0.012, 0.019, Method.FORM_FIELD) for each in answers),
        ),
        Box(0.127, 0.58, 0.297, 0.604),
        Box(0.489, 0.58, 0.929, 0.604),
        Box(0.187, 0.609, 0.929, 0.632),
    )
    assert (found["services.0.code"], found["services.1.code"]) == ("E0431", "94060")
    assert found["services.0.from_date"] == date(2026, 4, 15)


def test_an_empty_box_behind_its_caption_is_not_made_up_for_by_the_box_of_the_row_below() -> None:
    lines = [
        "Requesting Provider",
        "",
        "Fax     (831) 555-0101     Contact name",
        "Specialty of requester     Internal Medicine",
    ]
    boxes = (box(8, 24, 2.0), box(40, 70, 2.0), box(23, 70, 3.0))
    assert "requesting_provider.contact" not in read(lines, *boxes)


def test_what_stands_past_the_end_of_the_box_under_a_caption_is_not_its_value() -> None:
    lines = [
        "Requesting Provider",
        "",
        "Fax                  Attn                Network status",
        "(831) 555-0101       Rasmussen, Mae      Par      Non-par",
    ]
    found = read(lines, box(0, 19, 3.0), box(21, 39, 3.0))
    assert found["requesting_provider.contact"] == "Rasmussen, Mae"


def test_the_date_of_the_request_below_the_tables_is_none_of_the_physician_named_before_them() -> None:
    found = read(
        [
            "Primary care physician: Josefina Monte",
            "PCP NPI: 1234567893",
            "",
            "Date of request: 03/04/2026",
            "Prior auth number (if known): R-2279-3139",
        ]
    )
    assert found["request.requested_on"] == date(2026, 3, 4)
    assert found["request.authorization_number"] == "R-2279-3139"


def test_the_date_in_the_section_of_the_primary_care_physician_is_not_that_of_the_request() -> None:
    found = read(["PRIMARY CARE PHYSICIAN", "", "Name: Josefina Monte", "Referral date: 03/01/2026"])
    assert "request.requested_on" not in found


def test_headings_that_touch_are_two_columns() -> None:
    found = read(
        [
            "CPT-4 / HCPCS      No. of visitsDescription of service       Begin",
            "91110              25           Capsule endoscopy            03/15/2026",
            "43235              1            Upper endoscopy              03/15/2026",
        ]
    )
    assert [found[f"services.{n}.units"] for n in range(2)] == [25, 1]


def test_the_two_words_of_one_heading_are_no_two_columns_where_all_headings_touch() -> None:
    found = read(
        [
            "Description of service       Procedure Code Modifier(s) Quantity DOS From",
            "Home visit                   G0299          TD          16       03/15/2026",
        ]
    )
    assert (found["services.0.code"], found["services.0.units"]) == ("G0299", 16)


def test_a_number_sign_behind_a_caption_is_no_value() -> None:
    caption, place = box(0, 27, 2), box(27, 50, 2)
    found = read(["Referring Provider", "", "Ordering Provider NPI   #    1003000001", ""], caption, place)
    assert found["requesting_provider.npi"] == "1003000001"


def test_a_heading_in_another_size_behind_one_that_says_the_same_word_is_a_column_of_its_own() -> None:
    headings = (
        typed_at("CPT-4 / HCPCS", 0.25, 0.618, 0.0055, 0.007),
        typed_at("Units", 0.353, 0.618, 0.0055, 0.007),
        typed_at("Diagnosis Code", 0.538, 0.618, 0.0055, 0.007),
        typed_at("Diagnosis", 0.622, 0.615, 0.0088, 0.011),
    )
    rows = (("26055", "1", "M65.341", "Trigger finger"), ("64721", "1", "S52.501D", "Fracture of wrist"))
    edges = ((0.247, 0.35), (0.353, 0.43), (0.535, 0.613), (0.619, 0.91))
    tops = (0.63, 0.652)
    answers = [
        typed_at(v, e[0] + 0.002, top, 0.009, 0.018)
        for row, top in zip(rows, tops, strict=True)
        for v, e in zip(row, edges, strict=True)
    ]
    found = read_words((*headings, *answers), *(Box(left, top, right, top + 0.019) for top in tops for left, right in edges))
    assert [found[f"diagnoses.{n}.code"] for n in range(2)] == ["M65.341", "S52.501D"]


def test_one_end_date_below_services_of_one_day_is_that_of_all() -> None:
    found = read(
        [
            "CPT/HCPCS      Units     Start date",
            "75574          1         03/22/2026",
            "78452          1         03/22/2026",
            "",
            "",
            "",
            "Requested end date: 04/20/2026",
        ]
    )
    assert [found[f"services.{n}.to_date"] for n in range(2)] == [date(2026, 4, 20)] * 2


def test_one_end_date_below_services_of_different_days_is_of_none_of_them() -> None:
    found = read(
        [
            "CPT/HCPCS      Units     Start date",
            "75574          1         03/22/2026",
            "78452          1         03/29/2026",
            "",
            "",
            "",
            "Requested end date: 04/20/2026",
        ]
    )
    assert not any(path.endswith("to_date") for path in found)


def test_a_hint_in_the_wide_spaces_of_a_typewriter_belongs_to_its_label() -> None:
    small = [
        Word(text, Box(left, 0.256, right, 0.262), 0.99)
        for text, left, right in (("Pt.", 0.083, 0.1), ("Name", 0.109, 0.135), ("(L,", 0.145, 0.16), ("F)", 0.171, 0.181))
    ]
    found = values(Page(1, 1.294, (*small, *typed_at("Zielinski, Rosalind", 0.189, 0.253, 0.0067, 0.013, Method.OCR))))
    assert (found["member.last_name"], found["member.first_name"]) == ("Zielinski", "Rosalind")


@pytest.mark.parametrize(("glued", "name"), [("PhysicianDr.", "Ximena Rasmussen"), ("NameXimena", "Ximena Rasmussen")])
def test_a_name_read_in_one_word_with_its_label_is_parted_from_it(glued: str, name: str) -> None:
    behind = " Rasmussen" if glued.endswith("Ximena") else " Ximena Rasmussen"
    found = read(["Requesting Provider", "", f"12 {glued}{behind}     NPI: 1234567893"])
    assert found["requesting_provider.name"] == name


def test_captions_of_phone_and_fax_that_touch_have_a_box_each() -> None:
    lines = ["Requesting Provider", "", "Requesting office telephone Fax #", "310-888-4047                310-254-8813"]
    found = read(lines, box(0, 26, 3.0), box(28, 60, 3.0))
    assert (found["requesting_provider.phone"], found["requesting_provider.fax"]) == ("+13108884047", "+13102548813")


def test_fields_below_a_facility_left_blank_on_its_line_are_the_providers() -> None:
    lines = [
        "Section C. Treating Provider",
        "",
        "Provider          Abernathy, Mateo",
        "",
        "Facility name",
        "",
        "Facsimile         (661) 550-7926",
    ]
    lined = tuple(Rule(Box(0.08 + 14 * 0.0095, y, 0.8, y + 0.001), horizontal=True) for y in (0.101, 0.139, 0.177))
    found = values(Page(1, 1.294, typed.words_of(lines), rules=lined))
    assert found["servicing_provider.fax"] == "+16615507926"


def test_a_quantity_under_the_edge_of_its_heading_is_no_part_of_the_description_close_before_it() -> None:
    runs = (
        typed_at("CPT", 0.087, 0.672, 0.0095, 0.011),
        typed_at("Procedure", 0.169, 0.672, 0.008, 0.011),
        typed_at("Qty / Visits", 0.378, 0.675, 0.004, 0.007),
        typed_at("ICD-10-CM", 0.427, 0.672, 0.008, 0.011),
        typed_at("93306", 0.088, 0.691, 0.0098, 0.014),
        typed_at("Echocardiogram, complete", 0.17, 0.691, 0.0082, 0.014),
        typed_at("1", 0.379, 0.691, 0.0098, 0.014),
        typed_at("I50.22", 0.428, 0.691, 0.0083, 0.014),
    )
    found = read_words(runs)
    assert (found["services.0.units"], found["services.0.description"]) == (1, "Echocardiogram, complete")


def test_a_lettered_title_in_words_of_a_section_owns_its_fields() -> None:
    found = read(["G. Referred To", "", "Name of Provider: Willow Bend Rehab", "NPI: 2234309245"])
    assert found["servicing_provider.name"] == "Willow Bend Rehab"


def test_a_sentence_about_an_ability_asks_for_no_facility() -> None:
    found = read(["URGENT is defined as a delay that could jeopardize the", "ability to regain maximum function."])
    assert "servicing_provider.facility" not in found


def test_a_title_of_one_word_beside_another_field_asks_for_the_name_behind_it() -> None:
    runs = (
        typed_at("Requesting Provider", 0.06, 0.25, 0.011, 0.014),
        typed_at("Treating Provider / Facility", 0.51, 0.25, 0.011, 0.014),
        typed_at("Clinician*", 0.057, 0.284, 0.0066, 0.0102),
        typed_at("Baptiste, Wilhelmina", 0.133, 0.281, 0.0091, 0.0137),
        typed_at("Provider", 0.51, 0.284, 0.0071, 0.0102),
        typed_at("Osei, Carmela J.", 0.577, 0.281, 0.0091, 0.0137),
    )
    assert read_words(runs)["servicing_provider.name"] == "Carmela J. Osei"


def test_a_label_that_names_the_code_in_brackets_asks_for_the_code() -> None:
    found = read(["Part 4: Diagnoses", "", "Diagnosis (ICD-10): G43.7", "Diagnosis: Chronic migraine"])
    assert found["diagnoses.0.code"] == "G43.7"


def test_the_misread_end_of_a_caption_before_its_box_is_no_value() -> None:
    caption = typed_at("Member Last Nam", 0.068, 0.405, 0.0055, 0.007)
    first = typed_at("First Name", 0.446, 0.405, 0.0055, 0.007)
    answers = (typed_at("EBERHARDT", 0.172, 0.396, 0.013, 0.02), typed_at("ODETTE", 0.51, 0.396, 0.013, 0.02))
    found = read_words((caption, first, *answers), Box(0.17, 0.393, 0.435, 0.417), Box(0.504, 0.393, 0.725, 0.417))
    assert found["member.last_name"] == "EBERHARDT"
