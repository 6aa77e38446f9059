"""Which pages are one request: forms with their continuation, letters, and what is only attached to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.classify import PageFacts, facts
from extraction.pages import PageKind, RequestPages
from models.page import Page

_FORMS = (PageKind.FORM, PageKind.CHANGE_FORM)
_WEAK = 5.0
"""Score of a kind that a few stray words can reach."""
_REPEAT = 0.62
"""Share of the smaller page's words that two pages have in common when they are the same printed page, filled in twice."""


@dataclass(slots=True)
class _Group:
    """A request under construction; local to :func:`split`."""

    kind: PageKind
    pages: list[PageFacts]
    attached: list[PageFacts] = field(default_factory=list)

    @property
    def is_form(self) -> bool:
        return self.kind in _FORMS


def split(pages: tuple[Page, ...]) -> tuple[RequestPages, ...]:
    """The requests of a document in page order; none for a lone cover sheet, a decision, chart notes or junk.

    Pages before the first request (cover sheet, instructions) are attached to every request, later ones to the request they
    follow. Blank pages belong to nothing.
    """
    seen = [each for each in (facts(page) for page in pages) if not each.blank]
    groups: list[_Group] = []
    leading: list[PageFacts] = []
    for each in seen:
        home = next((group for group in reversed(groups[-2:]) if _continues(group, each)), None)
        if home is not None:
            home.pages.append(each)
        elif each.kind in _FORMS or (each.kind is PageKind.LETTER and each.asks):
            groups.append(_Group(each.kind, [each]))
        elif groups:
            groups[-1].attached.append(each)
        else:
            leading.append(each)
    groups = _without_cover_letters(groups)
    return tuple(_request(group, leading) for group in groups)


def _request(group: _Group, leading: list[PageFacts]) -> RequestPages:
    def in_order(several: list[PageFacts]) -> tuple[Page, ...]:
        return tuple(sorted((each.page for each in several), key=lambda page: page.number))

    return RequestPages(group.kind, in_order(group.pages), in_order([*leading, *group.attached]))


def _continues(group: _Group, each: PageFacts) -> bool:
    if group.is_form:
        return _continues_form(group, each)
    return _continues_letter(group, each)


def _continues_letter(group: _Group, each: PageFacts) -> bool:
    """The rest of a letter that did not end on its first page."""
    last = group.pages[-1]
    if group.attached or last.closing or each.salutation or each.kind in (*_FORMS, PageKind.COVER, PageKind.INSTRUCTIONS):
        return False
    return each.closing or _next_mark(last, each)


def _continues_form(group: _Group, each: PageFacts) -> bool:
    first, last = group.pages[0], group.pages[-1]
    if each.number == 1 and not (first.number == 2 and len(group.pages) == 1 and each.count == first.count):
        return False
    marked = _next_mark(last, each) or (each.number == 1 and first.number == 2)
    if _alike(first, each) and not _counts_up(last, each):
        return False
    if marked and (each.form_parts >= 2 or each.kind in _FORMS):
        return True
    if group.attached or not _may_be_tail(each):
        return False
    if not each.has_member_block:
        return True
    return each.continued or not each.blocks & {"requesting", "urgency"}


def _may_be_tail(each: PageFacts) -> bool:
    """A form page, or one that is hardly anything else and prints what stands at a form's end."""
    if each.kind in _FORMS:
        return True
    weak = each.kind is PageKind.OTHER or each.score(each.kind) < _WEAK
    return weak and each.score(PageKind.OTHER) == 0 and (each.form_parts >= 2 or "plan_use" in each.blocks)


def _next_mark(last: PageFacts, each: PageFacts) -> bool:
    """Whether the page's own mark follows; a lost mark on the page before is forgiven."""
    if each.number is None or each.number < 2:
        return False
    return last.number in (None, each.number - 1) and (last.count is None or each.count is None or last.count == each.count)


def _counts_up(last: PageFacts, each: PageFacts) -> bool:
    return last.number is not None and each.number == last.number + 1


def _alike(one: PageFacts, other: PageFacts) -> bool:
    """Whether two pages print the same form page: another request on the same form, not its continuation."""
    smaller = min(len(one.vocabulary), len(other.vocabulary))
    return smaller >= 10 and len(one.vocabulary & other.vocabulary) / smaller >= _REPEAT


def _without_cover_letters(groups: list[_Group]) -> list[_Group]:
    """A letter that only supports a form of the same fax is attached to that form."""
    forms = [group for group in groups if group.is_form]
    kept: list[_Group] = []
    for group in groups:
        home = next((form for form in forms if not group.is_form and _supports(group, form)), None)
        if home is None:
            kept.append(group)
        else:
            home.attached.extend([*group.pages, *group.attached])
    return kept


def _supports(letter: _Group, form: _Group) -> bool:
    """It asks for nothing but the new request, and names the same person."""
    if any("change" in page.asks for page in letter.pages):
        return False
    return _identifiers(letter) & _identifiers(form) != frozenset()


def _identifiers(group: _Group) -> frozenset[str]:
    """Words with five digits or more: member numbers, birth dates, authorization numbers."""
    words = (word.text for each in group.pages for word in each.page.words)
    cleaned = ("".join(c for c in word if c.isalnum()).upper() for word in words)
    return frozenset(word for word in cleaned if sum(c.isdigit() for c in word) >= 5)
