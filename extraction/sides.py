"""Sections whose title stands in a high cell on their left, beside the rows of their fields."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.labels import Label
from extraction.sections import Owned
from extraction.slots import SlotFinder
from models.geometry import Box

_OWNERS = frozenset({"member", "requesting", "servicing", "pcp"})
# Cells that begin where the title's ends, in page widths, and how many rows of them there are at least.
_TOUCH, _LEAST_ROWS = 0.012, 2
_INSIDE = 0.6


@dataclass(frozen=True, slots=True)
class SideSection:
    """A title beside its fields: the labels that are the title, those of the fields, and whose they are."""

    owner: str
    title: tuple[Label, ...]
    fields: tuple[Label, ...]

    def owned(self) -> tuple[Owned, ...]:
        """The labels of the fields with their owner; the title too, where it is all that says what the first cell holds."""
        named = any(label.attribute in ("name", "last_name", "facility") for label in self.fields)
        said = self.fields if named else (*self.title[:1], *self.fields)
        return tuple(Owned(label, self._owner_of(label), None, False) for label in said)

    def _owner_of(self, label: Label) -> str:
        own = label.meaning.owner
        return own if own is not None and own in _OWNERS else self.owner


def side_sections(labels: tuple[Label, ...], finder: SlotFinder) -> tuple[SideSection, ...]:
    """The sections of a page that have their titles on their left."""
    found: list[SideSection] = []
    taken: set[int] = set()
    for label in labels:
        section = None if id(label) in taken else _section(label, labels, finder)
        if section is not None:
            found.append(section)
            taken |= {id(each) for each in (*section.title, *section.fields)}
    return tuple(found)


def _section(label: Label, labels: tuple[Label, ...], finder: SlotFinder) -> SideSection | None:
    cell, owner = finder.cell_of(label.box), label.meaning.owner
    if cell is None or owner is None or owner not in _OWNERS or label.attribute is not None or finder.words_in(cell):
        return None
    title = tuple(each for each in labels if cell.holds(each.box.x, each.box.y))
    if any(each.attribute is not None or each.meaning.owner not in (owner, None) for each in title):
        return None
    fields = tuple(each for each in labels if _is_beside(each, cell, finder))
    rows = {round(own.top, 3) for each in fields if (own := finder.cell_of(each.box)) is not None and _touches(own, cell)}
    if len(rows) < _LEAST_ROWS or len({each.attribute for each in fields}) < _LEAST_ROWS:
        return None
    return SideSection(owner, title, fields)


def _is_beside(label: Label, title: Box, finder: SlotFinder) -> bool:
    """Whether the label's own cell stands to the right of the title's, within its height."""
    own = finder.cell_of(label.box)
    return own is not None and own.left > title.right - _TOUCH and own.y_overlap(title) > _INSIDE * own.height


def _touches(cell: Box, title: Box) -> bool:
    return abs(cell.left - title.right) < _TOUCH and cell.height < title.height
