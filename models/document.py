"""A claimed document, before any of it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class MediaType(StrEnum):
    """What the bytes are, told by their content and never by the file's name."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    PNG = "image/png"
    JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Document:
    """One arrival.

    ``file_name`` is PHI and stands in the record alone. ``arrival`` counts arrivals of equal bytes from 1 and is part of the
    record id. ``received_at`` carries its offset. ``sender_number`` is E.164 as the fax gateway gave it. ``arrangement`` holds the
    pages, 1-based, of each request, where a person said which they are. ``plan_folder`` is the name of the inbox folder that it
    came through, where that was a plan's.
    """

    path: Path
    file_name: str
    sha256: str
    media_type: MediaType
    received_at: datetime
    arrival: int = 1
    sender_number: str | None = None
    arrangement: tuple[tuple[int, ...], ...] | None = None
    plan_folder: str | None = None
