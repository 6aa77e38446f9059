"""Where things lie, and what has to be true of the folders before anything runs."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from intake.settings import Settings
from models.errors import ConfigurationError, StorageUnavailable

_log = structlog.get_logger(__name__)

_PRIVATE = 0o700
_PRIVATE_FILE = 0o600
_GROUP_READS = 0o750
_OTHERS = 0o007
_CODE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Folders:
    """The layout.

    ``inbox`` and ``outbox`` are met by others. In ``data``: ``claim/WORKER/`` holds documents while they are being claimed,
    ``work/`` those in work, ``done/`` and ``failed/`` the archives. Each document has one folder, named by its id, that moves whole
    from one to the next. ``tmp/WORKER/`` holds temporary files.
    """

    inbox: Path
    outbox: Path
    data: Path
    claim: Path
    work: Path
    done: Path
    failed: Path
    tmp: Path
    outbox_mode: int = _PRIVATE

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
            tmp=data / "tmp" / executor_id,
            outbox_mode=_GROUP_READS if settings.outbox_readers == "group" else _PRIVATE,
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
        """Create what is missing, and close to others what is ours; what had been open to them is told in the log.

        The outbox is opened to the readers that the settings name. The inbox belongs to whoever writes into it, and stays as it is.

        Raises:
            ConfigurationError: two folders are one, one lies in another or holds the program, or one of ours stays open to others.
            StorageUnavailable: a folder cannot be created.
        """
        self._refuse_overlaps()
        try:
            self.inbox.mkdir(parents=True, exist_ok=True)
            self.outbox.mkdir(mode=self.outbox_mode, parents=True, exist_ok=True)
            for folder in (self.data, self.claim.parent, self.claim, self.work, self.done, self.failed, self.tmp.parent, self.tmp):
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                if not _closed(folder, _PRIVATE):
                    raise ConfigurationError(f"The data folder's {folder.name} is open to other users and cannot be closed.")
            for database in self.data.glob("*.sqlite*"):
                _closed(database, _PRIVATE_FILE)
            self._look_after_outbox()
            if self.inbox.stat().st_mode & _OTHERS:
                _log.warning("the inbox is open to every user of this machine")
        except OSError as error:
            raise StorageUnavailable(f"A folder cannot be created: {os.strerror(error.errno or 0)}.") from error

    def _look_after_outbox(self) -> None:
        """A folder that another user made for the service has the mode that he gave it; nobody at all is let in without a word."""
        if self.outbox.stat().st_uid == os.geteuid():
            _closed(self.outbox, self.outbox_mode)
            mode = stat.S_IMODE(self.outbox.stat().st_mode)
            if mode | self.outbox_mode != mode:  # created under a umask that takes the group away
                self.outbox.chmod(mode | self.outbox_mode)
        if self.outbox.stat().st_mode & _OTHERS:
            _log.warning("the outbox is open to every user of this machine")

    def _refuse_overlaps(self) -> None:
        named = {"inbox": self.inbox, "outbox": self.outbox, "data": self.data}
        for name, folder in named.items():
            if _CODE.is_relative_to(folder) or folder.is_relative_to(Path(__file__).resolve().parent):
                raise ConfigurationError(f"The {name} folder must not hold the program, nor lie in it.")
            for other_name, other in named.items():
                if name != other_name and folder.is_relative_to(other):
                    raise ConfigurationError(f"The {name} folder must not be the {other_name} folder, nor lie in it.")


def _closed(path: Path, widest: int) -> bool:
    """Take from group and others what goes beyond ``widest``; gives whether nothing does now. A share may keep modes of its own."""
    if not _excess(path, widest):
        return True
    with suppress(PermissionError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_excess(path, widest))
    if _excess(path, widest):
        return False
    _log.warning("a folder or database was open to others; it is closed now", name=path.name)
    return True


def _excess(path: Path, widest: int) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o077 & ~widest


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
