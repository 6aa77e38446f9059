"""What a page asks for and whom it is about: tells the next page of a form from the first page of another request."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.labels import find_labels
from extraction.lexicon import lexicon_for
from extraction.printed import with_printed_labels
from extraction.slots import SlotFinder
from models.letters import letters_of
from models.page import Page
from models.values import ValueKind, find_values

# What a form asks for once; names and telephone numbers stand in every section.
_ONCE = frozenset(
    {
        "date_of_birth",
        "member_id",
        "npi",
        "tin",
        "dx_code",
        "proc_code",
        "from_date",
        "kind",
        "urgency",
        "request_date",
        "signature",
    }
)
_IDENTITY = {"date_of_birth": ValueKind.DATE, "member_id": ValueKind.MEMBER_ID}
_SAME_PERSON = ("date_of_birth", "member_id")
# From how many things on, and from which share of what the page asks for, it asks for a whole request again.
_LEAST_REPEATED, _REPEATED = 4, 0.5
_LEAST_REPEATED_OF_ONE, _REPEATED_OF_ONE = 6, 0.7


@dataclass(frozen=True, slots=True)
class PageAsks:
    """What pages ask for (attributes of labels), and what they say of the member: pairs of attribute and value."""

    asked: frozenset[str]
    said: frozenset[tuple[str, str]]

    def __or__(self, other: PageAsks) -> PageAsks:
        """What both ask for and say together."""
        return PageAsks(self.asked | other.asked, self.said | other.said)

    def names_same_member(self, other: PageAsks) -> bool:
        """Whether a birth date or a member's number stands on both."""
        return bool(self.said & other.said)

    def names_another_member(self, other: PageAsks) -> bool:
        """Whether the birth dates and numbers that stand on both all differ."""
        both = [name for name in _SAME_PERSON if self._has(name) and other._has(name)]
        return bool(both) and not self.names_same_member(other)

    def repeats(self, before: PageAsks) -> bool:
        """Whether the page asks again for what the pages before it have asked for, as a request of its own does."""
        again = self.asked & before.asked
        same = self.names_same_member(before)
        least, share = (_LEAST_REPEATED_OF_ONE, _REPEATED_OF_ONE) if same else (_LEAST_REPEATED, _REPEATED)
        return len(again) >= least and len(again) >= share * len(self.asked)

    def _has(self, name: str) -> bool:
        return any(each == name for each, _ in self.said)


def asks_of(page: Page) -> PageAsks:
    """What the labels of the page ask for, and the member's birth date and number where they stand beside their labels."""
    lexicon = lexicon_for(page)
    page = with_printed_labels(page, lexicon)
    labels = find_labels(page, lexicon)
    asked = {label.attribute for label in labels if label.attribute is not None} & _ONCE
    finder = SlotFinder(page, labels)
    said: set[tuple[str, str]] = set()
    for label in labels:
        kind = _IDENTITY.get(label.attribute or "")
        slot = finder.filled(label) if kind is not None else None
        if kind is None or slot is None:
            continue
        values = [reading.value for reading in find_values(kind, slot.text, birth=True) if reading.valid and not reading.repaired]
        said.update((label.attribute or "", letters_of(str(value))) for value in values[:1])
    return PageAsks(frozenset(asked), frozenset(said))
