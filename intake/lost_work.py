"""Documents that the store has in work and whose folder is not there.

It was removed by hand, or lost by a disk; or it is archived already, which a database does not know that was restored from an
older copy. The workflows end, for waiting would have no end. Here the documents are brought back to be read again, and one of which
nothing is left is closed so that a person sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.archive import open_folder
from intake.folders import Folders
from intake.sealing import Keyring
from intake.steps import SOURCE_IS_GONE
from intake.work_item import (
    OUR_FOLDER,
    Failure,
    claim_without_source,
    failure_file,
    is_document_id,
    read_claim,
    write_claim,
)
from models.errors import ConfigurationError, SealBroken
from models.files import rename_durably, write_atomically
from models.store import documents
from models.store.tables import DocumentRow

_log = structlog.get_logger(__name__)
_PRIVATE = 0o700
_LOOK_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class Runs:
    """What the workflow engine knows of a document: its last run, 0 for none, and whether any of its runs will still go on."""

    last: int
    go_on: bool


class RunsOf(Protocol):
    """Asks the workflow engine for the runs of a document."""

    def __call__(self, document_id: str) -> Runs:
        """Its runs."""
        ...


class LostWork:
    """Looks for documents in work without a folder, now and then."""

    def __init__(
        self, folders: Folders, store: Engine, runs_of: RunsOf, keyring: Keyring | None, monotonic_s: Callable[[], float]
    ) -> None:
        self._folders = folders
        self._store = store
        self._runs_of = runs_of
        self._keyring = keyring
        self._monotonic_s = monotonic_s
        self._looked_at_s = float("-inf")
        self._missing: frozenset[str] = frozenset()
        self._stuck: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether there is any that is still to be seen to."""
        return bool(self._missing.difference(self._stuck))

    def look(self, *, always: bool) -> tuple[str, ...]:
        """Look, always or where it is due; one that was missing at the last look, and that no workflow goes on with, is seen to.

        Returns:
            The ids of those that stand in an archive and cannot be brought back.

        Raises:
            OSError: a folder cannot be read or written now.
        """
        now_s = self._monotonic_s()
        if always or self.open or now_s - self._looked_at_s >= _LOOK_EVERY_S:
            self._looked_at_s = now_s
            self._look()
        return self._stuck

    def _look(self) -> None:
        with Session(self._store) as session:
            working = documents.working_documents(session)
        there = {folder.name for folder in self._folders.work.iterdir()}
        # One look may fall between the archive's rename and the note of it in the store.
        missing = frozenset(one for one in working if one not in there and is_document_id(one))
        self._stuck = tuple(one for one in sorted(missing & self._missing) if not self._seen_to(one))
        self._missing = missing

    def _seen_to(self, document_id: str) -> bool:
        runs = self._runs_of(document_id)
        if runs.go_on:
            return True
        for place in (self._folders.done, self._folders.failed):
            if (place / document_id).is_dir():
                return self._brought_back(place / document_id, runs.last + 1)
        _log.error("a document's folder is gone; its arrival is closed", document_id=document_id)
        self._close(document_id, runs.last + 1)
        return True

    def _brought_back(self, folder: Path, run: int) -> bool:
        claim = read_claim(folder)
        if claim is None:
            return False
        try:
            open_folder(folder, claim, self._keyring)
        except (ConfigurationError, SealBroken):
            return False
        _log.warning("an archived document is not finished in the store; it is read again", document_id=folder.name)
        failure_file(folder, claim).unlink(missing_ok=True)
        write_claim(folder, claim.model_copy(update={"run": max(run, claim.run)}))
        rename_durably(folder, self._folders.work / folder.name)
        return True

    def _close(self, document_id: str, run: int) -> None:
        """Without records, by a folder in work that holds nothing: reading it makes the record that says so. Otherwise here."""
        with Session(self._store) as session, session.begin():
            row = session.get_one(DocumentRow, document_id)
            claim = claim_without_source(document_id, row.file_name, row.received_at, run)
            records = documents.current_records(session, document_id)
            folder = (self._folders.failed if records else self._folders.work) / document_id
            (folder / OUR_FOLDER).mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            write_claim(folder, claim)
            if records:
                now = datetime.now(UTC)
                ids = [record.record_id for record in records]
                failure = Failure(document_id=document_id, record_ids=ids, failed_at=now, reason=SOURCE_IS_GONE)
                write_atomically(failure_file(folder, claim), failure.model_dump_json(indent=2).encode() + b"\n")
                documents.finish(session, document_id, SOURCE_IS_GONE, now)
