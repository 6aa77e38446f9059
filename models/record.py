"""The record: what par-intake says about one request found in a document.

The names are a contract that other programs rely on; adding a field is free, renaming or dropping one is not. ``status`` and
``final`` are derived by :func:`models.status.with_status` and never set by a stage.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from models.circumstances import Clock, ClockEvent, Coverage, Link, LinkAnswer, Notice, Priority, Standing
from models.record_parts import (
    Amendment,
    AmendmentAction,
    AmendmentField,
    AmendmentValue,
    ClinicalNotes,
    Deadline,
    Diagnosis,
    FaxHeader,
    Gap,
    GapReason,
    Member,
    Part,
    Reading,
    Request,
    RequestingProvider,
    RequestKind,
    Service,
    ServicingProvider,
    Setting,
    Severity,
    Signature,
    Source,
    SourceProblem,
    Urgency,
)

__all__ = [
    "SCHEMA_VERSION",
    "Amendment",
    "AmendmentAction",
    "AmendmentField",
    "AmendmentValue",
    "ClinicalNotes",
    "Deadline",
    "Diagnosis",
    "FaxHeader",
    "Gap",
    "GapReason",
    "Member",
    "Part",
    "Reading",
    "ReferralRecord",
    "Related",
    "Request",
    "RequestKind",
    "RequestingProvider",
    "Service",
    "ServicingProvider",
    "Setting",
    "Severity",
    "Signature",
    "Source",
    "SourceProblem",
    "Status",
    "Urgency",
    "without_positions",
]

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class Status(StrEnum):
    """What has to happen with the record next."""

    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    NO_REQUEST = "no_request"
    UNREADABLE = "unreadable"


class Related(Part):
    """Other records that this one is about.

    ``duplicate_of`` and ``amends`` name the record of a sure link; ``links`` are all, with their reasons. ``before`` is the request
    that an amendment, extension or cancellation changes, ``after`` the same as it stands with the change. ``answered`` is what
    people said about links that were not sure, or not right.
    """

    duplicate_of: str | None = None
    amends: str | None = None
    links: list[Link] = Field(default_factory=list)
    answered: list[LinkAnswer] = Field(default_factory=list)
    before: Standing | None = None
    after: Standing | None = None


class ReferralRecord(Part):
    """One request found in a document.

    ``labels`` are the words that its form prints beside a field, by the field's path, whether it was filled in or left blank.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    record_id: str
    revision: int = 1
    final: bool = False
    status: Status
    source: Source
    request: Request = Request()
    member: Member = Member()
    requesting_provider: RequestingProvider = RequestingProvider()
    servicing_provider: ServicingProvider = ServicingProvider()
    diagnoses: list[Diagnosis] = Field(default_factory=list)
    services: list[Service] = Field(default_factory=list)
    amendments: list[Amendment] = Field(default_factory=list)
    signature: Signature = Signature()
    coverage: Coverage = Coverage()
    priority: Priority = Priority()
    events: list[ClockEvent] = Field(default_factory=list)
    clocks: list[Clock] = Field(default_factory=list)
    deadline: Deadline | None = None
    gaps: list[Gap] = Field(default_factory=list)
    notices: list[Notice] = Field(default_factory=list)
    readings: dict[str, Reading] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    related: Related = Related()


def without_positions(path: str) -> str:
    """The path of a field without its place in a list: ``services.0.code`` is ``services.code``."""
    return ".".join(part for part in path.split(".") if not part.isdigit())
