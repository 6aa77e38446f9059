"""Links a request with the earlier one that it repeats or changes, of those that the store holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from sqlalchemy.orm import Session

from matching.amendments import CHANGES, Placed, placed_change
from matching.candidates import Earlier, Original
from matching.duplicates import confirmed, repeated, same_bytes
from matching.facts import Facts, facts_of
from matching.score import granted_for
from models import link_answers
from models.circumstances import REPEATS, ClockEvent, ClockEventKind, Link, LinkKind, LinkTopic, Notice, NoticeSeverity, Standing
from models.notices import with_notices
from models.record import ReferralRecord, Source, Status
from models.standing import standing_of
from models.status import stands
from models.store import authorizations, match_keys, match_records
from models.store.desk_edits import newest_record
from models.store.match_tables import AuthorizationRow, MatchOwner

BY = "matching"
"""Who tells of an earlier receipt, in the record's events."""


def linked(session: Session, record: ReferralRecord, zone: tzinfo) -> ReferralRecord:
    """The record with its links to earlier requests, what follows from them for its clocks, and what is to be asked.

    Args:
        session: of the transaction that the record is stored in, or that it is looked at in.
        record: as it was read or corrected.
        zone: the site's time zone.
    """
    earlier = match_records.earlier_like(session, record)
    return _with_change(session, _with_repetition(session, record, earlier), earlier, zone)


def _with_links(record: ReferralRecord, topic: LinkTopic, link: Link | None, update: dict[str, object]) -> ReferralRecord:
    """The record with the link of one topic in place of those it had."""
    others = [one for one in record.related.links if link_answers.topic_of(one) is not topic]
    # A repetition is told first, then what is changed, then what is answered.
    place = 0 if topic is LinkTopic.DUPLICATE else sum(one.kind in REPEATS for one in others)
    links = [*others[:place], *([] if link is None else [link]), *others[place:]]
    return record.model_copy(update={"related": record.related.model_copy(update={"links": links, **update})})


def _of_purged(session: Session, record: ReferralRecord, topic: LinkTopic) -> Link | None:
    """The sure link to a request that was purged since: what it was worth was decided while that was here."""
    ruled_out = link_answers.refused_ids(record, topic)
    for link in record.related.links:
        is_sure = link_answers.topic_of(link) is topic and link.sure and link.record_id not in ruled_out
        if is_sure and link.record_id is not None and newest_record(session, link.record_id) is None:
            return link
    return None


# -- requests that came before
def _with_repetition(session: Session, record: ReferralRecord, earlier: Sequence[ReferralRecord]) -> ReferralRecord:
    if _of_purged(session, record, LinkTopic.DUPLICATE) is not None:
        return record
    refused = link_answers.refused_ids(record, LinkTopic.DUPLICATE)
    of_bytes = _of_bytes(record)
    of_bytes = None if of_bytes in refused else of_bytes
    found = _repeats(session, record, [one for one in earlier if one.record_id not in refused], of_bytes)
    link = None if found is None else _as_before(found, record)
    sure = link if link is not None and link.sure else None
    told = _with_links(record, LinkTopic.DUPLICATE, link, {"duplicate_of": sure.record_id if sure is not None else of_bytes})
    told = told.model_copy(update={"events": _events(session, record, sure)})
    return with_notices(told, "duplicate", _of_repetition(link))


def _as_before(link: Link, record: ReferralRecord) -> Link:
    """What a person decided about a link stays with it."""
    same = (one for one in record.related.links if one.record_id == link.record_id and one.kind in REPEATS)
    taken_up_by = next((one.taken_up_by for one in same if one.taken_up_by is not None), None)
    return link.model_copy(update={"taken_up_by": taken_up_by})


