"""What a delivery target is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.record import ReferralRecord


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """What the targets may be told. ``outbox`` is the folder that receives one file for each record."""

    outbox: Path


class Sink(Protocol):
    """A target that records are delivered to.

    ``deliver`` is called from several threads, after the record is in the store, once for each revision and again after every
    crash that kept the delivery from being noted: the same revision given twice must leave what it leaves when given once.
    It raises ``StorageUnavailable`` for trouble that may pass, and the delivery is tried again later; it never drops a record.

    A whole target, in ``delivery/sinks/drop.py``::

        NAME = "drop"

        class Drop:
            def deliver(self, record: ReferralRecord) -> None:
                (Path("/mnt/drop") / f"{record.record_id}.json").write_text(record.model_dump_json())

        def build(options: DeliveryOptions) -> Sink | None:
            return Drop() if Path("/mnt/drop").is_dir() else None
    """

    def deliver(self, record: ReferralRecord) -> None:
        """Deliver one revision of a record.

        Raises:
            StorageUnavailable: the target cannot be reached or written now.
        """
        ...
