"""Rows of ruled tables: where they begin and where they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from extraction.fields import read_request
from extraction.labelsigns import is_value_by_looks
from extraction.lexicon import default_lexicon
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Method, Page, Rule
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)
ROWS = [
    "Code        Description             Units",
    "92134       Retinal imaging         2",
    "66821       Laser after cataract    1",
]


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def ruled(tops: list[float], columns: tuple[float, ...]) -> tuple[Box, ...]:
    """The cells between the lines at these heights and these columns."""
    return tuple(Box(left, top, right, bottom) for top, bottom in pairwise(tops) for left, right in pairwise(columns))


def test_a_heading_whose_lower_line_was_lost_still_heads_all_rows() -> None:
    words = typed.words_of(ROWS)
    cells = ruled([0.046, 0.084, 0.103], (0.07, 0.19, 0.41, 0.6))
    found = values(Page(1, 1.294, words, cells=cells))
    assert (found["services.0.code"], found["services.0.units"]) == ("92134", 2)
    assert (found["services.1.code"], found["services.1.units"]) == ("66821", 1)


def test_a_box_with_a_caption_under_a_table_is_no_row_of_it() -> None:
    words = typed.words_of([*ROWS, "Requested service dates", "03/15/2026 thru 04/15/2026"])
    rows = ruled([0.065, 0.084, 0.103], (0.07, 0.6))
    found = values(Page(1, 1.294, words, cells=(*rows, Box(0.07, 0.104, 0.6, 0.14))))
    assert (found["services.1.code"], found["services.1.from_date"]) == ("66821", date(2026, 3, 15))
    assert found["services.0.to_date"] == date(2026, 4, 15)


DATED = [
    "Planned service     Code  Start date End date",
    "MRI of low back     72148 03/25/2026 04/25/2026",
    "MRI of the neck     72141 03/26/2026 04/26/2026",
]


def test_values_that_stand_close_together_belong_each_to_its_own_heading() -> None:
    found = values(Page(1, 1.294, typed.words_of(DATED)))
    assert (found["services.0.code"], found["services.1.code"]) == ("72148", "72141")
    assert (found["services.0.from_date"], found["services.1.from_date"]) == (date(2026, 3, 25), date(2026, 3, 26))
    assert (found["services.0.to_date"], found["services.1.to_date"]) == (date(2026, 4, 25), date(2026, 4, 26))


def test_parts_of_a_date_are_no_modifiers() -> None:
    words = typed.words_of(["Service code   Modifier", "72148 03/25/26", "72141 26 LT"])
    found = values(Page(1, 1.294, words))
    assert "services.0.modifiers" not in found or found["services.0.modifiers"] == ()
    assert found["services.0.code"] == "72148"


def test_a_second_column_of_codes_is_known_by_what_stands_in_it_where_its_heading_is_misread() -> None:
    rows = [
        "Procedure          Code    Start date   Xlegmoslr text     Code",
        "Glucose sensors    A4239   03/25/2026   Type 1 diabetes    E10.65",
        "                                        Trouble walking    R26.2",
    ]
    found = values(Page(1, 1.294, typed.words_of(rows)))
    assert (found["services.0.code"], found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("A4239", "E10.65", "R26.2")
    assert "services.1.code" not in found


def test_a_date_that_cannot_be_read_is_no_date_that_is_missing() -> None:
    rows = ["Procedure          CPT Code   Start date     End date", "MRI of low back    72148      31/1212026     04/25/2026"]
    found = read_request(RequestPages(PageKind.FORM, (Page(1, 1.294, typed.words_of(rows)),)), TODAY)
    (start,) = [reading for reading in found.readings if reading.path == "services.0.from_date"]
    assert (start.value, start.text) == (None, "31/1212026")


def test_a_misread_letter_before_the_next_code_is_no_bracket_around_units() -> None:
    found = values(Page(1, 1.294, typed.words_of(["CPT Codes: J9299,(8000,J9271"])))
    assert (found["services.0.code"], found.get("services.0.units")) == ("J9299", None)
    found = values(Page(1, 1.294, typed.words_of(["CPT Codes: 97110 (12), 97140 x 6"])))
    assert (found["services.0.units"], found["services.1.units"]) == (12, 6)


@pytest.mark.parametrize(
    "captions", ["21 ICD-10 A      B          C          D", "Diagnosis 1      2          3          4", "ICD-10 code A."]
)
def test_boxes_behind_the_first_of_a_lettered_row_hold_further_codes(captions: str) -> None:
    words = typed.words_of([captions, "G43.719          G81.11     M54.16"])
    cells = ruled([0.046, 0.084], (0.07, 0.235, 0.34, 0.44, 0.55))
    found = values(Page(1, 1.294, words, cells=cells))
    assert [found.get(f"diagnoses.{n}.code") for n in range(4)] == ["G43.719", "G81.11", "M54.16", None]


def test_a_box_with_a_caption_of_its_own_ends_a_lettered_row() -> None:
    words = typed.words_of(["ICD-10 code A    Place of service", "G43.719          G81.11"])
    cells = ruled([0.046, 0.084], (0.07, 0.235, 0.44))
    found = values(Page(1, 1.294, words, cells=cells))
    assert [found.get(f"diagnoses.{n}.code") for n in range(2)] == ["G43.719", None]


def test_code_beside_the_code_of_a_diagnosis_is_that_of_the_service_whose_details_follow() -> None:
    rows = [
        "ICD-10    Diagnosis        Code    Mod   Units   From         To",
        "M17.12    Knee arthrosis   (3000   LT    1       03/25/2026   03/25/2026",
    ]
    found = values(Page(1, 1.294, typed.words_of(rows)))
    assert (found["diagnoses.0.code"], found["services.0.code"]) == ("M17.12", "L3000")
    assert "diagnoses.1.code" not in found


def test_headings_in_cells_higher_than_themselves_head_the_rows_below() -> None:
    cells = ruled([0.046, 0.084, 0.103, 0.122], (0.07, 0.19, 0.41, 0.6))
    found = values(Page(1, 1.294, typed.words_of([ROWS[0], "", *ROWS[1:]]), cells=cells))
    assert (found["services.0.code"], found["services.1.code"]) == ("92134", "66821")
    assert (found["services.0.units"], found["services.1.units"]) == (2, 1)


def test_a_column_of_line_numbers_headed_by_a_sign_gives_no_part_of_the_code_before_it() -> None:
    heading = "Narrative      Dx Code   #   What is requested       Procedure Code"
    found = values(typed.page_of(f"{heading}\nDIABETES       E11       1   SUPPLY, ONE MONTH       A4239"))
    assert (found["diagnoses.0.code"], found["services.0.code"]) == ("E11", "A4239")


def test_a_heading_that_runs_together_with_the_next_stands_over_both_columns() -> None:
    words = typed.words_of(["Procedure Code Description        Units", "     95816     EEG AWAKE AND DROWSY 1"])
    tops, edges = [0.066, 0.084], (0.07, 0.18, 0.38, 0.5)
    found = values(Page(1, 1.294, words, cells=ruled(tops, edges)))
    assert (found["services.0.code"], found["services.0.units"]) == ("95816", 1)


def test_a_description_behind_a_code_gives_no_modifiers_where_they_have_a_column() -> None:
    page = Page(
        1,
        1.294,
        typed.words_of(
            [
                "Code / Item                  Modifier    Units    From          To",
                "74176 CT abdomen                         1        07/25/2026    07/25/2026",
                "50590 Shock wave             RT          1        07/25/2026    07/25/2026",
            ]
        ),
    )
    found = values(page)
    assert found["services.0.code"] == "74176"
    assert "services.0.modifiers" not in found
    assert found["services.1.modifiers"] == ("RT",)


def test_the_range_in_one_column_begins_with_its_first_date() -> None:
    page = Page(
        1,
        1.294,
        typed.words_of(
            [
                "Procedure          CPT/HCPCS    Units    From - To",
                "Portable oxygen    E0431        6        15-Apr-2026 thru 14-May-2026",
            ]
        ),
    )
    found = values(page)
    assert (found["services.0.from_date"], found["services.0.to_date"]) == (date(2026, 4, 15), date(2026, 5, 14))


def test_answers_larger_than_their_heading_and_a_code_that_is_not_whole_are_rows_of_its_column() -> None:
    heading = typed.words_of(["ICD-10 Code"], top=0.05)
    small = tuple(replace(word, box=replace(word.box, bottom=word.box.top + 0.007)) for word in heading)
    words = (*small, *typed.words_of(["M51"], top=0.066), *typed.words_of(["L89.153"], top=0.089))
    found = values(Page(1, 1.294, words))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("M51", "L89.153")


def test_a_heading_is_none_of_the_captions_below_values_where_codes_stand_under_it() -> None:
    captioned = ["Reyes, Ana            91234567A", "Enrollee (last, first)          ID number on card"]
    above = ["(510) 790-4107        (510) 214-5603", "Patient phone                 Prescriber fax"]
    table = ["In network?", "Narrative                                  ICD Code"]
    rows = ["Spondylosis without myelopathy             M47.816", "Radiculopathy, lumbar region               M54.16"]
    lines = typed.words_of([*captioned, "", *above, "", *table, *rows])
    under = [word.box for word in lines if word.text in ("Enrollee", "ID", "Patient", "Prescriber")]
    rules = tuple(Rule(Box(b.left - 0.005, b.top - 0.0045, b.left + 0.2, b.top - 0.0035), True) for b in under)
    found = values(Page(1, 1.294, lines, rules=rules))
    assert (found["diagnoses.0.code"], found.get("diagnoses.1.code")) == ("M47.816", "M54.16")


def test_the_day_behind_a_months_name_is_no_quantity() -> None:
    found = values(Page(1, 1.294, typed.words_of(["CPT code        Visits", "11042           Apr 19, 2026"])))
    assert "services.0.units" not in found


def test_dates_beside_a_further_diagnosis_are_no_heads_of_columns() -> None:
    lines = [
        "Primary Procedure Code      Diagnosis Code",
        "99204                       M17.11",
        "",
        "Start Date       End Date       Additional Diagnosis Code",
        "01202026         01282026       Z99.2",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("M17.11", "Z99.2")
    assert (found["services.0.from_date"], found["services.0.to_date"]) == (date(2026, 1, 20), date(2026, 1, 28))


def test_numbered_places_below_the_title_of_the_diagnoses_hold_one_each() -> None:
    found = values(
        Page(1, 1.294, typed.words_of(["Diagnoses", "1) F84.0        2) I10          3)", "", "Services", "CPT code: 72148"]))
    )
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("F84.0", "I10")
    assert "diagnoses.2.code" not in found


def test_one_field_for_code_and_description_of_a_diagnosis_is_asked_for_a_code() -> None:
    lines = ["Diagnosis Code & Description: Z99.2 Dialysis status", "Diagnosis Code & Description: I10 Hypertension"]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("Z99.2", "I10")


def test_a_stroke_between_the_words_of_a_smaller_heading_is_no_value() -> None:
    words = typed.words_of(["Modifier(s) Qty / Aqua"])
    sized = tuple(
        replace(w, method=Method.PDF_TEXT, box=replace(w.box, bottom=w.box.top + (0.0105 if n == 0 else 0.009)))
        for n, w in enumerate(words)
    )
    assert not is_value_by_looks(sized[:3], default_lexicon())
    assert is_value_by_looks(sized, default_lexicon())


def test_a_heading_goes_on_in_the_second_line_of_its_cell() -> None:
    lines = [
        "LINE   SPECIFIC SERVICES REQUESTED   UNITS OF   NDC/UPC OR        QUANTITY",
        "NO.                                  SERVICE    PROCEDURE CODE",
        "1      Therapeutic exercises         7          97110",
        "2      Acupuncture                   17         97810",
    ]
    words = typed.words_of(lines)
    lefts = [word.box.left - 0.01 for word in words if word.text in ("LINE", "SPECIFIC", "UNITS", "NDC/UPC", "QUANTITY")]
    cells = ruled([0.046, 0.083, 0.102, 0.121], (*lefts, 0.95))
    found = values(Page(1, 1.294, words, cells=cells))
    assert (found["services.0.code"], found["services.0.units"]) == ("97110", 7)
    assert (found["services.1.code"], found["services.1.units"]) == ("97810", 17)


def test_the_column_with_the_codes_is_the_one_though_a_heading_before_it_names_them_too() -> None:
    lines = [
        "List all procedures    with appropriate CPT/HCPCS    Code      Quantity",
        "Epidural               injection                     64483     20",
        "MRI lumbar             spine                         72148     5",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["services.0.code"], found["services.1.code"]) == ("64483", "72148")


def test_start_over_stop_under_one_title_are_two_columns_of_dates() -> None:
    row = "{:14}{:14}{:18}{}"
    lines = [
        row.format("Start", "Stop", "Service codes", "Units"),
        row.format("04/04/2026", "05/04/2026", "97110", "3"),
        row.format("04/04/2026", "05/04/2026", "97140", "6"),
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert found["services.0.from_date"] == date(2026, 4, 4)
    assert found["services.1.to_date"] == date(2026, 5, 4)


def test_the_admitting_diagnosis_is_a_code_beside_the_secondary_one() -> None:
    row = "{:32}{:24}{:20}{}"
    lines = [
        row.format("Admitting diagnosis (ICD-10)", "Secondary diagnosis", "Procedure code", "Units"),
        row.format("F33.1", "Z47.1", "97110", "3"),
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("F33.1", "Z47.1")


def test_a_code_under_its_caption_in_a_box_is_no_second_line_of_a_heading() -> None:
    row = "{:32}{:24}{:20}{}"
    lines = [
        row.format("Admitting diagnosis (ICD-10)", "Secondary diagnosis", "Procedure code", "Units"),
        row.format("F33.1", "Z47.1", "97110", "3"),
    ]
    words = typed.words_of(lines)
    top, bottom = words[0].box.top - 0.002, words[-1].box.bottom + 0.002
    lefts = [
        next(word for word in words if word.text == first).box.left for first in ("Admitting", "Secondary", "Procedure", "Units")
    ]
    cells = tuple(Box(left - 0.004, top, right - 0.004, bottom) for left, right in pairwise([*lefts, 0.98]))
    found = values(Page(1, 1.294, words, cells=cells))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("F33.1", "Z47.1")


def test_headings_that_stand_close_name_a_column_each() -> None:
    meaning = default_lexicon().meaning_of("Units Req. Item / service")
    assert meaning is not None
    assert {"units", "proc_text"} <= set(meaning.attributes)


def test_headings_under_a_title_that_is_called_like_a_comment_are_no_text() -> None:
    lines = [
        "4. Clinical and Service Information",
        "Quantity  Proc. Code  DOS From    End Date    Dx Code",
        "4         96365       06/24/2026  07/23/2026  C50.911",
    ]
    words = [replace(w, box=Box(w.box.left, w.box.top - 0.002, w.box.right, w.box.bottom + 0.002)) for w in typed.words_of(lines)]
    found = values(Page(1, 1.294, tuple(words)))
    assert (found["services.0.code"], found["services.0.units"], found["diagnoses.0.code"]) == ("96365", 4, "C50.911")


def test_a_date_asked_for_below_a_table_is_no_row_of_it() -> None:
    rows = ["HCPCS Code               No. of visits", "E0601                    1", "A7030                    2"]
    found = values(Page(1, 1.294, typed.words_of([*rows, "Requested start date 9/22/26      Requested end date 9/30/26"])))
    assert [found[f"services.{n}.from_date"] for n in (0, 1)] == [date(2026, 9, 22)] * 2
    assert [found[f"services.{n}.to_date"] for n in (0, 1)] == [date(2026, 9, 30)] * 2
