"""What extraction says about one field, with the evidence that a coordinator needs to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.evidence import PLAIN, Evidence
from models.geometry import Box
from models.page import Method

FieldValue = str | int | bool | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another value that the field might have, with the evidence score it lost by."""

    value: str
    text: str
    score: float
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One value and where it came from.

    ``path`` is a path of the record (``member.member_id``, ``services.0.code``). ``text`` is what stands on the page,
    ``value`` what it means (``None`` where the text is no value of the field's type, or nothing was read where something may
    stand). ``confidence`` is the probability that the value is right, 0..1; of ``None``, that the form gives no value.
    """

    path: str
    text: str
    value: FieldValue
    confidence: float
    page: int
    box: Box
    method: Method
    candidates: tuple[Candidate, ...] = ()
    evidence: Evidence = PLAIN


@dataclass(frozen=True, slots=True)
class AmendmentReading:
    """One stated change with its evidence.

    ``action`` and ``field`` are names of :class:`models.record.AmendmentAction` and :class:`models.record.AmendmentField`;
    ``old`` and ``new`` are typed like the field they name; ``code`` is the service that the change is about, where stated.
    """

    action: str
    field: str
    old: FieldValue
    new: FieldValue
    code: str | None
    text: str
    confidence: float
    page: int
    box: Box
    method: Method
    evidence: Evidence = PLAIN
