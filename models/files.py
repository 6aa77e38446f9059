"""Writing that survives a power cut: whole or not at all, and on the disk before it is believed."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put the folder's entries on the disk: a rename is durable only after this."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the whole new one, whatever happens meanwhile.

    The temporary name is always the same for one path, so that a killed writer leaves nothing that is not used up again.
    ``mode`` is that of the file; by default it is open to its owner alone.

    Raises:
        OSError: the folder is missing, full or not writable.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)  # whatever the umask, and whatever a killed writer left
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def rename_durably(source: Path, target: Path) -> None:
    """Rename within one file system, and put both folders on the disk.

    Raises:
        OSError: with ``errno.EXDEV`` where the two are on different file systems.
    """
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)
