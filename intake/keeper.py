"""What an operator does with what is kept, whether the service runs or not; each act on a document is noted in the audit trail."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from intake.archive import Resealed, find, reseal_archives, source_pieces
from intake.backup import BackupContent, Restored, back_up, restore
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.purge import Purge, Purged, PurgeOrder
from intake.sealing import read_keyring
from intake.settings import Settings
from intake.storage import storage_errors
from models.errors import ConfigurationError
from models.store.audit import note

_LONGEST_ACTOR = 64


class Keeper:
    """Gives sources back, seals them anew, removes what is past its age, and makes back-ups."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders = Folders.of(settings, executor_id_of(settings))

    def source(self, document_id: str) -> Iterator[bytes]:
        """The bytes of a document's source. Who asked is in the audit trail before the first of them is given.

        Raises:
            ConfigurationError: there is no such document, or its key is not among the keys.
            SealBroken: it is not what was sealed. What came before is right, and is not all.
            StorageUnavailable: it cannot be read now.
        """
        keyring = read_keyring(self._settings.archive_keys)
        folder = find(self._folders, document_id)
        if folder is None:
            raise ConfigurationError("There is no document of this id.")
        with Session(open_store(self._settings, self._folders)) as session, session.begin():
            note(session, "source_given", document_id, datetime.now(UTC), actor=account())
        with storage_errors():
            yield from source_pieces(folder, keyring)

    def reseal(self) -> Resealed:
        """Seal all archived sources with the first key.

        Raises:
            ConfigurationError: there is no key, or one is missing that a source is sealed with.
            SealBroken: what is sealed was changed.
            StorageUnavailable: a folder cannot be read or written now.
        """
        keyring = read_keyring(self._settings.archive_keys)
        if keyring is None:
            raise ConfigurationError("The setting archive_keys names no key.")
        with storage_errors():
            return reseal_archives(self._folders, keyring)

    def back_up(self, target: Path) -> BackupContent:
        """Copy what the service keeps into a new folder.

        Raises:
            ConfigurationError: the folder is not empty, or lies in the data folder.
            StorageUnavailable: something cannot be read or written now.
        """
        return back_up(self._settings, self._folders, target)

    def restore(self, source: Path | None) -> Restored:
        """Bring a back-up into the data folder, or without one, the data folder into step with databases that were restored.

        Raises:
            ConfigurationError: it is no whole back-up, the data folder is not empty or in use, or a key is missing.
            SealBroken: a sealed source that has to be read again was changed.
            StorageUnavailable: something cannot be read or written now.
        """
        return restore(self._settings, self._folders, source, read_keyring(self._settings.archive_keys))

    def purge(self, order: PurgeOrder, tell: Callable[[str], None]) -> Purged:
        """Remove what is past its age.

        Raises:
            ConfigurationError: there is no store, another purge is at work, or the age is none.
            StorageUnavailable: a folder or the database cannot be read or written now.
        """
        store = open_store(self._settings, self._folders)
        try:
            return Purge(self._settings, self._folders, store, account(), lambda: False).run(order, tell)
        except ValueError as error:
            raise ConfigurationError(f"Wrong age: {error}.") from error
        finally:
            store.dispose()


def account() -> str:
    """The system's account that this process runs for, as an actor of the audit trail."""
    user_id = os.getuid()
    try:
        name = pwd.getpwuid(user_id).pw_name
    except KeyError:
        name = str(user_id)
    return f"account:{name}"[:_LONGEST_ACTOR]
