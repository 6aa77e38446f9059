"""Values that a request has once: candidates compete, and no word serves two fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from extraction.cited import words_of
from extraction.labels import Label
from extraction.sections import Owned
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from extraction.targets import Target, targets_of
from models.page import Word
from models.values import ValueKind, ValueReading, find_values

# How sure a slot is by where it lies, before its content is judged.
_STRUCTURE = {
    Direction.IN_CELL: 0.97,
    Direction.NEXT_CELL: 0.95,
    Direction.BOX_BELOW: 0.93,
    Direction.BOX_ABOVE: 0.92,
    Direction.RIGHT: 0.95,
    Direction.ABOVE: 0.85,
    Direction.BELOW: 0.7,
}
# Kinds whose shape alone says that the value is in the right place.
_TELLING = frozenset({ValueKind.NPI, ValueKind.TIN, ValueKind.PHONE, ValueKind.DATE, ValueKind.MEMBER_ID})


# Numbers alone are no name.
_NAMES = frozenset({ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME})
# What a service is asked by, which lists of their own hold.
_IN_LISTS = {
    "proc_code": ValueKind.PROCEDURE,
    "dx_code": ValueKind.ICD10,
    "from_date": ValueKind.DATE,
    "to_date": ValueKind.DATE,
}
# What fits its kind no better than this is a scrap of a label, or noise.
_NO_FIT = 0.25
# What is in a label's second place is so much less likely its value than what is in the first.
_LATER = 0.8
# An identifier of letters and digits is less telling than one with a fixed shape.
_VOTE = {ValueKind.MEMBER_ID: 0.5}


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate value for a field: what was read, in which words, under which label, and how much speaks for it (0..1).

    ``coverage`` is the share of the slot's text that it takes; ``titled`` says that the label or its section names the owner;
    ``later`` that another place of the same label comes before it.
    """

    target: Target
    reading: ValueReading
    words: tuple[Word, ...]
    label: Label
    direction: Direction
    page: int
    score: float
    coverage: float = 1.0
    titled: bool = True
    later: bool = False


def candidates(owned: tuple[Owned, ...], finder: SlotFinder, page: int, today: date) -> tuple[Found, ...]:
    """All candidates on a page for the fields that a request has once.

    Args:
        owned: the page's labels with their owners.
        finder: the page's slots.
        page: 1-based page number.
        today: the day of receipt, for two-digit years.
    """
    found: list[Found] = []
    for each in owned:
        slots = finder.slots(each.label)
        for target in targets_of(each):
            found.extend(_first_fit(each, target, slots, page, today))
    return tuple(found)


def _first_fit(owned: Owned, target: Target, slots: tuple[Slot, ...], page: int, today: date) -> list[Found]:
    """What stands in the label's first filled slot; a kind that tells itself apart may also stand in a later one.

    What it says in a later one counts only where what stands in the first turns out to be another field's.
    """
    first: list[Found] = []
    for slot in slots:
        if not slot.words or (target.kind in _NAMES and not any(c.isalpha() for c in slot.text)):
            continue
        found = _in_slot(owned, target, slot, page, today)
        if target.kind not in _TELLING or (not found and _is_misread(target.kind, slot)):
            return found
        if first:
            return [*first, *(replace(each, score=each.score * _LATER, later=True) for each in found)]
        first = found
    return first


def _is_misread(kind: ValueKind, slot: Slot) -> bool:
    """Whether words that do not fit are the value, misread: beside a label stands its ID, and many things look like one."""
    return kind is ValueKind.MEMBER_ID and slot.direction in (Direction.RIGHT, Direction.IN_CELL)


def _in_slot(owned: Owned, target: Target, slot: Slot, page: int, today: date) -> list[Found]:
    found = []
    label = owned.label
    titled = label.meaning.owner is not None or owned.title is not None
    readings = find_values(target.kind, slot.text, birth=target.birth, today=today)
    if target.kind is ValueKind.SEX and len({reading.value for reading in readings}) > 1:
        return []  # The printed choices, not a value.
    for reading in readings:
        words = words_of(slot.words, reading.start, reading.end)
        if not words or reading.fit < _NO_FIT:
            continue
        score = _STRUCTURE[slot.direction] * label.meaning.quality * target.weight * (0.5 + 0.5 * reading.fit)
        # An address beside a name that the label asks for too leaves no doubt about the name.
        whole = "address" in label.meaning.attributes
        share = 1.0 if whole else min(1.0, (reading.end - reading.start) / max(len(slot.text.strip()), 1))
        score *= _filling(target.kind, share)
        found.append(Found(target, reading, words, label, slot.direction, page, score, share, titled))
    return found


def _filling(kind: ValueKind, share: float) -> float:
    """A value that fills its slot is surer than one found somewhere in a sentence."""
    return 1.0 if kind in _TELLING and share > 0.4 else 0.7 + 0.3 * share


def settle(found: tuple[Found, ...]) -> dict[str, tuple[Found, ...]]:
    """The winner of each field first, then what it won against; a word that a better field took is not used again."""
    taken: set[int] = set()
    settled: dict[str, list[Found]] = {}
    for candidate in sorted(found, key=lambda c: -c.score):
        path = candidate.target.path
        if path in settled:
            settled[path].extend(() if candidate.later else (candidate,))
            continue
        used = sum(id(word) in taken for word in candidate.words)
        if used * 2 > len(candidate.words):
            continue
        settled[path] = [candidate]
        taken.update(id(word) for word in candidate.words)
    return {path: tuple(rivals) for path, rivals in settled.items()}


def telling_fits(owned: tuple[Owned, ...], finder: SlotFinder, today: date) -> float:
    """How well the values fit the labels under one way of finding slots: the sum over labels with a telling kind."""
    total = 0.0
    for each in owned:
        target = next(iter(targets_of(each)), None)
        kind = target.kind if target is not None else _IN_LISTS.get(each.label.attribute or "")
        if kind is None or kind not in _TELLING | set(_IN_LISTS.values()):
            continue
        slot = finder.filled(each.label)
        if slot is not None:
            readings = find_values(kind, slot.text, birth=target is not None and target.birth, today=today)
            total += max((reading.fit * _VOTE.get(kind, 1.0) for reading in readings if reading.valid), default=-0.2)
    return total
