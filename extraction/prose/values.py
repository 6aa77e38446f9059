"""The typed values of a sentence: codes, modifiers, units, dates and NPIs."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from extraction.prose.cues import prose_data
from extraction.prose.days import days_in
from extraction.prose.items import Item, ItemKind
from models.values import ValueKind, ValueReading, find_values

_LEAST_FIT = 0.45
_DIAGNOSIS_WORD = re.compile(r"\b(?:diagnos[ie]s|diagnostic|dx|icd)\b", re.IGNORECASE)
_PROCEDURE_WORD = re.compile(r"\b(?:cpt|hcpcs|procedure|service|billing)\b", re.IGNORECASE)
_MODIFIER_WORD = re.compile(r"\b(?:modifiers?|modifer|mods?)\b", re.IGNORECASE)
_BEFORE_MODIFIER = re.compile(
    r"(?:\b(?:modifiers?|modifer|mods?|from|to|by|as|than|with|add|append|remove|delete|drop|and|or|not|of|be|s/b|is|read|list|side|left|right|change|was)|[,/:=#>])[\s\"'“(]*$",
    re.IGNORECASE,
)
_WORDS_NOT_MODIFIERS = frozenset(
    {
        "TO",
        "AS",
        "AT",
        "IN",
        "IS",
        "OF",
        "OR",
        "ON",
        "BY",
        "AN",
        "AM",
        "NO",
        "MD",
        "DO",
        "CA",
        "ID",
        "PT",
        "OT",
        "PA",
        "IT",
        "BE",
        "IF",
        "WE",
        "MY",
        "ST",
    }
)
_LATERALITY = re.compile(r"\b(?:laterality|wrong side|side)\b", re.IGNORECASE)
# Sides and rented or new equipment: with two of them in a sentence it is plain what they are.
_PLAIN = frozenset({"RT", "LT", "NU", "RR", "UE"})
_SIDE = re.compile(r"\b(?:from|to)\s+(?:the\s+)?(left|right|bilateral)\b(?!\s+(?:knee|hip|shoulder|foot|hand))", re.IGNORECASE)
_SIDES = {"left": "LT", "right": "RT", "bilateral": "50"}
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30,
}  # fmt: skip
"""Numbers in words, as offices count visits and weeks."""
_TIME_OR_DOSE = r"(?:weeks?|wks?|days?|months?|years?|yrs?|mg|ml|mcg|mm|cm|lbs?|kg|%|/)"


def values_in(text: str, offset: int = 0, written_on: date | None = None) -> tuple[Item, ...]:
    """All values of a sentence in order, none overlapping; places are ``offset`` further right than in ``text``.

    ``written_on`` is the day of the text, from which days without a year take theirs.
    """
    dates = _dates(text)
    taken: list[Item] = [*dates, *days_in(text, dates, written_on)]
    for found in (_npis, _diagnoses, _codes, _modifiers, _units):
        taken += [item for item in found(text) if not any(item.start < other.end and other.start < item.end for other in taken)]
    moved = (Item(item.kind, item.name, item.start + offset, item.end + offset, item.text, item.value, item.fit) for item in taken)
    return tuple(sorted(moved, key=lambda item: item.start))


def _item(name: str, reading: ValueReading, fit: float | None = None) -> Item:
    return Item(ItemKind.VALUE, name, reading.start, reading.end, reading.text, reading.value, fit or reading.fit)


def _dates(text: str) -> list[Item]:
    readings = find_values(ValueKind.DATE, text)
    return [_item("date", reading) for reading in readings if reading.value is not None and reading.fit > _LEAST_FIT]


def _npis(text: str) -> list[Item]:
    readings = (reading for reading in find_values(ValueKind.NPI, text) if reading.value is not None and reading.fit >= _LEAST_FIT)
    return [_item("npi", reading) for reading in readings if not re.search(r"[^0-9A-Za-z|!]", reading.text)]


def _glued(text: str, reading: ValueReading) -> bool:
    """Whether the span is a part of a longer number: 2602-91444."""
    before, after = text[: reading.start], text[reading.end :]
    return re.search(r"[0-9A-Za-z]-$", before) is not None or re.match(r"-[0-9]{3}|[0-9A-Za-z]", after) is not None


def _diagnoses(text: str) -> list[Item]:
    items = []
    for reading in find_values(ValueKind.ICD10, text):
        if _glued(text, reading):
            continue
        dotted = re.search(r"[.·•]", reading.text) is not None
        if (dotted and (reading.valid or not reading.repaired)) or _named_diagnosis(text, reading):
            items.append(_item("diagnosis", reading))
    return items


def _named_diagnosis(text: str, reading: ValueReading) -> bool:
    """A code without its dot is a diagnosis where the nearest word of kind before it says so."""
    if (reading.repaired and not reading.valid) or re.search(r"\s", reading.text):
        return False
    if len(reading.text) < 4 and not (reading.valid and re.fullmatch(r"[A-Z]\d[0-9A-Z]", reading.text)):
        return False
    before = text[: reading.start]
    diagnosis = max((match.start() for match in _DIAGNOSIS_WORD.finditer(before)), default=-1)
    procedure = max((match.start() for match in _PROCEDURE_WORD.finditer(before)), default=-1)
    return diagnosis > procedure


def _codes(text: str) -> list[Item]:
    readings = find_values(ValueKind.PROCEDURE, text)
    return [_item("code", r) for r in readings if r.valid and not _glued(text, r)]


def _modifiers(text: str) -> list[Item]:
    readings = find_values(ValueKind.MODIFIER, text)
    plain = sum(reading.text in _PLAIN for reading in readings)
    named = _MODIFIER_WORD.search(text) is not None or _LATERALITY.search(text) is not None
    named = named or plain > 1
    items = [
        _item("modifier", reading)
        for reading in readings
        if (plain > 1 and reading.text in _PLAIN) or _is_modifier(text, reading, named=named)
    ]
    return [*items, *_sides(text, items)] if named else items


def _is_modifier(text: str, reading: ValueReading, *, named: bool) -> bool:
    """Whether two characters are meant as a modifier: right after a code, or marked in a sentence that speaks of modifiers."""
    before, after = text[: reading.start], text[reading.end :]
    after_word = re.search(r"\b(?:modifiers?|mods?)[\s:#]*$", before, re.IGNORECASE) is not None
    if not (reading.text.isupper() or reading.text.isdigit()) or (reading.text.upper() in _WORDS_NOT_MODIFIERS and not after_word):
        return False
    if _counts_something(after):
        return False
    on_code = re.search(r"[0-9A-Z]{5}\s?-\s?$", before) is not None and not re.match(r"-?\d", after)
    glued = re.search(r"[0-9A-Z]{5}$", before) is not None and reading.text.isalpha()
    marked = (
        _BEFORE_MODIFIER.search(before) is not None or re.match(r"[\s\"'”]*(?:modifier|mod)\b", after, re.IGNORECASE) is not None
    )
    return on_code or glued or (named and marked)


def _counts_something(after: str) -> bool:
    return re.match(rf"\s*(?:{_TIME_OR_DOSE}|(?:more |additional )?(?:{_unit_words()})\b)", after, re.IGNORECASE) is not None


def _sides(text: str, known: list[Item]) -> list[Item]:
    """Sides in words; "left (LT)" is said once."""
    matches = (found for found in _SIDE.finditer(text) if not any(0 <= item.start - found.end(1) <= len(" (") for item in known))
    return [
        Item(ItemKind.VALUE, "modifier", found.start(1), found.end(1), found[1], _SIDES[found[1].lower()], 0.8) for found in matches
    ]


@lru_cache(maxsize=1)
def _unit_words() -> str:
    return "|".join(sorted(prose_data().unit_words, key=len, reverse=True))


@lru_cache(maxsize=1)
def _unit_pattern() -> re.Pattern[str]:
    more = "|".join(re.escape(word) for word in prose_data().more)
    number = rf"(?P<number>\d{{1,4}}|{'|'.join(NUMBERS)})"
    middle = r"(?P<middle>(?:(?!(?:to|from|for|and|of|with|through|by)\b)[A-Za-z'/]+\s+){0,3}?)"
    counted = rf"{number}(?:\s*\(\d{{1,4}}\))?(?![\w./-])\s+{middle}(?:{_unit_words()})\b"
    return re.compile(rf"(?<![\w./-])(?P<before>(?:{more})\s+|\+\s?)?{counted}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _more_pattern() -> re.Pattern[str]:
    """As in: 12 more; additional units requested: 20."""
    more = "|".join(re.escape(word) for word in prose_data().more)
    labelled = (
        rf"\b(?:{more})\s+(?:{_unit_words()})(?:\s+(?:requested|needed|required))?\s*[:=]\s*(?P<labelled>\d{{1,3}})\b(?![./-]\d)"
    )
    return re.compile(
        rf"{labelled}|(?<![\w./-])(?P<plain>\d{{1,3}})\s+(?:more|additional|further)(?=\s*(?:[.,;)]|$))", re.IGNORECASE
    )


def _more_units(text: str) -> list[Item]:
    if _UNITS_FIELD.search(text) is None:
        return []
    found = []
    for match in _more_pattern().finditer(text):
        group = "labelled" if match["labelled"] else "plain"
        found.append(Item(ItemKind.VALUE, "more_units", *match.span(group), match[group], int(match[group]), 0.85))
    return found


_BARE_NUMBER = re.compile(
    rf"(?:\b(?:from|to|by|of|is|as|was|be|s/b|with|read|not|than|say|now|need|needs|units|visits|quantity|qty)|[:=>→])\s+(?P<number>\d{{1,4}})\b(?![./-]\d)(?!\s*{_TIME_OR_DOSE})",
    re.IGNORECASE,
)
_UNITS_FIELD = re.compile(r"\b(?:units?|visits?|sessions?|treatments?|quantity|qty)\b", re.IGNORECASE)

_COUNTED_LATER = re.compile(r"\s+(?:to|by)\s+\d{1,4}\s+(?:\w+\s+)?(?:units?|visits?|sessions?|treatments?)\b", re.IGNORECASE)


def _units(text: str) -> list[Item]:
    items = _more_units(text)
    for match in _unit_pattern().finditer(text):
        if any(match.start("number") == item.start for item in items):
            continue
        number = match["number"].lower()
        value = NUMBERS[number] if number in NUMBERS else int(number)
        words = {*(match["before"] or "").lower().split(), *match["middle"].lower().split()}
        more = "more_units" if words & {"+", *prose_data().more} else "units"
        items.append(Item(ItemKind.VALUE, more, match.start("number"), match.end(), match.group(), value, 0.95))
    if _UNITS_FIELD.search(text):
        items += [
            Item(ItemKind.VALUE, "units", m.start("number"), m.end("number"), m["number"], int(m["number"]), 0.85)
            for m in _BARE_NUMBER.finditer(text)
            if (_UNITS_FIELD.search(text[: m.start("number")]) or _COUNTED_LATER.match(text[m.end() :]))
            and not any(m.start("number") < item.end and item.start < m.end("number") for item in items)
        ]
    return items
