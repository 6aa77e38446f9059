"""Records that people completed, as labelled documents that ``par-intake evaluate`` scores against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.evaluation.labels import SUFFIX
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.identify import media_type_of
from intake.keeper import Keeper, account
from intake.operator import open_store
from intake.settings import Settings
from models.document import MediaType
from models.errors import ConfigurationError, StorageUnavailable
from models.files import write_atomically
from models.record import ReferralRecord, Status
from models.store.audit import EVERYTHING, Look, note_look
from models.store.desk_edits import newest_record
from models.store.desk_tables import DeskItemRow

_ENDINGS = {MediaType.PDF: ".pdf", MediaType.TIFF: ".tif", MediaType.PNG: ".png", MediaType.JPEG: ".jpg"}
_GROUPS = ("request", "member", "requesting_provider", "servicing_provider", "signature")
_LISTS = ("diagnoses", "services", "amendments")
_OWNER_ALONE = 0o700


@dataclass(frozen=True, slots=True)
class _Completed:
    """A document of which a person completed every record."""

    document_id: str
    records: tuple[ReferralRecord, ...]


def export_labels(settings: Settings, folder: Path, since: datetime | None) -> int:
    """Write sources and labels into a folder that is new or empty; gives how many documents.

    Args:
        settings: of the service whose records these are.
        folder: is made, open to its owner alone.
        since: only documents that were completed at this time or later.

    Raises:
        ConfigurationError: the folder holds something, or there is no store.
        StorageUnavailable: something cannot be read or written.
    """
    _made(folder)
    store = open_store(settings, Folders.of(settings, executor_id_of(settings)))
    with Session(store) as session:
        completed = tuple(_completed(session, since))
    with Session(store) as session, session.begin():
        look = Look(account(), "exported", EVERYTHING, detail=f"labels of {len(completed)} documents")
        note_look(session, look, datetime.now(UTC))
    keeper = Keeper(settings)
    for one in completed:
        _write(folder, one, b"".join(keeper.source(one.document_id)))
    return len(completed)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(mode=_OWNER_ALONE, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigurationError("The folder for the labels is not empty.")
        folder.chmod(_OWNER_ALONE)
    except OSError as error:
        raise StorageUnavailable("The folder for the labels cannot be made or read.") from error


def _completed(session: Session, since: datetime | None) -> Iterator[_Completed]:
    whole = func.count() == func.count(DeskItemRow.completed_by)
    query = select(DeskItemRow.document_id).group_by(DeskItemRow.document_id).having(whole)
    if since is not None:
        query = query.having(func.max(DeskItemRow.written_at) >= since)
    for document_id in session.scalars(query.order_by(DeskItemRow.document_id)).all():
        ids = session.scalars(select(DeskItemRow.record_id).where(DeskItemRow.document_id == document_id))
        found = (newest_record(session, record_id) for record_id in ids.all())
        yield _Completed(document_id, tuple(record for record, _ in filter(None, found)))


def _write(folder: Path, one: _Completed, source: bytes) -> None:
    media_type = media_type_of(source)
    if media_type is None:
        return
    name = f"{one.document_id}{_ENDINGS[media_type]}"
    requests = [request_label(record) for record in one.records if record.status is not Status.NO_REQUEST]
    label = {"document": name, "condition": "completed", "form": "?", "handwritten": False, "requests": requests}
    try:
        write_atomically(folder / name, source)
        text = json.dumps(label, indent=1, ensure_ascii=False)
        write_atomically(folder / f"{one.document_id}{SUFFIX}", text.encode())
    except OSError as error:
        raise StorageUnavailable("The folder for the labels cannot be written now.") from error


def request_label(record: ReferralRecord) -> dict[str, Any]:
    """A completed record as a label. What a person entered without pointing at the page is left out, and so not scored.

    It may come from a call, and stand on no page.
    """
    body = record.model_dump(mode="json")
    unseen = {path for path, reading in record.readings.items() if reading.method == "coordinator" and reading.page is None}
    label: dict[str, Any] = {"pages": record.source.pages}
    for name in _GROUPS:
        label[name] = {part: value for part, value in body[name].items() if f"{name}.{part}" not in unseen}
    for name in _LISTS:
        label[name] = [
            {part: value for part, value in row.items() if f"{name}.{at}.{part}" not in unseen} for at, row in enumerate(body[name])
        ]
    label["gaps"] = [[gap.field, gap.reason.value] for gap in record.gaps]
    return label
