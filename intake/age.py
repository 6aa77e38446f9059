"""Ages as a person writes them: ``90d``, ``12w``, ``7y``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_WRITTEN = re.compile(r"([1-9]\d{0,3})([dwy])")
_DAYS = {"d": 1, "w": 7}


def moment_before(now: datetime, age: str) -> datetime:
    """The moment that lies ``age`` before ``now``: so many days (d), weeks (w), or years of the calendar (y).

    Raises:
        ValueError: it is no such age, or reaches back before the calendar.
    """
    found = _WRITTEN.fullmatch(age.strip())
    if found is None:
        raise ValueError("an age is a number and d, w or y, such as 90d or 7y")
    count, unit = int(found[1]), found[2]
    if unit in _DAYS:
        return now - timedelta(days=count * _DAYS[unit])
    year = now.year - count
    # 29 February has no like in other years: the day before, so that nothing goes a day too early.
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=year, day=day)
