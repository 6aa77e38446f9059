"""The purge that the service makes by itself, once a day, where the settings ask for it."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from intake.folders import Folders
from intake.purge import Purge, PurgeOrder
from intake.settings import Settings
from models.errors import IntakeError
from models.store.audit import SERVICE

_log = structlog.get_logger(__name__)
_DAY_S = 86_400.0


class DailyPurge:
    """Purges at the start and then once a day, in a thread of its own. Several services on one database may all do so."""

    def __init__(self, settings: Settings, folders: Folders, store: Engine) -> None:
        self._order = None if settings.purge_after is None else PurgeOrder(settings.purge_after)
        self._stop = threading.Event()
        self._purge = Purge(settings, folders, store, SERVICE, self._stop.is_set)
        self._thread = threading.Thread(target=self._run, name="daily-purge", daemon=True)

    def start(self) -> None:
        """Begin, where the settings ask for it."""
        if self._order is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop after the document in hand."""
        self._stop.set()
        if self._order is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._order is not None and not self._stop.is_set():
            try:
                done = self._purge.run(self._order, lambda document_id: _log.info("document purged", document_id=document_id))
            except IntakeError as error:
                _log.warning("the purge is made again tomorrow", code=error.code, reason=str(error))
            except (OperationalError, InterfaceError):
                _log.warning("the purge is made again tomorrow; the database cannot be reached or written")
            else:
                _log.info("purged", documents=done.documents, workflows=done.workflows)
            self._stop.wait(_DAY_S)
