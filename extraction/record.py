"""From readings to the record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from extraction.fields import RequestReading
from models.evidence import Origin
from models.reading import AmendmentReading, FieldReading, FieldValue
from models.record import (
    Amendment,
    AmendmentAction,
    AmendmentField,
    Diagnosis,
    FaxHeader,
    Member,
    Reading,
    ReferralRecord,
    Request,
    RequestingProvider,
    Service,
    ServicingProvider,
    Signature,
    Source,
    SourceProblem,
    Status,
)
from models.values import code_system

# Fields that are so surely blank are not spoken of.
_SURELY_ABSENT = 0.998
_LIST_PATH = re.compile(r"^(diagnoses|services)\.(\d+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class RecordFrame:
    """What a record holds besides the readings: its id and the arrival that it came with, with the reply codes on its pages."""

    record_id: str
    file_name: str
    sha256: str
    received_at: datetime
    pages: tuple[int, ...]
    problems: tuple[SourceProblem, ...] = ()
    fax: FaxHeader | None = None
    reply_codes: tuple[str, ...] = ()
    marked_second: bool = False


def build(frame: RecordFrame, request: RequestReading) -> ReferralRecord:
    """The record of one request, before it is checked; ``needs_review`` and ``status`` are derived by the check that follows."""
    values = {reading.path: reading.value for reading in request.readings}
    return ReferralRecord(
        record_id=frame.record_id,
        status=Status.NEEDS_REVIEW,
        source=_source(frame),
        request=Request.model_validate(_part(values, "request", Request)),
        member=Member.model_validate(_part(values, "member", Member)),
        requesting_provider=RequestingProvider.model_validate(_part(values, "requesting_provider", RequestingProvider)),
        servicing_provider=ServicingProvider.model_validate(_part(values, "servicing_provider", ServicingProvider)),
        diagnoses=[Diagnosis.model_validate(row) for row in _rows(values, "diagnoses")],
        services=[_service(row) for row in _rows(values, "services")],
        amendments=[_amendment(a) for a in request.amendments],
        signature=Signature.model_validate({k: v for k, v in _part(values, "signature", Signature).items() if v is not None}),
        readings=_readings(request),
        labels=dict(request.labels),
    )


def no_request(frame: RecordFrame) -> ReferralRecord:
    """The record of a document that was read and holds no request."""
    return ReferralRecord(record_id=frame.record_id, status=Status.NO_REQUEST, final=True, source=_source(frame))


def _source(frame: RecordFrame) -> Source:
    return Source(
        file_name=frame.file_name,
        sha256=frame.sha256,
        received_at=frame.received_at,
        pages=list(frame.pages),
        problems=list(frame.problems),
        fax=frame.fax,
        reply_codes=list(frame.reply_codes),
        marked_second=frame.marked_second,
    )


_Part = type[Request] | type[Member] | type[RequestingProvider] | type[ServicingProvider] | type[Signature]


def _part(values: dict[str, FieldValue], group: str, part: _Part) -> dict[str, FieldValue]:
    return {name: values[f"{group}.{name}"] for name in part.model_fields if f"{group}.{name}" in values}


def _rows(values: dict[str, FieldValue], group: str) -> list[dict[str, FieldValue]]:
    rows: dict[int, dict[str, FieldValue]] = {}
    for path, value in values.items():
        match = _LIST_PATH.match(path)
        if match and match.group(1) == group:
            rows.setdefault(int(match.group(2)), {})[match.group(3)] = value
    return [rows[n] for n in sorted(rows)]


def _service(row: dict[str, FieldValue]) -> Service:
    code = row.get("code")
    modifiers = row.get("modifiers")
    return Service.model_validate(
        {
            **row,
            "code_system": code_system(code) if isinstance(code, str) else None,
            "modifiers": list(modifiers) if isinstance(modifiers, tuple) else [],
        }
    )


def _amendment(reading: AmendmentReading) -> Amendment:
    return Amendment(
        action=AmendmentAction(reading.action),
        field=AmendmentField(reading.field),
        old=_amendment_value(reading.old),
        new=_amendment_value(reading.new),
        code=reading.code,
    )


def _amendment_value(value: FieldValue) -> int | date | list[str] | str | None:
    return list(value) if isinstance(value, tuple) else value


def _readings(request: RequestReading) -> dict[str, Reading]:
    told = (r for r in request.readings if r.evidence.origin is not Origin.ABSENT or r.confidence < _SURELY_ABSENT)
    readings = {r.path: _reading(r) for r in told}
    for n, amendment in enumerate(request.amendments):
        readings[f"amendments.{n}"] = _reading_of(amendment, ())
    return readings


def _reading(reading: FieldReading) -> Reading:
    return _reading_of(reading, (candidate.value for candidate in reading.candidates))


def _reading_of(reading: FieldReading | AmendmentReading, candidates: Iterable[str]) -> Reading:
    box = reading.box
    return Reading(
        text=reading.text,
        confidence=round(max(0.0, min(1.0, float(reading.confidence))), 4),
        page=reading.page,
        box=(round(float(box.left), 4), round(float(box.top), 4), round(float(box.right), 4), round(float(box.bottom), 4)),
        method=reading.method.value,
        candidates=list(candidates),
    )
