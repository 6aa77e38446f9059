"""Which pages are one request: forms with their continuation, letters, and what is only attached to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from extraction.classify import PageFacts, facts
from extraction.page_asks import asks_of
from extraction.pages import PageKind, RequestPages
from extraction.reply_codes import reply_codes
from models.page import Page

FORMS = (PageKind.FORM, PageKind.CHANGE_FORM)
"""The kinds of pages that are a request by themselves, whatever they say."""
_WHOLE_REQUEST = 4
"""Parts of a form on a page from which on it may be a request of its own."""
_NEEDED = frozenset({"member_id", "requesting", "servicing", "diagnosis", "service"})
"""Parts without which a page is no request of its own, for certain."""
_WHOSE = frozenset({"member_birth", "member_id"})
"""Parts that say which member is meant."""
_WEAK = 5.0
"""Score of a kind that a few stray words can reach."""
_REPEAT = 0.62
"""Share of the smaller page's words that two pages have in common when they are the same printed page, filled in twice."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The pages of one request so far, and those attached to it; ``answers``: a letter of ours that came back, a page by itself."""

    kind: PageKind
    pages: tuple[PageFacts, ...]
    attached: tuple[PageFacts, ...] = ()
    answers: bool = False

    @property
    def is_form(self) -> bool:
        """Whether it is a form of either kind."""
        return self.kind in FORMS


def split(pages: tuple[Page, ...]) -> tuple[RequestPages, ...]:
    """The requests of a document in page order; none for a lone cover sheet, a decision, chart notes or junk.

    Pages before the first request (cover sheet, instructions) are attached to every request, later ones to the request they
    follow. Blank pages belong to nothing. A letter of ours that comes back is a form to be read: the answers stand on it.
    """
    groups: list[_Group] = []
    leading: list[PageFacts] = []
    for each in (facts(page) for page in pages):
        if each.blank:
            continue
        asks = each.kind in FORMS or (each.kind is PageKind.LETTER and each.asks)
        if not asks and reply_codes((each.page,)):
            groups.append(_Group(PageKind.FORM, (each,), answers=True))
            continue
        home = next((place for place in reversed(range(len(groups))[-2:]) if _continues(groups[place], each)), None)
        if home is not None:
            groups[home] = replace(groups[home], pages=(*groups[home].pages, each))
        elif asks:
            groups.append(_Group(each.kind, (each,)))
        elif groups:
            groups[-1] = replace(groups[-1], attached=(*groups[-1].attached, each))
        else:
            leading.append(each)
    if not groups:
        asking = [each for each in leading if _asks_itself(each)]
        groups = [_Group(PageKind.FORM if each.kind is PageKind.ORDER else PageKind.LETTER, (each,)) for each in asking]
        leading = [each for each in leading if each not in asking]
    return tuple(_request(group, tuple(leading)) for group in _without_cover_letters(groups))


def _asks_itself(each: PageFacts) -> bool:
    """Whether a page is the request where nothing else came.

    A cover sheet that says whose authorization is to be changed or cancelled, or an order that says all a request has to say.
    """
    asks = each.kind is PageKind.COVER or (each.kind is PageKind.OTHER and each.score(PageKind.OTHER) == 0.0)
    changes = asks and "change" in each.asks and not each.blocks.isdisjoint(_WHOSE)
    return changes or (each.kind is PageKind.ORDER and each.blocks >= _NEEDED)


def _request(group: _Group, leading: tuple[PageFacts, ...]) -> RequestPages:
    def in_order(several: tuple[PageFacts, ...]) -> tuple[Page, ...]:
        return tuple(sorted((each.page for each in several), key=lambda page: page.number))

    return RequestPages(group.kind, in_order(group.pages), in_order((*leading, *group.attached)))


def _continues(group: _Group, each: PageFacts) -> bool:
    if group.answers:
        return False
    if group.is_form:
        return _continues_form(group, each)
    return _continues_letter(group, each)


def _continues_letter(group: _Group, each: PageFacts) -> bool:
    """The rest of a letter that did not end on its first page."""
    last = group.pages[-1]
    if group.attached or last.closing or each.salutation or each.kind in (*FORMS, PageKind.COVER, PageKind.INSTRUCTIONS):
        return False
    return each.closing or _next_mark(last, each)


def _continues_form(group: _Group, each: PageFacts) -> bool:
    first, last = group.pages[0], group.pages[-1]
    if each.number == 1 and not (first.number == 2 and len(group.pages) == 1 and each.count == first.count):
        return False
    marked = _next_mark(last, each) or (each.number == 1 and first.number == 2)
    if _alike(first, each) and not _counts_up(last, each):
        return False
    if marked and (each.form_parts >= 2 or each.kind in FORMS):
        return True
    if group.attached or not _may_be_tail(each):
        return False
    if each.form_parts < _WHOLE_REQUEST:
        return each.continued or not each.has_member_block or not each.blocks & {"requesting", "urgency"}
    own, before = asks_of(each.page), reduce(or_, (asks_of(page.page) for page in group.pages))
    if _is_whole(each) and _asks_who(group) and not own.names_same_member(before):
        return False
    return not own.names_another_member(before) and not own.repeats(before)


def _is_whole(each: PageFacts) -> bool:
    """Whether a page prints all that a request needs, from the member to the services."""
    return each.has_member_block and each.blocks >= _NEEDED


def _asks_who(group: _Group) -> bool:
    """Whether the pages so far ask already who the member is and who requests: what needs both again is another request."""
    blocks = frozenset[str]().union(*(page.blocks for page in group.pages))
    return "requesting" in blocks and any(page.has_member_block for page in group.pages)


def _may_be_tail(each: PageFacts) -> bool:
    """A form page, or one that is hardly anything else and prints what stands at a form's end."""
    if each.kind in FORMS:
        return True
    weak = each.kind is PageKind.OTHER or each.score(each.kind) < _WEAK
    other = each.score(PageKind.OTHER)
    # A heading may be like that of another paper: "Description" is nearly "Prescription".
    return weak and (other == 0 or other < each.score(PageKind.FORM)) and (each.form_parts >= 2 or "plan_use" in each.blocks)


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
    homes = {
        letter.pages[0].page.number: form.pages[0].page.number
        for letter in groups
        for form in forms
        if not letter.is_form and _supports(letter, form)
    }
    kept: list[_Group] = []
    for group in groups:
        number = group.pages[0].page.number
        if number not in homes:
            letters = [other for other in groups if homes.get(other.pages[0].page.number) == number]
            more = tuple(each for letter in letters for each in (*letter.pages, *letter.attached))
            kept.append(replace(group, attached=(*group.attached, *more)))
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
