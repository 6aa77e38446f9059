"""Whose a label is: requesting or servicing provider, member, primary care provider, the plan.

The same label stands in several sections, so a label without an owner of its own takes that of the section title above it, or
of the last label in its section that names an owner ("Primary Care Physician: ... Phone: ...").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extraction.labels import Label
from extraction.lexicon import tokens_of
from extraction.neighbours import owner_by_name_before, owner_by_number_behind, reading_order
from extraction.titles import UnreadTitle, part_headed_by
from models.geometry import Box

# Attributes that a section title may name instead of an owner ("DIAGNOSIS", "SERVICES REQUESTED").
_TITLE_ATTRIBUTES = frozenset(
    {"facility", "dx_text", "proc_text", "comments", "coverage", "kind", "description", "signature", "practice"}
)
_PLACES = frozenset({"facility", "practice"})
_MEMBER_ATTRIBUTES = frozenset({"date_of_birth", "member_id", "sex", "age"})
_PROVIDER_ATTRIBUTES = frozenset({"npi", "tin", "fax", "contact", "facility", "specialty", "practice"})
_OF_A_PLACE = frozenset({"npi", "tin", "phone", "fax"})
# Outside every section these are the plan's own: "Fax completed form to", "Questions? Call", "Attention".
_NUMBERS_OF_THE_PLAN = frozenset({"fax", "phone", "contact", "address", "email"})
# Offices and plans have no such phones.
_PEOPLES_PHONES = frozenset({"HOME", "DAYTIME", "EVENING", "CELL", "MOBILE"})
_FILLED_IN = frozenset({"BY", "COMPLETING", "COMPLETED", "PREPARER", "PREPARED"})
# Whether what stands behind such a label is a contact's.
_AFTER = {"contact": True, "name": False, "npi": False}
_PLANS_OWN, _REVIEW = frozenset({"plan", "plan_contact"}), frozenset({"UM", "UTILIZATION"})
_PERSON_OWNERS = frozenset({"member", "requesting", "servicing", "pcp", "pharmacy", "other"})
_TITLE_WORDS = ("SECTION", "INFORMATION", "DETAILS", "DATA")
# How far below a title its labels are looked for, and how near the same left edge they begin, in shares of the page.
_SECTION_HEIGHT = 0.2
_ALIGNED = 0.03
_NEXT_LINES = 3.0
# The words of one label stand this near to each other, in heights of its letters as shares of the page; the choices of a field
# this near to its label.
_WORD_GAP, _CHOICES = 2.2, 0.12
# What a plan fills in, and which words beside it do not tell that it does: an office reports a status and an approval too.
_GIVEN_BY_PLANS = frozenset({"auth_number", "from_date", "to_date", "date"})
_SAID_OF_OTHERS = frozenset({"STATUS", "APPROVED", "RECEIVED", "RECD", "VISIT", "SEEN", "ONSET", "INJURY", "RETURN"})
# Whose own "ID" is no member's.
_OFFICES = frozenset({"requesting", "servicing", "pcp", "pharmacy"})
_BARE_ID = frozenset({"ID", "NUMBER", "NO"})
PLAN = "plan"
UNKNOWN = "unknown"
UNKNOWN_PROVIDER = "provider"
SERVING = "serving_facility"


@dataclass(frozen=True, slots=True)
class Owned:
    """A label and whose it is. ``title`` is the index of its section title among the labels, or ``None``.

    ``after_contact`` says that the last owner-less name before it in its section was a contact person's.
    """

    label: Label
    owner: str
    title: int | None
    after_contact: bool


@dataclass(frozen=True, slots=True)
class _Title:
    index: int
    owner: str | None
    box: Box
    left: float
    right: float
    bottom: float


def assign_owners(
    labels: tuple[Label, ...],
    has_value: Callable[[Label], bool],
    cell_of: Callable[[Box], Box | None],
    unread: tuple[UnreadTitle, ...] = (),
) -> tuple[Owned, ...]:
    """The labels that are no section titles, each with its owner, in reading order.

    Args:
        labels: all labels of the page.
        has_value: whether words stand where the label's value would.
        cell_of: the printed cell around a box, if any.
        unread: titles that nobody understood; the sections before them end there all the same.
    """
    candidates = [(n, label) for n, label in enumerate(labels) if _is_title(label, has_value(label))]
    found = _without_captions([(n, label) for n, label in candidates if not _is_within_line(label, labels, candidates)], labels)
    titles = _with_unread(_with_extents(found, labels, cell_of), unread)
    title_numbers = {title.index for title in titles}
    current: dict[int | None, str | None] = {title.index: _section_owner(title, titles, labels) for title in titles}
    for key in [None, *current]:
        if current.get(key) in (None, UNKNOWN_PROVIDER):
            current[key] = _only_provider(labels, key, titles) or current.get(key)
    contact: dict[int | None, bool] = {}
    parts: list[tuple[Box, str]] = []
    owned: list[Owned] = []
    for n in reading_order(labels):
        label = labels[n]
        if n in title_numbers:
            continue
        title = _title_of(label.box, titles)
        key = title.index if title else None
        named = label.meaning.owner or owner_by_name_before(label, labels) or owner_by_number_behind(label, labels)
        if (title is not None and title.owner == PLAN) or _in_plan_row(label, labels):
            owned.append(Owned(label, PLAN, key, False))
            continue
        boxed = next((owner for cell, owner in parts if cell.holds(label.box.x, label.box.y)), None)
        if named in _PERSON_OWNERS and label.attribute != "signature":
            part = part_headed_by(label, cell_of, labels, filled=has_value(label))
            if part is not None:
                parts.append((part, named))
            else:
                current[key] = named
            contact[key] = False
        elif key is None and current.get(key) == "member" and label.names_somebody:
            current[key] = UNKNOWN_PROVIDER  # What follows a clinician's name is the clinician's.
        if label.attribute in _AFTER:
            contact[key] = _AFTER[label.attribute]
        owner = _owner(label, named, boxed or current.get(key), title)
        owned.append(Owned(label, owner, key, contact.get(key, False)))
    return tuple(owned)


def _section_owner(title: _Title, titles: list[_Title], labels: tuple[Label, ...]) -> str | None:
    """Whose the labels below a title are: "Servicing facility" asks where, if another title asks who serves."""
    others = [t for t in titles if t is not title and t.owner == title.owner and t.index >= 0]
    where = title.owner == "servicing" and title.index >= 0 and labels[title.index].attribute == "facility"
    return "facility" if where and any(labels[t.index].attribute is None for t in others) else title.owner


def _is_within_line(label: Label, labels: tuple[Label, ...], titles: list[tuple[int, Label]]) -> bool:
    """Whether what may be a title is part of a line: a choice behind a field's label, or the first word of a label.

    "Submitted by: ( ) PCP", and "Attending requesting physician" of which a stroke between the first two words was lost.
    """
    row = [o for o in labels if o is not label and o.box.on_row_of(label.box) and not any(o is title for _, title in titles)]
    fields = [o.box for o in row if o.colon and o.attribute not in (None, *_TITLE_ATTRIBUTES)]
    behind_field = any(0 <= label.box.left - box.right < _CHOICES for box in fields)
    goes_on = not label.colon and any(0 <= o.box.left - label.box.right < _WORD_GAP * label.box.height for o in row)
    return label.meaning.owner in _PERSON_OWNERS and (behind_field or goes_on)


def _in_plan_row(label: Label, labels: tuple[Label, ...]) -> bool:
    """Whether labels of the plan's own box ("Date received", "Reviewed by") stand beside it: the box's title was lost.

    One is enough for a number or a date, if it says what only a plan does.
    """
    beside = [o for o in labels if o.attribute == "plan_use" and o.box.on_row_of(label.box)]
    plans_only = any(_SAID_OF_OTHERS.isdisjoint(tokens_of(o.text)) for o in beside)
    return len(beside) >= 2 or (plans_only and label.attribute in _GIVEN_BY_PLANS)


def _only_provider(labels: tuple[Label, ...], key: int | None, titles: list[_Title]) -> str | None:
    """The one provider that labels of a section name, where the section's title does not say whose it is."""
    if key is None:
        return None
    heads = {title.index for title in titles}
    inside = [
        label
        for n, label in enumerate(labels)
        if n not in heads and (title := _title_of(label.box, titles)) is not None and title.index == key
    ]
    named = {label.meaning.owner for label in inside if label.meaning.owner in ("requesting", "servicing", "pcp", "member")}
    if key < 0 and any(label.attribute in _MEMBER_ATTRIBUTES for label in inside):
        return "member"
    return named.pop() if len(named) == 1 and not named & {"member"} else None


