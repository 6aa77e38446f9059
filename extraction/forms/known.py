"""What is known of a registered form: its printed words, and the zones to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.geometry import Box


class ZoneKind(StrEnum):
    """How a zone is filled in."""

    TEXT = "text"
    COMB = "comb"
    CHECK_BOX = "check_box"
    TABLE = "table"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class ZoneColumn:
    """A column of a table zone. ``field`` is ``None`` where it holds nothing of the record; the edges are page fractions."""

    field: str | None
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A row of a table zone, in page fractions."""

    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Zone:
    """One place to fill in on the blank.

    ``label`` is what is printed there. ``fields`` are the record's fields that it holds (names in
    :mod:`extraction.forms.names`); none for a place whose value belongs to nobody of ours, such as the plan's own box.
    ``values`` are what a check-box means when it is ticked, the likeliest first. A table without ``rows`` is read line by line.
    """

    label: str
    fields: tuple[str, ...]
    kind: ZoneKind
    box: Box
    values: tuple[str, ...] = ()
    columns: tuple[ZoneColumn, ...] = ()
    rows: tuple[ZoneRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word that the blank itself prints."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of a blank form."""

    aspect: float
    words: tuple[PrintedWord, ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A registered form. ``name`` is the site's own name for it."""

    name: str
    pages: tuple[FormPage, ...]
