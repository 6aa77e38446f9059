"""Misread codes of diagnoses with what the form says beside them."""

from __future__ import annotations

import pytest

from models.values.icd10_repair import described_first_letter, described_repair, support


@pytest.mark.parametrize(
    ("text", "description", "code"),
    [
        ("110", "Essential hypertension", "I10"),
        ("229.6", "History of falling", None),
        ("Z79.4", "Long term (current) use of insulin", "Z79.4"),
        ("279.4", "Long term current use of insulin", "Z79.4"),
        ("583.241A", "Other tear of medial meniscus, current injury, left knee", "S83.241A"),
        ("N17.11", "Unilateral primary osteoarthritis, right knee", "M17.11"),
        ("117.12", "Unil primary OA lt knee", None),
        ("R20.0", "Unspecified viral hepatitis", None),
    ],
)
def test_the_description_tells_which_code_was_written(text: str, description: str, code: str | None) -> None:
    found = described_repair(text, description)
    assert (found.value if found else None) == code


@pytest.mark.parametrize(
    ("code", "description", "other"),
    [
        ("H18.11", "Primary osteoarthritis of first carpometacarpal joint, right hand", "M18.11"),
        ("H18.11", "Bullous keratopathy", None),
        ("H18.11", "osteoarthritis", None),
        ("M18.11", "Essential hypertension of long standing", None),
    ],
)
def test_a_code_that_exists_yields_to_a_plain_description_only_and_stays_doubtful(
    code: str, description: str, other: str | None
) -> None:
    found = described_first_letter(code, description)
    assert (found.value if found else None) == other
    assert found is None or found.fit <= 0.5


def test_two_codes_that_the_description_fits_alike_are_left_open() -> None:
    assert support("M1711", "osteoarthritis of knee") == support("M1712", "osteoarthritis of knee")
    assert described_repair("M17.1?", "osteoarthritis of knee") is None


def test_words_that_say_nothing_support_nothing() -> None:
    assert support("I10", "unspecified, other") == 0.0
