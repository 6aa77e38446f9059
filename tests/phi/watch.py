"""Waiting, and looking at what processes show to everybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_LIMIT_S = 120.0


def wait_for(look: Callable[[], T]) -> T:
    """Look until there is something."""
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")
