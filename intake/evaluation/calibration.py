"""Whether a confidence means what it says: of the readings at 0.9, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from intake.evaluation.marks import Mark, Part
from intake.evaluation.tally import interval, ratio

# Narrow where it matters: whether anyone need look is decided close to 1.
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings whose confidence is at least ``low`` and below ``high`` (the last bin holds 1 as well).

    ``right_interval`` is the 95 % confidence interval of ``right_share``.
    """

    low: float
    high: float
    count: int
    mean_confidence: float | None
    right_share: float | None
    flagged_share: float | None
    right_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The bins, and the mean distance between confidence and truth weighted by count (expected calibration error)."""

    bins: tuple[Bin, ...]
    readings: int
    expected_error: float | None


@dataclass(frozen=True, slots=True)
class FieldCalibration:
    """One field's readings: how sure they are on average, and how many are right."""

    readings: int
    mean_confidence: float
    right_share: float


def calibrate_fields(marks: Iterable[Mark]) -> dict[str, FieldCalibration]:
    """For each field with readings; a mean confidence above the share of right ones is too sure."""
    fields: dict[str, list[Mark]] = {}
    for mark in read_marks(marks):
        fields.setdefault(mark.path, []).append(mark)
    return {path: _field(held) for path, held in sorted(fields.items())}


def _field(held: list[Mark]) -> FieldCalibration:
    confidence = fmean(mark.reading.confidence for mark in held if mark.reading)
    return FieldCalibration(len(held), confidence, sum(mark.right for mark in held) / len(held))


def read_marks(marks: Iterable[Mark]) -> list[Mark]:
    """Comparisons of values that the record gives with a reading."""
    return [mark for mark in marks if mark.part is Part.FIELD and mark.given is not None and mark.reading is not None]


def calibrate(marks: Iterable[Mark]) -> Calibration:
    """Put each value that has a reading into the bin of its confidence."""
    read = read_marks(marks)
    bins = tuple(_bin(low, high, read) for low, high in pairwise(EDGES))
    distance = sum(
        b.count * abs(b.mean_confidence - b.right_share)
        for b in bins
        if b.mean_confidence is not None and b.right_share is not None
    )
    return Calibration(bins, len(read), distance / len(read) if read else None)


def _bin(low: float, high: float, read: list[Mark]) -> Bin:
    held = [mark for mark in read if mark.reading and _falls(mark.reading.confidence, low, high)]
    confidences = [mark.reading.confidence for mark in held if mark.reading]
    return Bin(
        low,
        high,
        len(held),
        fmean(confidences) if confidences else None,
        ratio(sum(mark.right for mark in held), len(held)),
        ratio(sum(mark.flagged for mark in held), len(held)),
        interval(sum(mark.right for mark in held), len(held)),
    )


def _falls(confidence: float, low: float, high: float) -> bool:
    return low <= confidence < high or (high == EDGES[-1] and confidence >= high)
