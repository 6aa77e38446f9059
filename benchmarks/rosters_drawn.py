"""Rosters and directories of invented people, as large as is asked for; drawn row by row, so that any number takes no memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from models.roster import MemberSpan, ProviderPlace
from models.values.npi import has_check_digit

MEMBER_HEADER = (
    "member_id", "last_name", "first_name", "middle_name", "date_of_birth", "sex", "cin", "mbi", "medical_record", "phone", "plan",
    "line_of_business", "delegated_group", "eligible_from", "eligible_to", "other_coverage", "pcp_npi",
)  # fmt: skip
PROVIDER_HEADER = ("npi", "name", "tin", "fax", "phone", "specialty", "network", "plan")
_SYLLABLES = (
    "an",
    "bel",
    "cor",
    "da",
    "el",
    "fi",
    "gar",
    "ha",
    "is",
    "jo",
    "ka",
    "lo",
    "mar",
    "ne",
    "or",
    "pa",
    "ri",
    "sa",
    "to",
    "va",
)
_ORIGIN = date(1930, 1, 1)


def _name(rng: Random, most: int) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, most))).capitalize()


def npi_of(number: int) -> str:
    """The NPI with that number, its check digit added."""
    body = f"1{number:08d}"
    return next(body + str(digit) for digit in range(10) if has_check_digit(body + str(digit)))


def members(count: int, seed: int = 1) -> Iterator[MemberSpan]:
    """Members with Medi-Cal, each with one span of coverage."""
    rng = Random(seed)  # noqa: S311 - invented rows; no secret hangs on it
    for number in range(count):
        born = _ORIGIN + timedelta(days=rng.randrange(34_000))
        yield MemberSpan(
            member_id=f"H{100_000_000 + number * 7 % 900_000_000}",
            last_name=_name(rng, 4),
            first_name=_name(rng, 3),
            middle_name=rng.choice("ABCDEFG"),
            date_of_birth=born,
            sex=rng.choice("FM"),
            cin=f"9{number % 10_000_000:07d}{rng.choice('ACDEFGHMNPTUVWXY')}",
            medical_record=f"MR{number:08d}",
            phone=f"+1{rng.randrange(200, 999)}{rng.randrange(200, 999)}{rng.randrange(10_000):04d}",
            plan="alder_health",
            line_of_business="medi_cal",
            delegated_group=rng.choice((None, "Cedar Medical Group", "Birch IPA")),
            eligible_from=date(2024, 1, 1),
            eligible_to=None if rng.random() < 0.9 else date(2025, 6, 30),
            other_coverage=None if rng.random() < 0.95 else "Maple Insurance",
            pcp_npi=npi_of(rng.randrange(10_000)),
        )


def providers(count: int, seed: int = 1) -> Iterator[ProviderPlace]:
    """Providers of a plan's directory, each at one place."""
    rng = Random(seed)  # noqa: S311 - invented rows; no secret hangs on it
    for number in range(count):
        tin = rng.randrange(10**9)
        yield ProviderPlace(
            npi=npi_of(number),
            name=f"{_name(rng, 3)} {_name(rng, 4)}",
            tin=f"{tin // 10**7:02d}-{tin % 10**7:07d}",
            phone=f"+1{rng.randrange(200, 999)}{rng.randrange(200, 999)}{rng.randrange(10_000):04d}",
            fax=f"+1{rng.randrange(200, 999)}{rng.randrange(200, 999)}{rng.randrange(10_000):04d}",
            specialty="207Q00000X",
            network="in",
            plan="alder_health",
        )


