"""A range of days at the site, cut into days or weeks, and the same as an expression of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, extract, literal
from sqlalchemy.orm import InstrumentedAttribute

_DAY_S = 86_400
# The days of 1970-01-01, a Thursday, behind the Monday of its week.
_THURSDAY = 3
_EPOCH = date(1970, 1, 1)


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
        return datetime.combine(self.first, time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The midnight after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def parts(self) -> tuple[date, ...]:
        """The first day of each part; the first part may be a week that begins before the range."""
        start = self._number(self.first)
        return tuple(self._first_day(number) for number in range(start, self._number(self.last) + 1))

    def position(self, number: int) -> int:
        """The place among :attr:`parts` of a part by the number that :meth:`number_of` gives."""
        start, end = self._number(self.first), self._number(self.last)
        # PostgreSQL rounds to whole seconds: what came in the last half second of a range belongs to it all the same.
        return min(max(number, start), end) - start

    def holds(self, column: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Whether a time lies in the range."""
        return and_(column >= self.begins, column < self.ends)

    def number_of(self, moment: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> ColumnElement[int]:
        """The number of the day or week that a time lies in."""
        seconds = cast(extract("epoch", moment), BigInteger)
        offsets = self._offsets()
        offset: ColumnElement[int] = literal(offsets[0][1], BigInteger)
        if len(offsets) > 1:
            offset = case(*((seconds >= start, behind) for start, behind in reversed(offsets[1:])), else_=offsets[0][1])
        days = (seconds + offset) // _DAY_S
        return days if self.step is Step.DAY else (days + _THURSDAY) // 7

    def _number(self, day: date) -> int:
        days = (day - _EPOCH).days
        return days if self.step is Step.DAY else (days + _THURSDAY) // 7

    def _first_day(self, number: int) -> date:
        return _EPOCH + timedelta(days=number if self.step is Step.DAY else number * 7 - _THURSDAY)

    def _offsets(self) -> list[tuple[int, int]]:
        """The seconds by which the site's clocks are ahead of UTC, each with the second since 1970 from which on they are."""
        start = int(self.begins.timestamp())
        found = [(start, self._offset_at(start))]
        while start < self.ends.timestamp():
            start += _DAY_S
            if self._offset_at(start) != found[-1][1]:
                found.append((self._change_before(start), self._offset_at(start)))
        return found

    def _change_before(self, second: int) -> int:
        """The first second with the same offset as ``second``, at most a day before it."""
        low, high = second - _DAY_S, second
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_at(middle) == self._offset_at(second):
                high = middle
            else:
                low = middle
        return high

    def _offset_at(self, second: int) -> int:
        offset = datetime.fromtimestamp(second, UTC).astimezone(self.zone).utcoffset()
        return 0 if offset is None else round(offset.total_seconds())
