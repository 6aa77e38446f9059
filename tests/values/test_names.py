"""Names of members and of providers."""

from __future__ import annotations

import pytest

from models.values import PersonName, ValueKind, find_values, is_organization, plain_provider_name, split_person_name
from models.values.name_words import tidied


@pytest.mark.parametrize(
    ("text", "last_first", "parts"),
    [
        ("Smith, John A", None, ("Smith", "John", "A")),
        ("John A. Smith", None, ("Smith", "John", "A")),
        ("SMITH JOHN A", None, ("SMITH", "JOHN", "A")),
        ("Smith John", True, ("Smith", "John", None)),
        ("John Smith", False, ("Smith", "John", None)),
        ("Maria De La Rosa", None, ("De La Rosa", "Maria", None)),
        ("De La Rosa Maria T", True, ("De La Rosa", "Maria", "T")),
        ("De Leon Renato", None, ("De Leon", "Renato", None)),
        ("Le Emily Q", True, ("Le", "Emily", "Q")),
        ("O’Connor, Jun", None, ("O'Connor", "Jun", None)),
        ("Hall-Moreno , Kim-Anh", None, ("Hall-Moreno", "Kim-Anh", None)),
        ("St. Clair, Hung M.", None, ("St. Clair", "Hung", "M")),
        ("Smith Jr., John", None, ("Smith", "John", None)),
        ("Smith. John A", None, ("Smith", "John", "A")),
        ("Mr. John Smith III", False, ("Smith", "John", None)),
        ("Ibáñez, Ramón", None, ("Ibáñez", "Ramón", None)),
        ("Smith", None, ("Smith", None, None)),
        ("", None, (None, None, None)),
    ],
)
def test_a_person_is_parted(text: str, last_first: bool | None, parts: tuple[str | None, str | None, str | None]) -> None:
    assert split_person_name(text, last_first=last_first) == PersonName(*parts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Richard F. Flores, MD", "Richard F. Flores"),
        ("Dr. Wei Li", "Wei Li"),
        ("Flores, Richard F., M.D.", "Richard F. Flores"),
        ("Li, Wei MD, PhD", "Wei Li"),
        ("Linda T. O'Brien FNP-C", "Linda T. O'Brien"),
        ("Anthony De La Rosa PA-C", "Anthony De La Rosa"),
        ("John Smith Jr., DPM", "John Smith Jr."),
        ("Ann Lee, LCSW", "Ann Lee"),
        ("Mai Do", "Mai Do"),
        ("MAI DO", "MAI DO"),
        ("Do, Mai, MD", "Mai Do"),
        ("Ma Chen", "Ma Chen"),
        ("Salinas Valley Medical Group, Inc.", "Salinas Valley Medical Group, Inc."),
        ("Pajaro Physical Therapy", "Pajaro Physical Therapy"),
        ("__Wei Li__", "Wei Li"),
        ("", ""),
        ("FNP-C", ""),
        ("Emily Washington, D PM", "Emily Washington"),
        ("Ann Lee, MO", "Ann Lee"),
        ("LEE, ANN", "ANN LEE"),
        ("Latoya C. Foster. MD", "Latoya C. Foster"),
        ("B ao Le, MD", "Bao Le"),
        ("A de la Rosa", "A de la Rosa"),
    ],
)
def test_a_provider_has_no_title_and_no_degree(text: str, name: str) -> None:
    assert plain_provider_name(text) == name


