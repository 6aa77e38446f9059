"""What stands in the inbox: the one place that asks the file system."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection
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

    ``plan_folder`` is the name of the plan's folder that it stands in; ``urgent``: it stands in a folder for urgent faxes.
    """

    name: str
    size: int
    mtime_ns: int
    inode: int
    urgent: bool = False
    plan_folder: str | None = None

    @property
    def key(self) -> EntryKey:
        """What tells it from the other files of the inbox."""
        return self.plan_folder or "", self.urgent, self.name

    def path(self, inbox: Path) -> Path:
        """Where it stands."""
        return folder_of(inbox, self.plan_folder, urgent=self.urgent) / self.name


EntryKey = tuple[str, bool, str]
"""The plan's folder, empty outside of any; whether it is in one for urgent faxes; and the file's name."""


def folder_of(inbox: Path, plan_folder: str | None = None, *, urgent: bool) -> Path:
    """The inbox itself, or a plan's folder in it; or the folder for urgent faxes in either."""
    folder = inbox if plan_folder is None else inbox / plan_folder
    return folder / URGENT_FOLDER if urgent else folder


def is_candidate(name: str) -> bool:
    """Whether a file of this name may be a fax or a sidecar: no temporary name, and none of a folder's own files."""
    lower = name.lower()
    return not lower.startswith(_TEMPORARY_PREFIXES) and not lower.endswith(_TEMPORARY_SUFFIXES) and lower not in _NO_FAXES


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at the inbox: the candidates in the order in which they are taken, and how many strangers there are of each kind."""

    entries: tuple[Entry, ...]
    strangers: Counter[Stranger] = field(default_factory=Counter)


def list_inbox(inbox: Path, plan_folders: Collection[str] = ()) -> tuple[Entry, ...]:
    """The candidates in the order in which they are taken: urgent ones first, and the oldest first.

    Links, special files, and folders other than the one for urgent faxes and those of the plans are none.

    Args:
        inbox: the watched folder.
        plan_folders: the names of the folders in it through which the faxes of single plans come.

    Raises:
        OSError: the folder cannot be read.
    """
    return look_into(inbox, plan_folders).entries


def look_into(inbox: Path, plan_folders: Collection[str] = ()) -> Listing:
    """The candidates as :func:`list_inbox` gives them, and the strangers beside them: pipes, sockets and devices are special files.

    Raises:
        OSError: the folder cannot be read.
    """
    strangers: Counter[Stranger] = Counter()
    found: list[Entry] = []
    for plan_folder in (None, *plan_folders):
        folder = folder_of(inbox, plan_folder, urgent=False)
        if plan_folder is not None and not _is_folder(folder):
            continue
        own_folders = {URGENT_FOLDER} if plan_folder is not None else {URGENT_FOLDER, *plan_folders}
        found += _candidates(folder, plan_folder, strangers, own_folders)
        if _is_folder(folder / URGENT_FOLDER):
            found += _candidates(folder / URGENT_FOLDER, plan_folder, Counter(), set(), urgent=True)
    return Listing(tuple(sorted(found, key=lambda one: (not one.urgent, one.mtime_ns, one.name))), strangers)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _candidates(
    folder: Path, plan_folder: str | None, strangers: Counter[Stranger], own_folders: Collection[str], *, urgent: bool = False
) -> list[Entry]:
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
                found.append(Entry(entry.name, status.st_size, status.st_mtime_ns, status.st_ino, urgent, plan_folder))
            elif stat.S_ISLNK(status.st_mode):
                strangers[Stranger.LINK] += 1
            elif not stat.S_ISDIR(status.st_mode):
                strangers[Stranger.SPECIAL] += 1
            elif entry.name not in own_folders:
                strangers[Stranger.FOLDER] += 1
    return found
