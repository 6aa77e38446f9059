"""Directories of providers as real files: a plan's own, and the layout of NPPES."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.roster import ProviderPlace
from models.store import roster
from tests.intake.harness import Site
from tests.roster.files import bring_in, new_site, store_of

HEADER = "npi,name,tin,fax,phone,specialty,network,plan"
ROW = '1234567893,"O\'Brien, Linda T, MD",123456789,831-555-0142,(831) 555 0140,Family Medicine,in,alder_health'
NPPES = {
    "NPI": "1234567893",
    "Entity Type Code": "1",
    "Replacement NPI": "",
    "Employer Identification Number (EIN)": "<UNAVAIL>",
    "Provider Organization Name (Legal Business Name)": "",
    "Provider Last Name (Legal Name)": "O'BRIEN",
    "Provider First Name": "LINDA",
    "Provider Middle Name": "T",
    "Provider Business Practice Location Address Telephone Number": "8315550140",
    "Provider Business Practice Location Address Fax Number": "8315550142",
    "NPI Deactivation Reason Code": "",
    "NPI Deactivation Date": "",
    "NPI Reactivation Date": "",
    "Healthcare Provider Taxonomy Code_1": "207Q00000X",
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return new_site(tmp_path)


def _nppes(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(NPPES), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows([NPPES | row for row in rows])
    return out.getvalue()


def _places(site: Site, *npis: str) -> list[ProviderPlace]:
    engine = store_of(site)
    try:
        with Session(engine) as session:
            return list(roster.providers_by_npi(session, npis))
    finally:
        engine.dispose()


def test_the_plans_own_directory(site: Site) -> None:
    code, said = bring_in(site, f"{HEADER}\n{ROW}\n", kind="providers")
    assert (code, "directory: 1 rows written" in said) == (0, True), said
    (found,) = _places(site, "1234567893")
    assert (found.name, found.tin, found.fax, found.phone) == ("Linda T O'Brien", "12-3456789", "+18315550142", "+18315550140")
    assert (found.network, found.plan, found.national) == ("in", "alder_health", False)


def test_the_layout_of_nppes_people_organizations_and_those_that_are_out_of_use(site: Site) -> None:
    organization = {
        "NPI": "1982605341",
        "Entity Type Code": "2",
        "Provider Organization Name (Legal Business Name)": "HARBOR IMAGING CENTER",
        "Employer Identification Number (EIN)": "987654321",
    }
    gone = dict.fromkeys(NPPES, "") | {"NPI": "1809000007", "NPI Deactivation Date": "01/31/2026"}
    back = {"NPI": "1890000007", "NPI Deactivation Date": "01/31/2020", "NPI Reactivation Date": "02/15/2020"}
    code, said = bring_in(site, _nppes({}, organization, gone, back), kind="providers")
    assert (code, "nppes: 4 rows written" in said) == (0, True), said
    person, center, ended, again = _places(site, "1234567893", "1982605341", "1809000007", "1890000007")
    assert (person.name, person.is_organization, person.tin, person.fax) == ("LINDA T O'BRIEN", False, None, "+18315550142")
    assert (center.name, center.is_organization, center.tin) == ("HARBOR IMAGING CENTER", True, "98-7654321")
    assert (ended.deactivated_on, again.deactivated_on, ended.national) == (date(2026, 1, 31), None, True)


def test_each_directory_is_replaced_by_itself(site: Site) -> None:
    bring_in(site, f"{HEADER}\n{ROW}\n", kind="providers")
    bring_in(site, _nppes({}), kind="providers")
    assert len(_places(site, "1234567893")) == 2
    bring_in(site, _nppes({"NPI": "1982605341"}), "--replace", kind="providers")
    assert [one.national for one in _places(site, "1234567893")] == [False]
    assert len(_places(site, "1982605341")) == 1


def test_a_weekly_file_changes_those_that_it_names(site: Site) -> None:
    bring_in(site, _nppes({}, {"NPI": "1982605341"}), kind="providers")
    bring_in(site, _nppes({"Provider Last Name (Legal Name)": "QUILL"}), kind="providers")
    assert [one.name for one in _places(site, "1234567893", "1982605341")] == ["LINDA T O'BRIEN", "LINDA T QUILL"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1234567890,Zzyzx,,,,,,", "Line 2, npi: no NPI"),
        ("1234567893,,,,,,,", "Line 2, name: empty"),
        ("1234567893,Zzyzx,1234,,,,,", "Line 2, tin: no TIN"),
    ],
)
def test_a_broken_row_is_told_by_line_and_column(site: Site, row: str, told: str) -> None:
    code, said = bring_in(site, f"{HEADER}\n{row}\n", kind="providers")
    assert (code, told in said, "Zzyzx" in said, "1234567890" in said) == (1, True, False, False), said


def test_a_broken_row_of_nppes_too(site: Site) -> None:
    code, said = bring_in(site, _nppes({"Entity Type Code": "7"}), kind="providers")
    assert (code, "Line 2, Entity Type Code: not 1 or 2" in said) == (1, True), said
