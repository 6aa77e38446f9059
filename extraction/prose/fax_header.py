"""The line that the sending fax machine prints on the upper edge of each page.

Makers and gateways order its parts as they like: time, sender's name (CSID, cut at 20 characters), sender's number, receiver's
number, page count. Each part is found by its shape, and what is left is the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from models.values import ValueKind, ValueReading, find_values

_TO = re.compile(r"\b(?:to|t0|1o)\s*[:;.]\s*(?P<rest>.*)$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|fr0m|frorn|frm)\s*[:;.]?\s*", re.IGNORECASE)
_PAGE = re.compile(
    r"@?\b(?:p(?:age|ages|g)?\s*[.:#]*\s*\d{1,3}(?:\s*(?:/|of|0f)\s*\d{1,3})?|\d{1,3}\s*(?:/|of)\s*\d{1,3})\s*$"
    r"|\bp(?:age|g)?[.:\s]+\d{1,3}\s*(?:/|of)\s*\d{1,3}",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<!\d)(?P<h>[01]?\d|2[0-3])\s?[:;.](?P<m>[0-5]\d)(?:[:;.](?P<s>[0-5]\d))?\s*(?P<half>[ap](?:\.?m\.?)?(?![A-Za-z]))?(?![\d/])",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?", re.IGNORECASE)
_NOISE = re.compile(
    r"\b(?:fax|tel|phone|ph|id|csid|tsi|via|rcvd|received|sent|date|time|at|no|job|est|pst|pdt|edt|cst|cdt|mst|mdt|utc|gmt|page|pages|to|from|name)\b\.?(?=\s|[:#.]|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w/])\+?1?[\s.-]*\(?\d{3}\)?[\s.\-]*\d{3}[\s.\-]*\d{4}(?![\d/:])")

_MONTH_DATE = re.compile(r"\b[A-Za-z]{3}-\d{1,2}-\d{2,4}\b")
_TITLE = re.compile(r"\b(?:page|request|authorization|form)\b", re.IGNORECASE)
_LONGEST_NAME = 32
"""A CSID has 20 characters; gateways allow a few more. A longer text is a line of the page."""


@dataclass(frozen=True, slots=True)
class FaxHeaderReading:
    """Sender's number in E.164, sender's name as printed, and the time sent, aware in the site's zone; ``None`` where not read."""

    sender_number: str | None
    sender_name: str | None
    sent_at: datetime | None


def fax_header(text: str, zone: tzinfo) -> FaxHeaderReading:
    """Read a header line; ``zone`` is the site's, because machines print local time without saying where."""
    plain = _MONTH_DATE.sub(lambda found: found.group().replace("-", " "), " ".join(text.replace("|", " ").split()))
    numbers = [m for m in _NUMBER.finditer(plain) if not _in_time(plain, m)]
    receiver = _TO.search(plain)
    day = _day(plain)
    clock = _clock(plain, day)
    sender = next((m for m in numbers if not _is_receiver(m, receiver)), None)
    cut = [m.span() for m in numbers] + ([(day.start, day.end)] if day else []) + ([clock.span()] if clock else [])
    # A line without number and time is no header: the page's own title, pushed to the upper edge.
    name = _name(plain, receiver, cut) if sender or clock else None
    return FaxHeaderReading(_e164(sender.group()) if sender else None, name, _sent(day, clock, zone))


def _is_receiver(number: re.Match[str], receiver: re.Match[str] | None) -> bool:
    """Whether "To:" stands right before the number."""
    return receiver is not None and receiver.start("rest") <= number.start() + 1 and number.start() - receiver.start("rest") < 4


def _in_time(plain: str, match: re.Match[str]) -> bool:
    return re.match(r"\s*[:]\d{2}", plain[match.end() :]) is not None


def _day(plain: str) -> ValueReading | None:
    readings = [r for r in find_values(ValueKind.DATE, plain) if r.value is not None and not r.text.replace(" ", "").isdigit()]
    return max(readings, key=lambda r: r.fit, default=None)


def _clock(plain: str, day: ValueReading | None) -> re.Match[str] | None:
    """The time of day outside the date."""
    for match in _TIME.finditer(plain):
        if day is None or match.end() <= day.start or match.start() >= day.end:
            return match
    return None


def _sent(day: ValueReading | None, clock: re.Match[str] | None, zone: tzinfo) -> datetime | None:
    """Date and time together; a date alone says nothing of when."""
    if day is None or day.value is None or clock is None:
        return None
    hour, minute, second = int(clock["h"]), int(clock["m"]), int(clock["s"] or 0)
    half = (clock["half"] or "").lower()[:1]
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    value = day.value
    return datetime.combine(value, time(hour, minute, second), tzinfo=zone) if not isinstance(value, str | int) else None


def _name(plain: str, receiver: re.Match[str] | None, cut: list[tuple[int, int]]) -> str | None:
    """What is left of the line without its numbers, time and page count, up to the receiver."""
    letters = list(plain)
    for start, end in cut:
        letters[start:end] = "\x00" * (end - start)
    text = "".join(letters)
    if receiver is not None and receiver.start() > 0:
        text = text[: receiver.start()]
    text = _WEEKDAY.sub("\x00", _PAGE.sub("\x00", text))
    origin = _FROM.search(text)
    text = text[origin.end() :] if origin else text
    parts = [_tidy(part) for part in re.split(r"\x00+", text)]
    parts = [
        part for part in parts if sum(c.isalpha() for c in part) >= 3 and len(part) <= _LONGEST_NAME and not _TITLE.search(part)
    ]
    return max(parts, key=len) if parts else None


def _tidy(text: str) -> str:
    trimmed = text.strip(" .,:;#/*()-_<>=+@")
    previous = None
    while previous != trimmed:
        previous = trimmed
        trimmed = re.sub(rf"^{_NOISE.pattern}", "", trimmed, flags=re.IGNORECASE).strip(" .,:;#/*()-_<>=+@")
        trimmed = re.sub(rf"{_NOISE.pattern}$", "", trimmed, flags=re.IGNORECASE).strip(" .,:;#/*()-_<>=+@")
    return trimmed


def _e164(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)[-10:]
    return f"+1{digits}" if len(digits) == 10 else None
