"""What people look for, kept under ids that may stand in addresses. Each function works in the session it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.store.desk_queue import Search
from models.store.desk_tables import DeskFilterRow
from models.store.secrets import new_secret

UNNAMED_LIFE = timedelta(days=7)
"""How long a search without a name is kept after its last use: it may hold a member's name."""

MOST_NAMED = 50
"""How many filters a person may name."""

LONGEST_NAME = 80

_SEARCH = TypeAdapter(Search)
_LONG_AGO = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """A search that is kept; ``name`` is ``None`` where its owner gave it none."""

    filter_id: str
    name: str | None
    search: Search
    used_at: datetime

    def is_to_touch(self, now: datetime) -> bool:
        """Whether its use is to be noted: a page that is read should not write each time."""
        return now - self.used_at > _LONG_AGO


def keep(session: Session, owner: str, search: Search, name: str | None, now: datetime) -> str:
    """Keep a search and give its id; a name that its owner used before is given to the new one, and the old one goes."""
    session.execute(delete(DeskFilterRow).where(DeskFilterRow.name.is_(None), DeskFilterRow.used_at < now - UNNAMED_LIFE))
    if name is not None:
        session.execute(delete(DeskFilterRow).where(DeskFilterRow.owner == owner, DeskFilterRow.name == name))
    filter_id = f"F-{new_secret()[:20]}"
    body = _SEARCH.dump_json(search, exclude_defaults=True).decode()
    session.add(DeskFilterRow(filter_id=filter_id, owner=owner, name=name, body=body, used_at=now))
    session.flush()
    return filter_id


def find(session: Session, owner: str, filter_id: str) -> Filter | None:
    """A filter of this owner; ``None`` where there is none, or it is somebody else's."""
    row = session.get(DeskFilterRow, filter_id)
    return None if row is None or row.owner != owner else _filter(row)


def touch(session: Session, filter_id: str, now: datetime) -> None:
    """Note that a filter was used."""
    session.execute(update(DeskFilterRow).where(DeskFilterRow.filter_id == filter_id).values(used_at=now))


def named(session: Session, owner: str) -> tuple[Filter, ...]:
    """The owner's filters that have a name, by it."""
    query = select(DeskFilterRow).where(DeskFilterRow.owner == owner, DeskFilterRow.name.is_not(None))
    rows = session.scalars(query.order_by(DeskFilterRow.name).limit(MOST_NAMED))
    return tuple(_filter(row) for row in rows)


def forget(session: Session, owner: str, filter_id: str) -> bool:
    """Remove a filter; gives whether its owner had it."""
    query = delete(DeskFilterRow).where(DeskFilterRow.filter_id == filter_id, DeskFilterRow.owner == owner)
    return session.execute(query.returning(DeskFilterRow.filter_id)).first() is not None


def _filter(row: DeskFilterRow) -> Filter:
    return Filter(row.filter_id, row.name, _SEARCH.validate_json(row.body), row.used_at)
