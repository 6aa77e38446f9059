"""Which worker this is, and what it holds against others."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from intake.folders import Folders, locked
from intake.settings import Settings

_LONGEST = 60


def executor_id_of(settings: Settings) -> str:
    """The worker's name: the same at every start, so that it finds again what it had in hand, and its own alone."""
    if settings.database_url is None:
        return "local"
    name = settings.worker_name or socket.gethostname()
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name).lstrip(".")[:_LONGEST] or "worker"


@contextmanager
def held_folders(settings: Settings, folders: Folders) -> Iterator[None]:
    """Hold what no second service may use.

    On SQLite the inbox and the data folder are for one service; on PostgreSQL several share both, each under its own name.

    Raises:
        ConfigurationError: another service holds it.
    """
    with ExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(locked(folders.inbox, "inbox"))
            stack.enter_context(locked(folders.data, "data folder"))
        else:
            stack.enter_context(locked(folders.claim, "name of this worker"))
        yield
