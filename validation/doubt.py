"""Which readings a coordinator is asked about."""

from __future__ import annotations

from models.record import Reading, ReferralRecord
from validation.fields import COORDINATOR, value_at
from validation.policy import ReviewCosts

LISTS = frozenset({"diagnoses", "services", "amendments"})
"""Paths whose reading says whether a row may have been missed."""


def with_flags(record: ReferralRecord, costs: ReviewCosts) -> ReferralRecord:
    """The record with ``needs_review`` on each reading where a silent error would cost more than the question.

    What a coordinator has keyed is not asked about again.
    """
    readings = {
        path: _flagged(reading, costs.doubt(path, blank=path in LISTS or _is_blank(record, path, reading)))
        for path, reading in record.readings.items()
    }
    return record.model_copy(update={"readings": readings})


def _flagged(reading: Reading, doubt: float) -> Reading:
    asked = reading.method != COORDINATOR and 1.0 - reading.confidence > doubt
    return reading if asked == reading.needs_review else reading.model_copy(update={"needs_review": asked})


def _is_blank(record: ReferralRecord, path: str, reading: Reading) -> bool:
    """Whether nothing was read: neither a text nor a value."""
    return not reading.text.strip() and value_at(record, path) in (None, [])
