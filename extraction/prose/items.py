"""What the language reader finds in a sentence: acts, roles, fields and values, left to right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ItemKind(StrEnum):
    """What a stretch of a sentence is."""

    ACT = "act"
    ROLE = "role"
    FIELD = "field"
    VALUE = "value"
    JOIN = "join"
    BREAK = "break"
    MORE = "more"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of text with its meaning.

    ``name`` is the act (``replace``), the role (``new``), the field (``services.code``) or the type of a value (``code``,
    ``diagnosis``, ``modifier``, ``units``, ``date``, ``npi``, ``name``). ``start`` and ``end`` are places in the text.
    ``barred`` marks an act that is denied, past or only possible; ``passive`` one whose object stands before it
    ("97110 be changed").
    """

    kind: ItemKind
    name: str
    start: int
    end: int
    text: str
    value: str | int | date | None = None
    fit: float = 1.0
    barred: bool = False
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place in the text and its items in order, one at a place."""

    start: int
    end: int
    text: str
    items: tuple[Item, ...]

    def all(self, kind: ItemKind, name: str | None = None) -> tuple[Item, ...]:
        """Its items of a kind."""
        return tuple(item for item in self.items if item.kind is kind and name in (None, item.name))
