"""Which pages of a document are which requests, where a person said so. Each function works in the session it is given."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.audit import note
from models.store.desk_tables import ArrangementRow

Groups = tuple[tuple[int, ...], ...]
"""For each request its pages, 1-based in the source; a page may stand in none."""

_GROUPS = TypeAdapter(Groups)


def current(session: Session, document_id: str) -> Groups | None:
    """What was said last; ``None`` where the reader decides."""
    query = select(ArrangementRow).where(ArrangementRow.document_id == document_id)
    row = session.scalars(query.order_by(ArrangementRow.arrangement_id.desc()).limit(1)).first()
    return None if row is None or row.groups is None else _GROUPS.validate_json(row.groups)


def arrange(session: Session, document_id: str, groups: Groups | None, actor: str, now: datetime) -> None:
    """Say it anew; ``None`` leaves it to the reader again. It holds from the document's next reading on."""
    told = None if groups is None else _GROUPS.dump_json(groups).decode()
    session.add(ArrangementRow(document_id=document_id, groups=told, at=now, actor=actor))
    note(session, "arranged", document_id, now, actor=actor)
