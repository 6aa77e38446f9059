"""What is told beside a letter's PDF to whoever faxes it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from models.letter import OutgoingLetter
from models.record import GapReason


class AskedField(BaseModel):
    """One field that the letter asks for: a path of the record, and the reason of its gap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    reason: GapReason


class LetterNote(BaseModel):
    """A letter without its PDF: ids, where it goes, and what it asks for. ``type`` tells it from a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["letter"] = "letter"
    letter_id: str
    reply_code: str
    record_id: str
    revision: int
    fax_number: str
    asked: tuple[AskedField, ...]
    released_at: datetime

    @classmethod
    def of(cls, letter: OutgoingLetter) -> Self:
        """What is told of a letter."""
        asked = tuple(AskedField(field=one.path, reason=one.reason) for one in letter.asked)
        named = ("letter_id", "reply_code", "record_id", "revision", "fax_number", "released_at")
        return cls(asked=asked, **{name: getattr(letter, name) for name in named})


class PostedLetter(LetterNote):
    """A letter with its PDF, in base 64."""

    pdf: str

    @classmethod
    def of(cls, letter: OutgoingLetter) -> Self:
        """The whole letter."""
        note = LetterNote.of(letter)
        return cls(pdf=base64.b64encode(letter.pdf).decode(), **dict(note))
