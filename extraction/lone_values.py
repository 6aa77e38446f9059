"""Values whose label noise has spoilt, so that no label asks for them: their shape says what they are, their section whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extraction.behind_names import numbers_behind_names
from extraction.cited import Cited, words_of
from extraction.layout import PageLayout
from extraction.lines import runs_of
from extraction.sections import Owned
from models.evidence import Evidence
from models.geometry import Box
from models.page import Method
from models.values import ValueKind, ValueReading, find_values

# Whose it is was told by its neighbours alone: a person looks at it however surely it was read.
_GUESS = 0.5
_SURE_FIT = 0.9
_GROUPS = {"requesting": "requesting_provider", "servicing": "servicing_provider", "member": "member"}
_KINDS: Mapping[str, tuple[ValueKind, ...]] = {
    "requesting": (ValueKind.NPI, ValueKind.PHONE),
    "servicing": (ValueKind.NPI, ValueKind.PHONE),
    "member": (ValueKind.MEMBER_ID,),
}
_FIELDS = {ValueKind.NPI: ("npi",), ValueKind.PHONE: ("phone", "fax"), ValueKind.MEMBER_ID: ("member_id",)}
# A member's number has digits in plenty, whatever letters stand among them, and is no date and no telephone number.
_MEMBER_ID = re.compile(r"(?=(?:[A-Z]*\d){7})[A-Z]{0,3}\d[A-Z\d]{6,12}")
# What these ask for looks like one of them, or belongs to nobody in the request.
_OTHER_NUMBERS = frozenset(
    {
        "npi",
        "phone",
        "fax",
        "tin",
        "member_id",
        "auth_number",
        "mrn",
        "ssn",
        "group_number",
        "ndc",
        "taxonomy",
        "address",
        "comments",
    }
)


@dataclass(frozen=True, slots=True)
class _Lone:
    """A value that answers no label, and the owner of the fields around it."""

    kind: ValueKind
    owner: str
    cited: Cited


def lone_values(layouts: tuple[PageLayout, ...], taken: frozenset[int], known: frozenset[str]) -> Iterator[tuple[str, Cited]]:
    """Numbers behind the names of providers, and for each person the one value of a telling shape that answers no label.

    Such a value is an NPI with its check digit, the missing one of telephone and fax number, and a member's number. Only where the
    pages were read by OCR: what a digital page calls its fields is never misread.

    Args:
        layouts: the pages of the request.
        taken: the ids of the words that other fields took.
        known: the paths of the fields that have a value.

    Yields:
        Paths with their values.
    """
    said = dict(numbers_behind_names(layouts, known))
    yield from said.items()
    known |= said.keys()
    taken |= {id(word) for cited in said.values() for word in cited.words}
    found = [each for layout in layouts for each in _on_page(layout, taken)]
    for owner, kinds in _KINDS.items():
        for kind in kinds:
            missing = [path for name in _FIELDS[kind] if (path := f"{_GROUPS[owner]}.{name}") not in known]
            mine = [each.cited for each in found if (each.owner, each.kind) == (owner, kind)]
            if len(missing) == 1 and mine and all(cited.value == mine[0].value for cited in mine):
                yield missing[0], mine[0]


def _on_page(layout: PageLayout, taken: frozenset[int]) -> Iterator[_Lone]:
    asked = taken | _asked_for(layout)
    for run in runs_of(layout.page):
        if any(word.method not in (Method.OCR, Method.HANDWRITING) for word in run.words):
            continue
        for kind in _FIELDS:
            for reading in find_values(kind, run.text):
                words = words_of(run.words, reading.start, reading.end)
                if not words or not _is_telling(kind, reading) or any(id(word) in asked for word in words):
                    continue
                owner = _owner_at(Box.around(word.box for word in words), layout)
                if kind in _KINDS.get(owner or "", ()):
                    seen = Evidence(direction="right", label=_GUESS, target=_GUESS, titled=False)
                    cited = Cited(reading.value, reading.text, words, layout.page.number, _GUESS, reading.fit, seen=seen)
                    yield _Lone(kind, owner or "", cited)


def _is_telling(kind: ValueKind, reading: ValueReading) -> bool:
    if not reading.valid or reading.repaired:
        return False
    if kind is ValueKind.MEMBER_ID:
        return _MEMBER_ID.fullmatch(reading.text) is not None and not _is_of_another_kind(reading.text)
    return reading.fit >= _SURE_FIT


def _is_of_another_kind(text: str) -> bool:
    others = (each for kind in (ValueKind.NPI, ValueKind.PHONE, ValueKind.TIN) for each in find_values(kind, text))
    return any(each.valid and each.fit >= _SURE_FIT for each in others)


def _asked_for(layout: PageLayout) -> frozenset[int]:
    """The words that stand where a label asks for such a number, or for one of somebody else's."""
    slots = (layout.finder.filled(each.label) for each in layout.owned if each.label.attribute in _OTHER_NUMBERS)
    return frozenset(id(word) for slot in slots if slot is not None for word in slot.words)


def _owner_at(box: Box, layout: PageLayout) -> str | None:
    """Whose fields stand before and behind a place, in reading order; ``None`` where they differ."""
    before = [each for each in layout.owned if _is_before(each.label.box, box)]
    behind = [each for each in layout.owned if not _is_before(each.label.box, box)]
    near = [
        max(before, key=lambda each: _order(each, box), default=None),
        min(behind, key=lambda each: _order(each, box), default=None),
    ]
    owners = {each.owner for each in near if each is not None and each.title is not None}
    return owners.pop() if len(owners) == 1 and near[int(layout.captions_below)] is not None else None


def _is_before(label: Box, box: Box) -> bool:
    return label.right <= box.left if label.on_row_of(box) else label.y < box.y


def _order(owned: Owned, box: Box) -> tuple[float, float]:
    label = owned.label.box
    return (box.y if label.on_row_of(box) else label.y, label.left)
