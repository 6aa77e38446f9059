"""The tables behind the reports: decisions that were made elsewhere, what is counted of each request, and second readings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables import Base, UtcTime


class DecisionOutcome(StrEnum):
    """What was decided. ``WITHDRAWN`` and ``DISMISSED`` end a request without a determination."""

    APPROVED = "approved"
    DENIED = "denied"
    MODIFIED = "modified"
    PARTIALLY_APPROVED = "partially_approved"
    APPROVED_AFTER_APPEAL = "approved_after_appeal"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"


class DecisionRow(Base):
    """One decision as it was brought in. Rows are added, never changed; a later row of a request corrects the earlier ones.

    ``decision_key`` was given by the sender, or made of the line: the same brought in twice is kept once. ``extended``: the time to
    decide was extended, by a notice of ``extended_at``. The other times of notice are when the provider and the member were told of
    the decision. ``reviewer`` and ``reason_code`` are the plan's own, and no free text.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("record_id", "decision_key"),)

    decision_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(String(40), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    decision_key: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[DecisionOutcome] = mapped_column(String(24))
    decided_at: Mapped[datetime] = mapped_column(UtcTime)
    extended: Mapped[bool]
    extended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    provider_notified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    member_notified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reviewer: Mapped[str | None] = mapped_column(String(64))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    entered_at: Mapped[datetime] = mapped_column(UtcTime)
    entered_by: Mapped[str] = mapped_column(String(64))


class ReportItemRow(Base):
    """What is counted of a request; written in the transaction of its newest revision, and of its decisions. No member is in it.

    ``counts``: it is a request of its own, and no re-fax, no answer to a letter, no reading that was given up. ``started_at`` is
    when its clock began. ``determined`` is the first determination, ``outcome`` what holds now. ``weighed``: whether it was drawn
    for a second reading has been settled.
    """

    __tablename__ = "report_items"
    __table_args__ = (
        Index("ix_report_items_started", "started_at"),
        Index("ix_report_items_decided", "decided_at", "due_at", "record_id"),
        Index("ix_report_items_weighed", "weighed", "record_id"),
    )

    record_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    counts: Mapped[bool]
    plan: Mapped[str | None] = mapped_column(String(64))
    line_of_business: Mapped[str | None] = mapped_column(String(24))
    requested_urgency: Mapped[str | None] = mapped_column(String(16))
    urgency: Mapped[str | None] = mapped_column(String(16))
    is_drug: Mapped[bool]
    npi: Mapped[str | None] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    rule: Mapped[str | None] = mapped_column(String(80))
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    extended: Mapped[bool]
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    determined: Mapped[DecisionOutcome | None] = mapped_column(String(24))
    outcome: Mapped[DecisionOutcome | None] = mapped_column(String(24))
    weighed: Mapped[bool] = mapped_column(default=False)


class ReportClockRow(Base):
    """One clock of a request: a turn-around rule, and when the decision is due by it."""

    __tablename__ = "report_clocks"

    record_id: Mapped[str] = mapped_column(ForeignKey("report_items.record_id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcTime)


class RaterSampleRow(Base):
    """A record that was drawn to be read a second time, blind.

    ``first_actor`` completed ``first_revision``; without one, the machine did. ``base_revision`` is the reading that both begin
    with. ``second_actor`` has taken it, and is done when ``completed_at`` is set.
    """

    __tablename__ = "rater_samples"
    __table_args__ = (Index("ix_rater_samples_second", "second_actor", "completed_at"),)

    sample_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(40), unique=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), index=True)
    drawn_at: Mapped[datetime] = mapped_column(UtcTime)
    first_actor: Mapped[str | None] = mapped_column(String(64))
    first_revision: Mapped[int]
    base_revision: Mapped[int]
    second_actor: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[datetime | None] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class Ruling(StrEnum):
    """Who was right, where two readings differ."""

    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"


class RaterFieldRow(Base):
    """One field of a second reading. Values are kept where the two differ, as text, and go with the document."""

    __tablename__ = "rater_fields"

    sample_id: Mapped[str] = mapped_column(ForeignKey("rater_samples.sample_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(64))
    agrees: Mapped[bool]
    first_value: Mapped[str | None] = mapped_column(Text)
    second_value: Mapped[str | None] = mapped_column(Text)
    ruling: Mapped[Ruling | None] = mapped_column(String(8))
    ruled_by: Mapped[str | None] = mapped_column(String(64))
    ruled_at: Mapped[datetime | None] = mapped_column(UtcTime)
