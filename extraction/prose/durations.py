"""Extensions by a length of time: "for another 90 days from 3/31/2026". The new end date is counted from a start that is stated."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from extraction.prose.items import Item, ItemKind, Sentence
from extraction.prose.resolve import DOUBTFUL, Change, Loose
from extraction.prose.roles import Role, begins
from extraction.prose.values import NUMBERS

_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})(?:\s*\(\d{{1,3}}\))?[\s\-]*"
_UNIT = r"(?P<unit>days?|weeks?|wks?|months?|mos?)\b"
_MORE = r"(?:another|an additional|additional|a further|further|an extra|extra|add'l)"
_LENGTH = re.compile(
    rf"\b(?:{_MORE}|(?:for|by|it|auth(?:orization)?|services?|care|therapy|treatment|an?)(?:\s+{_MORE})?)\s+{_COUNT}"
    rf"(?:more\s+|additional\s+|further\s+)?{_UNIT}",
    re.IGNORECASE,
)
_LONG = re.compile(rf"\b{_COUNT}{_UNIT}\s+(?:extension|renewal|continuation)\b", re.IGNORECASE)
"""As in: a 90-day extension."""
_FROM = re.compile(
    r"\b(?:from|after|beyond|past|following|starting|beginning|effective)(?:\s+(?:on|the|date|end|of))*\s*:?\s*$", re.IGNORECASE
)


def prolonged(sentence: Sentence, loose: Iterable[Loose]) -> tuple[Change, ...]:
    """The new end date that an extension by a length of time gives; none where the sentence extends nothing or no start is known.

    ``loose`` are values told without their counterpart, here and in the sentences before: "The authorization expires 4/1/2026."
    Whether the first day is counted is each office's own habit, so the change is a doubtful one.
    """
    act = next((item for item in sentence.all(ItemKind.ACT, "extend") if not item.barred), None)
    length = (_LONG.search(sentence.text) or _LENGTH.search(sentence.text, act.end - sentence.start)) if act is not None else None
    start = _start(sentence, tuple(loose)) if length is not None else None
    if act is None or length is None or start is None or not isinstance(start.value, date):
        return ()
    begin, end = sentence.start + length.start("count"), sentence.start + length.end()
    end_day = _later(start.value, length["count"].lower(), length["unit"].lower())
    new = Item(ItemKind.VALUE, "date", begin, end, length.group(), end_day, DOUBTFUL)
    told = None if start.start >= sentence.start and begins(sentence, start) else start
    first, last = min(act.start, begin, start.start), max(end, start.end)
    return (Change("replace", "services.to_date", told, new, None, first, last, DOUBTFUL),)


def _start(sentence: Sentence, loose: tuple[Loose, ...]) -> Item | None:
    """The day that the length is counted from: one that says so in the sentence, else the end told last."""
    for item in sentence.all(ItemKind.VALUE, "date"):
        if _FROM.search(sentence.text[: item.start - sentence.start]):
            return item
    ends = [each.item for each in loose if each.field == "services.to_date" and each.role is Role.OLD]
    return ends[-1] if ends else None


def _later(start: date, count: str, unit: str) -> date:
    number = int(count) if count.isdigit() else NUMBERS[count]
    if unit.startswith("m"):
        year, month = divmod(start.month - 1 + number, 12)
        return date(start.year + year, month + 1, min(start.day, monthrange(start.year + year, month + 1)[1]))
    return start + timedelta(days=number * (7 if unit.startswith("w") else 1))
