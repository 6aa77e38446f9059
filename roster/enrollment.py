"""Member rosters as X12 834 (005010X220A1, benefit enrollment and maintenance): what each member's loop says.

Taken are INS, REF, DTP, NM1, PER and DMG of the member (loops 2000 and 2100A), HD with its dates (2300), the providers of a
coverage (2310: P3 is the primary care provider, Y2 the managed care organization) and other payers (2320 with 2330). The rest is
passed over. A social security number (NM108 34, REF SY) is never taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.roster import plain_id
from models.values.member_id import MemberIdKind, member_id_kind
from roster import cells
from roster.broken import Broken, BrokenCell, BrokenFile
from roster.x12 import Segment, segments

_SET, _VERSION = "834", "005010X220"
_CHANGES = "2"
_TAKEN = frozenset({"INS", "REF", "DTP", "NM1", "PER", "DMG", "HD", "COB"})
_NO_COORDINATION = "6"
"""COB03: there is no other coverage to coordinate with."""

_OWN_DATES = {"356": "begun_on", "357": "ended_on"}
_COVERED_DATES = {"348": "eligible_from", "349": "eligible_to"}


class Maintenance(StrEnum):
    """What is done with a member or a coverage (element 875)."""

    CHANGE = "001"
    DELETE = "002"
    ADD = "021"
    END = "024"
    REINSTATE = "025"
    REINSTATE_LATER = "026"
    AUDIT = "030"
    NO_CHANGE = "032"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One coverage of a member (loop 2300). ``plan`` and the rest are as the file says them."""

    maintenance: Maintenance
    line: str
    plan: str | None = None
    eligible_from: date | None = None
    eligible_to: date | None = None
    pcp_npi: str | None = None
    delegated_group: str | None = None
    other_coverage: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One member's loop (2000). ``ended_on`` is the member's own end of eligibility; parts that are not given are ``None``."""

    place: str
    maintenance: Maintenance
    is_subscriber: bool
    member_id: str | None = None
    cin: str | None = None
    mbi: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    date_of_birth: date | None = None
    sex: str | None = None
    phone: str | None = None
    begun_on: date | None = None
    ended_on: date | None = None
    coverages: tuple[Enrolled, ...] = ()

    @property
    def person(self) -> str:
        """What tells persons apart who share an id: nothing for the subscriber, the first name for all others."""
        return "" if self.is_subscriber else plain_id(self.first_name or "")[:40]


def read_enrolments(path: Path) -> Iterator[Enrolment | Broken]:
    """The members of an 834, one loop at a time.

    Raises:
        BrokenFile: it is cut short, is no 834, or its envelopes do not hold what they say.
    """
    loop: list[Segment] = []
    for segment in segments(path, _TAKEN):
        if segment.name == "ST":
            _check_kind(segment)
        if segment.name in ("INS", "SE") and loop:
            yield _enrolment(loop)
            loop = []
        if segment.name == "INS" or loop:
            loop.append(segment)


def is_of_changes(path: Path) -> bool:
    """Whether an 834 says of itself that it holds changes alone (BGN08 is 2), and not all members.

    Raises:
        BrokenFile: its beginning is no X12 interchange.
    """
    for segment in segments(path, ("BGN", "INS")):
        if segment.name == "BGN":
            return segment.at(8) == _CHANGES
        if segment.name == "INS":
            break
    return False


def _check_kind(segment: Segment) -> None:
    if segment.at(1) != _SET:
        raise BrokenFile(f"Segment {segment.number}, ST01: no 834.")
    if not (segment.at(3) or segment.version).startswith(_VERSION):
        raise BrokenFile(f"Segment {segment.number}, ST03: not 005010X220A1.")


def _enrolment(loop: list[Segment]) -> Enrolment | Broken:
    """A member's loop as what it says; the segment that cannot be understood makes it broken."""
    first = loop[0]
    segment = first
    told: dict[str, Any] = {}
    coverages: list[dict[str, Any]] = []
    try:
        maintenance = _maintenance(first.at(3))
        for segment in loop[1:]:
            if segment.name == "HD":
                begun = _maintenance(segment.at(1)) if segment.at(1) else maintenance
                coverages.append({"maintenance": begun, "line": segment.at(3), "plan": cells.short(segment.at(4), 80)})
            elif coverages:
                _tell_coverage(coverages[-1], segment)
            else:
                _tell_member(told, segment)
        segment = first
        if "member_id" not in told:
            raise BrokenCell("no REF with 0F")  # noqa: TRY301 - told like all that is broken
    except BrokenCell as error:
        return Broken(segment.place, segment.name, str(error))
    covered = tuple(Enrolled(**one) for one in coverages)
    return Enrolment(first.place, maintenance, is_subscriber=first.at(1) == "Y", coverages=covered, **told)


def _maintenance(code: str) -> Maintenance:
    try:
        return Maintenance(code)
    except ValueError as error:
        raise BrokenCell("no maintenance type code that is known") from error


def _tell_member(told: dict[str, Any], segment: Segment) -> None:
    """Add what one segment of the member's own says; the fields are gathered by name, for a loop has some ten segments."""
    name, kind = segment.name, segment.at(1)
    if name == "REF":
        _tell_id(told, kind, segment.at(2))
    elif name == "DTP" and kind in _OWN_DATES:
        told[_OWN_DATES[kind]] = _day(segment)
    elif name == "NM1" and kind in ("IL", "74"):
        # 74 corrects a name, which 70 then gives as it was before.
        told |= {"last_name": segment.at(3) or None, "first_name": segment.at(4) or None, "middle_name": segment.at(5) or None}
    elif name == "DMG" and told.get("date_of_birth") is None:
        told |= {"date_of_birth": cells.day(segment.at(2)), "sex": cells.sex(segment.at(3))}
    elif name == "PER" and told.get("phone") is None:
        numbers = dict(zip(segment.elements[2::2], segment.elements[3::2], strict=False))
        found = (cells.phone(numbers[kind]) for kind in ("TE", "HP", "CP") if kind in numbers)
        told["phone"] = next((one for one in found if one), None)


def _tell_id(told: dict[str, Any], qualifier: str, text: str) -> None:
    if qualifier == "0F":
        told["member_id"] = cells.needed_id(text)
    if qualifier == "F6":
        told["mbi"] = cells.some_id(text)
    # A CIN is sent as the subscriber's number, the client's number or a mutually agreed one: its shape says so.
    elif qualifier in ("0F", "23", "ZZ") and member_id_kind(plain_id(text)) is MemberIdKind.CIN:
        told["cin"] = plain_id(text)


def _tell_coverage(told: dict[str, Any], segment: Segment) -> None:
    """Add what one segment of a coverage's loop says."""
    name, kind = segment.name, segment.at(1)
    if name == "DTP" and kind in _COVERED_DATES:
        told[_COVERED_DATES[kind]] = _day(segment)
    elif name == "NM1" and kind == "P3":
        told["pcp_npi"] = cells.some_npi(segment.at(9))
    elif name == "NM1" and kind == "Y2":
        told["delegated_group"] = cells.short(segment.at(3), 120)
    elif name == "COB" and segment.at(3) != _NO_COORDINATION:
        told["other_coverage"] = "another payer"
    elif name == "NM1" and kind in ("IN", "36", "GW") and "other_coverage" in told:
        told["other_coverage"] = cells.short(segment.at(3), 120) or told["other_coverage"]


def _day(segment: Segment) -> date | None:
    if segment.at(2) != "D8":
        raise BrokenCell("DTP02 is not D8")
    return cells.day(segment.at(3))
