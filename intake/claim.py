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
from datetime import UTC, datetime
from pathlib import Path

from intake.folders import Folders
from intake.stability import Ready
from intake.work_item import OUR_FOLDER, Claim, FileIdentity, gateway_file, new_document_id, read_claim, write_claim
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
        The new document's id; ``None`` when the file was gone or changed.

    Raises:
        OSError: a folder cannot be read or written now; the file is where it was.
    """
    document_id = new_document_id()
    folder = folders.claim / document_id
    folder.mkdir(mode=_PRIVATE)
    (folder / OUR_FOLDER).mkdir(mode=_PRIVATE)
    try:
        status = (folders.inbox / ready.entry.name).lstat()
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
        ),
    )
    try:
        return document_id if finish_claim(folder, folders) else None
    except OSError:
        if not (folder / ready.entry.name).exists():
            shutil.rmtree(folder, ignore_errors=True)
        raise


def finish_claims(folders: Folders) -> int:
    """Carry claims to their end that were cut short, by us or by a worker whose folder we were given.

    Returns:
        How many became work.
    """
    if not folders.claim.is_dir():
        return 0
    return sum(finish_claim(folder, folders) for folder in sorted(folders.claim.iterdir()) if folder.is_dir())


def finish_claim(folder: Path, folders: Folders) -> bool:
    """Move the file in, then its sidecar, then make it work. Every step may have been done before.

    Returns:
        Whether it became work; otherwise nothing was in the inbox any more, and the claim is gone.
    """
    written = read_claim(folder)
    if written is None or not _take(folders.inbox, folder, written.file, folder / written.file.file_name):
        shutil.rmtree(folder)
        return False
    if written.sidecar is not None:
        _take(folders.inbox, folder, written.sidecar, gateway_file(folder))
    rename_durably(folder, folders.work / folder.name)
    return True


def _take(inbox: Path, folder: Path, identity: FileIdentity, target: Path) -> bool:
    """Bring one file from the inbox to ``target``; true when it is there."""
    source = inbox / identity.file_name
    try:
        status = source.lstat()
    except FileNotFoundError:
        return target.exists()
    if not stat.S_ISREG(status.st_mode) or not identity.matches(status):
        return target.exists()  # another file of that name has come since
    if not target.exists():
        if not os.access(source, os.R_OK):
            # Left where it is: in our folder it could not be read either, and would hold up a worker.
            raise PermissionError(errno.EACCES, "a file in the inbox may not be read")
        try:
            rename_durably(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_durably(source, folder / OUR_FOLDER / _COPY_NAME, target)
        else:
            with suppress(PermissionError):  # another user's file, that we may read and move and not change
                target.chmod(0o600)
            return True
    source.unlink()
    sync_folder(inbox)
    return True


def _copy_durably(source: Path, temporary: Path, target: Path) -> None:
    """Across file systems: the whole copy is on the disk before the source goes."""
    if not os.access(source.parent, os.W_OK):
        # It could not be removed afterwards, and would be read again and again.
        raise PermissionError(errno.EACCES, "the inbox is read-only")
    with source.open("rb") as reader, temporary.open("wb") as writer:
        shutil.copyfileobj(reader, writer, _COPY_BYTES)
        writer.flush()
        os.fsync(writer.fileno())
    rename_durably(temporary, target)
