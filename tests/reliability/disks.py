"""Small file systems of the test's own, that can be filled, made read-only, taken away and brought back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_FILLER = ".filler"
_BLOCK = 4096


def _mount(*arguments: str) -> bool:
    return subprocess.run(["/usr/bin/env", *arguments], check=False, capture_output=True).returncode == 0


class Disk:
    """An ext4 file system in a file, mounted on a folder."""

    def __init__(self, image: Path, folder: Path, megabytes: int) -> None:
        self._image = image
        self.folder = folder
        with image.open("wb") as file:
            file.truncate(megabytes << 20)
        folder.mkdir(parents=True, exist_ok=True)
        # No blocks kept back for root: full is full for everybody.
        if not _mount("mkfs.ext4", "-q", "-F", "-m", "0", str(image)) or not self.mount():
            pytest.skip("a file system can be mounted by root alone, and not in every container")
        (folder / "lost+found").rmdir()

    def mount(self) -> bool:
        """Bring it there, or back."""
        return _mount("mount", "-o", "loop", str(self._image), str(self.folder))

    def take_away(self) -> None:
        """Unmount it, though files on it are open; what stands under it is an empty folder."""
        assert _mount("umount", "-l", str(self.folder))

    def make_read_only(self) -> None:
        """As a file system does by itself when its disk fails."""
        assert _mount("mount", "-o", "remount,ro", str(self.folder))

    def make_writable(self) -> None:
        """Bring it back from read-only."""
        assert _mount("mount", "-o", "remount,rw", str(self.folder))

    def fill(self) -> None:
        """Leave no block free."""
        with (self.folder / _FILLER).open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(_BLOCK))
            except OSError:
                os.fsync(file.fileno())

    def make_room(self) -> None:
        """Undo :meth:`fill`."""
        (self.folder / _FILLER).unlink()


@contextmanager
def disk(root: Path, name: str, megabytes: int = 8) -> Iterator[Disk]:
    """A disk that is there until the end of the block.

    ``name`` is the folder's.
    """
    made = Disk(root / f"{name}.img", root / name, megabytes)
    try:
        yield made
    finally:
        while os.path.ismount(made.folder):
            made.take_away()
