"""Members under 21 with Medi-Cal whose diagnosis may be eligible for California Children's Services, which decides and pays then.

Source: 22 CCR 41515.2 to 41518.9; to be referred within 24 hours (California Health & Wellness, provider news).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml

from models.circumstances import LineOfBusiness, NoticeSeverity
from models.notices import with_notices
from models.record import ReferralRecord
from roster.members import service_day
from roster.rules import notice

_AGE = 21
_MEDI_CAL = frozenset({LineOfBusiness.MEDI_CAL, LineOfBusiness.DUAL})
_TOPIC = "ccs"


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of one kind. ``codes`` are first and last code, without dots; a code stands for all below it."""

    name: str
    section: str
    codes: tuple[tuple[str, str], ...]

    def has(self, code: str) -> bool:
        """Whether a code, without its dot, is one of them."""
        return any(first <= code[: len(first)] and code[: len(last)] <= last for first, last in self.codes)


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """The groups of the data file."""
    raw = yaml.safe_load(files("roster").joinpath("data/ccs.yaml").read_text(encoding="utf-8"))
    return tuple(Group(one["group"], one["section"], tuple(_range(code) for code in one["codes"])) for one in raw["groups"])


def _range(text: str) -> tuple[str, str]:
    first, _, last = text.replace(".", "").partition("-")
    return first, last or first


def with_ccs(record: ReferralRecord) -> ReferralRecord:
    """The record with the notice that CCS may have to decide, or without it where that does not hold any more.

    Only where the line of business is Medi-Cal; told by the form alone, it is good to know and nobody is asked.
    """
    coverage, born = record.coverage, record.member.date_of_birth
    if coverage.line_of_business not in _MEDI_CAL or born is None or not _is_under(_AGE, born, service_day(record)):
        return with_notices(record, _TOPIC, [])
    by_form = coverage.told_by == "form" and "line_of_business" not in coverage.by_roster
    severity = NoticeSeverity.NOTE if by_form else None
    for row, diagnosis in enumerate(record.diagnoses):
        code = (diagnosis.code or "").replace(".", "")
        group = next((one for one in groups() if code and one.has(code)), None)
        if group is not None:
            told = {"path": f"diagnoses.{row}.code", "group": group.name, "section": group.section}
            found = notice("ccs.eligible_condition", belongs_to="CCS", severity=severity, **told)
            return with_notices(record, _TOPIC, [found])
    return with_notices(record, _TOPIC, [])


def _is_under(age: int, born: date, day: date) -> bool:
    """Whether somebody has not had their birthday of that age by a day."""
    return (day.year - age, day.month, day.day) < (born.year, born.month, born.day)
