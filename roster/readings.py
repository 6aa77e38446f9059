"""What a list says of single readings: their confidence goes up or down, and its value is proposed. What the form says stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.record import Reading, ReferralRecord

_COORDINATOR = "coordinator"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of one reading: its probability now, and the list's value where that is another one."""

    confidence: float
    proposed: str | None = None


def as_read(reading: Reading) -> float:
    """The confidence that the reader gave, whatever a list said since."""
    return reading.confidence if reading.read_confidence is None else reading.read_confidence


def with_said(record: ReferralRecord, prefix: str, said: Mapping[str, Said]) -> ReferralRecord:
    """The record with what a list says of all readings of one part; a reading that it says nothing of is as it was read.

    What a person has keyed or accepted stays as it is.

    Args:
        record: the record.
        prefix: the part, such as ``member``.
        said: what the list says, by paths.
    """
    readings = {
        path: _told(reading, said.get(path)) if path.partition(".")[0] == prefix and reading.method != _COORDINATOR else reading
        for path, reading in record.readings.items()
    }
    return record.model_copy(update={"readings": readings})


def _told(reading: Reading, said: Said | None) -> Reading:
    before = as_read(reading)
    proposed = None if said is None else said.proposed
    # The list's value of an earlier look goes; one that the reader had found too goes with it, and comes back with the list's.
    found = [one for one in reading.candidates if one not in (reading.list_value, proposed)]
    candidates = found if proposed is None else [proposed, *found]
    confidence = before if said is None else round(min(max(said.confidence, 0.0), 1.0), _DIGITS)
    changed = confidence != before
    update = {
        "confidence": confidence,
        "read_confidence": before if changed else None,
        "list_value": proposed,
        "candidates": candidates if proposed != reading.list_value or proposed is not None else reading.candidates,
    }
    return reading.model_copy(update=update)
