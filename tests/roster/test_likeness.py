"""How a value that was read stands to what a list says."""

from __future__ import annotations

from datetime import date

import pytest

from roster.likeness import Likeness, best, of_day, of_first_name, of_last_name, of_number, of_provider_name

SAME, PART, NEAR, OTHER, UNSAID = Likeness


@pytest.mark.parametrize(
    ("read", "known", "found"),
    [
        ("H331812251", "H331812251", SAME),
        ("H331812257", "H331812251", NEAR),
        ("H33181225", "H331812251", NEAR),
        ("H331821251", "H331812251", NEAR),
        ("H33I8I2Z5I", "H331812251", NEAR),
        ("K998877665", "H331812251", OTHER),
        ("1235", "1234", OTHER),
        (None, "H331812251", UNSAID),
    ],
)
def test_numbers(read: str | None, known: str, found: Likeness) -> None:
    assert of_number(read, known) is found


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (date(1980, 2, 7), SAME),
        (date(1980, 7, 2), NEAR),
        (date(1986, 2, 7), NEAR),
        (date(1908, 2, 7), NEAR),
        (date(1991, 12, 30), OTHER),
    ],
)
def test_days(read: date, found: Likeness) -> None:
    assert of_day(read, date(1980, 2, 7)) is found


@pytest.mark.parametrize(
    ("read", "known", "found"),
    [
        ("RUIZ ORTEGA", "Ruíz-Ortega", SAME),
        ("Ruiz", "Ruiz-Ortega", PART),
        ("Ruiz-Orfega", "Ruiz-Ortega", NEAR),
        ("Sm1th", "Smith", NEAR),
        ("Jones", "Smith", OTHER),
        ("Li", "Lu", OTHER),
    ],
)
def test_last_names(read: str, known: str, found: Likeness) -> None:
    assert of_last_name(read, known) is found


@pytest.mark.parametrize(
    ("read", "found"), [("Ana", SAME), ("Ana Maria", SAME), ("A", PART), ("Anna", NEAR), ("Bella", OTHER), ("B", OTHER)]
)
def test_first_names(read: str, found: Likeness) -> None:
    assert of_first_name(read, "Ana", "Maria") is found


@pytest.mark.parametrize(
    ("read", "known", "found"),
    [
        ("Harbor Imaging Center, Inc.", "HARBOR IMAGING CENTER", SAME),
        ("Harbor Imaging", "Harbor Imaging Center", PART),
        ("Harbar Imaqing Center", "Harbor Imaging Center", NEAR),
        ("Cedar Clinic", "Harbor Imaging Center", OTHER),
        ("Le Do", "Do, Le", SAME),
    ],
)
def test_provider_names(read: str, known: str, found: Likeness) -> None:
    assert of_provider_name(read, known) is found


def test_the_nearest_of_several_counts() -> None:
    assert best([OTHER, NEAR, UNSAID]) is NEAR
    assert best([UNSAID]) is UNSAID
