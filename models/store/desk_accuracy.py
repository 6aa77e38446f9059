"""How well the machine reads, by what people left of its readings. Told exactly in docs/dashboard.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import CTE, func, literal, select
from sqlalchemy.orm import Session

from models.store.desk_spans import Span, lies_in
from models.store.desk_tables import DeskOutcomeRow, Outcome

_RIGHT = (Outcome.KEPT, Outcome.ACCEPTED)
_WRONG = (Outcome.CORRECTED, Outcome.REMOVED)
_MISSED = (Outcome.ADDED,)


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
    found = (OfField(name, readings) for _, name, readings in _counted(session, span.table(whole=True), _fields()))
    return tuple(sorted((one for one in found if one.readings.values), key=lambda one: one.field))


def over_time(session: Session, span: Span, only: str | None = None) -> tuple[OfPart, ...]:
    """What became of readings for each part of a range, by when the record was completed; of one field, or of all."""
    fields = _fields() if only is None else select(literal(only).label("field")).cte("fields")
    found: list[list[Readings]] = [[] for _ in span.parts]
    for part, _, readings in _counted(session, span.table(), fields):
        found[part].append(readings)
    return tuple(OfPart(begins, _sum(readings)) for begins, readings in zip(span.parts, found, strict=True))


def _fields() -> CTE:
    """The fields of which there are outcomes: each is found from the one before it, and not by going through all outcomes."""
    first = select(func.min(DeskOutcomeRow.field).label("field")).cte("fields", recursive=True)
    following = select(func.min(DeskOutcomeRow.field)).where(DeskOutcomeRow.field > first.c.field).scalar_subquery()
    return first.union_all(select(following).where(first.c.field.is_not(None)))


def _counted(session: Session, parts: CTE, fields: CTE) -> Iterator[tuple[int, str, Readings]]:
    """The readings of each field in each part of a range: each count goes through a piece of an index."""
    of_field = (DeskOutcomeRow.field == fields.c.field, lies_in(parts, DeskOutcomeRow.at))
    counts = (
        select(func.count())
        .select_from(DeskOutcomeRow)
        .where(*of_field, DeskOutcomeRow.flagged.is_(flagged), DeskOutcomeRow.outcome.in_(outcomes))
        .scalar_subquery()
        for flagged in (True, False)
        for outcomes in (_RIGHT, _WRONG, _MISSED)
    )
    query = select(parts.c.part, fields.c.field, *counts).join_from(parts, fields, fields.c.field.is_not(None))
    return ((part, name, Readings(*numbers)) for part, name, *numbers in session.execute(query))


def total(parts: tuple[OfPart, ...]) -> Readings:
    """All parts together."""
    return _sum([part.readings for part in parts])


def _sum(readings: Sequence[Readings]) -> Readings:
    return Readings(**{name: sum(getattr(one, name) for one in readings) for name in _NUMBERS})


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
