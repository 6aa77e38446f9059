"""What a fax gateway may say of a fax, in ``NAME.json`` beside it. Whatever is wrong with it is a warning, never a loss."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

_MOST_BYTES = 1 << 20


class _SidecarFile(BaseModel):
    """The keys that are read; a gateway may write others."""

    model_config = ConfigDict(extra="ignore")

    received_at: datetime | None = None
    sender_number: str | None = None


@dataclass(frozen=True, slots=True)
class GatewayNote:
    """What the gateway said. ``received_at`` carries an offset; ``usable`` is false where the sidecar could not be understood."""

    received_at: datetime | None = None
    sender_number: str | None = None
    usable: bool = True


def read_sidecar(path: Path, zone: ZoneInfo) -> GatewayNote:
    """Read a sidecar; a time without offset is in ``zone``, the site's."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return GatewayNote(usable=False)
        note = _SidecarFile.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return GatewayNote(usable=False)
    received_at = note.received_at
    if received_at is not None and received_at.tzinfo is None:
        received_at = received_at.replace(tzinfo=zone)
    return GatewayNote(received_at, note.sender_number)