def write_table(path: Path, header: Sequence[str], rows: Iterator[MemberSpan] | Iterator[ProviderPlace]) -> None:
    """Write rows as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(["" if (cell := getattr(row, name)) is None else cell for name in header])


def write_nppes(path: Path, rows: Iterator[ProviderPlace]) -> None:
    """Write providers in the layout of NPPES: 330 columns, all quoted, most of them empty; every fifth is an organization."""
    header = _nppes_header()
    place = {name: n for n, name in enumerate(header)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        for number, row in enumerate(rows):
            cells = [""] * len(header)
            for name, cell in _nppes_cells(number, row):
                cells[place[name]] = cell
            writer.writerow(cells)


def as_in_nppes(number: int, row: ProviderPlace) -> ProviderPlace:
    """A provider as such a file tells of it."""
    return replace(row, is_organization=number % 5 == 0, network=None, plan=None, national=True)


def _nppes_cells(number: int, row: ProviderPlace) -> Iterator[tuple[str, str]]:
    first, _, last = row.name.partition(" ")
    organization = number % 5 == 0
    yield "NPI", row.npi
    yield "Entity Type Code", "2" if organization else "1"
    yield from (
        [("Provider Organization Name (Legal Business Name)", row.name)]
        if organization
        else [("Provider Last Name (Legal Name)", last), ("Provider First Name", first)]
    )
    yield "Employer Identification Number (EIN)", (row.tin or "").replace("-", "")
    yield "Provider Business Practice Location Address Telephone Number", (row.phone or "")[2:]
    yield "Provider Business Practice Location Address Fax Number", (row.fax or "")[2:]
    yield "Healthcare Provider Taxonomy Code_1", row.specialty or ""
    for name in ("Provider First Line Business Practice Location Address", "Provider First Line Business Mailing Address"):
        yield name, "100 ALDER WAY"
    yield "Provider Enumeration Date", "05/23/2005"
    yield "Last Update Date", "07/08/2024"


def _nppes_header() -> list[str]:
    """The columns of "NPPES Data Dissemination - Readme", exhibit 2-1, in its order."""
    names = "Last Name", "First Name", "Middle Name", "Name Prefix Text", "Name Suffix Text", "Credential Text"
    header = ["NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)"]
    header += ["Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)"]
    header += [f"Provider {name}" for name in names[1:]]
    header += ["Provider Other Organization Name", "Provider Other Organization Name Type Code"]
    header += [f"Provider Other {name}" for name in names] + ["Provider Other Last Name Type Code"]
    for of in ("Mailing", "Practice Location"):
        lines = [f"Provider {nth} Line Business {of} Address" for nth in ("First", "Second")]
        parts = ("City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)", "Telephone Number", "Fax Number")
        header += [*lines, *(f"Provider Business {of} Address {part}" for part in parts)]
    header += ["Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date"]
    header += ["NPI Reactivation Date", "Provider Gender Code"]
    header += [f"Authorized Official {name}" for name in (*names[:3], "Title or Position", "Telephone Number")]
    code, other = "Healthcare Provider Taxonomy", "Other Provider Identifier"
    licence, switch = "Provider License Number", "Healthcare Provider Primary Taxonomy Switch"
    for n in range(1, 16):
        header += [f"{code} Code_{n}", f"{licence}_{n}", f"{licence} State Code_{n}", f"{switch}_{n}"]
    for n in range(1, 51):
        header += [f"{other}_{n}", f"{other} Type Code_{n}", f"{other} State_{n}", f"{other} Issuer_{n}"]
    header += ["Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN"]
    header += [f"Authorized Official {name}" for name in names[3:]]
    return [*header, *(f"{code} Group_{n}" for n in range(1, 16)), "Certification Date"]


def as_in_834(row: MemberSpan) -> MemberSpan:
    """A member as an 834 tells of them: it has no medical record number and no line of business."""
    return replace(row, medical_record=None, line_of_business=None)


def write_834(path: Path, rows: Iterator[MemberSpan]) -> None:
    """Write members as an 834 of all members, one loop each."""
    count = 0
    with path.open("w", encoding="ascii") as file:

        def put(*segments: str) -> None:
            nonlocal count
            count += len(segments)
            file.writelines(segment + "~\n" for segment in segments)

        file.write(f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PLAN':15}*ZZ*{'SITE':15}*260301*0000*^*00501*000000001*0*T*:~\n")
        file.write("GS*BE*PLAN*SITE*20260301*0000*1*X*005010X220A1~\n")
        put("ST*834*0001*005010X220A1", "BGN*00*1*20260301*****4")
        for row in rows:
            put(*_loop_of(row))
        file.write(f"SE*{count + 1}*0001~\nGE*1*1~\nIEA*1*000000001~\n")


def _loop_of(row: MemberSpan) -> Iterator[str]:
    """A member's loop, with the address that plans send with it."""
    yield from ("INS*Y*18*030*XN*A***FT", f"REF*0F*{row.member_id}", f"REF*23*{row.cin}", "DTP*356*D8*20240101")
    yield f"NM1*IL*1*{row.last_name}*{row.first_name}*{row.middle_name}"
    yield from (f"PER*IP**TE*{(row.phone or '')[2:]}", "N3*100 ALDER WAY", "N4*SACRAMENTO*CA*95814")
    yield from (f"DMG*D8*{row.date_of_birth:%Y%m%d}*{row.sex}", f"HD*030**HMO*{row.plan}", f"DTP*348*D8*{row.eligible_from:%Y%m%d}")
    if row.eligible_to is not None:
        yield f"DTP*349*D8*{row.eligible_to:%Y%m%d}"
    yield from ("LX*1", f"NM1*P3*1*PCP*****XX*{row.pcp_npi}*25")
    if row.delegated_group is not None:
        yield from ("LX*2", f"NM1*Y2*2*{row.delegated_group}")
    if row.other_coverage is not None:
        yield from ("COB*P*77*1", f"NM1*IN*2*{row.other_coverage}")
