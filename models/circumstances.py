"""What is known of a request beyond its form: its plan, its clocks, what it is linked with, and what somebody should know of it.

These are parts of the record. A form's own values never change by them.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from models.record_parts import (
    Diagnosis,
    Member,
    Part,
    Request,
    RequestingProvider,
    Service,
    ServicingProvider,
    Urgency,
)


class LineOfBusiness(StrEnum):
    """What kind of coverage the member has with the plan."""

    MEDI_CAL = "medi_cal"
    MEDICARE = "medicare"
    DUAL = "dual"
    COMMERCIAL = "commercial"
    MEDICAID_OTHER = "medicaid_other"


class Coverage(Part):
    """Whose request it is. ``plan`` is the id of a plan that the site has set up; ``told_by`` says where that was learnt.

    ``form`` is the id of the published form that the request is written on, and ``form_plan`` that of the plan whose name or number
    the form prints, whether the site works for it or not; both only where they are known and sure. ``form_line_of_business`` is the
    one that the form states. ``by_roster`` are the parts that the member roster told, because nothing else did.
    """

    plan: str | None = None
    line_of_business: LineOfBusiness | None = None
    delegated_group: str | None = None
    told_by: Literal["form", "inbox", "roster", "site", "coordinator"] | None = None
    form: str | None = None
    form_plan: str | None = None
    form_line_of_business: LineOfBusiness | None = None
    by_roster: list[Literal["plan", "line_of_business", "delegated_group"]] = Field(default_factory=list)


class Priority(Part):
    """The urgency that was asked for, and the one that the clocks run by; ``rule`` is the id of what set them apart."""

    requested: Urgency | None = None
    effective: Urgency | None = None
    rule: str | None = None
    source: str | None = None
    reason: str | None = None
    decided_by: str | None = None


class ClockEventKind(StrEnum):
    """What moves a clock.

    ``FIRST_RECEIVED``: the same request had come before, then. ``INFORMATION_COMPLETE``: all that is reasonably needed is here.
    ``INFORMATION_REQUESTED``: the provider was asked for what is missing, in writing. ``INFORMATION_RECEIVED``: an answer came.
    ``EXTENDED``: the time was extended by notice. ``DOWNGRADED`` and ``UPGRADED``: a person changed the urgency that counts.
    ``DECIDED``: the plan decided.
    """

    FIRST_RECEIVED = "first_received"
    INFORMATION_COMPLETE = "information_complete"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_RECEIVED = "information_received"
    EXTENDED = "extended"
    DOWNGRADED = "downgraded"
    UPGRADED = "upgraded"
    DECIDED = "decided"


class ClockEvent(Part):
    """One thing that happened to a request's clocks. ``by`` is a person, a program, or the rule that saw it.

    ``until`` is the day's end to which an extension goes; without it, it goes to the ceiling. ``key`` was given by whoever told of
    it: told twice with the same key, it happened once.
    """

    kind: ClockEventKind
    at: AwareDatetime
    by: str
    reason: str | None = None
    record_id: str | None = None
    until: AwareDatetime | None = None
    key: str | None = None


class Clock(Part):
    """One turn-around rule that applies to the request.

    ``starts`` at the receipt, when the information was complete, or when a person asked for a decision soon. ``ceiling_at``: no
    extension goes beyond. ``paused``: it waits for what the provider was asked for. ``met``: the decision, at ``decided_at``, was
    in time.
    """

    rule: str
    source: str
    starts: Literal["receipt", "information", "asked"] = "receipt"
    started_at: datetime
    due_at: datetime
    ceiling_at: datetime | None = None
    extended: bool = False
    paused: bool = False
    decided_at: datetime | None = None
    met: bool | None = None


class NoticeSeverity(StrEnum):
    """``ASK``: a person has to look before the request goes on. ``NOTE``: good to know."""

    ASK = "ask"
    NOTE = "note"


class Notice(Part):
    """Something about the request that is no gap of its form.

    ``code`` is stable, such as ``member.not_eligible``. ``message`` is for the coordinator. ``belongs_to`` says where a misdirected
    request should go. ``settled_by`` is the person who looked at it.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_.]*$")
    severity: NoticeSeverity
    message: str
    field: str | None = None
    rule: str | None = None
    source: str | None = None
    belongs_to: str | None = None
    settled_by: str | None = None


class LinkKind(StrEnum):
    """How a record belongs to another.

    ``SAME_BYTES``: the same file came again. ``SAME_PAGES``: the same pages were faxed again. ``SAME_REQUEST``: the same request
    was written anew. ``MARKED_SECOND``: it calls itself a second request. ``AMENDS``: it changes that one. ``ANSWERS``: it sends
    what was missing there.
    """

    SAME_BYTES = "same_bytes"
    SAME_PAGES = "same_pages"
    SAME_REQUEST = "same_request"
    MARKED_SECOND = "marked_second"
    AMENDS = "amends"
    ANSWERS = "answers"


REPEATS = (LinkKind.SAME_BYTES, LinkKind.SAME_PAGES, LinkKind.SAME_REQUEST, LinkKind.MARKED_SECOND)
"""The kinds of links to a request that came before and is repeated."""


class Difference(Part):
    """One value in which two requests differ, as text; ``None`` where one does not give it."""

    path: str
    before: str | None = None
    after: str | None = None


class Link(Part):
    """One other request that this one belongs to.

    ``record_id`` is that request's record, where it came through here; ``authorization_number`` names it where it is known by its
    authorization alone. ``confidence`` is the probability that the link is right; one that is not ``sure`` is asked about.
    ``because`` are the signs that agree, as paths or codes. ``taken_up_by`` is the person who took a repetition up all the same,
    ``confirmed_by`` the one who said that the link is right.
    """

    kind: LinkKind
    record_id: str | None = None
    authorization_number: str | None = None
    confidence: float = Field(ge=0.0, le=1.0)
    sure: bool
    because: list[str] = Field(default_factory=list)
    differences: list[Difference] = Field(default_factory=list)
    taken_up_by: str | None = None
    confirmed_by: str | None = None


class LinkTopic(StrEnum):
    """What a question about a link asks: does it repeat that request, change it, or answer our letter about it?"""

    DUPLICATE = "duplicate"
    AMENDMENT = "amendment"
    REPLY = "reply"


class LinkAnswer(Part):
    """What a person has said about a possible link: ``yes``, it is so, or that it is not. It holds for every later comparison."""

    about: LinkTopic
    record_id: str | None = None
    authorization_number: str | None = None
    yes: bool
    by: str


class Standing(Part):
    """A request as it stands at one time: before a change, or after it."""

    authorization_number: str | None = None
    request: Request = Request()
    member: Member = Member()
    requesting_provider: RequestingProvider = RequestingProvider()
    servicing_provider: ServicingProvider = ServicingProvider()
    diagnoses: list[Diagnosis] = Field(default_factory=list)
    services: list[Service] = Field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None
    cancelled: bool = False
