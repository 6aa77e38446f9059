"""Which earlier request or authorization a change is about, the request before and after it, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from matching import alike
from matching.alike import Likeness
from matching.amendment_rules import AmendmentRules, amendment_rules
from matching.candidates import Original
from matching.facts import bare_number, facts_of
from matching.score import Scored, amends
from matching.standing import after_all, changed
from matching.weights import Weights, weights
from models.circumstances import Link, LinkAnswer, LinkKind, LinkTopic, Notice, Standing
from models.link_answers import confirmed, refused
from models.record import AmendmentField, ReferralRecord, RequestKind
from models.standing import span

CHANGES = (RequestKind.AMENDMENT, RequestKind.EXTENSION, RequestKind.CANCELLATION)
"""The kinds of requests that are about an earlier one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a change is about. ``before`` and ``after`` are given for a sure link alone."""

    link: Link | None
    notices: tuple[Notice, ...]
    before: Standing | None = None
    after: Standing | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A change with the original that it is surely about."""

    record: ReferralRecord
    original: Original
    before: Standing
    received_on: date


def placed_change(
    record: ReferralRecord,
    originals: Sequence[Original],
    changes_of: Callable[[Original], Sequence[ReferralRecord]],
    *,
    numbers_known: bool,
    zone: tzinfo,
    rules: AmendmentRules | None = None,
    by: Weights | None = None,
) -> Placed:
    """Find what an amendment, extension or cancellation is about.

    Args:
        record: the change.
        originals: what it may be about.
        changes_of: gives the earlier changes that are surely about an original, oldest first.
        numbers_known: whether any authorization was ever brought in; otherwise an unknown number says nothing.
        zone: the site's: a change came on the day that it was there.
        rules: what is said of it; those of the package unless a site has its own.
        by: the weights; those of the package unless others are tried.
    """
    told, using = rules or amendment_rules(), by or weights()
    number = bare_number(record.request.authorization_number)
    known = any(one.number_key is not None and one.number_key == number for one in originals)
    unknown = _unknown(record, told) if number is not None and numbers_known and not known else ()
    link, original = _linked(record, originals, using)
    if link is None or original is None:
        return Placed(None, tuple(unknown))
    if not link.sure:
        return Placed(link, (*unknown, *_unsure(record, link, told)))
    before = after_all(original.standing, changes_of(original))
    change = _Change(record, original, before, _day(record.source.received_at, zone))
    return Placed(link, (*unknown, *_notices(change, told)), before, changed(before, record))


def _linked(record: ReferralRecord, originals: Sequence[Original], using: Weights) -> tuple[Link | None, Original | None]:
    """The original that a person has named, else the most probable of those that nobody has ruled out."""
    left = [one for one in originals if not any(_is_that(one, answer) for answer in refused(record, LinkTopic.AMENDMENT))]
    pairs = tuple(zip(amends(facts_of(record), [one.facts for one in left], using), left, strict=True))
    for answer in confirmed(record, LinkTopic.AMENDMENT):
        named = max((pair for pair in pairs if _is_that(pair[1], answer)), key=lambda pair: _closeness(pair, answer), default=None)
        if named is not None:
            return _link(*named, using.amendment.sure).model_copy(update={"sure": True, "confirmed_by": answer.by}), named[1]
    best = max(pairs, key=lambda pair: pair[0].probability, default=None)
    if best is None or best[0].probability < using.amendment.ask:
        return None, None
    return _link(*best, using.amendment.sure), best[1]


def _is_that(original: Original, answer: LinkAnswer) -> bool:
    """Whether an answer is about an original: one of ours may have got its authorization since, or an authorization its record."""
    same_record = answer.record_id is not None and answer.record_id == original.record_id
    return same_record or (answer.authorization_number is not None and _has_number(original, answer))


def _has_number(original: Original, answer: LinkAnswer) -> bool:
    return original.number_key is not None and original.number_key == bare_number(answer.authorization_number)


def _closeness(pair: tuple[Scored, Original], answer: LinkAnswer) -> tuple[bool, float]:
    """Of the authorizations that one request was given, the one that was meant comes first."""
    return _has_number(pair[1], answer), pair[0].probability


def _link(scored: Scored, original: Original, sure: float) -> Link:
    return Link(
        kind=LinkKind.AMENDS,
        record_id=original.record_id,
        authorization_number=original.standing.authorization_number,
        confidence=min(round(scored.probability, 4), 0.9999),
        sure=scored.probability >= sure and not scored.contradicted,
        because=scored.because,
    )


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _notices(change: _Change, rules: AmendmentRules) -> Iterator[Notice]:
    plan = change.record.coverage.plan
    checks = (
        ("amendment.not_requesting_provider", _from_another(change), "requesting_provider.npi"),
        ("amendment.after_service", _after_service(change), "services.from_date"),
        ("amendment.needs_new_request", _changes_code(change), "amendments"),
        ("amendment.already_cancelled", _is_cancelled(change), "request.authorization_number"),
    )
    for code, message, field in checks:
        rule = rules.of(code, plan)
        if message is not None and rule is not None:
            yield rule.notice(message, field)


def _unknown(record: ReferralRecord, rules: AmendmentRules) -> Sequence[Notice]:
    rule = rules.of("amendment.authorization_unknown", record.coverage.plan)
    message = "The authorization number is none of those that were brought in. Was it misread, or is it another plan's?"
    return () if rule is None else (rule.notice(message, "request.authorization_number"),)


def _unsure(record: ReferralRecord, link: Link, rules: AmendmentRules) -> Sequence[Notice]:
    rule = rules.of("amendment.unsure", record.coverage.plan)
    if rule is None:
        return ()
    of = " ".join(name for name in (link.record_id, link.authorization_number) if name)
    return (rule.notice(f"This may change {of}. Is it that one?", "related.links"),)


def _from_another(change: _Change) -> str | None:
    """Who asks, against who asked at first: one NPI or one fax number in common is enough; nothing to compare says nothing."""
    facts, first = facts_of(change.record), change.original.facts
    by_npi = alike.numbers(facts.asks_npi, first.asks_npi)
    if by_npi in (Likeness.SAME, Likeness.MISREAD) or facts.faxes & first.faxes:
        return None
    if facts.asks_npi is None or first.asks_npi is None:
        by_name = alike.names(facts.asks_name, first.asks_name)
        comparable = by_name is not Likeness.UNKNOWN or bool(facts.faxes and first.faxes)
        if not comparable or by_name in (Likeness.SAME, Likeness.MISREAD, Likeness.NEAR):
            return None
    return "The change does not come from the provider who asked for the original: neither NPI nor fax number is the same."


def _after_service(change: _Change) -> str | None:
    _, last = span(change.before.services)
    last = last or change.before.valid_to
    if last is None or change.record.request.kind is RequestKind.EXTENSION or last >= change.received_on:
        return None
    return f"The change came after the last day of service, {last.isoformat()}."


def _changes_code(change: _Change) -> str | None:
    if any(one.field is AmendmentField.SERVICE_CODE for one in change.record.amendments):
        return "The change is of a procedure code, for which this plan wants a new request."
    return None


def _is_cancelled(change: _Change) -> str | None:
    return "The request was cancelled before this change came." if change.before.cancelled else None
