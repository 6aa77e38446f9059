"""A range of days at the site, cut into days or weeks, and the same as a table that a query joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import CTE, ColumnElement, Integer, and_, column, values
from sqlalchemy.orm import InstrumentedAttribute

from models.store.tables import UtcTime


class Step(StrEnum):
    """How a range is cut; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both with it, in the site's time zone."""

    first: date
    last: date
    step: Step
    zone: tzinfo

    @property
    def begins(self) -> datetime:
        """The first midnight."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The midnight after the last day."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def parts(self) -> tuple[date, ...]:
        """The first day of each part; the first part may be a week that begins before the range."""
        days = 1 if self.step is Step.DAY else 7
        start = self.first if self.step is Step.DAY else self.first - timedelta(days=self.first.weekday())
        return tuple(start + timedelta(days=n) for n in range(0, (self.last - start).days + 1, days))

    def table(self, *, whole: bool = False) -> CTE:
        """The parts, or the whole as one, as a table: ``part`` is the place among :attr:`parts`; each ``begins`` and ``ends``."""
        edges = [self.begins, *(self._midnight(day) for day in self.parts[1:] if not whole), self.ends]
        rows = [(part, *edge) for part, edge in enumerate(pairwise(edges))]
        columns = (column("part", Integer), column("begins", UtcTime), column("ends", UtcTime))
        return values(*columns, name="parts").data(rows).cte("parts")

    def holds(self, moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Whether a time lies in the range."""
        return and_(moment >= self.begins, moment < self.ends)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def lies_in(part: CTE, moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Whether a time lies in a part of a range."""
    return and_(moment >= part.c.begins, moment < part.c.ends)
