"""Keeps what requests are matched by in step with their newest revisions, and gives what may be matched. No function commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, delete, func, or_, select, text
from sqlalchemy.orm import Session

from models.circumstances import REPEATS, Link, LinkKind, LinkTopic, NoticeSeverity
from models.page_print import PagePrint
from models.record import ReferralRecord, RequestKind, Status
from models.status import set_aside, stands
from models.store import match_keys
from models.store.desk_tables import DeskItemRow
from models.store.match_tables import MatchKeyRow, MatchOwner, PagePrintRow, RecordLinkRow
from models.store.tables import DocumentRow, RecordRow

_WITHOUT_REQUEST = (Status.NO_REQUEST.value, Status.UNREADABLE.value)
# Any fixed number, but that of the feed of changes, which is taken later in a transaction.
_LOCK = 728_280
# Changes to one authorization that are applied, one after the other; nobody sends so many.
_MOST_CHANGES = 50
_BATCH = 100
# Repetitions of repetitions that are followed.
_LONGEST_CHAIN = 20


def wait_for_others(session: Session) -> None:
    """Let nobody else match until this transaction ends: of two that repeat each other, the second has to see the first.

    SQLite lets one transaction at a time write anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def keep(session: Session, record: ReferralRecord) -> None:
    """Note what a record's newest revision is found by, and what it is linked with."""
    at = record.source.received_at
    match_keys.keep(session, MatchOwner.RECORD, record.record_id, match_keys.keys_of_record(record), at)
    session.execute(delete(RecordLinkRow).where(RecordLinkRow.record_id == record.record_id))
    aside = set_aside(record)
    session.add_all(_row(record.record_id, n, link, aside=aside) for n, link in enumerate(record.related.links))
    session.flush()


def keep_missing(session: Session, after: str) -> str | None:
    """Note what some records are found by that an earlier release stored; gives the last id, ``None`` where none are left.

    Whoever writes a revision meanwhile waits, and replaces what is noted here.

    Args:
        session: the session; the caller commits.
        after: only ids after this one.
    """
    keyed = select(MatchKeyRow.key).where(MatchKeyRow.owner_id == DeskItemRow.record_id).exists()
    query = (
        select(RecordRow)
        .join(DeskItemRow, (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision))
        .where(DeskItemRow.record_id > after, DeskItemRow.status.not_in(_WITHOUT_REQUEST), ~keyed)
        .order_by(DeskItemRow.record_id)
        .limit(_BATCH)
        .with_for_update(of=DeskItemRow)
    )
    rows = session.scalars(query).all()
    for row in rows:
        keep(session, ReferralRecord.model_validate_json(row.body))
    return rows[-1].record_id if rows else None


def _row(record_id: str, position: int, link: Link, *, aside: bool) -> RecordLinkRow:
    number = link.authorization_number
    return RecordLinkRow(
        record_id=record_id,
        position=position,
        kind=link.kind.value,
        other_id=link.record_id,
        authorization_key=None if number is None else match_keys.number_key(number),
        confidence=link.confidence,
        sure=link.sure,
        set_aside=aside and link.kind in REPEATS,
    )


def earlier_like(session: Session, record: ReferralRecord) -> tuple[ReferralRecord, ...]:
    """The newest revisions of the requests that were here before and may be the same one, or the one that is changed.

    Those that are set aside are left out, for the one that they repeat is among them; so are those of the same document.
    """
    keys = match_keys.keys_of_record(record)
    ids = match_keys.found(session, MatchOwner.RECORD, keys)
    return newest(session, [one for one in ids if one != record.record_id], before=record)


def newest(session: Session, record_ids: Sequence[str], before: ReferralRecord | None = None) -> tuple[ReferralRecord, ...]:
    """The newest revisions of some records that hold a request and are not set aside.

    Args:
        session: the session.
        record_ids: which.
        before: only what came in another document, which was stored before this record's was.
    """
    if not record_ids:
        return ()
    query = (
        select(RecordRow)
        .join(DeskItemRow, (DeskItemRow.record_id == RecordRow.record_id) & (DeskItemRow.revision == RecordRow.revision))
        .where(RecordRow.record_id.in_(record_ids), RecordRow.status.not_in(_WITHOUT_REQUEST))
        .where(RecordRow.record_id.not_in(_repeating(record_ids)))
        .order_by(RecordRow.record_id)
    )
    known = None if before is None else session.get(RecordRow, (before.record_id, 1))
    if known is not None:
        # By their documents: one whose pages were arranged anew has newer records, and came first all the same.
        first = session.scalar(select(func.min(RecordRow.written_at)).where(RecordRow.document_id == known.document_id))
        others = select(RecordRow.document_id).where(RecordRow.record_id.in_(record_ids))
        earlier = select(RecordRow.document_id).where(RecordRow.document_id.in_(others), RecordRow.revision == 1)
        query = query.where(RecordRow.document_id.in_(earlier.where(RecordRow.written_at < first)))
    found = (ReferralRecord.model_validate_json(row.body) for row in session.scalars(query))
    return tuple(one for one in found if stands(one) and (before is None or not _is_of_same_document(one, before)))


def _is_of_same_document(one: ReferralRecord, other: ReferralRecord) -> bool:
    """Told by what arrived, and when: of a record whose pages were arranged anew, nothing is stored yet."""
    return (one.source.sha256, one.source.received_at) == (other.source.sha256, other.source.received_at)


