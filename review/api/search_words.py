"""Days in searches: people write them in their own ways, and they are kept in one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from models.values import ValueKind
from review.work.entries import entry
from review.work.fields import Field

_BORN = Field("member.date_of_birth", "", ValueKind.DATE)
_AMERICAN = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")


def as_key_of_day(text: str) -> str:
    """A day of birth as 1950-02-17, where it is one; else as it is, such as the beginning of one."""
    plain = text.strip()
    if not _AMERICAN.fullmatch(plain):
        return plain
    read = entry(_BORN, plain, datetime.now(UTC).date())
    return read.value.isoformat() if isinstance(read.value, date) else plain


def as_days(text: str) -> str:
    """The words of a search, days among them in that form."""
    return " ".join(as_key_of_day(word) for word in text.split())
