"""What stands in the inbox: the one place that asks the file system."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

SIDECAR_SUFFIX = ".json"
_TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", "~")
_TEMPORARY_PREFIXES = (".", "~$")
# The folder's own description, and what desktop systems leave behind.
_NO_FAXES = frozenset({"readme.md", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in the inbox, as one look found it. ``name`` is PHI and is never logged."""

    name: str
    size: int
    mtime_ns: int
    inode: int


def is_candidate(name: str) -> bool:
    """Whether a file of this name may be a fax or a sidecar: no temporary name, and none of a folder's own files."""
    lower = name.lower()
    return not lower.startswith(_TEMPORARY_PREFIXES) and not lower.endswith(_TEMPORARY_SUFFIXES) and lower not in _NO_FAXES


def list_inbox(folder: Path) -> tuple[Entry, ...]:
    """The candidates in the folder itself, by name; links, folders and special files are none.

    Raises:
        OSError: the folder cannot be read.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not is_candidate(entry.name):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone between the listing and the look
            if stat.S_ISREG(status.st_mode):
                found.append(Entry(entry.name, status.st_size, status.st_mtime_ns, status.st_ino))
    return tuple(sorted(found, key=lambda one: (one.mtime_ns, one.name)))
