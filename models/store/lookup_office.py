"""What a provider's newest requests lacked, as the machine found it. No function here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.record import Severity, without_positions
from models.store.desk_keys import folded
from models.store.desk_tables import DeskGapRow, DeskItemRow, DeskKeyRow, KeyKind
from models.store.lookup import Sought, fax_number
from models.store.report_tables import ReportItemRow

MOST = 100
"""So many requests that name the provider are looked at, the newest: counting all would take the longer the more there are."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Of so many requests that a provider sent, so many lacked something that blocks; ``fields`` says what, and in how many."""

    requests: int
    incomplete: int
    fields: tuple[tuple[str, int], ...]


def lacking(session: Session, sought: Sought, hidden: Collection[str]) -> Lacking:
    """What the newest requests of an office lacked: of the requesting provider with the NPI, or from the office's fax number."""
    kind, text = (KeyKind.NPI, sought.npi) if sought.npi else (KeyKind.FAX, fax_number(sought.fax))
    named = select(DeskKeyRow.record_id).where(DeskKeyRow.kind == kind, DeskKeyRow.key == folded(kind, text))
    named = named.where(DeskKeyRow.record_id.not_in(hidden)).order_by(DeskKeyRow.received_at.desc(), DeskKeyRow.record_id.desc())
    newest = named.limit(MOST).scalar_subquery()
    sender = ReportItemRow.npi == sought.npi if sought.npi else DeskItemRow.office == text
    sent = (
        select(ReportItemRow.record_id)
        .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
        .where(ReportItemRow.record_id.in_(newest), ReportItemRow.counts, sender)
    )
    ids = tuple(session.scalars(sent))
    gaps = select(DeskGapRow.record_id, DeskGapRow.field).where(DeskGapRow.record_id.in_(ids))
    found = {
        (one, without_positions(path)) for one, path in session.execute(gaps.where(DeskGapRow.severity == Severity.BLOCKING.value))
    }
    counts = Counter(field for _, field in found)
    fields = tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    return Lacking(len(ids), len({one for one, _ in found}), fields)
