"""Back-up while the service works, and restore.

The parts are copied in the order in which a document leaves its mark: the workflow engine's database, the store, the documents'
folders. So a folder is never behind what a database says of it. Where it is ahead, the restore brings the document back into work,
and the service goes through its way again, which leaves what it left before.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbos import DBOSClient, WorkflowStatusString
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from intake.archive import open_folder
from intake.durable import engine_url
from intake.executor import held_folders
from intake.folders import Folders
from intake.operator import open_store
from intake.sealing import Keyring
from intake.settings import Settings
from intake.storage import storage_errors
from intake.work_item import failure_file, is_document_id, read_claim, records_file
from intake.workflow import workflow_id
from intake.workflow_rows import workflow_rows
from models.errors import ConfigurationError, StorageUnavailable
from models.files import rename_durably, write_atomically
from models.store import documents

_CONTENT = "backup.json"
_FORMS = "forms"
_MOST_PASSES = 10
_UNFINISHED = [
    WorkflowStatusString.PENDING.value,
    WorkflowStatusString.ENQUEUED.value,
    WorkflowStatusString.DELAYED.value,
]


class BackupContent(BaseModel):
    """The last file of a back-up to be written: without it, one is not whole."""

    model_config = ConfigDict(frozen=True)

    made_at: datetime
    documents: int
    databases: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """How many documents were restored, and how many of them the service will go through again."""

    documents: int
    again: int


def back_up(settings: Settings, folders: Folders, target: Path) -> BackupContent:
    """Copy what the service keeps into ``target``, a new folder, whether the service runs or not.

    With PostgreSQL, its databases are dumped before by its own means, and only the folders are copied here.

    Raises:
        ConfigurationError: the folder is not empty, or lies in the data folder.
        StorageUnavailable: something cannot be read or written now.
    """
    _refuse(target, folders)
    with storage_errors():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if settings.database_url is None:
            for database in (folders.workflow_database, folders.database):
                _copy_database(database, target / database.name)
        count = _copy_documents(folders, target)
        if (folders.data / _FORMS).is_dir():
            shutil.copytree(folders.data / _FORMS, target / _FORMS, copy_function=shutil.copyfile)
        os.sync()
        content = BackupContent(made_at=datetime.now(UTC), documents=count, databases=settings.database_url is None)
        write_atomically(target / _CONTENT, content.model_dump_json().encode())
    return content


def _refuse(target: Path, folders: Folders) -> None:
    if target.resolve().is_relative_to(folders.data):
        raise ConfigurationError("A back-up must not lie in the data folder.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigurationError("A back-up needs a new folder, or an empty one.")


def _copy_database(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
            # In one go: writers go on meanwhile, and what they write is not in the copy.
            reading.backup(writing)
    except sqlite3.Error as error:
        raise StorageUnavailable("A database cannot be copied.") from error


def _copy_documents(folders: Folders, target: Path) -> int:
    """Copy each document's folder once, wherever it is met: it may move from one place to the next meanwhile."""
    seen: set[str] = set()
    for _ in range(_MOST_PASSES):
        whole = True
        before = len(seen)
        for place in (folders.work, folders.done, folders.failed):
            (target / place.name).mkdir(mode=0o700, exist_ok=True)
            for folder in sorted(place.iterdir()) if place.is_dir() else ():
                if is_document_id(folder.name) and folder.name not in seen:
                    if _copied(folder, target / place.name / folder.name):
                        seen.add(folder.name)
                    else:
                        whole = False
        if whole and len(seen) == before:
            return len(seen)
    raise StorageUnavailable("Documents move faster than they can be copied.")


def _copied(folder: Path, target: Path) -> bool:
    """Copy one document's folder, whole or not at all; false where it went on to another place meanwhile."""
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copytree(folder, part, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("*.tmp"))
    except (FileNotFoundError, shutil.Error):
        shutil.rmtree(part, ignore_errors=True)
        if shutil.disk_usage(target.parent).free == 0:
            raise
        return False
    part.rename(target)
    return True


def restore(settings: Settings, folders: Folders, source: Path | None, keyring: Keyring | None) -> Restored:
    """Bring a back-up into an empty data folder; the service that is started next goes on from there.

    With PostgreSQL, its databases are restored before by its own means. Where these alone were restored, there is no ``source``:
    the data folder stays, and its documents that the databases do not know to be finished go their way again.

    Raises:
        ConfigurationError: it is no whole back-up, the data folder is not empty or in use, or a key is missing.
        SealBroken: a sealed source that has to be read again was changed.
        StorageUnavailable: something cannot be read or written now.
    """
    if source is None:
        with held_folders(settings, folders), storage_errors():
            return _brought_into_step(settings, folders, keyring)
    if not (source / _CONTENT).is_file():
        raise ConfigurationError("This is no whole back-up.")
    if folders.data.exists() and any(folders.data.iterdir()):
        raise ConfigurationError("The data folder is not empty.")
    with storage_errors():
        folders.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(
            source, folders.data, copy_function=shutil.copyfile, dirs_exist_ok=True, ignore=shutil.ignore_patterns(_CONTENT)
        )
        os.sync()
        return _brought_into_step(settings, folders, keyring)


def _brought_into_step(settings: Settings, folders: Folders, keyring: Keyring | None) -> Restored:
    settled = _settled(settings, folders)
    archived = 0
    for place in (folders.done, folders.failed):
        for folder in sorted(place.iterdir()):
            claim = read_claim(folder)
            if claim is None or settled(folder.name, claim.run):
                archived += 1
                continue
            open_folder(folder, claim, keyring)
            failure_file(folder, claim).unlink(missing_ok=True)
            rename_durably(folder, folders.work / folder.name)
    in_work = [folder for folder in folders.work.iterdir() if folder.is_dir()]
    _begin_anew(settings, folders, [folder.name for folder in in_work if not records_file(folder).exists()])
    return Restored(archived + len(in_work), len(in_work))


def _begin_anew(settings: Settings, folders: Folders, document_ids: list[str]) -> None:
    """Let these documents go their way from its first step.

    The engine may remember of one that it was read, and what was read is gone: the document was put away before its folder was
    copied. Its next step would wait for the reading without end.
    """
    store = open_store(settings, folders)
    file = folders.workflow_database if settings.database_url is None else None
    try:
        with workflow_rows(engine_url(settings, folders), file, store) as rows:
            for document_id in document_ids:
                rows.forget_document(document_id)
    finally:
        store.dispose()


def _settled(settings: Settings, folders: Folders) -> Callable[[str, int], bool]:
    """Whether both databases say of a document that its way is at its end."""
    store = open_store(settings, folders)
    with Session(store) as session:
        ended = documents.ended_documents(session)
    store.dispose()
    client = DBOSClient(system_database_url=engine_url(settings, folders))
    try:
        found = client.list_workflows(status=_UNFINISHED, load_input=False, load_output=False)
    finally:
        client.destroy()
    unfinished = {status.workflow_id for status in found}
    return lambda document_id, run: document_id in ended and workflow_id(document_id, run) not in unfinished