@pytest.mark.parametrize("text", ["Ann Lee, MD NPI: 1234567893", "Ann Lee MD / 1234567893", "Ann Lee, M.D. (831) 555-0142"])
def test_a_number_that_shares_the_cell_is_no_part_of_the_name(text: str) -> None:
    (reading,) = find_values(ValueKind.PROVIDER_NAME, text)
    assert reading.value == "Ann Lee"
    assert text[reading.start : reading.end] == reading.text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Valley Home Supply 1210 Freedom Blvd Watsonville CA 95076", "Valley Home Supply"),
        ("Walter Kinsey MD, 300 Oak St, St. Augustine FL 32084", "Walter Kinsey"),
        ("10. NORTH MOBILITY SUPPLY", "NORTH MOBILITY SUPPLY"),
        ("First Street Clinic", "First Street Clinic"),
        ("Clinic 24 Hour Care", "Clinic 24 Hour Care"),
    ],
)
def test_an_address_and_the_number_of_a_field_are_no_part_of_the_name(text: str, name: str) -> None:
    (reading,) = find_values(ValueKind.PROVIDER_NAME, text)
    assert reading.value == name


def test_organizations_are_told_from_people() -> None:
    assert is_organization("Central Coast Surgery Center")
    assert not is_organization("Maria De La Rosa")


def test_a_number_is_no_name_and_a_name_with_a_label_fits_badly() -> None:
    assert find_values(ValueKind.PROVIDER_NAME, "1234567893") == ()
    for text in ("Date of Birth", "has upcoming appt.", "SECTION", "FIRS"):
        (reading,) = find_values(ValueKind.PERSON_NAME, text)
        assert reading.fit < 0.7


def test_a_sentence_is_no_name() -> None:
    assert find_values(ValueKind.PERSON_NAME, "within five (5) working days: urgent requests within 72 hours") == ()


def test_free_text_is_cleaned_and_its_place_kept() -> None:
    text = "  __lumbar   MRI_ "
    (reading,) = find_values(ValueKind.TEXT, text)
    assert reading.value == "lumbar MRI"
    assert text[reading.start : reading.end] == reading.text


@pytest.mark.parametrize(
    ("read_as", "name"),
    [
        ("lyer, Marguerite", "Iyer, Marguerite"),
        ("FaridaR. Rasmussen", "Farida R. Rasmussen"),
        ("Maria llosa lyons", "Maria llosa lyons"),
    ],
)
def test_capitals_that_a_reader_took_for_others_are_put_right(read_as: str, name: str) -> None:
    assert tidied(read_as) == name


@pytest.mark.parametrize("kind", [ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME])
def test_a_question_is_nobodys_name(kind: ValueKind) -> None:
    assert find_values(kind, "Are you the PCP?") == ()
    assert find_values(kind, "Jo Bell") != ()
    assert find_values(kind, "Are you the")[0].fit < 0.5 * find_values(kind, "Jo Bell")[0].fit


def test_a_name_whose_small_letters_look_like_its_capitals_is_one() -> None:
    found = find_values(ValueKind.PERSON_NAME, "vo")
    assert [(each.value, each.fit) for each in found] == [("Vo", find_values(ValueKind.PERSON_NAME, "VO")[0].fit)]
    assert find_values(ValueKind.PERSON_NAME, "ng")[0].fit < found[0].fit


@pytest.mark.parametrize(
    ("read_as", "name"),
    [
        ("whitaker", "Whitaker"),
        ("oscar Vega", "Oscar Vega"),
        ("Maria de la Cruz", "Maria de la Cruz"),
        ("Institute of Care", "Institute of Care"),
    ],
)
def test_a_first_letter_of_one_shape_in_both_cases_is_a_capital(read_as: str, name: str) -> None:
    assert [found.value for found in find_values(ValueKind.PERSON_NAME, read_as)][:1] == [name]


def test_an_extension_is_no_part_of_a_contacts_name() -> None:
    assert [found.value for found in find_values(ValueKind.PERSON_NAME, "Mirela Cruz, ext. 12")] == ["Mirela Cruz"]


def test_a_degree_that_was_read_in_one_word_with_the_name_is_taken_off() -> None:
    assert plain_provider_name("Salma HaddadMD") == "Salma Haddad"


def test_words_of_a_label_fit_no_person() -> None:
    (read,) = find_values(ValueKind.PROVIDER_NAME, "G PROVIDER")
    assert read.fit < 0.3
