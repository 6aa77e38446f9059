"""The outbox folder: one JSON file for each record, named by its id, replaced whole at each revision."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from delivery.sink import DeliveryOptions, Sink
from models.errors import StorageUnavailable
from models.files import write_atomically
from models.mounts import MountedFolder
from models.record import ReferralRecord

NAME = "outbox"


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
        if self.mounted is not None:
            self.mounted.check()
        content = record.model_dump_json(indent=2).encode() + b"\n"
        try:
            write_atomically(self.folder / f"{record.record_id}.json", content, self.file_mode)
        except OSError as error:
            raise StorageUnavailable(f"The outbox cannot be written: {os.strerror(error.errno or 0)}.") from error


def build(options: DeliveryOptions) -> Sink | None:
    """The outbox; there is always one."""
    return Outbox(options.outbox, options.outbox_file_mode, MountedFolder.of("outbox", options.outbox))
