"""What a history is asked by, and what it tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.circumstances import LineOfBusiness, Link, LinkKind, Standing
from models.store.lookup import Sought
from review.api.authorizations import Authorization, Name, Number
from review.api.decisions import DecisionShown
from review.api.letters import Letter
from review.api.models import Day, Item, Message, Place
from review.api.rosters import MemberShown, ProviderShown

_Limit = Annotated[int, Field(ge=1, le=50, strict=True)]
_Npi = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
_Fax = Annotated[str, StringConstraints(pattern=r"^[0-9+(). -]{10,24}$")]


class _Paged(Message):
    cursor: Place | None = Field(None, description="What an earlier answer gave as next.")
    limit: _Limit = 20


class MemberById(_Paged):
    """A member, by any of their IDs, whole; with the date of birth, where several share it."""

    member_id: Number
    date_of_birth: Day | None = None

    def sought(self) -> Sought:
        """What is looked up."""
        return Sought(member_id=self.member_id, date_of_birth=self.date_of_birth)


class MemberByName(_Paged):
    """A member, by names and date of birth. Names are found by their whole words, accents, case and signs apart."""

    last_name: Name
    date_of_birth: Day
    first_name: Name | None = None

    def sought(self) -> Sought:
        """What is looked up."""
        return Sought(last_name=self.last_name, first_name=self.first_name or "", date_of_birth=self.date_of_birth)


class ProviderByNpi(_Paged):
    """A provider, by the NPI."""

    npi: _Npi

    def sought(self) -> Sought:
        """What is looked up."""
        return Sought(npi=self.npi)


class OfficeByFax(_Paged):
    """An office, by its fax number: ten digits, or E.164."""

    fax: _Fax

    def sought(self) -> Sought:
        """What is looked up."""
        return Sought(fax=self.fax)


class AuthorizationByNumber(_Paged):
    """An authorization, by its number."""

    authorization_number: Number

    def sought(self) -> Sought:
        """What is looked up."""
        return Sought(authorization_number=self.authorization_number)


LookupBody = MemberById | MemberByName | ProviderByNpi | OfficeByFax | AuthorizationByNumber


class FoundBy(StrEnum):
    """Why a request belongs to what is looked up.

    A member's: it gives an ID of theirs, or the names and the date of birth. A provider's: it is the requesting or the servicing
    one, or the fax came from that number. An authorization's: the request gives its number, it was given for the request, or the
    request is linked with it.
    """

    MEMBER_ID = "member_id"
    NAME = "name"
    REQUESTING = "requesting"
    SERVICING = "servicing"
    FAX_HEADER = "fax_header"
    NUMBER = "number"
    GRANTED_FOR = "granted_for"
    LINKED = "linked"


class What(StrEnum):
    """What happened to a request."""

    RECEIVED = "received"
    FIRST_RECEIVED = "first_received"
    COMPLETED = "completed"
    LETTER_PROPOSED = "letter_proposed"
    LETTER_RELEASED = "letter_released"
    LETTER_SENT = "letter_sent"
    LETTER_ANSWERED = "letter_answered"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_RECEIVED = "information_received"
    INFORMATION_COMPLETE = "information_complete"
    EXTENDED = "extended"
    DOWNGRADED = "downgraded"
    UPGRADED = "upgraded"
    DECIDED = "decided"
    AUTHORIZED = "authorized"


class Happened(Message):
    """One thing that happened to a request. ``detail`` is a decision's outcome, an authorization's status, or a reason."""

    at: datetime
    what: What
    by: str | None = None
    detail: str | None = None
    record_id: str | None = Field(None, description="Another record that it came by.")
    letter_id: str | None = None


class LaterLink(Message):
    """A later request's link to this one, and when that one was received."""

    record_id: str
    kind: LinkKind
    confidence: float
    sure: bool
    set_aside: bool = Field(description="It repeats this one without a difference, and waits for nobody.")
    received_at: datetime


class RequestKnown(Item):
    """A request with all that belongs to it."""

    found_by: list[FoundBy]
    plan: str | None
    line_of_business: LineOfBusiness | None
    stands: Standing = Field(description="The request as it now stands, with the changes to it.")
    changed_by: str | None = Field(description="The record of the newest sure change.")
    before: Standing | None = Field(description="Of a change: what it changes, as it stood before.")
    after: Standing | None = Field(description="Of a change: the same after it.")
    links: list[Link] = Field(description="To earlier requests and to authorizations.")
    linked_from: list[LaterLink]
    authorizations: list[Authorization] = Field(description="Those that were given for it.")
    decisions: list[DecisionShown]
    letters: list[Letter]
    notes: int = Field(description="How many notes stand beside it.")
    happened: list[Happened] = Field(description="In the order of time.")


class GrantedShown(Message):
    """An authorization as it was brought in, and as it stands now."""

    authorization: Authorization
    stands: Standing
    changed_by: str | None = Field(description="The record of the newest sure change.")


class FieldLacking(Message):
    """A field, and in how many requests it was a gap that blocks."""

    field: str
    requests: int


class Lacking(Message):
    """Of the newest requests that the office sent, 100 at most, how many lacked something that blocks, and what."""

    requests: int
    incomplete: int
    fields: list[FieldLacking]


class MemberHistory(Message):
    """A member: spans of coverage by the roster, authorizations (the newest 100), and requests, the newest first."""

    about: Literal["member"] = "member"
    members: list[MemberShown]
    authorizations: list[GrantedShown]
    requests: list[RequestKnown]
    next: str | None


class ProviderHistory(Message):
    """A provider or an office: places by the directories, what its requests lacked, and the requests, the newest first."""

    about: Literal["provider"] = "provider"
    providers: list[ProviderShown]
    lacking: Lacking
    requests: list[RequestKnown]
    next: str | None


class AuthorizationHistory(Message):
    """The authorizations with a number, and the requests that belong to them, the newest first."""

    about: Literal["authorization"] = "authorization"
    authorizations: list[GrantedShown]
    requests: list[RequestKnown]
    next: str | None


History = MemberHistory | ProviderHistory | AuthorizationHistory
