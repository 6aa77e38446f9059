"""The tables of members and providers as sites import them. What they hold of members is PHI.

A row holds from the load that brought it until the load that replaced it. What is in force is said by one row for each list: so an
import writes beside what is in force, and becomes in force as a whole, by that row.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables import Base, UtcTime

# Compared letter by letter on every database, so that an index finds what begins with some letters.
_KEY = String(120).with_variant(String(120, collation="C"), "postgresql")


class RosterList(StrEnum):
    """A list that is imported and replaced by itself: members, the plan's own directory of providers, or the national one."""

    MEMBERS = "members"
    DIRECTORY = "directory"
    NPPES = "nppes"


class RosterHeadRow(Base):
    """Which rows of a list are in force: those of the loads from ``base_load`` to ``current_load`` that no load up to it replaced.

    ``untidy``: rows are left of what was replaced, or of an import that did not come to its end.
    """

    __tablename__ = "roster_heads"

    list_name: Mapped[RosterList] = mapped_column(String(16), primary_key=True)
    base_load: Mapped[int]
    current_load: Mapped[int]
    untidy: Mapped[bool]


class LoadState(StrEnum):
    """How an import stands. ``OVERTAKEN``: another one began before its end."""

    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


class RosterLoadRow(Base):
    """One import; it names no file. ``replaces``: what it does not bring is gone. ``rows_written`` are those in its name."""

    __tablename__ = "roster_loads"

    load_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    list_name: Mapped[RosterList] = mapped_column(String(16))
    replaces: Mapped[bool]
    state: Mapped[LoadState] = mapped_column(String(16))
    begun_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    rows_written: Mapped[int]


class RosterMemberRow(Base):
    """One span of one person's coverage. ``person`` tells those apart who share an id: empty for the subscriber.

    Ids are in capitals, without spaces or signs; ``last_key`` and ``first_key`` are names as :func:`models.store.desk_keys.folded`
    gives them. ``other_coverage`` names another payer. A span without an end is open.
    """

    __tablename__ = "roster_members"
    __table_args__ = (
        Index("ix_roster_members_member_id", "member_id"),
        Index("ix_roster_members_cin", "cin"),
        Index("ix_roster_members_mbi", "mbi"),
        Index("ix_roster_members_medical_record", "medical_record"),
        Index("ix_roster_members_name", "last_key", "first_key"),
        Index("ix_roster_members_born", "date_of_birth"),
    )

    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    load_id: Mapped[int]
    until_load: Mapped[int | None]
    member_id: Mapped[str] = mapped_column(_KEY)
    person: Mapped[str] = mapped_column(String(40))
    cin: Mapped[str | None] = mapped_column(_KEY)
    mbi: Mapped[str | None] = mapped_column(_KEY)
    medical_record: Mapped[str | None] = mapped_column(_KEY)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    last_key: Mapped[str] = mapped_column(_KEY)
    first_key: Mapped[str] = mapped_column(_KEY)
    date_of_birth: Mapped[date]
    sex: Mapped[str | None] = mapped_column(String(1))
    phone: Mapped[str | None] = mapped_column(String(20))
    plan: Mapped[str | None] = mapped_column(String(80))
    line_of_business: Mapped[str | None] = mapped_column(String(20))
    delegated_group: Mapped[str | None] = mapped_column(String(120))
    eligible_from: Mapped[date | None]
    eligible_to: Mapped[date | None]
    other_coverage: Mapped[str | None] = mapped_column(String(120))
    pcp_npi: Mapped[str | None] = mapped_column(String(10))


class RosterProviderRow(Base):
    """One place of one provider, in one directory. ``tin`` and ``fax`` are in the form of the record.

    ``name_key`` is the name in small letters without signs. ``network`` is as the directory says it.
    """

    __tablename__ = "roster_providers"
    __table_args__ = (
        Index("ix_roster_providers_npi", "npi"),
        Index("ix_roster_providers_tin", "tin"),
        Index("ix_roster_providers_fax", "fax"),
        Index("ix_roster_providers_name", "name_key"),
    )

    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    load_id: Mapped[int]
    until_load: Mapped[int | None]
    list_name: Mapped[RosterList] = mapped_column(String(16))
    npi: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(_KEY)
    is_organization: Mapped[bool | None]
    tin: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))
    fax: Mapped[str | None] = mapped_column(String(20))
    specialty: Mapped[str | None] = mapped_column(String(120))
    network: Mapped[str | None] = mapped_column(String(80))
    plan: Mapped[str | None] = mapped_column(String(80))
    deactivated_on: Mapped[date | None]
