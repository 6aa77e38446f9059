"""Which of a page's cells can hold one value."""

from __future__ import annotations

from extraction.cells import value_cells
from models.geometry import Box
from models.page import FormField, Page


def test_a_cell_closed_across_the_frames_of_two_fields_is_none() -> None:
    code, units = Box(0.53, 0.15, 0.69, 0.168), Box(0.7, 0.15, 0.81, 0.168)
    across = Box(0.52, 0.147, 0.82, 0.164)
    fields = (FormField("code", "99204", code), FormField("units", "1", units))
    assert set(value_cells(Page(1, 1.294, cells=(across,), fields=fields))) == {code, units}


def test_a_cell_with_its_caption_and_its_one_field_stays() -> None:
    cell, field = Box(0.1, 0.1, 0.4, 0.15), Box(0.11, 0.125, 0.39, 0.145)
    assert cell in value_cells(Page(1, 1.294, cells=(cell,), fields=(FormField("npi", "", field),)))
