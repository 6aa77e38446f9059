"""The outbox folder: one JSON file for each record, named by its id, replaced whole at each revision, and letters beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from delivery.letter_note import LetterNote
from delivery.sink import DeliveryOptions, Sink
from models.errors import StorageUnavailable
from models.files import write_atomically
from models.letter import OutgoingLetter
from models.mounts import MountedFolder
from models.record import ReferralRecord

NAME = "outbox"
LETTERS = "letters"
"""The folder in the outbox that letters are written into."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes ``RECORD_ID.json`` into a folder, while what was ``mounted`` under it when the service began is there."""

    folder: Path
    file_mode: int = 0o600
    mounted: MountedFolder | None = None

    def deliver(self, record: ReferralRecord) -> None:
        """Write the record's file.

        Raises:
            StorageUnavailable: the folder is missing, not mounted, full or not writable.
        """
        content = record.model_dump_json(indent=2).encode() + b"\n"
        with self._writing():
            write_atomically(self.folder / f"{record.record_id}.json", content, self.file_mode)

    def deliver_letter(self, letter: OutgoingLetter) -> None:
        """Write ``letters/LETTER_ID.pdf``, and after it ``letters/LETTER_ID.json``: where that is, the PDF is whole.

        Raises:
            StorageUnavailable: the folder is missing, not mounted, full or not writable.
        """
        folder = self.folder / LETTERS
        with self._writing():
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                folder.chmod(_folder_mode(self.file_mode))
            drawn, told = files_of(letter.letter_id)
            write_atomically(folder / drawn, letter.pdf, self.file_mode)
            note = LetterNote.of(letter).model_dump_json(indent=2).encode() + b"\n"
            write_atomically(folder / told, note, self.file_mode)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.mounted is not None:
            self.mounted.check()
        try:
            yield
        except OSError as error:
            raise StorageUnavailable(f"The outbox cannot be written: {os.strerror(error.errno or 0)}.") from error


def files_of(letter_id: str) -> tuple[str, str]:
    """The names of a letter's files: its PDF, and what is told beside it."""
    return f"{letter_id}.pdf", f"{letter_id}.json"


def _folder_mode(file_mode: int) -> int:
    """Who may read a file may list its folder."""
    return file_mode | (file_mode & 0o444) >> 2


def build(options: DeliveryOptions) -> Sink | None:
    """The outbox; there is always one."""
    return Outbox(options.outbox, options.outbox_file_mode, MountedFolder.of("outbox", options.outbox))
