"""The tables by which requests are matched with earlier ones and with authorizations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Double, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables import Base, UtcTime


class AuthorizationRow(Base):
    """An authorization as the plan's own system has it. It is no part of a document, and holds values of a member.

    ``number_key`` is the number without dashes and in capitals; together with the plan (empty where there is one plan only) it
    names the authorization. ``services`` is JSON: a list of services as in a record. ``record_id`` is the request of ours that it
    was given for; ``tied_by`` says whether the import named it or it was matched.
    """

    __tablename__ = "authorizations"
    __table_args__ = (
        UniqueConstraint("plan", "number_key"),
        Index("ix_authorizations_number", "number_key"),
        Index("ix_authorizations_record", "record_id"),
    )

    authorization_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    plan: Mapped[str] = mapped_column(String(64), default="")
    number: Mapped[str] = mapped_column(String(64))
    number_key: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    last_name: Mapped[str | None] = mapped_column(Text)
    first_name: Mapped[str | None] = mapped_column(Text)
    member_id: Mapped[str | None] = mapped_column(String(64))
    date_of_birth: Mapped[date | None]
    requesting_name: Mapped[str | None] = mapped_column(Text)
    requesting_npi: Mapped[str | None] = mapped_column(String(10))
    requesting_fax: Mapped[str | None] = mapped_column(String(32))
    servicing_name: Mapped[str | None] = mapped_column(Text)
    servicing_npi: Mapped[str | None] = mapped_column(String(10))
    diagnoses: Mapped[str] = mapped_column(Text)
    services: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    record_id: Mapped[str | None] = mapped_column(String(40))
    tied_by: Mapped[str | None] = mapped_column(String(16))
    imported_at: Mapped[datetime] = mapped_column(UtcTime)


class MatchOwner(StrEnum):
    """What a match key is of."""

    RECORD = "record"
    AUTHORIZATION = "authorization"


class MatchKeyRow(Base):
    """One way to find what may be the same request, or the one that is changed. ``key`` is a hash of values that agree.

    ``owner_id`` is a record's id or an authorization's; ``at`` is when it was received, or begins: the newest are looked at first.
    """

    __tablename__ = "match_keys"
    __table_args__ = (Index("ix_match_keys_found", "owner", "key", "at", "owner_id"),)

    owner_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[MatchOwner] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcTime)


class RecordLinkRow(Base):
    """One link of the newest revision of a record, so that it can be asked for from its other side."""

    __tablename__ = "record_links"
    __table_args__ = (
        Index("ix_record_links_other", "other_id"),
        Index("ix_record_links_number", "authorization_key"),
    )

    record_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    other_id: Mapped[str | None] = mapped_column(String(40))
    authorization_key: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column(Double)
    sure: Mapped[bool]
    set_aside: Mapped[bool]


class PagePrintRow(Base):
    """How the ink of a page is spread, coarsely: what tells that the same page came again. See :mod:`ocr.page_print`."""

    __tablename__ = "page_prints"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.document_id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[bytes] = mapped_column(LargeBinary)
