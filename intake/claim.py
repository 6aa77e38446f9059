"""Claiming: a file leaves the inbox by one rename, before any work, and is never looked for there again.

A claim is made in ``data/claim/WORKER/DOCUMENT/`` and becomes work when that folder is renamed to ``data/work/DOCUMENT/``. Whatever
else is found in ``claim/`` is a claim that was cut short, and is carried to its end by the same code.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake.folders import Folders
from intake.listing import folder_of
from intake.stability import Ready
from intake.work_item import OUR_FOLDER, Claim, FileIdentity, gateway_file, new_document_id, read_claim, rebuilt_claim, write_claim
from models.files import rename_durably, sync_folder

_PRIVATE = 0o700
_COPY_NAME = "copy.tmp"
_COPY_BYTES = 1 << 20


def claim(ready: Ready, folders: Folders, now: datetime) -> str | None:
    """Claim a file and its sidecar.

    Args:
        ready: what to claim.
        folders: the layout.
        now: the time, for the arrival of a file whose own time lies ahead.

    Returns:
        The new document's id; ``None`` when the file was gone or changed, as when another worker was quicker.

    Raises:
        OSError: a folder cannot be read or written now; the file is where it was, or is brought on by :func:`finish_claims`.
    """
    document_id = new_document_id()
    folder = folders.claim / document_id
    folder.mkdir(mode=_PRIVATE)
    (folder / OUR_FOLDER).mkdir(mode=_PRIVATE)
    try:
        status = ready.entry.path(folders.inbox).lstat()
    except FileNotFoundError:
        shutil.rmtree(folder)
        return None
    write_claim(
        folder,
        Claim(
            file=FileIdentity.of(ready.entry),
            sidecar=None if ready.sidecar is None else FileIdentity.of(ready.sidecar),
            # The change time is when the file came into this folder: a move or a copy that keeps old times does not set it.
            arrived_at=min(datetime.fromtimestamp(status.st_ctime, UTC), now),
            urgent=ready.entry.urgent,
            plan_folder=ready.entry.plan_folder,
        ),
    )
    try:
        return document_id if finish_claim(folder, folders) else None
    except OSError:
        if not _holds_a_file(folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _holds_a_file(folder: Path) -> bool:
    written = read_claim(folder)
    return written is not None and (written.aside_on is not None or (folder / written.file.file_name).exists())


def finish_claims(folders: Folders) -> tuple[str, ...]:
    """Carry claims to their end that were cut short, by us or by a worker whose folder we were given.

    Returns:
        The reasons why some could not be; one that cannot stops no other.

    Raises:
        OSError: the folder of claims cannot be read.
    """
    problems = []
    for folder in sorted(folders.claim.iterdir()) if folders.claim.is_dir() else ():
        try:
            if folder.is_dir():
                finish_claim(folder, folders)
        except OSError as error:
            problems.append(os.strerror(error.errno or 0))
    return tuple(problems)


def finish_claim(folder: Path, folders: Folders) -> bool:
    """Move the file in, then its sidecar, then make it work. Every step may have been done before.

    Returns:
        Whether it became work; otherwise nothing was in the inbox any more, and the claim is gone.

    Raises:
        OSError: a folder cannot be read or written now, or the file is still being written; to be called again.
    """
    written = read_claim(folder) or rebuilt_claim(folder)
    if written is None:
        shutil.rmtree(folder)
        return False
    if read_claim(folder) is None:
        write_claim(folder, written)
    inbox = folder_of(folders.inbox, written.plan_folder, urgent=written.urgent)
    if not _take(_Move(inbox, written.file, folder, folder / written.file.file_name, "fax")):
        shutil.rmtree(folder)
        return False
    if written.sidecar is not None:
        _take(_Move(inbox, written.sidecar, folder, gateway_file(folder), "sidecar"))
    rename_durably(folder, folders.work / folder.name)
    return True


@dataclass(frozen=True, slots=True)
class _Move:
    """One file on its way from a folder of the inbox to ``target`` in the claim's folder; ``part`` tells its two files apart."""

    inbox: Path
    identity: FileIdentity
    folder: Path
    target: Path
    part: str

    @property
    def source(self) -> Path:
        """Where the file stood."""
        return self.inbox / self.identity.file_name

    @property
    def aside(self) -> Path:
        """Where it stands while it is copied: under a name that no scan takes, and that tells which claim it belongs to."""
        return self.inbox / f".{self.folder.name}.{self.part}"

    @property
    def copy(self) -> Path:
        """Where it is copied to."""
        return self.folder / OUR_FOLDER / _COPY_NAME


def _take(move: _Move) -> bool:
    """Bring the file to its target; true when it is there."""
    if move.target.exists():
        _remove_copied(move)
        return True
    if not move.aside.exists():
        try:
            status = move.source.lstat()
        except FileNotFoundError:
            _refuse_another_inbox(move)
            return False
        if not stat.S_ISREG(status.st_mode) or not move.identity.matches(status):
            return False  # another file of that name has come since
        if not os.access(move.source, os.R_OK):
            # Left where it is: in our folder it could not be read either, and would hold up a worker.
            raise PermissionError(errno.EACCES, "a file in the inbox may not be read")
        try:
            if _renamed(move):
                return True
        except FileNotFoundError:
            if move.source.exists():
                raise
            return False  # another worker was quicker
    _copy_durably(move)
    return True


def _renamed(move: _Move) -> bool:
    """Rename the file to its target; on another file system only aside, so that no other worker takes it, and it must be copied."""
    try:
        rename_durably(move.source, move.target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _put_aside(move)
        return False
    with suppress(PermissionError):  # another user's file, that we may read and move and not change
        move.target.chmod(0o600)
    return True


def _put_aside(move: _Move) -> None:
    """Rename a file within the inbox. It is noted first: from here on the claim may be all that knows of the file."""
    written = read_claim(move.folder)
    if written is not None and written.aside_on is None:
        write_claim(move.folder, written.model_copy(update={"aside_on": move.inbox.stat().st_dev}))
    try:
        rename_durably(move.source, move.aside)
    except OSError:
        if written is not None and not move.aside.exists():
            write_claim(move.folder, written)
        raise


def _refuse_another_inbox(move: _Move) -> None:
    """A file that was put aside and is not there has not gone, as long as its share is not there either.

    Raises:
        OSError: another file system stands in the inbox's place.
    """
    written = read_claim(move.folder)
    if written is not None and written.aside_on is not None and written.aside_on != move.inbox.stat().st_dev:
        raise OSError(errno.ENODEV, "the inbox is not there")


def _copy_durably(move: _Move) -> None:
    """Across file systems: the whole copy is on the disk before the source goes.

    Raises:
        OSError: with ``errno.EBUSY`` where the source was written to meanwhile.
    """
    before = move.aside.lstat()
    try:
        with move.aside.open("rb") as reader, move.copy.open("wb") as writer:
            shutil.copyfileobj(reader, writer, _COPY_BYTES)
            writer.flush()
            os.fsync(writer.fileno())
    except OSError:
        move.copy.unlink(missing_ok=True)  # half a copy on a full disk keeps others from being written
        raise
    after = move.aside.lstat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError(errno.EBUSY, "a file in the inbox is being written")
    rename_durably(move.copy, move.target)
    _remove_copied(move)


def _remove_copied(move: _Move) -> None:
    if move.aside.exists():
        move.aside.unlink()
        sync_folder(move.inbox)
