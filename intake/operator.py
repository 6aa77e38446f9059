"""What an operator asks of a service from beside it: what failed, and reading that again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.archive import take_back
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.sealing import read_keyring
from intake.settings import Settings
from intake.storage import storage_errors
from models.errors import ConfigurationError
from models.store import documents
from models.store.database import migrate, normalised_url, open_engine, sqlite_url


class Operator:
    """Looks at a service's store and folders, whether the service runs or not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders = Folders.of(settings, executor_id_of(settings))

    def failed(self) -> tuple[documents.FailedDocument, ...]:
        """The documents in ``failed/``, oldest first.

        Raises:
            ConfigurationError: there is no store yet.
            StorageUnavailable: it cannot be reached.
        """
        with Session(open_store(self._settings, self._folders)) as session:
            return documents.failed_documents(session)

    def retry(self, document_ids: Sequence[str]) -> tuple[str, ...]:
        """Bring documents back into work; the running service, or the next one, reads them again.

        Returns:
            The ids of which there was no failed document.

        Raises:
            StorageUnavailable: a folder cannot be written now.
        """
        keyring = read_keyring(self._settings.archive_keys)
        with storage_errors():
            return tuple(one for one in document_ids if not take_back(self._folders, one, keyring))


def open_store(settings: Settings, folders: Folders) -> Engine:
    """The service's store, with its schema brought up to date.

    Raises:
        ConfigurationError: there is none yet.
        StorageUnavailable: it cannot be reached.
    """
    if settings.database_url is None and not folders.database.exists():
        raise ConfigurationError("The data folder holds no database: no service has run on it.")
    store = open_engine(sqlite_url(folders.database) if settings.database_url is None else normalised_url(settings.database_url))
    migrate(store)
    return store
