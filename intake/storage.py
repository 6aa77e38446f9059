"""Trouble with folders as an error of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import StorageUnavailable


@contextmanager
def storage_errors() -> Iterator[None]:
    """An error of the file system as one of ours: its own message names the path, and so the arriving file."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"A folder cannot be read or written: {os.strerror(error.errno or 0)}.") from error
