"""Lengths of time in few words."""

from __future__ import annotations

from datetime import timedelta

_HOUR = 3600
_DAY = 24 * _HOUR


def in_words(length: timedelta) -> str:
    """A length of time in its two greatest units, without its sign.

    >>> in_words(timedelta(hours=50, minutes=10))
    '2 d 2 h'
    >>> in_words(timedelta(minutes=-65))
    '1 h 5 min'
    >>> in_words(timedelta(seconds=20))
    '0 min'
    """
    seconds = abs(round(length.total_seconds()))
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
