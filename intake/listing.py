"""What stands in the inbox: the one place that asks the file system."""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SIDECAR_SUFFIX = ".json"
# What is put into this folder of the inbox is taken before everything else.
URGENT_FOLDER = "urgent"
_TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", "~")
_TEMPORARY_PREFIXES = (".", "~$")
# The folder's own description, and what desktop systems leave behind.
_NO_FAXES = frozenset({"readme.md", "thumbs.db", "desktop.ini"})


class Stranger(StrEnum):
    """What stands in the inbox under a fax's name and is no file: it is never taken, and whoever put it there has to be told."""

    FOLDER = "folder"
    LINK = "link"
    SPECIAL = "special file"


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in the inbox, as one look found it. ``name`` is PHI and is never logged.

    ``urgent``: it stands in the folder for urgent faxes.
    """

    name: str
    size: int
    mtime_ns: int
    inode: int
    urgent: bool = False

    @property
    def key(self) -> tuple[bool, str]:
        """What tells it from the other files of the inbox."""
        return self.urgent, self.name

    def path(self, inbox: Path) -> Path:
        """Where it stands."""
        return folder_of(inbox, urgent=self.urgent) / self.name


def folder_of(inbox: Path, *, urgent: bool) -> Path:
    """The folder of the inbox for urgent faxes, or the inbox itself."""
    return inbox / URGENT_FOLDER if urgent else inbox


def is_candidate(name: str) -> bool:
    """Whether a file of this name may be a fax or a sidecar: no temporary name, and none of a folder's own files."""
    lower = name.lower()
    return not lower.startswith(_TEMPORARY_PREFIXES) and not lower.endswith(_TEMPORARY_SUFFIXES) and lower not in _NO_FAXES


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at the inbox: the candidates in the order in which they are taken, and how many strangers there are of each kind."""

    entries: tuple[Entry, ...]
    strangers: Counter[Stranger] = field(default_factory=Counter)


def list_inbox(inbox: Path) -> tuple[Entry, ...]:
    """The candidates in the order in which they are taken: urgent ones first, and the oldest first.

    Links, special files, and folders other than the one for urgent faxes are none.

    Raises:
        OSError: the folder cannot be read.
    """
    return look_into(inbox).entries


def look_into(inbox: Path) -> Listing:
    """The candidates as :func:`list_inbox` gives them, and the strangers beside them: pipes, sockets and devices are special files.

    Raises:
        OSError: the folder cannot be read.
    """
    strangers: Counter[Stranger] = Counter()
    found = _candidates(inbox, strangers, urgent=False)
    urgent = folder_of(inbox, urgent=True)
    if urgent.is_dir() and not urgent.is_symlink():
        found += _candidates(urgent, Counter(), urgent=True)
    return Listing(tuple(sorted(found, key=lambda one: (not one.urgent, one.mtime_ns, one.name))), strangers)


def _candidates(folder: Path, strangers: Counter[Stranger], *, urgent: bool) -> list[Entry]:
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
                found.append(Entry(entry.name, status.st_size, status.st_mtime_ns, status.st_ino, urgent))
            elif stat.S_ISLNK(status.st_mode):
                strangers[Stranger.LINK] += 1
            elif not stat.S_ISDIR(status.st_mode):
                strangers[Stranger.SPECIAL] += 1
            elif entry.name != URGENT_FOLDER:
                strangers[Stranger.FOLDER] += 1
    return found