def _repeats(session: Session, record: ReferralRecord, earlier: Sequence[ReferralRecord], of_bytes: str | None) -> Link | None:
    if of_bytes is not None and (link := _by_bytes(session, record, of_bytes)) is not None:
        return link
    for answer in link_answers.confirmed(record, LinkTopic.DUPLICATE):
        if answer.record_id is not None and (link := _by_person(session, record, answer.record_id, answer.by)) is not None:
            return link
    prints = match_records.prints_of(session, (record, *earlier)) if earlier else {}
    return repeated(record, prints.get(record.record_id, ()), [Earlier.of(one, prints[one.record_id]) for one in earlier])


def _of_bytes(record: ReferralRecord) -> str | None:
    """The record of the same bytes: it was named when the document arrived, before anything was compared."""
    named = record.related.duplicate_of
    by_values = (link for link in record.related.links if link.record_id == named and link.kind is not LinkKind.SAME_BYTES)
    return None if any(by_values) else named


def _by_bytes(session: Session, record: ReferralRecord, earlier_id: str) -> Link | None:
    found = newest_record(session, earlier_id)
    if found is None or not stands(found[0]) or found[0].source.pages != record.source.pages:
        return None
    return same_bytes(found[0]) if found[0].source.sha256 == record.source.sha256 else None


def _by_person(session: Session, record: ReferralRecord, earlier_id: str, person: str) -> Link | None:
    """What a person has said counts while that request stands, and is not itself set aside for this one."""
    found = newest_record(session, earlier_id)
    if found is None or not stands(found[0]) or match_records.is_worked_as(session, earlier_id, record.record_id):
        return None
    prints = match_records.prints_of(session, (record, found[0]))
    return confirmed(record, prints[record.record_id], Earlier.of(found[0], prints[earlier_id]), person)


def _events(session: Session, record: ReferralRecord, sure: Link | None) -> list[ClockEvent]:
    """A repetition resets no clock: what came first counts."""
    others = [event for event in record.events if (event.kind, event.by) != (ClockEventKind.FIRST_RECEIVED, BY)]
    found = newest_record(session, sure.record_id) if sure is not None and sure.record_id is not None else None
    if found is None:
        return others
    received = [event.at for event in found[0].events if event.kind is ClockEventKind.FIRST_RECEIVED]
    # The clocks of a fax that waited in a stopped machine began before it came here.
    received += [clock.started_at for clock in found[0].clocks]
    first = min([*received, found[0].source.received_at])
    if first > record.source.received_at:
        return others
    told = ClockEvent(kind=ClockEventKind.FIRST_RECEIVED, at=first, by=BY, record_id=found[0].record_id)
    return [*others, told]


def _of_repetition(link: Link | None) -> list[Notice]:
    if link is None or link.taken_up_by is not None:
        return []
    if not link.sure:
        return [_ask("duplicate.unsure", f"This may repeat {link.record_id}. Is it the same request?")]
    if link.differences:
        paths = ", ".join(dict.fromkeys(one.path for one in link.differences))
        return [_ask("duplicate.differs", f"This repeats {link.record_id}, and differs from it: {paths}. Which one holds?")]
    return []


def _ask(code: str, message: str) -> Notice:
    source = "the same request sent again is never a second piece of work unless something differs (docs/matching.md)"
    return Notice(code=code, severity=NoticeSeverity.ASK, message=message, field="related.links", rule=code, source=source)


# -- authorizations, and the requests of ours that they were given for
def tied(session: Session, rows: Sequence[AuthorizationRow]) -> int:
    """Tie authorizations that name no record to the earlier request that each was surely given for; gives how many were tied.

    Two requests that fit one authorization leave it untied: which of them it was given for is then not sure.
    """
    count = 0
    for row in rows:
        if row.record_id is not None:
            continue
        facts = replace(_facts_of(authorizations.standing_of(row), row), number=None, received_at=None)
        ids = match_keys.found(session, MatchOwner.RECORD, match_keys.keys_of_authorization(row))
        near = [one for one in match_records.newest(session, ids) if one.request.kind not in CHANGES]
        found = granted_for(facts, [replace(facts_of(one), number=None, received_at=None) for one in near])
        if found is not None:
            authorizations.tie(row, near[found].record_id)
            count += 1
    return count