def _owner(label: Label, named: str | None, section: str | None, title: _Title | None) -> str:
    attribute, titled = label.attribute, title.owner if title is not None else None
    if named in _PLANS_OWN or (attribute in _NUMBERS_OF_THE_PLAN and not _REVIEW.isdisjoint(tokens_of(label.text))):
        return PLAN
    if attribute == "contact" and named is None and titled == "requesting":
        named = titled  # The office's, whoever was named within the section before.
    if named in _PERSON_OWNERS:
        return named
    own_id = titled in _OFFICES and _BARE_ID.issuperset(tokens_of(label.text))
    if attribute in _MEMBER_ATTRIBUTES and section not in ("other", PLAN) and not own_id:
        return "member"
    if named == "facility" or attribute == "facility":
        apart = named == "facility" and attribute in _OF_A_PLACE and section == "requesting" and titled is None
        section = "servicing" if apart else section  # "Facility NPI" behind an ordering physician's own.
        return section if section in ("requesting", "servicing", "pcp", "pharmacy") else "facility"
    if section == "facility":
        return "facility"
    if section is None and attribute in _NUMBERS_OF_THE_PLAN and not label.meaning.neutral:
        is_a_persons = attribute == "phone" and not _PEOPLES_PHONES.isdisjoint(tokens_of(label.text))
        # Under a title that says nothing of its owner a number may be anybody's, and who filled the form in is no plan's.
        is_anybodys = title is not None or (attribute == "contact" and not _FILLED_IN.isdisjoint(tokens_of(label.text)))
        return "member" if is_a_persons else UNKNOWN if is_anybodys else PLAN
    if label.meaning.neutral or attribute in _PROVIDER_ATTRIBUTES:
        return section if section in ("requesting", "servicing", "pcp", "pharmacy", "other") else UNKNOWN_PROVIDER
    return section or UNKNOWN


