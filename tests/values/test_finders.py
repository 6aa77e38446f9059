"""What holds for every kind of value, on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import ValueKind, find_values

ON_A_FORM = st.text(alphabet="0123456789AaBDGIilMOoQSsTZ|!$.,/-() xX#&:éñ\n", max_size=40)


@pytest.mark.parametrize("kind", ValueKind)
@given(text=st.one_of(ON_A_FORM, st.text(max_size=30)))
def test_a_reading_says_where_it_was_found_and_how_well_it_fits(kind: ValueKind, text: str) -> None:
    end = 0
    for reading in find_values(kind, text):
        assert text[reading.start : reading.end] == reading.text
        assert 0 <= reading.fit <= 1
        assert reading.start >= end
        assert reading.end > reading.start
        assert reading.value is not None or not reading.valid
        end = reading.end


@pytest.mark.parametrize("kind", [ValueKind.NPI, ValueKind.TIN, ValueKind.ICD10, ValueKind.PROCEDURE, ValueKind.PHONE])
@given(text=ON_A_FORM)
def test_a_canonical_value_reads_as_itself(kind: ValueKind, text: str) -> None:
    for reading in find_values(kind, text):
        if reading.valid and reading.fit > 0.5:
            again = find_values(kind, str(reading.value))
            assert [(found.value, found.repaired) for found in again] == [(reading.value, False)]
