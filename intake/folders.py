"""Where things lie, and what has to be true of the folders before anything runs."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.settings import Settings
from models.errors import ConfigurationError, StorageUnavailable

_PRIVATE = 0o700
_CODE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Folders:
    """The layout.

    ``inbox`` and ``outbox`` are met by others. In ``data``: ``claim/WORKER/`` holds documents while they are being claimed,
    ``work/`` those in work, ``done/`` and ``failed/`` the archives. Each document has one folder, named by its id, that moves whole
    from one to the next.
    """

    inbox: Path
    outbox: Path
    data: Path
    claim: Path
    work: Path
    done: Path
    failed: Path

    @classmethod
    def of(cls, settings: Settings, executor_id: str) -> Folders:
        """The layout for these settings; nothing is created."""
        data = settings.data.resolve()
        return cls(
            inbox=settings.inbox.resolve(),
            outbox=settings.outbox.resolve(),
            data=data,
            claim=data / "claim" / executor_id,
            work=data / "work",
            done=data / "done",
            failed=data / "failed",
        )

    @property
    def database(self) -> Path:
        """The SQLite database of the store."""
        return self.data / "par-intake.sqlite"

    @property
    def workflow_database(self) -> Path:
        """The SQLite database of the workflow engine."""
        return self.data / "workflow.sqlite"

    def prepare(self) -> None:
        """Create what is missing; what is ours is open to us alone.

        Raises:
            ConfigurationError: two folders are one, one lies in another, or one holds the program.
            StorageUnavailable: a folder cannot be created.
        """
        self._refuse_overlaps()
        try:
            for folder in (self.inbox, self.outbox):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in (self.data, self.claim.parent, self.claim, self.work, self.done, self.failed):
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                folder.chmod(_PRIVATE)
        except OSError as error:
            raise StorageUnavailable(f"A folder cannot be created: {os.strerror(error.errno or 0)}.") from error

    def _refuse_overlaps(self) -> None:
        named = {"inbox": self.inbox, "outbox": self.outbox, "data": self.data}
        for name, folder in named.items():
            if _CODE.is_relative_to(folder) or folder.is_relative_to(Path(__file__).resolve().parent):
                raise ConfigurationError(f"The {name} folder must not hold the program, nor lie in it.")
            for other_name, other in named.items():
                if name != other_name and folder.is_relative_to(other):
                    raise ConfigurationError(f"The {name} folder must not be the {other_name} folder, nor lie in it.")


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Hold the folder against a second service; the lock goes with the process, however it ends.

    Raises:
        ConfigurationError: another service holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # A share that knows no locks cannot be held, and is no reason to refuse.
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                raise ConfigurationError(f"Another par-intake service is using the {what}.") from error
        yield
    finally:
        os.close(descriptor)
