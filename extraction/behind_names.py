"""Numbers that stand behind a provider's name on its own line: "Ann Lee MD (NPI 1234567893), Ph 831-555-0101, Fax 831-555-0102"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from extraction.cited import Cited, words_of
from extraction.layout import PageLayout
from extraction.sections import Owned
from extraction.targets import targets_of
from models.evidence import Evidence
from models.page import Word
from models.values import ValueKind, ValueReading, find_values

_NAME = ".name"
_SAID: Mapping[str, tuple[ValueKind, re.Pattern[str]]] = {
    "npi": (ValueKind.NPI, re.compile(r"\bNPI\b[\s:#]*(?:no\.?|number)?[\s:#]*", re.IGNORECASE)),
    "tin": (ValueKind.TIN, re.compile(r"\b(?:TIN|EIN|tax id)\b[\s:#]*", re.IGNORECASE)),
    "phone": (ValueKind.PHONE, re.compile(r"\b(?:ph|phone|tel|telephone)\b[\s.:#]*", re.IGNORECASE)),
    "fax": (ValueKind.PHONE, re.compile(r"\b(?:fax|fx)\b[\s.:#]*", re.IGNORECASE)),
}
# How surely the number is the one of the name before it.
_SURE = 0.93


def numbers_behind_names(layouts: tuple[PageLayout, ...], known: frozenset[str]) -> Iterator[tuple[str, Cited]]:
    """The numbers behind the names of the requesting and the servicing provider; ``known`` are the paths that have a value."""
    given = set(known)
    for layout in layouts:
        for owned in layout.owned:
            for path, cited in _behind(owned, layout):
                if path not in given:
                    given.add(path)
                    yield path, cited


def _behind(owned: Owned, layout: PageLayout) -> Iterator[tuple[str, Cited]]:
    groups = [target.path.removesuffix(_NAME) for target in targets_of(owned) if target.path.endswith(f"_provider{_NAME}")]
    slot = layout.finder.filled(owned.label) if groups else None
    if slot is None:
        return
    for name, (kind, said) in _SAID.items():
        reading = _said(kind, said, slot.words)
        if reading is not None:
            words = words_of(slot.words, reading.start, reading.end)
            seen = Evidence(direction=slot.direction.value, label=owned.label.meaning.quality, titled=owned.title is not None)
            yield (
                f"{groups[0]}.{name}",
                Cited(reading.value, reading.text, words, layout.page.number, _SURE, reading.fit, valid=reading.valid, seen=seen),
            )


def _said(kind: ValueKind, said: re.Pattern[str], words: tuple[Word, ...]) -> ValueReading | None:
    """The value of a kind right behind the word that says so."""
    text = " ".join(word.text for word in words)
    ends = {match.end() for match in said.finditer(text)}
    return next((each for each in find_values(kind, text) if any(0 <= each.start - end <= 1 for end in ends)), None)
