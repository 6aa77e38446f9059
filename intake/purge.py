"""Removing what is past its age: sources, records, deliveries, outbox files, rows of workflows, temporary files.

Of each document, the rows in the store go last, in one transaction with the note of their ids in the audit trail. They are the list
of what is still to be done: a purge that is killed is begun again, and comes to the same end.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from delivery.sinks.outbox import LETTERS, files_of
from intake.age import moment_before
from intake.deliveries import sinks_of
from intake.durable import engine_url
from intake.folders import Folders, locked
from intake.returning import left_behind
from intake.settings import Settings
from intake.storage import storage_errors
from intake.work_item import is_document_id
from intake.workflow_rows import WorkflowRows, workflow_rows
from models.errors import StorageUnavailable
from models.files import sync_folder
from models.store import authorizations, letters, retention
from models.store.database import empty_log

_BATCH = 200


@dataclass(frozen=True, slots=True)
class PurgeOrder:
    """What is to go: all that ended so long ago (``age``: 90d, 7y), where ``also_not_final`` even if a look is still waited for."""

    age: str
    also_not_final: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Purged:
    """How many documents were removed, or would be; how many old ones are kept, and why; how many workflows were forgotten."""

    documents: int
    kept: retention.Old
    workflows: int


class Purge:
    """Purges one service's data, beside the service or in it.

    Args:
        settings: where the databases are.
        folders: the layout.
        store: the store.
        actor: whose doing it is, for the audit trail.
        stop: whether to leave the rest for another time.
    """

    def __init__(self, settings: Settings, folders: Folders, store: Engine, actor: str, stop: Callable[[], bool]) -> None:
        self._folders = folders
        self._store = store
        self._actor = actor
        self._stop = stop
        self._workflow_url = engine_url(settings, folders)
        self._workflow_file = folders.workflow_database if settings.database_url is None else None
        self._going = folders.data / "purge"
        self._sinks = tuple(sinks_of(settings, folders))

    def run(self, order: PurgeOrder, tell: Callable[[str], None]) -> Purged:
        """Remove what the order says.

        Args:
            order: what is to go.
            tell: told the id of each document that is removed, or would be.

        Raises:
            ConfigurationError: another purge is at work.
            StorageUnavailable: a folder cannot be read or written now; what is left is removed the next time.
            ValueError: the order's age is none.
        """
        before = moment_before(datetime.now(UTC), order.age)
        if order.dry_run:
            return Purged(self._each(before, order, lambda one: _told(one, tell)), self._old(before, order), 0)
        with storage_errors():
            self._going.mkdir(mode=0o700, exist_ok=True)
            with (
                locked(self._going, "folder of a purge"),
                workflow_rows(self._workflow_url, self._workflow_file, self._store) as rows,
            ):
                return self._purge(before, order, rows, tell)

    def _purge(self, before: datetime, order: PurgeOrder, rows: WorkflowRows, tell: Callable[[str], None]) -> Purged:
        if not self._folders.outbox.is_dir():
            raise StorageUnavailable("The outbox is not there, and what lies in it cannot be removed.")

        def remove(document_id: str) -> bool:
            return self._remove(document_id, rows) and _told(document_id, tell)

        kept = self._old(before, order)
        # What an earlier purge had begun with is decided already, whatever the age is now.
        begun = sum(remove(folder.name) for folder in sorted(self._going.iterdir()) if is_document_id(folder.name))
        documents = begun + self._each(before, order, remove)
        self._remove_authorizations(before)
        workflows = rows.forget_ended(before, self._stop)
        self._remove_temporary(before)
        empty_log(self._store)
        return Purged(documents, kept, workflows)

    def _remove_authorizations(self, before: datetime) -> None:
        """They are of no document; what ended before the age is of no use to a change either."""
        while not self._stop():
            with Session(self._store) as session, session.begin():
                if not authorizations.remove_ended(session, before, _BATCH):
                    return

    def _old(self, before: datetime, order: PurgeOrder) -> retention.Old:
        with Session(self._store) as session:
            return retention.count_old(session, before, also_not_final=order.also_not_final)

    def _each(self, before: datetime, order: PurgeOrder, act: Callable[[str], bool]) -> int:
        count, last = 0, ""
        while not self._stop():
            with Session(self._store) as session:
                found = retention.removable(session, before, also_not_final=order.also_not_final, after=last, most=_BATCH)
            if not found:
                break
            count += sum(act(document_id) for document_id in found)
            last = found[-1]
        return count

    def _remove(self, document_id: str, rows: WorkflowRows) -> bool:
        """Remove one document; gives whether it was there. Each part may have been removed before."""
        if not self._taken_away(document_id):
            return False
        with Session(self._store) as session:
            names = [f"{record_id}.json" for record_id in retention.record_ids(session, document_id)]
            names += [f"{LETTERS}/{name}" for letter in letters.of_document(session, document_id) for name in files_of(letter)]
        for path in (self._folders.outbox / name for name in names):
            path.unlink(missing_ok=True)
            path.with_name(f".{path.name}.tmp").unlink(missing_ok=True)
        rows.forget_document(document_id)
        if (self._going / document_id).exists():
            shutil.rmtree(self._going / document_id)
        sync_folder(self._going)
        with Session(self._store) as session, session.begin():
            left_behind(session, document_id, self._sinks, self._actor, datetime.now(UTC))
            return retention.remove(session, document_id, datetime.now(UTC), self._actor)

    def _taken_away(self, document_id: str) -> bool:
        """Move the document's folder out of its archive, so that it cannot be brought back meanwhile; false where it was."""
        archives = (self._folders.done, self._folders.failed)
        # Looked at twice: it may go from work to an archive between two looks.
        for place in (*archives, self._folders.work, *archives):
            folder = place / document_id
            if place == self._folders.work:
                if folder.is_dir():
                    return False
                continue
            if folder.is_dir():
                if (self._going / document_id).exists():
                    shutil.rmtree(self._going / document_id)
                folder.rename(self._going / document_id)
                sync_folder(place)
                return True
        return True

    def _remove_temporary(self, before: datetime) -> None:
        for path in self._folders.tmp.parent.glob("*/*"):
            _remove_if_older(path, before.timestamp())


def _told(document_id: str, tell: Callable[[str], None]) -> bool:
    tell(document_id)
    return True


def _remove_if_older(path: Path, before_s: float) -> None:
    if path.lstat().st_mtime >= before_s:
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
