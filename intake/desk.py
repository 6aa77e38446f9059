"""What an operator does about deliveries, from beside the service: look, try again, give up, replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from intake.deliveries import sinks_of
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.settings import Settings
from models.errors import ConfigurationError
from models.store import delivery_desk
from models.store.delivery_desk import OpenDelivery, RecordRange
from models.store.tables import DeliveryState

# Revisions in one transaction: a replay of a whole year must not keep the service from writing.
_AT_ONCE = 200


class DeliveryDesk:
    """The deliveries of one service; a running one takes changes up by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders = Folders.of(settings, executor_id_of(settings))
        self._store = open_store(settings, self._folders)

    def listed(self, sink: str | None, *, parked_only: bool) -> tuple[OpenDelivery, ...]:
        """The open deliveries, oldest first."""
        with Session(self._store) as session:
            return delivery_desk.open_deliveries(session, sink, DeliveryState.PARKED if parked_only else None)

    def redeliver(self, delivery_ids: Sequence[int]) -> tuple[int, ...]:
        """Have parked deliveries made again; gives the ids of which there is none."""
        return self._each(delivery_ids, delivery_desk.requeue)

    def forgo(self, delivery_ids: Sequence[int]) -> tuple[int, ...]:
        """Give parked deliveries up for good; gives the ids of which there is none."""
        return self._each(delivery_ids, delivery_desk.forgo)

    def _each(self, delivery_ids: Sequence[int], change: Callable[[Session, int, datetime], bool]) -> tuple[int, ...]:
        unknown = []
        for one in delivery_ids:
            with Session(self._store) as session, session.begin():
                if not change(session, one, datetime.now(UTC)):
                    unknown.append(one)
        return tuple(unknown)

    def replay(self, chosen: RecordRange, sink: str | None) -> tuple[int, int]:
        """Deliver the newest revision of each record in a range once more, to one target or to all.

        Returns:
            How many records are in the range, and how many deliveries were queued.

        Raises:
            ConfigurationError: there is no such target in the settings.
        """
        names = tuple(sinks_of(self._settings, self._folders))
        if sink is not None and sink not in names:
            raise ConfigurationError(f"There is no delivery target named {sink!r} in the settings; there are {', '.join(names)}.")
        with Session(self._store) as session:
            revisions = delivery_desk.newest_revisions(session, chosen)
        queued = 0
        for first in range(0, len(revisions), _AT_ONCE):
            with Session(self._store) as session, session.begin():
                some = revisions[first : first + _AT_ONCE]
                queued += delivery_desk.replay(session, some, names if sink is None else (sink,), datetime.now(UTC))
        return len(revisions), queued
