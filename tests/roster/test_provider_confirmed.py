"""What the directories say of the providers of a request: whether name, NPI, TIN and fax number belong together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from models.circumstances import NoticeSeverity
from models.record import RequestingProvider, ServicingProvider
from tests.roster.made import ASKS, OFFICE, a_record, codes, confirm, keep


def _asks(**changes: object) -> RequestingProvider:
    return ASKS.model_copy(update=changes)


def test_name_npi_tin_and_fax_that_belong_together_raise_each_reading(each_store: Engine) -> None:
    keep(each_store, OFFICE)
    found = confirm(each_store, a_record())
    for name in ("npi", "name", "tin", "fax"):
        assert found.readings[f"requesting_provider.{name}"].confidence > 0.98
    assert codes(found) == []


def test_an_npi_of_somebody_else_is_a_question(store: Engine) -> None:
    keep(store, replace(OFFICE, name="Harbor Imaging Center", tin="98-7654321", fax="+12135550100"))
    found = confirm(store, a_record())
    by_code = {notice.code: notice for notice in found.notices}
    asked = by_code["provider.requesting.name_differs"]
    assert (asked.severity, asked.field) == (NoticeSeverity.ASK, "requesting_provider.name")
    assert by_code["provider.requesting.tin_differs"].severity is NoticeSeverity.NOTE
    assert by_code["provider.requesting.fax_differs"].field == "requesting_provider.fax"


def test_an_npi_a_digit_away_is_asked_about_and_the_directorys_is_proposed(store: Engine) -> None:
    keep(store, OFFICE)
    found = confirm(store, a_record(asks=_asks(npi="1234567883"), confidence=0.99))
    reading = found.readings["requesting_provider.npi"]
    assert found.requesting_provider.npi == "1234567883"
    assert (reading.needs_review, reading.candidates) == (True, ["1234567893"])


def test_an_npi_that_is_good_and_two_digits_in_each_others_place_away_is_a_question(store: Engine) -> None:
    keep(store, replace(OFFICE, npi="1809000007"))
    # A check digit by Luhn does not see 09 for 90, so that no rule of the form could see it.
    found = confirm(store, a_record(asks=_asks(npi="1890000007"), confidence=0.99))
    assert codes(found) == ["provider.requesting.npi_differs"]
    assert found.readings["requesting_provider.npi"].candidates == ["1809000007"]


def test_a_fax_number_a_digit_away_is_proposed_and_told(store: Engine) -> None:
    keep(store, OFFICE)
    found = confirm(store, a_record(asks=_asks(fax="+18315550147"), confidence=0.99))
    assert found.readings["requesting_provider.fax"].candidates == ["+18315550142"]
    assert codes(found) == ["provider.requesting.fax_differs"]


def test_one_of_several_places_is_enough(store: Engine) -> None:
    keep(store, replace(OFFICE, fax="+12135550100", tin="98-7654321"), OFFICE)
    assert codes(confirm(store, a_record())) == []


@pytest.mark.parametrize(
    "name", ["O'BRIEN LINDA", "Linda Obrien MD", "Dr. Linda T O'Brien", "Linda O’Brien, FNP-C"]
)  # the order of words, titles and degrees are the sender's habit
def test_ways_to_write_a_name_are_the_same_name(store: Engine, name: str) -> None:
    keep(store, OFFICE)
    assert codes(confirm(store, a_record(asks=_asks(name=name)))) == []


@pytest.mark.parametrize(("national", "severity"), [(False, NoticeSeverity.NOTE), (True, NoticeSeverity.ASK)])
def test_an_npi_that_no_directory_has_is_asked_about_where_all_npis_are_known(
    store: Engine, severity: NoticeSeverity, *, national: bool
) -> None:
    keep(store, replace(OFFICE, npi="1982605341", name="Bo Quill", tin=None, fax=None, phone=None, national=national))
    (notice,) = confirm(store, a_record()).notices
    assert (notice.code, notice.severity) == ("provider.requesting.not_found", severity)


def test_an_npi_that_was_deactivated_before_the_service_is_a_question(store: Engine) -> None:
    keep(store, replace(OFFICE, national=True, deactivated_on=date(2026, 3, 10)))
    assert codes(confirm(store, a_record(day=date(2026, 3, 9)))) == []
    assert codes(confirm(store, a_record(day=date(2026, 3, 10)))) == ["provider.requesting.npi_deactivated"]


def test_the_npi_of_the_facility_is_no_other_providers(store: Engine) -> None:
    keep(store, OFFICE, replace(OFFICE, npi="1982605341", name="Harbor Imaging Center", tin=None, fax=None, phone=None))
    record = a_record()
    serves = ServicingProvider(name="Bo Quill", npi="1982605341", facility="HARBOR IMAGING CENTER, INC.")
    found = confirm(store, record.model_copy(update={"servicing_provider": serves}))
    assert codes(found) == []
    without = serves.model_copy(update={"facility": None})
    assert codes(confirm(store, record.model_copy(update={"servicing_provider": without}))) == ["provider.servicing.name_differs"]


def test_both_providers_are_told_apart_by_their_codes(store: Engine) -> None:
    keep(store, OFFICE)
    serves = ServicingProvider(name="Bo Quill", npi="1234567893")
    found = confirm(store, a_record().model_copy(update={"servicing_provider": serves}))
    assert codes(found) == ["provider.servicing.name_differs"]
    assert found.notices[0].field == "servicing_provider.name"
