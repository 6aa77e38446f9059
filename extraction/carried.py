"""Sections that go on over a page break: the labels above the first title of the next page are the section's that was begun."""

from __future__ import annotations

from dataclasses import replace

from extraction.layout import PageLayout
from extraction.sections import PLAN, UNKNOWN, UNKNOWN_PROVIDER, Owned

_PEOPLE = frozenset({"requesting", "servicing", "pcp", "pharmacy", "other"})
# What every provider's section may ask for.
_OF_A_PROVIDER = frozenset({"npi", "tin", "phone", "fax", "address", "email", "contact", "specialty", "facility", "practice"})
# A phone alone may be the member's; beside these, or beside a label that names the section's owner, it is not.
_TELLING = frozenset({"npi", "tin", "fax", "specialty"})
_SAYS_NOTHING = frozenset({None, "form_title"})


def with_carried(layouts: tuple[PageLayout, ...]) -> tuple[PageLayout, ...]:
    """The pages of one request, in order; what stands before the first title of a page is owned as the end of the page before it.

    A label that the section before the break has already is not its second one, and what is printed on both pages is a letterhead.
    """
    done = list(layouts[:1])
    for layout in layouts[1:]:
        done.append(_after(done[-1], layout))
    return tuple(done)


def _after(before: PageLayout, layout: PageLayout) -> PageLayout:
    last = _last(before)
    if last is None:
        return layout
    had = {o.label.attribute for o in before.owned if o.owner == last.owner and o.title == last.title}
    open_ones = [o for o in layout.owned if _is_open(o) and o.label.attribute not in had and not _is_repeated(o, before, layout)]
    named = any(o.title is None and o.label.meaning.owner == last.owner for o in layout.owned)
    if not named and not any(o.label.attribute in _TELLING for o in open_ones):
        return layout
    ids = {id(o) for o in open_ones}
    return replace(layout, owned=tuple(replace(o, owner=last.owner) if id(o) in ids else o for o in layout.owned))


def _last(layout: PageLayout) -> Owned | None:
    """The last label of a page, where it stands in the section of a person."""
    asked = [o for o in layout.owned if o.label.attribute not in _SAYS_NOTHING or o.label.meaning.owner in _PEOPLE]
    told = [o for o in asked if o.owner != PLAN]
    last = max(told, key=lambda o: (o.label.box.y, o.label.box.left), default=None)
    below = last is not None and any(table.box.top > last.label.box.bottom for table in layout.tables)
    return last if last is not None and not below and last.title is not None and last.owner in _PEOPLE else None


def _is_open(owned: Owned) -> bool:
    """Whether a label stands under no title and says nothing of whose it is."""
    if owned.title is not None or owned.label.attribute not in _OF_A_PROVIDER:
        return False
    if owned.label.attribute == "facility":
        return owned.owner == "facility"
    return owned.label.meaning.owner is None and owned.owner in (PLAN, UNKNOWN, UNKNOWN_PROVIDER, "member")


def _is_repeated(owned: Owned, before: PageLayout, layout: PageLayout) -> bool:
    """Whether the value, or a part of it that is as telling, is printed on the page before too."""
    slot = layout.finder.filled(owned.label)
    if slot is None:
        return False
    printed = {word.text for word in before.page.words}
    return all(word.text in printed for word in slot.words)
