"""Which earlier request a request repeats: told apart by how it came again, with what differs."""

from __future__ import annotations

from collections.abc import Sequence

from matching.candidates import Earlier
from matching.differences import differences
from matching.facts import facts_of
from matching.pages import ALIKE, UNKNOWN, page_level
from matching.score import Scored, same_request
from matching.weights import Thresholds, Weights, weights
from models.circumstances import Link, LinkKind
from models.page_print import PagePrint
from models.record import ReferralRecord, RequestKind

# Nothing that was read is certain.
_MOST = 0.9999


def repeated(
    record: ReferralRecord, prints: tuple[PagePrint, ...], earlier: Sequence[Earlier], by: Weights | None = None
) -> Link | None:
    """The link to the earlier request that this one most probably repeats; ``None`` where none is worth asking about.

    Args:
        record: the request.
        prints: of its pages.
        earlier: what it is compared with; none of them itself a repetition.
        by: the weights; those of the package unless others are tried.
    """
    using = by or weights()
    facts = facts_of(record)
    found = []
    for one in earlier:
        if _kind_of(one.record) is not _kind_of(record):
            continue
        scored = same_request(facts, one.facts, using)
        pages = page_level(prints, one.prints) if not scored.is_refuted else UNKNOWN
        if pages == ALIKE or scored.probability >= using.duplicate.ask:
            found.append(_link(record, one, scored, pages, using.duplicate))
    # Of several that it surely repeats, such as a request and its correction, it repeats the one that says the same.
    return max(found, key=lambda one: (one.sure, -len(one.differences) if one.sure else 0, one.confidence), default=None)


def confirmed(
    record: ReferralRecord, prints: tuple[PagePrint, ...], earlier: Earlier, person: str, by: Weights | None = None
) -> Link:
    """The link to a request that this one repeats, as a person has said: sure, however much the two differ."""
    using = by or weights()
    scored = same_request(facts_of(record), earlier.facts, using)
    link = _link(record, earlier, scored, page_level(prints, earlier.prints), using.duplicate)
    return link.model_copy(update={"sure": True, "confirmed_by": person})


def _link(record: ReferralRecord, earlier: Earlier, scored: Scored, pages: str, by: Thresholds) -> Link:
    """Pages that are alike are reason enough to ask; for a sure link, the values have to agree."""
    kind = _kind(record, earlier.record, scored, pages)
    return Link(
        kind=kind,
        record_id=earlier.record.record_id,
        confidence=min(round(max(scored.probability, by.ask if pages == ALIKE else 0.0), 4), _MOST),
        sure=scored.probability >= by.sure and not scored.contradicted,
        because=[*scored.because, *(["pages"] if pages == ALIKE else [])],
        differences=differences(record, earlier.record, same_pages=kind is LinkKind.SAME_PAGES),
    )


def _kind_of(record: ReferralRecord) -> RequestKind:
    """A change repeats no request, nor a request a change."""
    return record.request.kind or RequestKind.NEW


def same_bytes(earlier: ReferralRecord) -> Link:
    """The link to the request of the same pages of the same bytes: whatever was read, or corrected since, nothing else was sent."""
    return Link(kind=LinkKind.SAME_BYTES, record_id=earlier.record_id, confidence=1.0, sure=True, because=["sha256"])


def _kind(record: ReferralRecord, earlier: ReferralRecord, scored: Scored, pages: str) -> LinkKind:
    """Pages that are alike are the same ones, where their dates of request are: written anew, a form is dated anew."""
    dated = scored.signs.get("requested_on") in ("same", "unknown")
    signed, before = record.signature.signed_on, earlier.signature.signed_on
    if pages == ALIKE and dated and (signed is None or before is None or signed == before):
        return LinkKind.SAME_PAGES
    return LinkKind.MARKED_SECOND if record.source.marked_second else LinkKind.SAME_REQUEST