def _is_title(label: Label, has_value: bool) -> bool:
    words = label.text.upper()
    if label.meaning.owner == "plan_contact":
        return False
    if label.meaning.owner == PLAN:
        return not has_value
    if has_value and not (label.attribute is None and any(word in words for word in _TITLE_WORDS)):
        return False
    named = label.meaning.owner is not None or label.meaning.neutral
    if label.attribute in _PLACES and "NAME" in tokens_of(label.text):
        return False  # A field that was left blank.
    return (label.attribute is None and named) or label.attribute in _TITLE_ATTRIBUTES


def _without_captions(found: list[tuple[int, Label]], labels: tuple[Label, ...]) -> list[tuple[int, Label]]:
    """The titles without the caption of a section's first field, which names the owner that the title has just named."""

    def repeats(label: Label, title: Label) -> bool:
        gap = label.box.top - title.box.bottom
        aligned = -_ALIGNED < label.box.left - title.box.left < _ALIGNED
        first = not any(title.box.bottom < o.box.y < label.box.top for o in labels)
        return aligned and first and 0.0 < gap < _NEXT_LINES * label.box.height and label.meaning.owner == title.meaning.owner

    return [
        (n, label)
        for n, label in found
        if label.meaning.owner not in _PERSON_OWNERS or not any(repeats(label, o) for _, o in found)
    ]


