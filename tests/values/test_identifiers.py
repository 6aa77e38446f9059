"""NPI, TIN, member and authorization numbers: what is found in a text, and what is never made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import MemberIdKind, ValueKind, find_values, has_check_digit, member_id_kind

DIGITS = "0123456789"


def values(kind: ValueKind, text: str) -> list[object]:
    return [reading.value for reading in find_values(kind, text)]


def npi_of(nine: str) -> str:
    return next(nine + digit for digit in DIGITS if has_check_digit(nine + digit))


npis = st.from_regex(r"[12][0-9]{8}", fullmatch=True).map(npi_of)


def test_the_published_example_has_its_check_digit() -> None:
    assert has_check_digit("1234567893")


@pytest.mark.parametrize("npi", ["1234567890", "0234567893", "123456789", "12345678933", "12345678\uff193", ""])
def test_other_texts_have_no_check_digit(npi: str) -> None:
    assert not has_check_digit(npi)


@given(npis, st.integers(0, 9), st.sampled_from(DIGITS))
def test_any_changed_digit_fails(npi: str, place: int, digit: str) -> None:
    changed = npi[:place] + digit + npi[place + 1 :]
    assert has_check_digit(changed) == (changed == npi)


@given(npis)
def test_an_npi_is_found_however_its_digits_are_set_apart(npi: str) -> None:
    for text in (npi, " ".join(npi), f"NPI# {npi[:4]} {npi[4:]}", f"{npi[:3]}.{npi[3:]}", f"Individual NPI: {npi}."):
        (reading,) = find_values(ValueKind.NPI, text)
        assert reading.value == npi
        assert reading.valid
        assert not reading.repaired
        assert text[reading.start : reading.end] == reading.text


@given(npis)
def test_letters_for_digits_are_repaired_and_said(npi: str) -> None:
    text = npi.replace("0", "O").replace("1", "l").replace("5", "S")
    readings = find_values(ValueKind.NPI, text)
    if sum(character.isdigit() for character in text) < 6:
        assert readings == ()
    else:
        assert [(reading.value, reading.repaired) for reading in readings] == [(npi, text != npi)]


def test_a_digit_is_never_changed_to_make_an_npi() -> None:
    (reading,) = find_values(ValueKind.NPI, "1234567898")
    assert (reading.value, reading.valid, reading.repaired) == ("1234567898", False, False)


@pytest.mark.parametrize(
    ("text", "npi"), [("7234567893", "1234567893"), ("4234567893", "1234567893"), ("7234567890", None), ("9234567893", None)]
)
def test_a_first_digit_that_no_npi_has_is_repaired_where_the_check_digit_bears_it_out(text: str, npi: str | None) -> None:
    (reading,) = find_values(ValueKind.NPI, text)
    assert (reading.value, reading.valid, reading.repaired) == (npi or text, npi is not None, npi is not None)


def test_nine_digits_are_no_npi_and_do_not_pass_unseen() -> None:
    (reading,) = find_values(ValueKind.NPI, "123456789")
    assert reading.value is None
    assert not reading.valid


def test_a_tax_id_and_a_telephone_beside_an_npi_are_told_from_it() -> None:
    readings = find_values(ValueKind.NPI, "831-555-0142 94-6383445 1234567893")
    assert max(readings, key=lambda reading: reading.fit).value == "1234567893"
    assert [reading.value for reading in readings if reading.fit > 0.5] == ["1234567893"]


@pytest.mark.parametrize(
    "text", ["12-3456789", "123456789", "12 3456789", "1 2 3 4 5 6 7 8 9", "TIN: 12-3456789", "12 - 3456789", "I2-34S6789"]
)
def test_a_tax_id_gets_its_dash(text: str) -> None:
    assert values(ValueKind.TIN, text) == ["12-3456789"]


@pytest.mark.parametrize("text", ["1234567893", "12-345678", "none"])
def test_other_numbers_are_no_tax_id(text: str) -> None:
    assert values(ValueKind.TIN, text) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("91234567A", MemberIdKind.CIN),
        ("91234567A29180", MemberIdKind.BIC),
        ("91234567A29400", MemberIdKind.PLAN),
        ("91234567O", MemberIdKind.PLAN),
        ("1EG4TE5MK73", MemberIdKind.MBI),
        ("1SG4TE5MK73", MemberIdKind.PLAN),
        ("XEH475766781", MemberIdKind.PLAN),
        ("700123", MemberIdKind.PLAN),
        ("SMITH", None),
        ("12/03/1960", None),
    ],
)
def test_whose_identifier_it_is(value: str, kind: MemberIdKind | None) -> None:
    assert member_id_kind(value) is kind


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("9123 4567 A", "91234567A", False),
        ("9 1 2 3 4 5 6 7 A", "91234567A", False),
        ("9I2345G7A", "91234567A", True),
        ("1EG4-TE5-MK73", "1EG4TE5MK73", False),
        ("lEG4-TES-MK73", "1EG4TE5MK73", True),
        ("1EG4TE5MKZ3", "1EG4TE5MK23", True),
        ("XEH 475766781", "XEH475766781", False),
        ("CIN 91234567A", "91234567A", False),
        ("H236669170", "H236669170", False),
        ("5+7905641", "577905641", True),
    ],
)
def test_a_member_id_is_repaired_only_where_its_alphabet_proves_it(text: str, value: str, repaired: bool) -> None:
    best = max(find_values(ValueKind.MEMBER_ID, text), key=lambda reading: reading.fit)
    assert (best.value, best.repaired) == (value, repaired)


def test_a_plans_own_identifier_stands_as_read() -> None:
    (reading,) = find_values(ValueKind.MEMBER_ID, "H23666O170")
    assert (reading.value, reading.repaired) == ("H23666O170", False)


@pytest.mark.parametrize("text", ["09-28-1974", "831-555-0142", "123-45-6789"])
def test_dates_and_telephones_are_no_identifiers(text: str) -> None:
    for kind in (ValueKind.MEMBER_ID, ValueKind.AUTHORIZATION_NUMBER):
        assert values(kind, text) == []


def test_the_first_characters_of_a_comb_whose_last_stand_apart_fit_badly() -> None:
    whole, *_ = find_values(ValueKind.MEMBER_ID, "MYG18218")
    torn = max(find_values(ValueKind.MEMBER_ID, "MYG18218 O 9 4 1"), key=lambda reading: reading.fit)
    assert torn.fit < whole.fit - 0.2


def test_a_number_that_may_be_a_cin_without_its_letter_fits_worse() -> None:
    (plain,) = find_values(ValueKind.MEMBER_ID, "812345678")
    (as_digit,) = find_values(ValueKind.MEMBER_ID, "912345674")
    (lost,) = find_values(ValueKind.MEMBER_ID, "91234567")
    assert plain.fit > as_digit.fit > lost.fit


@pytest.mark.parametrize("text", ["Smith", "12", "", "09/28/1974"])
def test_other_texts_are_no_identifier(text: str) -> None:
    assert values(ValueKind.MEMBER_ID, text) == []


@pytest.mark.parametrize("number", ["AUTH-9203536", "2509-281864", "202601119793", "A1234567"])
def test_authorization_numbers(number: str) -> None:
    assert values(ValueKind.AUTHORIZATION_NUMBER, number) == [number]
    assert values(ValueKind.AUTHORIZATION_NUMBER, f"# {number.lower()}") == [number]
    assert values(ValueKind.AUTHORIZATION_NUMBER, number.replace("-", " - ")) == [number]
    assert values(ValueKind.AUTHORIZATION_NUMBER, " ".join(number)) == [number]


def test_two_combs_that_were_read_as_one_line_are_parted() -> None:
    line = " ".join("91234567A08061952")
    member = max(find_values(ValueKind.MEMBER_ID, line), key=lambda reading: reading.fit)
    (born,) = find_values(ValueKind.DATE, line, birth=True)
    assert (member.value, born.value) == ("91234567A", date(1952, 8, 6))
    assert line[born.start : born.end] == born.text == "0 8 0 6 1 9 5 2"
    npis = find_values(ValueKind.NPI, " ".join("12345678931487793048"))
    assert [reading.value for reading in npis] == ["1234567893", "1487793048"]


def test_a_number_alone_in_its_field_is_whole_though_a_space_parts_it() -> None:
    (found,) = find_values(ValueKind.AUTHORIZATION_NUMBER, " 20250 3241968")
    assert (found.value, found.repaired) == ("202503241968", True)
    assert find_values(ValueKind.AUTHORIZATION_NUMBER, "93230 5551234 pending")[0].value != "932305551234"
