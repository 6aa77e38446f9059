"""What a delivery target is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from models.letter import OutgoingLetter
from models.record import ReferralRecord


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """Where records are posted, and how.

    ``secret`` signs them; ``timeout_s`` is for one whole exchange, in seconds; ``ca_file`` holds the certificates to trust in place
    of the system's.
    """

    url: str
    secret: str = field(repr=False)
    timeout_s: float = 30.0
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """What the targets may be told; without ``webhook`` there is none.

    ``outbox`` is the folder that receives one file for each record, each with the access ``outbox_file_mode``.
    """

    outbox: Path
    outbox_file_mode: int = 0o600
    webhook: WebhookOptions | None = None


class Sink(Protocol):
    """A target that records are delivered to.

    ``deliver`` is called from several threads, after the record is in the store: for one record by one thread at a time, and in the
    order of its revisions. It is called once for each revision, and again after every crash or lost answer that kept the delivery
    from being noted: the same revision given twice must leave what it leaves when given once. It never drops a record:

    ========================  ============================================================================================
    ``StorageUnavailable``    trouble of our own, such as a full disk: tried again for as long as it lasts
    ``TargetUnavailable``     trouble of somebody else's: tried again, and parked after so many attempts
    ``DeliveryRefused``       the target will not have this revision: parked at once
    ========================  ============================================================================================

    A whole target, in ``delivery/sinks/drop.py``::

        NAME = "drop"

        class Drop:
            def deliver(self, record: ReferralRecord) -> None:
                (Path("/mnt/drop") / f"{record.record_id}.json").write_text(record.model_dump_json())

        def build(options: DeliveryOptions) -> Sink | None:
            return Drop() if Path("/mnt/drop").is_dir() else None
    """

    def deliver(self, record: ReferralRecord) -> None:
        """Deliver one revision of a record, or raise one of the errors above."""
        ...


@runtime_checkable
class LetterSink(Protocol):
    """A target that letters to offices are delivered to as well; one that has no ``deliver_letter`` is given records alone."""

    def deliver_letter(self, letter: OutgoingLetter) -> None:
        """Deliver a letter, or raise what a sink raises; the same letter given twice must leave what it leaves when given once."""
        ...