def _with_extents(found: list[tuple[int, Label]], labels: tuple[Label, ...], cell_of: Callable[[Box], Box | None]) -> list[_Title]:
    titles: list[_Title] = []
    for n, label in found:
        row = [other for _, other in found if other is not label and other.box.on_row_of(label.box)]
        before = max((o for o in row if o.box.left < label.box.left), key=lambda o: o.box.left, default=None)
        behind = min((o for o in row if o.box.left > label.box.left), key=lambda o: o.box.left, default=None)
        left = _left_of(label, before, labels) if before is not None else 0.0
        right = _left_of(behind, label, labels) if behind is not None else 1.0
        cell = cell_of(label.box)
        bottom = 1.0
        if cell is not None and row and not any(cell.holds(o.box.x, o.box.y) for o in row):
            left, right = min(left, cell.left), max(cell.right, label.box.right)
            bottom = cell.bottom if _holds_fields(cell, labels) else 1.0
        elif cell is not None and cell.height > 3 * label.box.height and label.meaning.owner == PLAN:
            left, right, bottom = cell.left, cell.right, cell.bottom
        elif not row:
            left, right = _within_columns(label, labels, titles)
        owner = label.meaning.owner or ("provider" if label.meaning.neutral and label.attribute is None else None)
        titles.append(_Title(n, owner, label.box, left, right, bottom))
    return titles


def _holds_fields(cell: Box, labels: tuple[Label, ...]) -> bool:
    """Whether the fields of a section stand in one cell with its title: it ends where the cell does."""
    return sum(label.attribute not in (None, *_TITLE_ATTRIBUTES) and cell.holds(label.box.x, label.box.y) for label in labels) > 1


def _with_unread(titles: list[_Title], unread: tuple[UnreadTitle, ...]) -> list[_Title]:
    """The titles with those that nobody understood, under indexes that no label has; each spans what the title beside it leaves."""
    for n, title in enumerate(unread):
        box = title.box
        row = [t.box.left for t in titles if t.box.on_row_of(box) and t.box.left > box.left]
        left = box.left - 0.02 if any(t.box.on_row_of(box) and t.box.left < box.left for t in titles) else 0.0
        titles = [*titles, _Title(-1 - n, title.owner, box, left, min(row, default=1.0), 1.0)]
    return titles


def _within_columns(label: Label, labels: tuple[Label, ...], titles: list[_Title]) -> tuple[float, float]:
    """The extent of a title alone on its row: the page, or the column of two sections side by side that it stands in.

    It stands in the left one only where labels of the right one go on beside it.
    """
    above = _title_of(label.box, titles)
    if above is None or (above.left <= 0.0 and above.right >= 1.0):
        return 0.0, 1.0
    beside = any(o.box.on_row_of(label.box) and o.box.left >= above.right for o in labels)
    return (above.left, above.right) if above.left > 0.0 or beside else (0.0, 1.0)


def _left_of(title: Label, before: Label, labels: tuple[Label, ...]) -> float:
    """Where the column under a title begins: at the title, or half-way to the title before it where both stand centred."""
    own = title.box.left - 0.02
    below = [o.box for o in labels if 0 < o.box.y - title.box.y < _SECTION_HEIGHT]
    if any(abs(box.left - title.box.left) < _ALIGNED for box in below):
        return own
    middle = (before.box.x + title.box.x) / 2
    begins = [box.left for box in below if middle - _ALIGNED < box.left < title.box.left]
    return min(begins) - 0.005 if len(begins) >= 2 else own


def _title_of(box: Box, titles: list[_Title]) -> _Title | None:
    above = [t for t in titles if t.box.y < box.y - 0.3 * box.height and t.left <= box.left + 0.004 < t.right and box.y <= t.bottom]
    return max(above, key=lambda t: (t.box.y, t.left), default=None)
