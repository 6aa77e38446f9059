"""The record of a document that could not be read, so that every arrival ends in a record."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from intake.record_id import record_id
from models.document import Document
from models.errors import IntakeError
from models.record import Gap, GapReason, ReferralRecord, Severity, Source, Status

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a file before anything of it is understood.

    ``file_name`` is PHI and stands in the record alone; ``sha256`` is empty where the bytes could not be read; ``arrival`` counts
    arrivals of equal bytes from 1.
    """

    file_name: str
    sha256: str
    received_at: datetime
    arrival: int = 1

    @classmethod
    def of(cls, document: Document) -> Arrival:
        """The arrival of a document that was understood."""
        return cls(document.file_name, document.sha256, document.received_at, document.arrival)


def printable_name(name: str) -> str:
    """The file name as text that a line or a page can show.

    Bytes that are no UTF-8 are replaced, for JSON cannot hold them; so are control characters, ends of lines, and marks that turn
    the direction of writing, with which ``fdp.exe`` looks like ``exe.pdf``. In the archive the source keeps its name.
    """
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join("\ufffd" if unicodedata.category(letter) in _UNSEEN else letter for letter in text)


def unreadable_record(arrival: Arrival, error: IntakeError) -> ReferralRecord:
    """A record with ``status: unreadable`` whose one gap says why, and what to do next."""
    return ReferralRecord(
        record_id=record_id(arrival.sha256, (), arrival.arrival),
        status=Status.UNREADABLE,
        source=Source(file_name=arrival.file_name, sha256=arrival.sha256, received_at=arrival.received_at),
        gaps=[Gap(field="document", reason=GapReason.ILLEGIBLE, severity=Severity.BLOCKING, message=str(error))],
    )


def with_duplicate(record: ReferralRecord, arrival: int, earlier_record_id: str | None = None) -> ReferralRecord:
    """The record with ``related.duplicate_of``, where these bytes have arrived before; no bytes are no duplicate.

    Without ``earlier_record_id``, the first arrival's record of the same pages is named: its id follows from the same bytes.
    """
    if arrival == 1 or not record.source.sha256:
        return record
    earlier = earlier_record_id or record_id(record.source.sha256, record.source.pages, 1)
    related = record.related.model_copy(update={"duplicate_of": earlier})
    return record.model_copy(update={"related": related})