def _repeating(record_ids: Sequence[str]) -> ScalarSelect[str]:
    return select(RecordLinkRow.record_id).where(RecordLinkRow.record_id.in_(record_ids), RecordLinkRow.set_aside).scalar_subquery()


def repetitions_of(session: Session, record_id: str) -> tuple[str, ...]:
    """The ids of the records that wait for nobody because they repeat this one."""
    query = select(RecordLinkRow.record_id).where(RecordLinkRow.other_id == record_id, RecordLinkRow.set_aside)
    return tuple(session.scalars(query.distinct().order_by(RecordLinkRow.record_id)))


def is_worked_as(session: Session, record_id: str, other_id: str) -> bool:
    """Whether the work on a record is done at another one: it is set aside for that, or for one that is in turn."""
    seen: set[str] = set()
    while record_id not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(record_id)
        query = select(RecordLinkRow.other_id).where(RecordLinkRow.record_id == record_id, RecordLinkRow.set_aside)
        found = session.scalar(query.limit(1))
        if found is None or found == other_id:
            return found is not None
        record_id = found
    return False


def changes_of(
    session: Session, record_id: str | None, number_key: str | None, before: ReferralRecord
) -> tuple[ReferralRecord, ...]:
    """The changes that are surely about a record or an authorization, oldest first, that came before ``before``.

    One that is set aside as a repetition is not applied twice, and one that is asked about, such as another office's, not before a
    person has looked.
    """
    about = [RecordLinkRow.other_id == record_id] if record_id is not None else []
    about += [RecordLinkRow.authorization_key == number_key] if number_key is not None else []
    if not about:
        return ()
    query = select(RecordLinkRow.record_id).where(
        or_(*about), RecordLinkRow.sure, RecordLinkRow.kind == LinkKind.AMENDS.value, RecordLinkRow.record_id != before.record_id
    )
    found = newest(session, tuple(session.scalars(query.limit(_MOST_CHANGES))), before=before)
    place = (before.source.received_at, before.record_id)
    earlier = (one for one in found if (one.source.received_at, one.record_id) < place and one.request.kind is not RequestKind.NEW)
    earlier = (one for one in earlier if not _is_asked_about(one))
    return tuple(sorted(earlier, key=lambda one: (one.source.received_at, one.record_id)))


def _is_asked_about(change: ReferralRecord) -> bool:
    asked = (one for one in change.notices if one.severity is NoticeSeverity.ASK and one.settled_by is None)
    return any(one.code.partition(".")[0] == LinkTopic.AMENDMENT for one in asked)


@dataclass(frozen=True, slots=True)
class LinkedFrom:
    """Another record's link to this one. ``set_aside``: that one needs no person, because it repeats this one."""

    record_id: str
    kind: LinkKind
    confidence: float
    sure: bool
    set_aside: bool


def linked_to(session: Session, record_id: str) -> tuple[LinkedFrom, ...]:
    """The links of other records to one, in the order in which those came."""
    query = (
        select(RecordLinkRow)
        .join(DeskItemRow, DeskItemRow.record_id == RecordLinkRow.record_id)
        .where(RecordLinkRow.other_id == record_id)
        .order_by(DeskItemRow.received_at, RecordLinkRow.record_id, RecordLinkRow.position)
    )
    return tuple(
        LinkedFrom(row.record_id, LinkKind(row.kind), row.confidence, row.sure, row.set_aside) for row in session.scalars(query)
    )


def keep_prints(session: Session, document_id: str, prints: Mapping[int, PagePrint]) -> None:
    """Put the prints of a document's pages, 1-based, in place of those it had; without any, those it had stay."""
    if not prints:
        return
    session.execute(delete(PagePrintRow).where(PagePrintRow.document_id == document_id))
    session.add_all(PagePrintRow(document_id=document_id, page=page, cells=one.packed()) for page, one in sorted(prints.items()))
    session.flush()


def prints_of(session: Session, records: Sequence[ReferralRecord]) -> dict[str, tuple[PagePrint, ...]]:
    """By the id of each record the prints of its pages; of one that lacks any there are none. Equal bytes have equal prints."""
    query = (
        select(DocumentRow.sha256, PagePrintRow.page, PagePrintRow.cells)
        .join(PagePrintRow, PagePrintRow.document_id == DocumentRow.document_id)
        .where(DocumentRow.sha256.in_({record.source.sha256 for record in records}))
    )
    stored = {(sha256, page): cells for sha256, page, cells in session.execute(query)}
    found = {}
    for record in records:
        cells = [stored.get((record.source.sha256, page)) for page in record.source.pages]
        prints = [PagePrint.unpacked(one) for one in cells if one is not None]
        found[record.record_id] = tuple(one for one in prints if one is not None) if len(prints) == len(cells) else ()
    return found


def forget_document(session: Session, document_id: str, record_ids: Sequence[str]) -> None:
    """Remove what a document and its records are matched by. The links of others to them stay: they hold ids alone."""
    match_keys.forget(session, record_ids)
    session.execute(delete(RecordLinkRow).where(RecordLinkRow.record_id.in_(record_ids)))
    session.execute(delete(PagePrintRow).where(PagePrintRow.document_id == document_id))
