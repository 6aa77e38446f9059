"""What became of each value that the machine read, once a person has completed the record: what it is measured by."""

from __future__ import annotations

from dataclasses import dataclass

from models.record import ReferralRecord, without_positions
from models.store.desk_tables import Outcome
from validation.fields import COORDINATOR, is_absent, value_at


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """One field: its path without positions, whether it was asked about, and what became of it."""

    field: str
    flagged: bool
    outcome: Outcome


def outcomes(read: ReferralRecord, left: ReferralRecord) -> tuple[FieldOutcome, ...]:
    """Compare what the machine read with what a person left.

    Rows of a list are compared by their place: where one was removed, those behind it count as corrected.

    Args:
        read: the revision that the person worked on.
        left: the completed record.
    """
    paths = dict.fromkeys([*read.readings, *left.readings])
    found = (_outcome(path, read, left) for path in paths if not _is_whole_list(path))
    return tuple(one for one in found if one is not None)


def _is_whole_list(path: str) -> bool:
    return "." not in path


def _outcome(path: str, read: ReferralRecord, left: ReferralRecord) -> FieldOutcome | None:
    before, after = read.readings.get(path), left.readings.get(path)
    if before is not None and before.method == COORDINATOR:
        return None
    was, now = value_at(read, path), value_at(left, path)
    flagged = before is not None and before.needs_review
    if was == now or (is_absent(was) and is_absent(now)):
        settled = after is not None and after.method == COORDINATOR
        return FieldOutcome(without_positions(path), flagged, Outcome.ACCEPTED if settled else Outcome.KEPT)
    if is_absent(was):
        return FieldOutcome(without_positions(path), flagged, Outcome.ADDED)
    return FieldOutcome(without_positions(path), flagged, Outcome.REMOVED if is_absent(now) else Outcome.CORRECTED)
