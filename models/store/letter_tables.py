"""The table of letters to requesting offices. What a letter says is rendered from its record's revision, and not kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables import Base, UtcTime


class LetterState(StrEnum):
    """How a letter stands.

    ``draft``: proposed for a record that nobody has completed. ``held``: waits for its release. ``released``: on its way.
    ``sent``: every target has it. ``withdrawn``: will not be sent, or asked for what is not asked any more.
    """

    DRAFT = "draft"
    HELD = "held"
    RELEASED = "released"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class LetterRow(Base):
    """One letter that asks for the blocking gaps of one revision of a record.

    ``asked`` is JSON: pairs of a field's path and the reason of its gap. ``fax_number`` is set where a person named another number
    than the record's. ``answered_by`` is the record of the reply that was attached last.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_state", "state", "created_at", "letter_id"),
        Index("ix_letters_record", "record_id"),
        Index("ix_letters_document", "document_id"),
        Index("ix_letters_reply_code", "reply_code", unique=True),
    )

    letter_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"))
    revision: Mapped[int]
    reply_code: Mapped[str] = mapped_column(String(16))
    state: Mapped[LetterState] = mapped_column(String(16))
    asked: Mapped[str] = mapped_column(Text)
    fax_number: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(64))
    released_at: Mapped[datetime | None] = mapped_column(UtcTime)
    released_by: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str | None] = mapped_column(String(40))
