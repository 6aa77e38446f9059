"""Directories of providers as tables: a plan's own, and the monthly file of NPPES; docs/roster.md tells the layouts.

NPPES: "NPPES Data Dissemination - Readme" of the Centers for Medicare and Medicaid Services, exhibit 2-1. The weekly file
has the same layout. An NPI that was deactivated stands there with its number and that day alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.roster import ProviderPlace
from models.values.provider_names import plain_provider_name
from roster import cells
from roster.broken import Broken, BrokenCell
from roster.table import Column, Row, header_of, rows

COLUMNS = (
    Column("npi", needed=True),
    Column("name", ("provider_name",), needed=True),
    Column("tin", ("tax_id", "ein")),
    Column("fax", ("fax_number",)),
    Column("phone", ("telephone", "phone_number")),
    Column("specialty", ("taxonomy",)),
    Column("network", ("network_status",)),
    Column("plan", ("health_plan",)),
)
_ORGANIZATION = "Provider Organization Name (Legal Business Name)"
_LAST, _FIRST = "Provider Last Name (Legal Name)", "Provider First Name"
_PRACTICE = "Provider Business Practice Location Address"
NPPES_COLUMNS = (
    Column("NPI", needed=True),
    Column("Entity Type Code", needed=True),
    Column(_ORGANIZATION, needed=True),
    Column(_LAST, needed=True),
    Column(_FIRST, needed=True),
    Column("Provider Middle Name"),
    Column("Employer Identification Number (EIN)"),
    Column(f"{_PRACTICE} Telephone Number"),
    Column(f"{_PRACTICE} Fax Number"),
    Column("Healthcare Provider Taxonomy Code_1"),
    Column("NPI Deactivation Date"),
    Column("NPI Reactivation Date"),
)
_IS_ORGANIZATION = {"1": False, "2": True}
_NOT_TOLD = "<UNAVAIL>"
"""What NPPES writes in place of an EIN."""


def is_nppes(path: Path) -> bool:
    """Whether the file's first line is that of NPPES.

    Raises:
        BrokenFile: it cannot be read.
    """
    return {"entitytypecode", "npideactivationdate"} <= header_of(path)


def read_directory(path: Path) -> Iterator[ProviderPlace | Broken]:
    """The places of providers in a plan's own directory, one a row.

    Raises:
        BrokenFile: a needed column is missing, or the file is no table.
    """
    for row in rows(path, COLUMNS):
        yield row if isinstance(row, Broken) else _place(row)


def _place(row: Row) -> ProviderPlace | Broken:
    name = "npi"
    try:
        npi = cells.npi(row.cells[name])
        name = "name"
        told = cells.needed(plain_provider_name(row.cells[name]) or row.cells[name])
        name = "tin"
        tin = cells.tin(row.cells.get(name, ""))
    except BrokenCell as error:
        return row.broken(name, str(error))
    told_of = row.cells.get
    return ProviderPlace(
        npi,
        told,
        tin=tin,
        phone=cells.phone(told_of("phone", "")),
        fax=cells.phone(told_of("fax", "")),
        specialty=cells.short(told_of("specialty", ""), 120),
        network=cells.short(told_of("network", ""), 80),
        plan=cells.short(told_of("plan", ""), 80),
    )


def read_nppes(path: Path) -> Iterator[ProviderPlace | Broken]:
    """The providers of a monthly or weekly file of NPPES, with their practice location.

    Raises:
        BrokenFile: a needed column is missing, or the file is no table.
    """
    for row in rows(path, NPPES_COLUMNS):
        yield row if isinstance(row, Broken) else _enumerated(row)


def _enumerated(row: Row) -> ProviderPlace | Broken:
    told = row.cells
    name = "NPI"
    try:
        npi = cells.npi(told[name])
        name = "NPI Deactivation Date"
        ended = cells.day(told.get(name, ""))
        name = "NPI Reactivation Date"
        again = cells.day(told.get(name, ""))
        name = "Entity Type Code"
        kind = _IS_ORGANIZATION.get(told[name])
        if kind is None and ended is None:
            raise BrokenCell("not 1 or 2")  # noqa: TRY301 - told like all that is broken
        name = "Employer Identification Number (EIN)"
        ein = told.get(name, "")
        tin = None if ein == _NOT_TOLD else cells.tin(ein)
    except BrokenCell as error:
        return row.broken(name, str(error))
    given = (told[_FIRST], told.get("Provider Middle Name", ""), told[_LAST])
    return ProviderPlace(
        npi,
        told[_ORGANIZATION] if kind else " ".join(part for part in given if part),
        is_organization=kind,
        tin=tin,
        phone=cells.phone(told.get(f"{_PRACTICE} Telephone Number", "")),
        fax=cells.phone(told.get(f"{_PRACTICE} Fax Number", "")),
        specialty=cells.short(told.get("Healthcare Provider Taxonomy Code_1", ""), 120),
        deactivated_on=ended if again is None or (ended is not None and again < ended) else None,
        national=True,
    )
