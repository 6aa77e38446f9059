"""A letter to a requesting office as it is delivered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.record import GapReason


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that a letter asks for: its path, and the reason of its gap."""

    path: str
    reason: GapReason


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A released letter on its way to the office.

    ``record_id`` and ``revision`` name what it asks about; ``fax_number`` (E.164) is the office's; ``pdf`` is the letter itself,
    the same bytes at each attempt.
    """

    letter_id: str
    reply_code: str
    record_id: str
    document_id: str
    revision: int
    fax_number: str
    asked: tuple[Asked, ...]
    released_at: datetime
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReleasedLetter:
    """A released letter before it is drawn: ``body`` is the JSON of the record's revision that it asks about."""

    letter_id: str
    reply_code: str
    record_id: str
    document_id: str
    revision: int
    fax_number: str
    asked: tuple[Asked, ...]
    created_at: datetime
    released_at: datetime
    body: str = field(repr=False)
