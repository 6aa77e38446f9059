"""How a service stands, as seen from beside it: its folders and its store, whether it runs or not."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.heartbeat import SILENCE_S
from intake.listing import SIDECAR_SUFFIX, list_inbox
from intake.operator import open_store
from intake.settings import Settings
from intake.site_policy import policies_of
from intake.storage import storage_errors
from intake.work_item import claimed_at, is_document_id
from models.store import deliveries, documents, workers


class Queue(BaseModel):
    """``inbox`` files wait, ``urgent`` of them in the folder for urgent ones; ``in_work`` documents have been taken.

    The oldest in the inbox goes by the time of its file, the oldest in work by when it was taken.
    """

    inbox: int
    urgent: int
    oldest_in_inbox_at: datetime | None
    in_work: int
    oldest_in_work_at: datetime | None


class OpenDeliveries(BaseModel):
    """Of one target. ``held`` wait behind a parked one; the oldest is of those that can be made."""

    sink: str
    pending: int
    held: int
    parked: int
    oldest_at: datetime | None


class Worker(BaseModel):
    """A service; ``silent``, where its last sign of life is older than a living one's may be."""

    name: str
    beat_at: datetime
    silent: bool


class Standing(BaseModel):
    """Documents by state, records by the status of their newest revision, what waits, what is not delivered, and who works."""

    documents: dict[str, int]
    records: dict[str, int]
    queue: Queue
    deliveries: list[OpenDeliveries]
    workers: list[Worker]


def standing_of(settings: Settings) -> Standing:
    """How the service with these settings stands.

    Raises:
        ConfigurationError: there is no store yet.
        StorageUnavailable: the store or a folder cannot be reached.
    """
    folders = Folders.of(settings, executor_id_of(settings))
    now = datetime.now(UTC)
    with Session(open_store(settings, folders)) as session:
        return Standing(
            documents=dict(documents.count_by_state(session)),
            records=dict(documents.count_by_status(session)),
            queue=_queue(folders, policies_of(settings).folders),
            deliveries=[
                OpenDeliveries(sink=one.sink, pending=one.pending, held=one.held, parked=one.parked, oldest_at=one.oldest_at)
                for one in deliveries.tally(session)
            ],
            workers=[
                Worker(name=name, beat_at=beat_at, silent=(now - beat_at).total_seconds() > SILENCE_S)
                for name, beat_at in workers.known_workers(session)
            ],
        )


def _queue(folders: Folders, plan_folders: tuple[str, ...]) -> Queue:
    with storage_errors():
        # Before the first start there is no inbox; one that was lost is told by the health of the service.
        listed = list_inbox(folders.inbox, plan_folders) if folders.inbox.is_dir() else ()
        waiting = [one for one in listed if not one.name.lower().endswith(SIDECAR_SUFFIX)]
        in_work = [folder.name for folder in folders.work.iterdir() if is_document_id(folder.name)]
    oldest_ns = min((one.mtime_ns for one in waiting), default=None)
    return Queue(
        inbox=len(waiting),
        urgent=sum(one.urgent for one in waiting),
        oldest_in_inbox_at=None if oldest_ns is None else datetime.fromtimestamp(oldest_ns / 1e9, UTC),
        in_work=len(in_work),
        oldest_in_work_at=claimed_at(min(in_work)) if in_work else None,
    )
