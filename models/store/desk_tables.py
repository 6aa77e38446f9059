"""The tables of the coordinator's desk. What a person enters holds values from forms, and goes when its document is purged."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables import Base, UtcTime

# Compared letter by letter on every database, so that an index finds what begins with some letters.
_KEY = String(120).with_variant(String(120, collation="C"), "postgresql")


class DeskItemRow(Base):
    """The newest revision of a record as the queue shows it; written in the revision's own transaction.

    ``waits`` for a person: not final. ``order_at`` sorts the queue: when the decision is due, or where no rule says so, when it
    would be due if the request were urgent; what is decided stands behind all others. ``claimed_by`` works on it until
    ``claimed_until``. ``completed_by`` is empty where no person was needed. ``signature`` is that of the keys by which it is found
    (:func:`models.store.desk_keys.signature`): by it a search goes past most records that have not what it looks for; past none
    where it is -1.
    """

    __tablename__ = "desk_items"
    __table_args__ = (
        Index("ix_desk_items_queue", "waits", "order_at", "record_id"),
        Index("ix_desk_items_came", "waits", "received_at", "record_id"),
        # With all that the dashboard counts by.
        Index("ix_desk_items_received", "received_at", "record_id", "status", "waits", "completed_by", "office"),
        Index("ix_desk_items_ended", "waits", "written_at", "received_at", "status", "completed_by"),
        Index("ix_desk_items_document", "document_id"),
    )

    record_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"))
    revision: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    waits: Mapped[bool]
    kind: Mapped[str | None] = mapped_column(String(16))
    urgency: Mapped[str | None] = mapped_column(String(16))
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    order_at: Mapped[datetime] = mapped_column(UtcTime)
    member: Mapped[str | None] = mapped_column(Text)
    member_id: Mapped[str | None] = mapped_column(String(64))
    date_of_birth: Mapped[date | None]
    authorization_number: Mapped[str | None] = mapped_column(String(64))
    provider: Mapped[str | None] = mapped_column(Text)
    office: Mapped[str | None] = mapped_column(String(32))
    page_count: Mapped[int]
    blocking: Mapped[int]
    warnings: Mapped[int]
    doubtful: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    completed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcTime)
    signature: Mapped[int] = mapped_column(BigInteger, server_default="-1")


class KeyKind(StrEnum):
    """What a record is found by."""

    MEMBER = "member"
    MEMBER_ID = "member_id"
    BORN = "born"
    AUTHORIZATION = "authorization"
    PROVIDER = "provider"
    NPI = "npi"
    FAX = "fax"


class DeskKeyRow(Base):
    """One way to find a record; ``key`` is in the form that :func:`models.store.desk_keys.folded` gives.

    ``waits``, ``order_at``, ``received_at`` and ``signature`` are those of the record, so that a search reads its page from the
    index alone.
    """

    __tablename__ = "desk_keys"
    __table_args__ = (
        Index("ix_desk_keys_found", "kind", "waits", "key", "record_id", "order_at", "received_at", "signature"),
        Index("ix_desk_keys_newest", "kind", "key", "received_at", "record_id"),
    )

    record_id: Mapped[str] = mapped_column(ForeignKey("desk_items.record_id"), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(_KEY, primary_key=True)
    waits: Mapped[bool]
    order_at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    signature: Mapped[int] = mapped_column(BigInteger, server_default="-1")


class DeskGapRow(Base):
    """One gap that the machine found, when it read the record last: what a person finds out later is no less missing on the fax."""

    __tablename__ = "desk_gaps"
    __table_args__ = (Index("ix_desk_gaps_field", "field", "reason"),)

    record_id: Mapped[str] = mapped_column(ForeignKey("desk_items.record_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    severity: Mapped[str] = mapped_column(String(16))


class EditAction(StrEnum):
    """What a person did to a record. ``COMPLETE``, ``DISMISS`` and ``REOPEN`` made a revision, and close what was done before.

    ``CONFIRM`` and ``DENY`` answer whether it belongs to another request: yes, and no.
    """

    SET = "set"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    DENY = "deny"
    REMOVE_ROW = "remove_row"
    BY_HAND = "by_hand"
    UNDO = "undo"
    COMPLETE = "complete"
    DISMISS = "dismiss"
    REOPEN = "reopen"


class DeskEditRow(Base):
    """One thing that a person did to a record, kept from the moment it was done. Rows are added, never changed.

    ``edit_key`` was given by the sender: the same sent twice is done once. ``revision`` is the one that the person saw. ``value``
    is JSON; ``page`` and ``box`` (JSON) say where on the page it was taken from.
    """

    __tablename__ = "desk_edits"
    __table_args__ = (UniqueConstraint("record_id", "edit_key"),)

    edit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    edit_key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[EditAction] = mapped_column(String(16))
    path: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[str | None] = mapped_column(Text)
    page: Mapped[int | None]
    box: Mapped[str | None] = mapped_column(String(120))


class Outcome(StrEnum):
    """What became of one value that the machine read, or did not read."""

    KEPT = "kept"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ADDED = "added"
    REMOVED = "removed"


class DeskOutcomeRow(Base):
    """One field of a completed record: what the machine gave against what the person left. It holds no value."""

    __tablename__ = "desk_outcomes"
    __table_args__ = (Index("ix_desk_outcomes_field", "field", "flagged", "outcome", "at"),)

    outcome_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(String(40), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(64))
    flagged: Mapped[bool]
    outcome: Mapped[Outcome] = mapped_column(String(16))


class DeskNoteRow(Base):
    """What a person wrote beside a record. Rows are added, never changed."""

    __tablename__ = "desk_notes"

    note_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(String(40), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class DeskFilterRow(Base):
    """What a person looks for, under an id that may stand in an address."""

    __tablename__ = "desk_filters"

    filter_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime] = mapped_column(UtcTime)


class ChangeKind(StrEnum):
    """What changed about a record."""

    REVISION = "revision"
    CLAIM = "claim"
    EDIT = "edit"
    NOTE = "note"
    PURGED = "purged"


class ChangeRow(Base):
    """One change, for those who follow: numbers only grow, and none becomes visible after a greater one."""

    __tablename__ = "desk_changes"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[ChangeKind] = mapped_column(String(16))
    record_id: Mapped[str] = mapped_column(String(40), index=True)
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)


class ArrangementRow(Base):
    """Which pages of a document are which requests, as a person said; ``groups`` is JSON, the newest row counts."""

    __tablename__ = "arrangements"

    arrangement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    groups: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))


class LabelState(StrEnum):
    """How a taught label stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class TaughtLabelRow(Base):
    """A label that a person pointed at: this text means this field. It is printed on a form, and says nothing of a member."""

    __tablename__ = "taught_labels"

    label_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    text: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(64))
    state: Mapped[LabelState] = mapped_column(String(16), index=True)
    document_id: Mapped[str | None] = mapped_column(String(40))
    page: Mapped[int | None]
    proposed_at: Mapped[datetime] = mapped_column(UtcTime)
    proposed_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