# -- requests that are changed
def _with_change(session: Session, record: ReferralRecord, earlier: Sequence[ReferralRecord], zone: tzinfo) -> ReferralRecord:
    if _of_purged(session, record, LinkTopic.AMENDMENT) is not None:
        return record
    change = _change(session, record, earlier, zone)
    link = change.link
    amends = link.record_id if link is not None and link.sure else None
    told: dict[str, object] = {"amends": amends, "before": change.before, "after": change.after}
    return with_notices(_with_links(record, LinkTopic.AMENDMENT, link, told), "amendment", change.notices)


def _change(session: Session, record: ReferralRecord, earlier: Sequence[ReferralRecord], zone: tzinfo) -> Placed:
    if record.request.kind not in CHANGES:
        return Placed(None, ())
    rows = authorizations.found(session, match_keys.keys_of_record(record))
    rows += authorizations.of_records(session, [one.record_id for one in earlier])
    named = link_answers.confirmed(record, LinkTopic.AMENDMENT)
    rows += tuple(
        row for one in named if one.authorization_number for row in authorizations.with_number(session, one.authorization_number)
    )
    originals = _originals(session, record, earlier, {row.authorization_id: row for row in rows})

    def changes_of(original: Original) -> tuple[ReferralRecord, ...]:
        """The earlier changes to the same."""
        return match_records.changes_of(session, original.record_id, original.number_key, record)

    return placed_change(record, originals, changes_of, numbers_known=authorizations.any_known(session), zone=zone)


def _originals(
    session: Session, record: ReferralRecord, earlier: Sequence[ReferralRecord], rows: dict[str, AuthorizationRow]
) -> list[Original]:
    requests = {one.record_id: one for one in earlier if one.request.kind not in CHANGES}
    wanted = [row.record_id for row in rows.values()]
    wanted += [one.record_id for one in link_answers.confirmed(record, LinkTopic.AMENDMENT)]
    absent = [one for one in wanted if one is not None and one not in requests]
    requests |= {one.record_id: one for one in match_records.newest(session, absent, before=record)}
    tied = {row.record_id for row in rows.values()}
    found = [_authorized(row, requests.get(row.record_id or "")) for row in rows.values()]
    return [*found, *(_requested(one) for record_id, one in requests.items() if record_id not in tied)]


def _requested(record: ReferralRecord) -> Original:
    return Original(replace(facts_of(record), number=None), standing_of(record), record.record_id)


def _authorized(row: AuthorizationRow, record: ReferralRecord | None) -> Original:
    """An authorization; what was granted counts before what was asked for, and what it does not say stands as it was asked for."""
    granted = authorizations.standing_of(row)
    if record is None:
        return Original(_facts_of(granted, row), granted, None, row.number_key)
    asked = standing_of(record, row.number)
    standing = asked.model_copy(
        update={
            "services": granted.services or asked.services,
            "valid_from": granted.valid_from or asked.valid_from,
            "valid_to": granted.valid_to or asked.valid_to,
            "cancelled": granted.cancelled,
        }
    )
    return Original(replace(facts_of(record), number=row.number_key), standing, record.record_id, row.number_key)


def _facts_of(granted: Standing, row: AuthorizationRow) -> Facts:
    """An authorization's values as those of a request that was received when it was brought in, or began."""
    at = match_keys.start_of(row.valid_from, row.imported_at)
    made_up = ReferralRecord(
        record_id=row.authorization_id,
        status=Status.READY,
        source=Source(file_name="", sha256="", received_at=at),
        member=granted.member,
        requesting_provider=granted.requesting_provider,
        servicing_provider=granted.servicing_provider,
        diagnoses=granted.diagnoses,
        services=granted.services,
    )
    return replace(facts_of(made_up), number=row.number_key)
