"""Files that people hand in at the desk, laid into the inbox as a fax gateway should: whole, in one move, under a free name."""

from __future__ import annotations

import errno
import os
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from intake.folders import Folders
from intake.identify import media_type_of
from intake.listing import SIDECAR_SUFFIX, is_candidate
from models.document import MediaType
from models.errors import TooLarge
from models.files import sync_folder
from models.mounts import MountedFolder

_LONGEST_NAME_BYTES = 180  # a file system takes 255; a number of ours, and the archive's suffixes, have to fit
_SUFFIXES = {MediaType.PDF: ".pdf", MediaType.TIFF: ".tif", MediaType.PNG: ".png", MediaType.JPEG: ".jpg"}
_HEAD_BYTES = 1024
# Where a file system knows no second name for a file.
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class InboxUpload:
    """Takes files into the inbox of one worker.

    Args:
        folders: the layout.
        executor_id: the worker's name: what its uploads left that were cut short is removed when it starts, and no other's.
        max_bytes: the largest file that is taken.
    """

    def __init__(self, folders: Folders, executor_id: str, max_bytes: int) -> None:
        self._inbox = folders.inbox
        self._mounted = MountedFolder.of("inbox", folders.inbox)
        self._temporary = f".upload.{executor_id}"
        self._max_bytes = max_bytes

    def clear(self) -> None:
        """Remove what was cut short.

        Raises:
            OSError: the inbox cannot be written now.
        """
        for path in self._inbox.iterdir():
            if path.name.rpartition(".")[0] == self._temporary:
                path.unlink(missing_ok=True)

    def take(self, name: str, pieces: Iterator[bytes]) -> None:
        """Lay a file into the inbox.

        Args:
            name: what the file is called where it comes from; kept where it is safe and free.
            pieces: its bytes.

        Raises:
            OSError: the inbox cannot be written now.
            StorageUnavailable: the inbox is not mounted.
            TooLarge: it has more bytes than are taken.
        """
        self._mounted.check()
        temporary = self._inbox / f"{self._temporary}.{secrets.token_hex(8)}"
        try:
            head = self._written(temporary, pieces)
            self._lay(temporary, _safe(name, head))
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(self._inbox)

    def _written(self, path: Path, pieces: Iterator[bytes]) -> bytes:
        """Write the file, and give its first bytes."""
        head, size = b"", 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > self._max_bytes:
                    raise TooLarge(f"The file has more than {self._max_bytes} bytes.")
                head = head if len(head) >= _HEAD_BYTES else head + piece[:_HEAD_BYTES]
                file.write(piece)
            file.flush()
            os.fsync(descriptor)
        return head

    def _lay(self, temporary: Path, name: str) -> None:
        """Give the file its name, and never another file's."""
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (name, "")
        number = 1
        while True:
            shown = name if number == 1 else f"{stem} ({number}){ending}"
            number += 1
            if not self._is_free(shown):
                continue
            try:
                _named(temporary, self._inbox / shown)
            except FileExistsError:
                continue
            return

    def _is_free(self, name: str) -> bool:
        """Whether neither a file has the name, nor a sidecar waits for one of that name: it is of another fax."""
        stem = name.rpartition(".")[0] or name
        return not any(
            os.path.lexists(self._inbox / other) for other in (name, f"{name}{SIDECAR_SUFFIX}", f"{stem}{SIDECAR_SUFFIX}")
        )


def _named(temporary: Path, target: Path) -> None:
    """A second name is refused where the name is taken, as a rename is not."""
    try:
        target.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        temporary.rename(target)


def _safe(name: str, head: bytes) -> str:
    """The name, where the inbox takes it and every program can show it; else one that says nothing, by the type of the bytes."""
    fits = len(name.encode("utf-8", "surrogatepass")) <= _LONGEST_NAME_BYTES
    shown = not any(unicodedata.category(letter) in _UNSEEN or letter in '/\\:*?"<>|' for letter in name)
    if name and fits and shown and name == name.strip() and is_candidate(name) and not name.lower().endswith(SIDECAR_SUFFIX):
        return name
    media_type = media_type_of(head)
    return f"upload{_SUFFIXES[media_type] if media_type else ''}"
