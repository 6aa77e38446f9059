"""The zones that are proposed for a blank, and the file that they are kept in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.forms import ZoneKind, as_yaml, parse_form, propose
from models.errors import ConfigurationError
from models.geometry import Box
from models.page import CheckBox, FormField, MarkState, Page, Rule
from tests.extraction.forms.blanks import HEIGHT, blank, words_at


def _by_label(page: Page) -> dict[str, tuple[str, ...]]:
    return {zone.label: zone.fields for zone in propose("form", (page,)).pages[0].zones}


def test_each_cell_belongs_to_the_owner_of_its_section() -> None:
    zones = propose("form", (blank(),)).pages[0].zones
    fields = [zone.fields for zone in zones if zone.fields]
    assert ("member.last_name",) in fields
    assert ("member.date_of_birth",) in fields
    for who in ("requesting_provider", "servicing_provider"):
        assert {(f"{who}.{name}",) for name in ("name", "npi", "phone", "fax")} <= set(fields)


def _lined(*rows: tuple[str, float, float, float]) -> Page:
    """Labels, each with a line to write on: text, left and top of the label, left of the line."""
    words = [word for text, left, top, _ in rows for word in words_at(text, left, top)]
    rules = [Rule(Box(start, top + HEIGHT, start + 0.25, top + HEIGHT + 0.001), True) for _, _, top, start in rows]
    return Page(1, 1.294, tuple(words), rules=tuple(rules))


def test_a_line_behind_a_label_is_its_zone() -> None:
    page = _lined(("Member ID:", 0.1, 0.2, 0.22), ("Patient phone:", 0.1, 0.3, 0.25))
    zones = {zone.fields: zone.box for zone in propose("form", (page,)).pages[0].zones}
    assert abs(zones[("member.member_id",)].left - 0.22) < 0.01
    assert abs(zones[("member.member_id",)].right - 0.47) < 0.01
    assert ("member.phone",) in zones


def _boxed(captions_below: bool) -> Page:
    """Three boxes over each other with a caption each; the one in the middle asks for something that nobody knows."""
    words, cells = [], []
    for n, text in enumerate(("Member ID", "Shoe colour", "Member phone")):
        top = 0.2 + 0.08 * n
        cells.append(Box(0.1, top, 0.5, top + 0.03))
        words += words_at(text, 0.1, top + 0.034 if captions_below else top - 0.016)
    return Page(1, 1.294, tuple(words), cells=tuple(cells))


@pytest.mark.parametrize("captions_below", [False, True])
def test_captions_stand_on_one_side_of_their_boxes_and_an_unknown_one_keeps_its_own(captions_below: bool) -> None:
    zones = {zone.label: zone for zone in propose("form", (_boxed(captions_below),)).pages[0].zones}
    assert zones["Member ID"].box.top == pytest.approx(0.2)
    assert zones["Shoe colour"].box.top == pytest.approx(0.28)
    assert zones["Shoe colour"].fields == ()
    assert zones["Member phone"].box.top == pytest.approx(0.36)


def test_a_field_of_a_fillable_form_is_the_zone_of_the_label_beside_it() -> None:
    words = (*words_at("Date of birth", 0.1, 0.2), *words_at("Patient name", 0.1, 0.25))
    fields = (FormField("Text1", "", Box(0.3, 0.195, 0.5, 0.215)), FormField("Text2", "", Box(0.3, 0.245, 0.5, 0.265)))
    zones = {zone.fields: zone.box for zone in propose("form", (Page(1, 1.294, words, fields=fields),)).pages[0].zones}
    assert zones[("member.date_of_birth",)] == fields[0].box
    assert zones[("member.name",)] == fields[1].box


def test_a_check_box_says_what_a_tick_in_it_means() -> None:
    words = (*words_at("Standard", 0.14, 0.2), *words_at("Urgent", 0.34, 0.2))
    boxes = tuple(CheckBox(Box(x, 0.199, x + 0.015, 0.211), MarkState.EMPTY, 0.9) for x in (0.12, 0.32))
    zones = propose("form", (Page(1, 1.294, words, check_boxes=boxes),)).pages[0].zones
    assert [(z.kind, z.fields, z.values[0]) for z in zones] == [
        (ZoneKind.CHECK_BOX, ("request.urgency",), "routine"),
        (ZoneKind.CHECK_BOX, ("request.urgency",), "urgent"),
    ]


def test_the_file_gives_the_form_again() -> None:
    form = propose("northfield", (blank(), replace(blank(), number=2)))
    again = parse_form(as_yaml(form), "northfield.form.yaml")
    assert again.name == form.name
    assert [len(page.zones) for page in again.pages] == [len(page.zones) for page in form.pages]
    assert as_yaml(again) == as_yaml(form)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("[member.last_name]", "[member.shoe]", "no such field: member.shoe"),
        ("    kind: text", "    kind: txet", "kind"),
    ],
)
def test_a_mistake_in_an_edited_file_is_told_with_its_place(right: str, wrong: str, told: str) -> None:
    text = as_yaml(propose("northfield", (blank(),)))
    assert right in text
    with pytest.raises(ConfigurationError, match=told):
        parse_form(text.replace(right, wrong, 1), "northfield.form.yaml")
