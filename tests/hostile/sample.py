"""One hostile file, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

READ = frozenset({"read"})
"""The file gives a record of what was read, perhaps with pages that could not be."""

BAD = frozenset({"damaged_file", "too_large", "empty_file", "out_of_memory", "reading_timed_out", "reader_stopped"})
"""The file gives a record that it could not be read, for one of these reasons."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A file, and the outcomes that are right: ``read``, or codes of errors."""

    name: str
    make: Callable[[], bytes]
    right: AbstractSet[str]
