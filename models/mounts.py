"""Whether a folder's file system is still there: where a share is unmounted, an empty folder of the same name stands in its place.

What is written into that one is seen by nobody, and what is read there is nothing, without any error.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class MountedFolder:
    """A folder, what it is called in messages, and the mount point under which it stood when it was first looked at."""

    name: str
    mount_point: Path

    @classmethod
    def of(cls, name: str, folder: Path) -> Self:
        """The folder as it stands now; a remembered mount point of ``/`` is there for ever."""
        folder = folder.resolve()
        return cls(name, next(place for place in (folder, *folder.parents) if os.path.ismount(place)))

    def check(self) -> None:
        """Refuse to go on without the file system. Another one on the same mount point will do: a share may come back as new.

        Raises:
            StorageUnavailable: it is not mounted.
        """
        if not os.path.ismount(self.mount_point):
            raise StorageUnavailable(f"The {self.name} is not mounted.")
