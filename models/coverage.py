"""What a person has said about whose request it is: nothing else is asked then."""

from __future__ import annotations

from typing import Literal

from models.record import ReferralRecord

CoveragePart = Literal["plan", "line_of_business"]


def told_by_person(record: ReferralRecord, part: CoveragePart) -> bool:
    """Whether a person has entered this part of the record's coverage, if only that nobody knows it."""
    reading = record.readings.get(f"coverage.{part}")
    return reading is not None and reading.method == "coordinator"
