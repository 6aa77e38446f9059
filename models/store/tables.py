"""The tables. Times are UTC; a record's body is its JSON as delivered."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A time with its offset, stored in UTC; SQLite keeps no offset, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC.

        Raises:
            ValueError: the time has no offset.
        """
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""


class DocumentState(StrEnum):
    """How far a document has come."""

    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class DocumentRow(Base):
    """One arrival. ``run`` counts how often it was read through: 1, and one more for each retry by an operator."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("sha256", "arrival"),)

    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    arrival: Mapped[int]
    file_name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    sender_number: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[DocumentState] = mapped_column(String(16), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecordRow(Base):
    """One revision of a record. Revisions are added, never changed."""

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_document", "document_id"),)

    record_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"))
    position: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), index=True)
    final: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcTime)


class DeliveryState(StrEnum):
    """How a delivery stands. ``parked`` waits for a person; ``forgone`` was given up by one."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"
    FORGONE = "forgone"


class DeliveryKind(StrEnum):
    """What a delivery brings."""

    RECORD = "record"
    LETTER = "letter"


class DeliveryRow(Base):
    """One revision of a record on its way to one sink, or a letter: then ``record_id`` is the letter's id, and ``revision`` is 1.

    ``queued_at`` is when it was entered or asked for again; ``attempts`` counts from then. Pending, it is made at once, or not
    before ``due_at``, and before those of a later ``turn_at``: one that failed does not go before those that were not tried yet.
    ``claimed_by`` is the worker that makes it now. ``reason`` says in words why the last attempt failed.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("record_id", "revision", "sink"),
        Index("ix_deliveries_document", "document_id"),
        Index("ix_deliveries_state", "state", "sink", "turn_at"),
    )

    delivery_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"))
    kind: Mapped[DeliveryKind] = mapped_column(String(8), default=DeliveryKind.RECORD, server_default=DeliveryKind.RECORD.value)
    record_id: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    sink: Mapped[str] = mapped_column(String(40))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    state: Mapped[DeliveryState] = mapped_column(String(16), default=DeliveryState.PENDING)
    queued_at: Mapped[datetime] = mapped_column(UtcTime)
    turn_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcTime)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)


class WorkerRow(Base):
    """One service and its last sign of life."""

    __tablename__ = "workers"

    executor_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    beat_at: Mapped[datetime] = mapped_column(UtcTime)


class AuditRow(Base):
    """What was done, when, and by whom; the database refuses to change or remove a row. It holds ids, no values.

    ``detail`` is the path of a field, or a code.
    """

    __tablename__ = "audit_events"

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    document_id: Mapped[str] = mapped_column(String(40), index=True)
    record_id: Mapped[str | None] = mapped_column(String(40), index=True)
    revision: Mapped[int | None]
    detail: Mapped[str | None] = mapped_column(String(80))
