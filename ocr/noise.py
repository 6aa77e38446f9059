"""What C libraries print past Python, kept off standard error."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# A page of a million broken lines has a message for each.
_MOST_BYTES = 1 << 24


@contextmanager
def decoder_messages() -> Iterator[list[str]]:
    """Collect what is printed on file descriptor 2 meanwhile; the list is filled when the block ends.

    libtiff reports lost lines there and nowhere else. The descriptor belongs to the whole process: keep the block short.
    """
    messages: list[str] = []
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield messages
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            sink.seek(0)
            messages.extend(sink.read(_MOST_BYTES).decode("utf-8", "replace").splitlines())
