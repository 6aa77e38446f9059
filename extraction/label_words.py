"""What the form itself calls each field, so that an office can be asked in the words of its own form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extraction.labels import Label
from extraction.layout import PageLayout
from extraction.sections import PLAN, Owned
from extraction.targets import targets_of

LabelWords = tuple[tuple[str, str], ...]
"""Paths without positions, each with the words that are printed beside its field."""

_OF_LISTS = {
    "dx_code": "diagnoses.code",
    "dx_text": "diagnoses.description",
    "proc_code": "services.code",
    "proc_text": "services.description",
    "modifier": "services.modifiers",
    "units": "services.units",
    "from_date": "services.from_date",
    "to_date": "services.to_date",
}
_WHOLE_NAMES = {"member.name": ("member.last_name", "member.first_name")}
_NAME_PARTS = ("first_name", "last_name")
_OTHERS = frozenset({PLAN, "pcp", "pharmacy", "other"})
_LONGEST = 80
_AROUND = " :*.-_#("


def label_words(layouts: Iterable[PageLayout]) -> LabelWords:
    """For each field that the pages ask for, the label that asks for it most directly, filled in or not."""
    best: dict[str, tuple[float, str]] = {}
    for layout in layouts:
        for owned in layout.owned:
            text = _printed(owned.label)
            for path, weight in _asked_for(owned) if text else ():
                if weight > best.get(path, (0.0, ""))[0]:
                    best[path] = (weight, text)
        best.update(_of_columns(layout))
    return tuple((path, text) for path, (_, text) in sorted(best.items()))


def _of_columns(layout: PageLayout) -> Iterator[tuple[str, tuple[float, str]]]:
    columns = (column for table in layout.tables for column in table.columns if column.attribute in _OF_LISTS)
    return ((_OF_LISTS[column.attribute], (1.0, text)) for column in columns if (text := _printed(column.label)))


def _asked_for(owned: Owned) -> Iterator[tuple[str, float]]:
    quality = owned.label.meaning.quality
    for target in targets_of(owned):
        for path in _paths(target.path):
            yield path, target.weight * quality
    if owned.label.attribute in _OF_LISTS and owned.owner not in _OTHERS:
        yield _OF_LISTS[owned.label.attribute], quality


def _paths(path: str) -> tuple[str, ...]:
    """The record has a provider's name as a whole, and a member's in parts."""
    group, _, name = path.rpartition(".")
    if group != "member" and name in _NAME_PARTS:
        return (f"{group}.name",)
    return _WHOLE_NAMES.get(path, (path,))


def _printed(label: Label) -> str:
    text = " ".join(label.text.split()).strip(_AROUND)
    return text if any(letter.isalpha() for letter in text) and len(text) <= _LONGEST else ""
