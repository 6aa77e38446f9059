"""What a known form's zones give in place of the general reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.fields import read_request
from extraction.forms import propose, read_by_zone
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Page, Word
from models.reading import FieldReading
from tests.extraction.forms.blanks import blank, filled, scaled

_TODAY = date(2026, 5, 4)
_FORM = propose("northfield", (blank(),))
_VALUES = {
    (3, 0): "Okonkwo",
    (3, 1): "Adaeze",
    (4, 0): "XEH369657",
    (4, 1): "03/14/1961",
    (6, 0): "Ines Valdez",
    (6, 1): "1234567893",
    (7, 0): "(831) 555-0142",
    (9, 0): "Harbor Imaging",
}


def _read(page: Page) -> dict[str, FieldReading]:
    request = RequestPages(PageKind.FORM, (page,))
    found = read_by_zone(read_request(request, _TODAY), request, (_FORM,), _TODAY)
    return {reading.path: reading for reading in found.readings}


def _value(readings: dict[str, FieldReading], path: str) -> object:
    return readings[path].value if path in readings else None


def test_values_are_read_from_their_zones_on_a_copy_that_was_scaled_and_shifted() -> None:
    readings = _read(filled(_VALUES, scaled(0.95, 0.97, 0.02, 0.01, 0.01)))
    assert _value(readings, "member.last_name") == "Okonkwo"
    assert _value(readings, "member.member_id") == "XEH369657"
    assert _value(readings, "member.date_of_birth") == date(1961, 3, 14)
    assert _value(readings, "requesting_provider.npi") == "1234567893"
    assert _value(readings, "requesting_provider.phone") == "+18315550142"
    assert _value(readings, "servicing_provider.name") == "Harbor Imaging"


def test_an_empty_zone_is_an_empty_field() -> None:
    readings = _read(filled(_VALUES))
    for path in ("servicing_provider.npi", "servicing_provider.phone", "requesting_provider.fax"):
        assert _value(readings, path) is None


def test_labels_that_were_misread_do_not_lose_their_values() -> None:
    page = filled(_VALUES)
    misread = tuple(replace(w, text="#~%") if w.text in ("NPI", "Telephone", "Provider", "name") else w for w in page.words)
    readings = _read(replace(page, words=misread))
    assert _value(readings, "requesting_provider.npi") == "1234567893"
    assert _value(readings, "requesting_provider.phone") == "+18315550142"
    assert _value(readings, "servicing_provider.name") == "Harbor Imaging"


def test_writing_that_is_no_value_of_its_zone_is_shown_and_doubted() -> None:
    readings = _read(filled({**_VALUES, (6, 1): "see attached"}))
    reading = readings["requesting_provider.npi"]
    assert reading.value is None
    assert reading.text == "see attached"
    assert reading.confidence < 0.5


def test_another_value_of_the_general_reading_is_kept_as_a_candidate() -> None:
    page = filled({**_VALUES, (7, 1): "(831) 555-0177"})
    request = RequestPages(PageKind.FORM, (page,))
    general = read_request(request, _TODAY)
    path = "requesting_provider.fax"
    other = next(reading for reading in general.readings if reading.path == path)
    wrong = replace(other, value="+18315550199", text="(831) 555-0199")
    changed = replace(general, readings=tuple(wrong if reading.path == path else reading for reading in general.readings))
    agreed = read_by_zone(general, request, (_FORM,), _TODAY)
    differed = read_by_zone(changed, request, (_FORM,), _TODAY)
    sure = next(reading for reading in agreed.readings if reading.path == path)
    doubted = next(reading for reading in differed.readings if reading.path == path)
    assert sure.value == doubted.value == "+18315550177"
    assert [candidate.value for candidate in doubted.candidates] == ["+18315550199"]
    assert doubted.confidence < sure.confidence


def test_a_value_written_beside_its_empty_zone_is_kept_and_doubted() -> None:
    values = {place: text for place, text in _VALUES.items() if place != (4, 0)}
    aside = Word("XEH369657", Box(0.2, 0.94, 0.3, 0.952), 0.99)
    page = filled(values)
    request = RequestPages(PageKind.FORM, (replace(page, words=(*page.words, aside)),))
    general = read_request(request, _TODAY)
    found = FieldReading("member.member_id", "XEH369657", "XEH369657", 0.9, 1, aside.box, aside.method)
    others = tuple(reading for reading in general.readings if reading.path != found.path)
    merged = read_by_zone(replace(general, readings=(*others, found)), request, (_FORM,), _TODAY)
    kept = next(reading for reading in merged.readings if reading.path == found.path)
    sure = next(r for r in read_by_zone(general, request, (_FORM,), _TODAY).readings if r.path == "member.date_of_birth")
    assert kept.value == "XEH369657"
    assert kept.confidence < sure.confidence


def test_without_a_match_the_general_reading_stands() -> None:
    page = filled(_VALUES)
    other = replace(page, words=tuple(word for word in page.words if word.text not in {w.text for w in blank().words}))
    request = RequestPages(PageKind.FORM, (other,))
    general = read_request(request, _TODAY)
    assert read_by_zone(general, request, (_FORM,), _TODAY) is general
