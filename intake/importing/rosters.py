"""Imports a roster or a directory: beside what is in force, a few thousand rows at a time, and in force as a whole at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.settings import Settings
from models.errors import ImportRefused, StorageUnavailable
from models.roster import MemberSpan, ProviderPlace
from models.store import roster as store_roster
from models.store import roster_load
from models.store.roster_load import Load
from models.store.roster_tables import RosterList
from roster.broken import Broken, BrokenFile
from roster.changes import Defaults, applied
from roster.enrollment import Enrolment, is_of_changes, read_enrolments
from roster.members_csv import read_members
from roster.providers_csv import is_nppes, read_directory, read_nppes
from roster.x12 import is_interchange

_TOGETHER = 5_000
"""Rows of one transaction: enough for speed, and few enough that the service beside it does not wait long."""

_MOST_TOLD = 20
_CACHE_KB = 64_000
_Row = TypeVar("_Row", MemberSpan, ProviderPlace, Enrolment)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported. With more than ``broken`` broken rows, nothing is."""

    path: Path
    replaces: bool
    broken: int
    defaults: Defaults = field(default_factory=Defaults)


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported. ``left_out`` are the first rows that were not taken, ``broken`` how many there were."""

    list_name: RosterList
    rows: int
    broken: int
    left_out: tuple[Broken, ...]
    in_force: int


def import_members(settings: Settings, order: Order) -> Imported:
    """Import a roster of members.

    Raises:
        ImportRefused: the file is not as it should be; what was in force stays so.
        StorageUnavailable: the database cannot be reached or written now.
    """
    with _reading(order) as taken:
        if not is_interchange(order.path):
            rows = taken.good(read_members(order.path))
            return _imported(settings, order, taken, RosterList.MEMBERS, partial(_spans, rows, order.defaults))
        if order.replaces and is_of_changes(order.path):
            raise ImportRefused("A file of changes (BGN08 is 2) holds not all members, and cannot replace them.")
        return _imported(settings, order, taken, RosterList.MEMBERS, partial(_enrolments, order, taken))


def import_providers(settings: Settings, order: Order) -> Imported:
    """Import a directory of providers.

    Raises:
        ImportRefused: the file is not as it should be; what was in force stays so.
        StorageUnavailable: the database cannot be reached or written now.
    """
    with _reading(order) as taken:
        national = is_nppes(order.path)
        rows = taken.good((read_nppes if national else read_directory)(order.path))
        return _imported(settings, order, taken, RosterList.NPPES if national else RosterList.DIRECTORY, partial(_places, rows))


class _Taken:
    """Keeps count of the rows of one file, and of those that are broken."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self.first: list[Broken] = []
        self.broken = 0

    def good(self, rows: Iterator[_Row | Broken]) -> Iterator[_Row]:
        """The rows that are not broken."""
        for row in rows:
            if isinstance(row, Broken):
                self.leave_out(row)
            else:
                yield row

    def leave_out(self, row: Broken) -> None:
        """Count a broken row."""
        self.broken += 1
        if len(self.first) < _MOST_TOLD:
            self.first.append(row)

    def check(self) -> None:
        """Let no more broken rows pass than are allowed.

        Raises:
            ImportRefused: there are more.
        """
        if self.broken > self._allowed:
            more = f" And {self.broken - len(self.first)} more." if self.broken > len(self.first) else ""
            raise ImportRefused(f"Rows are broken. {' '.join(f'{_capital(str(one))}.' for one in self.first)}{more}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@contextmanager
def _reading(order: Order) -> Iterator[_Taken]:
    try:
        yield _Taken(order.broken)
    except BrokenFile as error:
        raise ImportRefused(str(error)) from error
    except OperationalError as error:
        raise StorageUnavailable("The database cannot be reached or written.") from error


_Write = Callable[[Engine, Load], int]


def _imported(settings: Settings, order: Order, taken: _Taken, list_name: RosterList, write: _Write) -> Imported:
    store = open_store(settings, Folders.of(settings, executor_id_of(settings)))
    _widen(store)
    try:
        with Session(store) as session, session.begin():
            load = roster_load.begin(session, list_name, datetime.now(UTC), replaces=order.replaces)
        _tidy(store, list_name)
        rows = _loaded(store, load, taken, write)
        _tidy(store, list_name)
        with Session(store) as session:
            in_force = store_roster.count_in_force(session, list_name)
    finally:
        store.dispose()
    return Imported(list_name, rows, taken.broken, tuple(taken.first), in_force)


def _widen(store: Engine) -> None:
    """Let SQLite keep more pages of its indexes in memory: rows go into them in no order. One connection is used throughout."""
    if store.dialect.name == "sqlite":
        with store.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KB}")


def _loaded(store: Engine, load: Load, taken: _Taken, write: _Write) -> int:
    """Write all rows, and put them in force; what raises leaves all as it was."""
    done = False
    try:
        rows = write(store, load)
        taken.check()
        if not rows:
            raise ImportRefused("The file holds no rows.")
        with Session(store) as session, session.begin():
            roster_load.put_in_force(session, load, datetime.now(UTC))
        done = True
    finally:
        if not done:
            with Session(store) as session, session.begin():
                roster_load.give_up(session, load, datetime.now(UTC))
            _tidy(store, load.list_name)
    return rows


def _tidy(store: Engine, list_name: RosterList) -> None:
    with Session(store) as session:
        left = roster_load.leftovers(session, list_name)
    after: int | None = None if left is None else 0
    while left is not None and after is not None:
        with Session(store) as session, session.begin():
            after = roster_load.tidy(session, left, after)


def _some(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """The rows, as many together as one transaction takes."""
    while together := list(islice(rows, _TOGETHER)):
        yield together


def _spans(rows: Iterator[MemberSpan], defaults: Defaults, store: Engine, load: Load) -> int:
    count = 0
    for some in _some(rows):
        with Session(store) as session, session.begin():
            roster_load.add_members(session, load, [defaults.filled(span) for span in some])
        count += len(some)
    return count


def _places(rows: Iterator[ProviderPlace], store: Engine, load: Load) -> int:
    count = 0
    for some in _some(rows):
        with Session(store) as session, session.begin():
            roster_load.add_providers(session, load, some)
        count += len(some)
    return count


def _enrolments(order: Order, taken: _Taken, store: Engine, load: Load) -> int:
    count = 0
    for some in _some(taken.good(read_enrolments(order.path))):
        ids = {told.member_id for told in some if told.member_id is not None}
        with Session(store) as session, session.begin():
            so_far = roster_load.members_so_far(session, load, ids)
            spans = _with_changes(so_far, some, taken)
            roster_load.swap_members(session, load, ids, [order.defaults.filled(span) for span in spans])
        count += len(spans)
    return count


def _with_changes(so_far: Sequence[MemberSpan], told: Sequence[Enrolment], taken: _Taken) -> list[MemberSpan]:
    """What the members of some loops have after them, loop by loop."""
    held: dict[str, tuple[MemberSpan, ...]] = {}
    for span in so_far:
        held[span.member_id] = (*held.get(span.member_id, ()), span)
    for one in told:
        if one.member_id is None:
            continue
        after = applied(held.get(one.member_id, ()), one)
        if isinstance(after, Broken):
            taken.leave_out(after)
        else:
            held[one.member_id] = after
    return [span for spans in held.values() for span in spans]
