"""How well the machine reads, by what people left of its readings. Told exactly in docs/dashboard.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.store.desk_spans import Span
from models.store.desk_tables import DeskOutcomeRow, Outcome

_RIGHT = (Outcome.KEPT, Outcome.ACCEPTED)
_WRONG = (Outcome.CORRECTED, Outcome.REMOVED)


@dataclass(frozen=True, slots=True)
class Readings:
    """What became of readings in records that people completed.

    ``flagged`` were doubted and ``silent`` were not; each counts how many were right, wrong, and not read at all.
    """

    flagged_right: int = 0
    flagged_wrong: int = 0
    flagged_missed: int = 0
    silent_right: int = 0
    silent_wrong: int = 0
    silent_missed: int = 0

    @property
    def values(self) -> int:
        """All fields that were looked at."""
        return self.flagged + self.silent_right + self.silent_wrong + self.silent_missed

    @property
    def flagged(self) -> int:
        """Those that the machine asked about."""
        return self.flagged_right + self.flagged_wrong + self.flagged_missed

    @property
    def flagged_share(self) -> float | None:
        """How many it asked about, of all; 0..1."""
        return _share(self.flagged, self.values)

    @property
    def needless_share(self) -> float | None:
        """How many of those were right as read; 0..1."""
        return _share(self.flagged_right, self.flagged)

    @property
    def silent_error_share(self) -> float | None:
        """How many values that it gave without asking were wrong, of all that it gave so; 0..1."""
        return _share(self.silent_wrong, self.silent_right + self.silent_wrong)

    def plus(self, outcome: Outcome, count: int, *, flagged: bool) -> Readings:
        """The same with more readings that had an outcome."""
        what = "right" if outcome in _RIGHT else "wrong" if outcome in _WRONG else "missed"
        name = f"{'flagged' if flagged else 'silent'}_{what}"
        numbers = {one: getattr(self, one) for one in _NUMBERS}
        return Readings(**{**numbers, name: numbers[name] + count})


_NUMBERS = tuple(f"{how}_{what}" for how in ("flagged", "silent") for what in ("right", "wrong", "missed"))


@dataclass(frozen=True, slots=True)
class OfField:
    """One field over the whole range."""

    field: str
    readings: Readings


@dataclass(frozen=True, slots=True)
class OfPart:
    """All fields, or one, on one day or in one week of completing."""

    begins: date
    readings: Readings = field(default_factory=Readings)


def by_field(session: Session, span: Span) -> tuple[OfField, ...]:
    """What became of each field's readings in records completed in a range, by the field's name."""
    query = (
        select(DeskOutcomeRow.field, DeskOutcomeRow.flagged, DeskOutcomeRow.outcome, func.count())
        .where(span.holds(DeskOutcomeRow.at))
        .group_by(DeskOutcomeRow.field, DeskOutcomeRow.flagged, DeskOutcomeRow.outcome)
    )
    found: dict[str, Readings] = {}
    for name, flagged, outcome, count in session.execute(query):
        found[name] = found.get(name, Readings()).plus(Outcome(outcome), count, flagged=flagged)
    return tuple(OfField(name, found[name]) for name in sorted(found))


def over_time(session: Session, span: Span, only: str | None = None) -> tuple[OfPart, ...]:
    """What became of readings for each part of a range, by when the record was completed; of one field, or of all."""
    part = span.number_of(DeskOutcomeRow.at).label("part")
    query = (
        select(part, DeskOutcomeRow.flagged, DeskOutcomeRow.outcome, func.count())
        .where(span.holds(DeskOutcomeRow.at))
        .group_by("part", DeskOutcomeRow.flagged, DeskOutcomeRow.outcome)
    )
    if only is not None:
        query = query.where(DeskOutcomeRow.field == only)
    found = [Readings() for _ in span.parts]
    for number, flagged, outcome, count in session.execute(query):
        at = span.position(number)
        found[at] = found[at].plus(Outcome(outcome), count, flagged=flagged)
    return tuple(OfPart(begins, readings) for begins, readings in zip(span.parts, found, strict=True))


def total(parts: tuple[OfPart, ...]) -> Readings:
    """All parts together."""
    return Readings(**{name: sum(getattr(part.readings, name) for part in parts) for name in _NUMBERS})


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
