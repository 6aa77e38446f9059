"""Rosters and directories of invented people, as large as is asked for; drawn row by row, so that any number takes no memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
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


def write_834(path: Path, rows: Iterator[MemberSpan]) -> None:
    """Write members as an 834 of all members, one loop each."""
    count = 0
    with path.open("w", encoding="ascii") as file:

        def put(*elements: object) -> None:
            nonlocal count
            count += 1
            file.write("*".join(str(one) for one in elements) + "~\n")

        file.write(f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PLAN':15}*ZZ*{'SITE':15}*260301*0000*^*00501*000000001*0*T*:~\n")
        file.write("GS*BE*PLAN*SITE*20260301*0000*1*X*005010X220A1~\n")
        put("ST", 834, "0001", "005010X220A1")
        put("BGN", "00", "1", "20260301", "", "", "", "", 4)
        for row in rows:
            put("INS", "Y", 18, "030", "XN", "A")
            put("REF", "0F", row.member_id)
            put("REF", "23", row.cin)
            put("NM1", "IL", 1, row.last_name, row.first_name, row.middle_name)
            put("DMG", "D8", f"{row.date_of_birth:%Y%m%d}", row.sex)
            put("HD", "030", "", "HMO", row.plan)
            put("DTP", 348, "D8", f"{row.eligible_from:%Y%m%d}")
            if row.eligible_to is not None:
                put("DTP", 349, "D8", f"{row.eligible_to:%Y%m%d}")
        file.write(f"SE*{count + 1}*0001~\nGE*1*1~\nIEA*1*000000001~\n")
