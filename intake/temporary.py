"""Temporary files: crops of pages on their way to an engine, and so PHI. They lie where nobody else looks, and no crash keeps them.

The service keeps them in ``DATA/tmp/WORKER/``, which is emptied when it starts. A command without a data folder makes a folder of
its own, and removes those that a killed one left. Each reading process has a folder in there that goes with it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from intake.folders import locked
from models.errors import ConfigurationError, StorageUnavailable

_VARIABLE = "TMPDIR"
_PREFIX = "par-intake-"
_WHAT = "folder of temporary files"


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Have this process, what it starts, and the libraries of both put their temporary files there."""
    before = os.environ.get(_VARIABLE)
    _point_to(str(folder))
    try:
        yield
    finally:
        _point_to(before)


def _point_to(folder: str | None) -> None:
    if folder is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = folder
    # Looked up once and kept by the module, unless it is told to look again.
    tempfile.tempdir = None


def empty(folder: Path) -> None:
    """Remove what is in the folder, which a killed process may have left.

    Raises:
        StorageUnavailable: it cannot be read or written now.
    """
    try:
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    except OSError as error:
        raise StorageUnavailable(f"The folder of temporary files cannot be emptied: {os.strerror(error.errno or 0)}.") from error


@contextmanager
def private_temporary_files() -> Iterator[None]:
    """For a command without a data folder: temporary files in a folder of its own, removed in the end."""
    _remove_left_over(Path(tempfile.gettempdir()))
    with ExitStack() as stack:
        stack.enter_context(temporary_files_in(_held_folder(stack)))
        yield


def _held_folder(stack: ExitStack) -> Path:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        attempt = ExitStack()
        attempt.callback(shutil.rmtree, folder, ignore_errors=True)
        with suppress(ConfigurationError, FileNotFoundError):
            attempt.enter_context(locked(folder, _WHAT))
            # Between its making and its locking, another command may have taken it for one that was left over.
            if folder.is_dir():
                stack.push(attempt)
                return folder
        attempt.close()


def _remove_left_over(root: Path) -> None:
    """Remove the folders of commands that were killed: ours by name and owner, and locked by nobody."""
    for folder in root.glob(f"{_PREFIX}*"):
        with suppress(OSError, ConfigurationError):
            if not folder.is_symlink() and folder.lstat().st_uid == os.geteuid():
                with locked(folder, _WHAT):
                    shutil.rmtree(folder, ignore_errors=True)


def use_reader_folder() -> None:
    """In a reading process: a folder of its own for temporary files, under that of its parent."""
    folder = _reader_folder(os.getpid())
    folder.mkdir(mode=0o700, exist_ok=True)
    _point_to(str(folder))


def remove_reader_folder(pid: int) -> None:
    """In the parent: remove what a reading process leaves, however it ended."""
    shutil.rmtree(_reader_folder(pid), ignore_errors=True)


def _reader_folder(pid: int) -> Path:
    return Path(tempfile.gettempdir()) / f"reader-{pid}"
