"""The steps of a document's way through the service. Each may be done again after a crash, and leaves then what it left before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.answers import Taking, take_answers
from intake.archive import archive, open_folder, source_is_gone
from intake.folders import Folders
from intake.identify import digest_of, identify
from intake.kept_pages import page_prints
from intake.letter_desk import checking
from intake.placing import placed
from intake.returning import brought_back
from intake.sealing import Keyring
from intake.service_state import ServiceState
from intake.settings import Settings
from intake.sidecar import GatewayNote, read_sidecar
from intake.site_policy import policies_of
from intake.storage import storage_errors
from intake.unreadable import Arrival, printable_name, unreadable_record, with_duplicate
from intake.work_item import Claim, Failure, gateway_file, read_claim, read_records, write_records
from models.document import Document
from models.errors import (
    ConfigurationError,
    DocumentError,
    EngineFailure,
    InaccessibleFile,
    IntakeError,
    ReadingFailed,
    SealBroken,
    SourceChanged,
    StorageUnavailable,
    WorkLost,
)
from models.record import ReferralRecord, Status
from models.store import arrangements, documents, match_records
from models.store.audit import SERVICE
from models.store.tables import DocumentRow

_log = structlog.get_logger(__name__)
_OF_NOTHING = hashlib.sha256().hexdigest()
_BY_ENGINE = frozenset({"ocr", "handwriting"})
SOURCE_IS_GONE = "Its records are stored, and its source was removed from the work folder before it could be archived."
"""Why a document is set aside of which only the source is lost."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the steps need.

    ``sinks`` are the names of the delivery targets; ``read`` reads a document in a process of its own; ``announce`` tells those who
    deliver that there is something new.
    """

    settings: Settings
    folders: Folders
    engine: Engine
    sinks: Collection[str]
    read: Callable[[Document], tuple[ReferralRecord, ...]]
    state: ServiceState
    announce: Callable[[], None]
    keyring: Keyring | None = None

    def digest(self, document_id: str) -> str:
        """SHA-256 of the claimed bytes, in hexadecimal; that of no bytes where somebody removed them from our folder.

        Raises:
            StorageUnavailable: they cannot be read now.
            WorkLost: the document's folder is gone.
        """
        folder, claim = self._claimed(document_id)
        self._open(folder, claim)
        path = folder / claim.file.file_name
        try:
            return digest_of(path, self.settings.max_file_bytes)
        except InaccessibleFile as error:
            if read_claim(folder) is not None and not path.exists():
                return _OF_NOTHING
            # It is in our own folder: the disk is in trouble, not the file.
            raise StorageUnavailable(f"A claimed document cannot be read: {document_id}.") from error

    def _open(self, folder: Path, claim: Claim) -> None:
        """What comes back from an archive is opened here: its keys were there when it was brought back, and will be again."""
        try:
            with storage_errors():
                open_folder(folder, claim, self.keyring)
        except (ConfigurationError, SealBroken) as error:
            raise StorageUnavailable(f"A sealed document in work cannot be opened ({error.code}): {folder.name}.") from error

    def register(self, session: Session, document_id: str, sha256: str) -> int:
        """Enter the arrival into the store; gives which arrival of these bytes it is."""
        folder, claim = self._claimed(document_id)
        note = self._gateway_note(document_id, folder)
        received_at = (note.received_at or claim.arrived_at).astimezone(self.settings.zone)
        name = printable_name(claim.file.file_name)
        new = documents.NewDocument(document_id, sha256, name, received_at, note.sender_number)
        return documents.register(session, new, datetime.now(UTC))

    def _gateway_note(self, document_id: str, folder: Path) -> GatewayNote:
        if not gateway_file(folder).exists():
            return GatewayNote()
        note = read_sidecar(gateway_file(folder), self.settings.zone)
        if not note.usable:
            _log.warning("the sidecar cannot be understood; the fax goes on without it", document_id=document_id)
        return note

    def read_document(self, document_id: str) -> int:
        """Read the document and keep its records in its folder; gives how many there are.

        Raises:
            StorageUnavailable: the folder cannot be written now.
            EngineUnavailable: an engine cannot start now.
            SourceChanged: these were not the bytes that were registered.
            WorkLost: the document's folder is gone.
        """
        folder, claim = self._claimed(document_id)
        arrival = self._arrival(document_id)
        try:
            if claim.given_up:
                raise ReadingFailed("Reading was tried as often as the settings allow, and never came to an end.")
            records = self._read_patiently(self._document(document_id, folder, claim))
            if any(reading.method in _BY_ENGINE for record in records for reading in record.readings.values()):
                self.state.engine_worked()
        except DocumentError as error:
            _log.warning("document cannot be read", document_id=document_id, code=error.code)
            if isinstance(error, EngineFailure):
                self.state.engine_failed()
            records = (unreadable_record(arrival, error),)
        if not claim.given_up and self.digest(document_id) != arrival.sha256:
            raise SourceChanged("A claimed file changed while it was read.")
        with storage_errors():
            write_records(folder, records)
        self.state.counters.pages.inc(len({page for record in records for page in record.source.pages}))
        return len(records)

    def _read_patiently(self, document: Document) -> tuple[ReferralRecord, ...]:
        for attempt in range(1, self.settings.max_attempts + 1):
            try:
                return self.read(document)
            except ReadingFailed as error:
                if error.permanent or attempt == self.settings.max_attempts:
                    raise
                _log.warning("reading is tried again", document_id=document.path.parent.name, code=error.code, attempt=attempt)
        raise ReadingFailed("Reading was never tried.")

    def _document(self, document_id: str, folder: Path, claim: Claim) -> Document:
        path = folder / claim.file.file_name
        media_type = identify(path, self.settings.max_file_bytes)
        with Session(self.engine) as session:
            row = session.get_one(DocumentRow, document_id)
            return Document(
                path,
                row.file_name,
                row.sha256,
                media_type,
                row.received_at.astimezone(self.settings.zone),
                row.arrival,
                row.sender_number,
                arrangements.current(session, document_id),
                claim.plan_folder,
            )

    def _arrival(self, document_id: str) -> Arrival:
        with Session(self.engine) as session:
            row = session.get_one(DocumentRow, document_id)
            return Arrival(row.file_name, row.sha256, row.received_at.astimezone(self.settings.zone), row.arrival)

    def store(self, session: Session, document_id: str) -> int:
        """Put records and deliveries into the store, in the one transaction of ``session``; gives how many revisions.

        Raises:
            StorageUnavailable: the folder cannot be read now.
            WorkLost: what was read is gone.
        """
        with storage_errors():
            read = read_records(self.folders.work / document_id)
            prints = page_prints(self.folders.work / document_id)
        if read is None:
            raise self._lost("What was read of a document is gone.")
        row = session.get_one(DocumentRow, document_id)
        match_records.wait_for_others(session)
        match_records.keep_prints(session, document_id, prints)
        records = [self._in_place(session, row, record) for record in read]
        written = documents.add_records(session, document_id, records, tuple(self.sinks), datetime.now(UTC))
        taking = Taking(checking(self.settings), tuple(self.sinks), SERVICE, datetime.now(UTC))
        for record in written:
            self.state.stored(record.status.value)
            take_answers(session, record, taking)
        brought_back(session, written, taking)
        return len(written)

    def _in_place(self, session: Session, row: DocumentRow, record: ReferralRecord) -> ReferralRecord:
        """What was read, among what the store knows, and checked with that."""
        known = with_duplicate(record, row.arrival, documents.earlier_record(session, row, record.source.pages))
        today = row.received_at.astimezone(self.settings.zone).date()
        there = placed(session, known, self.settings.delegated_groups, self.settings.zone)
        return policies_of(self.settings).checked(there, today=today, time_zone=self.settings.zone)

    def deliver(self) -> None:
        """Leave the stored deliveries to those who make them, beside the documents' work.

        A step of its own still: documents that an earlier release had begun find the steps that it recorded.
        """
        self.announce()

    def put_away(self, document_id: str) -> str | None:
        """Move the source to its archive; gives the reason why it failed, if it did.

        Raises:
            StorageUnavailable: a folder cannot be written now.
            WorkLost: the document's folder is gone.
        """
        with Session(self.engine) as session:
            failed = [record for record in documents.current_records(session, document_id) if record.status is Status.UNREADABLE]
        failed = [record for record in failed if not record.final]
        reason = failed[0].gaps[0].message if failed and failed[0].gaps else None
        with storage_errors():
            if reason is None and source_is_gone(self.folders, document_id):
                reason = SOURCE_IS_GONE
        failure = None
        if reason is not None:
            ids = [record.record_id for record in failed]
            failure = Failure(document_id=document_id, record_ids=ids, failed_at=datetime.now(UTC), reason=reason)
        with storage_errors():
            archive(self.folders, document_id, failure, self.keyring)
        return reason

    def finish(self, session: Session, document_id: str, reason: str | None) -> None:
        """Note in the store that the source is in its archive."""
        documents.finish(session, document_id, reason, datetime.now(UTC))
        state = "done" if reason is None else "failed"
        self.state.finished(state)
        _log.info("document finished", document_id=document_id, state=state)

    def _claimed(self, document_id: str) -> tuple[Path, Claim]:
        folder = self.folders.work / document_id
        with storage_errors():
            claim = read_claim(folder)
        if claim is None:
            raise self._lost("A claimed document is not in the work folder.")
        return folder, claim

    def _lost(self, reason: str) -> IntakeError:
        """What is not there will not come back by itself, but where the whole work folder is away."""
        return WorkLost(reason) if self.folders.work.is_dir() else StorageUnavailable("The work folder is not there.")
