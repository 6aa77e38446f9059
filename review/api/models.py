"""What the API takes and gives about many records: listings, searches, changes, failures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from models.record import RequestKind, Status, Urgency
from models.store.desk_queue import Search, View, held
from models.store.desk_tables import ChangeKind, ChangeRow, DeskItemRow
from review.api.search_words import as_days, as_key_of_day

_DIGITS = re.compile(r"-?\d{1,19}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]")
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Message(BaseModel):
    """The base of all: immutable, and closed to unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_our_time(at: datetime) -> datetime:
    """Databases know no year 1; what lies before all faxes, or after, finds the same."""
    return min(max(at, _EARLIEST), _LATEST)


def _written_out(value: object) -> object:
    """A time is written as ISO 8601 has it; a bare number would be taken for seconds."""
    if isinstance(value, datetime) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError("A time such as 2026-03-01T00:00:00Z.")


def _day_written_out(value: object) -> object:
    """A day is written as ISO 8601 has it; a bare number would be taken for seconds, and a time for its day."""
    if type(value) is date or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise ValueError("A day such as 2026-03-01.")


def _digits(value: object) -> object:
    """A number in an address is written in digits: ``1.0``, ``+1`` and ``1_000`` are others' ways."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("A number in digits.")
    return value


def _true_or_false(value: object) -> object:
    """A truth value in an address is ``true`` or ``false``."""
    if value in ("true", "false") or value is None or isinstance(value, bool):
        return value
    raise ValueError("true or false.")


NumberInAddress = Annotated[int, BeforeValidator(_digits)]
"""A whole number as an address has it: as a text."""

TruthInAddress = Annotated[bool, BeforeValidator(_true_or_false)]
# In a body, a number is a number, and a truth value is one.
_Limit = Annotated[int, Field(ge=1, le=200, strict=True)]
_Change = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]

# No NUL: PostgreSQL keeps none.
Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\u0000]*$")]
Time = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_our_time)]
Day = Annotated[date, BeforeValidator(_day_written_out)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Place = Annotated[str, StringConstraints(max_length=120, pattern=r"^[A-Za-z0-9_-]*$")]


class Fault(Message):
    """One part of a request that is not as it should be: where, what is wrong, and a code. What was sent is not repeated."""

    at: str
    message: str
    code: str


class Problem(BaseModel):
    """Why something could not be done (RFC 9457). ``code`` is stable, ``detail`` is for the person who asked."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    by: str | None = Field(None, description="With held: who works on it.")
    paths: list[str] | None = Field(None, description="With unsettled: what is not settled yet.")
    errors: list[Fault] | None = Field(None, description="With invalid: what is wrong where.")
    reference: str | None = Field(None, description="Of a failure here: what the log says of it is found by this.")


class Held(Message):
    """Who works on a record, and until when that holds without a sign of life."""

    by: str
    until: datetime


class Item(Message):
    """A record as listings show it."""

    record_id: str
    document_id: str
    revision: int
    status: Status
    waits: bool = Field(description="For a person: not final.")
    kind: RequestKind | None
    urgency: Urgency | None
    received_at: datetime
    due_at: datetime | None
    member: str | None
    member_id: str | None
    date_of_birth: date | None
    authorization_number: str | None
    provider: str | None
    office: str | None = Field(description="The fax number of the provider's office.")
    page_count: int
    blocking: int = Field(description="Gaps that keep the request from going on.")
    warnings: int
    doubtful: int = Field(description="Readings that nobody has looked at.")
    written_at: datetime
    completed_at: datetime | None
    completed_by: str | None
    held: Held | None
    mine: bool = Field(description="Whether it is held by whoever asks.")

    @classmethod
    def of(cls, row: DeskItemRow, actor: str, now: datetime) -> Self:
        """A row, just read from the store, as somebody sees it."""
        holder = held(row, now)
        values = vars(row)  # all are read; asking the row for each of them takes twice the time, fifty times a page
        told = {name: values[name] for name in _OF_THE_ROW}
        told["held"] = None if holder is None else Held(by=holder.by, until=holder.until)
        told["mine"] = holder is not None and holder.by == actor
        return cls.model_validate(told)


_OF_THE_ROW = tuple(name for name in Item.model_fields if name not in ("held", "mine"))


class Listing(Message):
    """Some records. ``next`` is the cursor of those behind them; ``change`` the newest change that they show."""

    items: list[Item]
    next: str | None
    change: int


_SINCE = "Only what changed after the change of this number."


class Asked(Message):
    """What is looked for by what is no value of a form: it may stand in an address."""

    view: View = View.WAITING
    status: list[Status] = Field(default_factory=list)
    kind: list[RequestKind] = Field(default_factory=list)
    urgency: list[Urgency] = Field(default_factory=list)
    with_gaps: TruthInAddress | None = Field(None, description="With, or without, gaps that block.")
    unclaimed: TruthInAddress = Field(False, description="Only what nobody works on.")
    received_from: Time | None = None
    received_before: Time | None = None
    due_before: Time | None = None
    document_id: Id | None = None
    since: NumberInAddress | None = Field(None, ge=0, le=2**31 - 1, description=_SINCE)

    def search(self) -> Search:
        """The search that this is."""
        return Search(
            view=self.view,
            statuses=tuple(self.status),
            kinds=tuple(self.kind),
            urgencies=tuple(self.urgency),
            with_gaps=self.with_gaps,
            unclaimed=self.unclaimed,
            received_from=self.received_from,
            received_before=self.received_before,
            due_before=self.due_before,
            document_id=self.document_id or "",
            changed_since=self.since,
        )


class Sought(Asked):
    """What is looked for, values of forms among it: found by their beginnings, names by those of each of their words."""

    with_gaps: StrictBool | None = Field(None, description="With, or without, gaps that block.")
    unclaimed: StrictBool = Field(False, description="Only what nobody works on.")
    since: _Change | None = Field(None, description=_SINCE)
    text: Words = Field("", description="Words, each of which is in any of the values below.")
    member: Words = ""
    member_id: Words = ""
    date_of_birth: Words = Field("", description="As 1950-02-17 or 2/17/1950, or the beginning of the former.")
    authorization_number: Words = ""
    provider: Words = ""
    fax: Words = Field("", description="From its end: with or without the country and area code.")

    def search(self) -> Search:
        """The search that this is."""
        return replace(
            super().search(),
            text=as_days(self.text),
            member=self.member,
            member_id=self.member_id,
            date_of_birth=as_key_of_day(self.date_of_birth),
            authorization_number=self.authorization_number,
            provider=self.provider,
            fax=self.fax,
        )


class ListQuery(Asked):
    """The query of a listing."""

    filter_id: Id | None = Field(
        None, description="A filter of one's own; the rest of the query but cursor and limit is then left aside."
    )
    cursor: Place | None = Field(None, description="What an earlier answer gave as next.")
    limit: NumberInAddress = Field(50, ge=1, le=200)


class SearchBody(Sought):
    """A search with its place."""

    cursor: Place | None = Field(None, description="What an earlier answer gave as next.")
    limit: _Limit = 50


class Change(Message):
    """One change of a record. Numbers only grow. Of a purged record, nothing is left."""

    change: int
    kind: ChangeKind
    record_id: str
    revision: int
    at: datetime

    @classmethod
    def of(cls, row: ChangeRow) -> Self:
        """A row of the feed."""
        return cls(change=row.change_id, kind=ChangeKind(row.kind), record_id=row.record_id, revision=row.revision, at=row.at)


class Changes(Message):
    """Some changes, oldest first, and the number of the newest that there is."""

    changes: list[Change]
    newest: int
