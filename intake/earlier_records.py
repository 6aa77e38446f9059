"""After an upgrade, notes what records are found by that an earlier release stored: by those that repeat or change them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from models.store import match_records

_log = structlog.get_logger(__name__)
# Between two steps others write; a step is some tens of milliseconds.
_REST_S = 0.2


@contextmanager
def earlier_records_found(store: Engine) -> Iterator[None]:
    """Note in small steps, in a thread beside the work, what earlier records are found by; where none lack it, one look is all.

    What a stop leaves is noted after the next start.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(store, stop), name="earlier-records", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(store: Engine, stop: threading.Event) -> None:
    last: str | None = ""
    while last is not None and not stop.is_set():
        try:
            with Session(store) as session, session.begin():
                last = match_records.keep_missing(session, last)
        except (OperationalError, InterfaceError):
            _log.warning("earlier records are made findable after the next start; the database cannot be reached or written")
            return
        if last is not None:
            _log.info("earlier records can be found", up_to=last)
            stop.wait(_REST_S)
