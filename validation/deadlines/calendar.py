"""Days as a rule counts them: calendar days and business days at the site, and hours that no change of the clocks adds or takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from models.record import Urgency
from validation.deadlines.rules import DeadlineRule, DeadlineSet, HolidayCalendar

_END_OF_DAY = time(23, 59, 59)
_FRIDAY = 4
# What the calendar of holidays puts behind the name of one that is kept on another day.
_OBSERVED = " (observed)"


@dataclass(frozen=True, slots=True)
class SiteCalendar:
    """The days of a site: its rule set's holidays and cut-off, in its time zone.

    A day ends at 23:59:59 at the site, and the day of receipt is day 0.
    """

    rules: DeadlineSet
    zone: tzinfo

    def due_after(self, start: datetime, rule: DeadlineRule) -> datetime:
        """When a rule's time is over that started at a moment, in the site's time."""
        start = start.astimezone(self.zone)
        if rule.hours is not None:
            # In UTC, so that a change of the clocks neither adds nor takes an hour.
            return (start.astimezone(UTC) + timedelta(hours=rule.hours)).astimezone(self.zone)
        day = self.day_zero(start, rule)
        if rule.calendar_days is not None:
            return self.end_of(day + timedelta(days=rule.calendar_days))
        return self.end_of(self._after_business_days(day, rule.business_days or 0))

    def day_zero(self, moment: datetime, rule: DeadlineRule) -> date:
        """The day that counts as the day of receipt: after the cut-off, for a rule that heeds it, the next business day."""
        local = moment.astimezone(self.zone)
        cut_off = self.rules.cut_off
        heeded = cut_off is not None and not rule.ignores_cut_off and rule.urgency is not Urgency.URGENT
        if cut_off is not None and heeded and local.time() > cut_off.at:
            return self._after_business_days(local.date(), 1)
        return local.date()

    def day_of(self, moment: datetime) -> date:
        """The day at the site."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last second of a day at the site."""
        return datetime.combine(day, _END_OF_DAY, self.zone)

    def days_after(self, moment: datetime, days: int) -> datetime:
        """The end of the day that is so many calendar days after a moment's own."""
        return self.end_of(self.day_of(moment) + timedelta(days=days))

    def is_business_day(self, day: date) -> bool:
        """Whether the State works: no Saturday, no Sunday, no holiday."""
        return day.weekday() < 5 and day not in _days_off(self.rules.holidays, day.year)

    def _after_business_days(self, day: date, count: int) -> date:
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_business_day(day)
        return day


@lru_cache(maxsize=64)
def _days_off(kept: HolidayCalendar, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - it takes a second to load, and most commands need no deadline

    calendar = holidays.country_holidays(kept.country, subdiv=kept.subdivision, years=[year])
    return frozenset(day for day, names in calendar.items() if any(_is_off(name, day, kept) for name in names.split("; ")))


def _is_off(name: str, day: date, kept: HolidayCalendar) -> bool:
    plain = name.removesuffix(_OBSERVED)
    if plain in kept.working:
        return False
    # The Friday before a holiday on a Saturday; the Monday after one on a Sunday is no question.
    is_friday_before = plain != name and day.weekday() == _FRIDAY
    return not is_friday_before or kept.fridays_before is None or plain in kept.fridays_before
