"""The parts of a record that say what stands on the form, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """The base of all parts: immutable, and closed to unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RequestKind(StrEnum):
    """What the fax asks for."""

    NEW = "new"
    AMENDMENT = "amendment"
    EXTENSION = "extension"
    CANCELLATION = "cancellation"


class Urgency(StrEnum):
    """The review type that the form asks for."""

    ROUTINE = "routine"
    URGENT = "urgent"
    RETROACTIVE = "retroactive"


class Setting(StrEnum):
    """Whether the member stays in a hospital for the service."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"


class ClinicalNotes(StrEnum):
    """How it is known that clinical notes support the request.

    ``ATTACHED``: pages came with it that are neither form nor cover sheet nor instructions. ``MARKED``: it says so, and none came.
    """

    ATTACHED = "attached"
    MARKED = "marked"


class GapReason(StrEnum):
    """Why a field is a gap."""

    MISSING = "missing"
    INVALID = "invalid"
    ILLEGIBLE = "illegible"
    INCONSISTENT = "inconsistent"


class Severity(StrEnum):
    """Whether the request can go on without the field."""

    BLOCKING = "blocking"
    WARNING = "warning"


class SourceProblem(Part):
    """A page that could not be read well."""

    page: int
    code: str
    message: str


class FaxHeader(Part):
    """What the sending machine printed on the upper edge."""

    sender_number: str | None = None
    sender_name: str | None = None
    sent_at: datetime | None = None


class Source(Part):
    """The arrival that the request came with.

    ``reply_codes`` are codes of our own letters that its pages quote. ``marked_second``: it calls itself a second or corrected one.
    ``altered``: a value on its pages was struck out.
    """

    file_name: str
    sha256: str
    received_at: datetime
    pages: list[int] = Field(default_factory=list)
    problems: list[SourceProblem] = Field(default_factory=list)
    fax: FaxHeader | None = None
    reply_codes: list[str] = Field(default_factory=list)
    marked_second: bool = False
    altered: bool = False


class Request(Part):
    """The request itself.

    ``place_of_service`` is a place of service code of CMS, two digits. It, ``setting``, ``admitted_on`` and ``clinical_notes`` are
    told by what is ticked, by a date right behind its label and by attached pages, and are ``None`` where those leave a doubt.
    """

    kind: RequestKind | None = None
    urgency: Urgency | None = None
    requested_on: date | None = None
    authorization_number: str | None = None
    setting: Setting | None = None
    place_of_service: str | None = None
    admitted_on: date | None = None
    clinical_notes: ClinicalNotes | None = None


class Member(Part):
    """The person the request is for."""

    last_name: str | None = None
    first_name: str | None = None
    member_id: str | None = None
    date_of_birth: date | None = None
    sex: Literal["F", "M", "X"] | None = None
    phone: str | None = None


class RequestingProvider(Part):
    """Who asks."""

    name: str | None = None
    npi: str | None = None
    tin: str | None = None
    phone: str | None = None
    fax: str | None = None
    contact: str | None = None


class ServicingProvider(Part):
    """Who will do it."""

    name: str | None = None
    npi: str | None = None
    tin: str | None = None
    phone: str | None = None
    fax: str | None = None
    facility: str | None = None


class Diagnosis(Part):
    """One ICD-10-CM code, with its dot."""

    code: str | None = None
    description: str | None = None


class Service(Part):
    """One service line."""

    code: str | None = None
    code_system: Literal["CPT", "HCPCS"] | None = None
    modifiers: list[str] = Field(default_factory=list)
    units: int | None = None
    description: str | None = None
    from_date: date | None = None
    to_date: date | None = None


class AmendmentAction(StrEnum):
    """What a change does."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


class AmendmentField(StrEnum):
    """What a change is about."""

    SERVICE_CODE = "services.code"
    MODIFIERS = "services.modifiers"
    UNITS = "services.units"
    FROM_DATE = "services.from_date"
    TO_DATE = "services.to_date"
    DIAGNOSIS_CODE = "diagnoses.code"
    SERVICING_NAME = "servicing_provider.name"
    SERVICING_NPI = "servicing_provider.npi"


AmendmentValue = int | date | list[str] | str | None


class Amendment(Part):
    """One stated change; ``code`` is the service it is about, where stated."""

    action: AmendmentAction
    field: AmendmentField
    old: AmendmentValue = None
    new: AmendmentValue = None
    code: str | None = None


class Signature(Part):
    """Whether the form is signed, and when."""

    present: bool = False
    signed_on: date | None = None


class Deadline(Part):
    """When the decision is due, and the turn-around rule that says so."""

    decision_due_at: datetime
    rule: str


class Gap(Part):
    """Something to ask the provider's office for, in words that can be sent as they stand.

    ``rule`` is the id of the rule that asks for it, ``source`` where that rule stands.
    """

    field: str
    reason: GapReason
    severity: Severity
    message: str
    rule: str | None = None
    source: str | None = None


class Reading(Part):
    """Where a value was read and how sure that is. ``box``: left, top, right, bottom as fractions of the page.

    ``record_id`` is the record of the reply that brought the value, where it did not stand on the request itself.
    ``read_confidence`` is the reader's own where a roster or directory has raised or lowered ``confidence``; ``list_value`` is what
    that has where the form says otherwise, and then the first of ``candidates``.
    """

    text: str
    confidence: float = Field(ge=0.0, le=1.0)
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    method: Literal["ocr", "pdf_text", "form_field", "handwriting", "coordinator"]
    needs_review: bool = False
    candidates: list[str] = Field(default_factory=list)
    record_id: str | None = None
    read_confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    list_value: str | None = None
