"""Attaches answers to our letters to the requests that they answer.

A reply names the request by the letter's reply code, or it answers what is open for the same member and office. It is sure where it
quotes the code and is about the same member; else a person is asked. What it answers is taken into the request as a revision.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from letters.replies import Question, Taken, is_blocked, open_questions, same_member, take
from models.circumstances import REPEATS, ClockEvent, ClockEventKind, Link, LinkKind, LinkTopic, Notice, NoticeSeverity
from models.link_answers import answer_to, confirmed, refused_ids, with_answer
from models.notices import with_notices
from models.record import ReferralRecord, Status
from models.store import documents, letters
from models.store.desk_edits import newest_record
from models.store.letter_tables import LetterRow

TOPIC = "reply"
"""The topic of what is said of the reply; of the request that it answers it is ``answer``."""
BY_PERSON = "coordinator"
"""The sign of a link that a person made."""
_BY_CODE = "reply_code"
_SOURCE = "answers to letters (docs/letters.md)"
# How sure the signs are: chosen, not measured. Only the first is acted upon.
_SURE, _CODE_ALONE, _OTHER_MEMBER, _WITHOUT_CODE = 0.99, 0.9, 0.5, 0.7

Checked = Callable[[Session, ReferralRecord], ReferralRecord]
"""Places a record among what the store knows, and checks it."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How a revision is made of a request that was answered: what it is checked by, and where it is delivered to."""

    checked: Checked
    sinks: Sequence[str]
    actor: str
    now: datetime


# -- what a reply belongs to
def answering(session: Session, record: ReferralRecord) -> ReferralRecord:
    """The record with its links to the requests that it answers, and what is to be asked about them.

    Args:
        session: of the transaction that the record is stored in, or that it is looked at in.
        record: as it was read or corrected; one without a request may answer by its code alone.
    """
    links = [_as_before(link, record) for link in _links(session, record)]
    others = [link for link in record.related.links if link.kind is not LinkKind.ANSWERS]
    if links or len(others) < len(record.related.links):
        record = _with_links(record, links, others)
    if record.status is Status.NO_REQUEST:
        return record
    return with_notices(record, TOPIC, [notice for link in links if (notice := _notice(link)) is not None])


def _as_before(link: Link, record: ReferralRecord) -> Link:
    """What a person decided about a link stays with it."""
    same = (one for one in record.related.links if one.kind is link.kind and one.record_id == link.record_id)
    return link.model_copy(update={"taken_up_by": next((one.taken_up_by for one in same), None)})


def _with_links(record: ReferralRecord, links: list[Link], others: list[Link]) -> ReferralRecord:
    """What surely answers a request does not repeat it: that it says much of the same is no question any more."""
    answered = {link.record_id for link in links if link.sure}
    left = [link for link in others if link.kind not in REPEATS or link.record_id not in answered]
    update: dict[str, object] = {"links": [*left, *links]}
    if record.related.duplicate_of in answered:
        update["duplicate_of"] = None
    related = record.related.model_copy(update=update)
    told = record.model_copy(update={"related": related})
    return told if len(left) == len(others) else with_notices(told, "duplicate", [])


def _links(session: Session, record: ReferralRecord) -> Iterator[Link]:
    by_person = {one.record_id: one.by for one in confirmed(record, LinkTopic.REPLY)}
    # Whom a person has ruled out is not proposed again.
    known = set(refused_ids(record, LinkTopic.REPLY))
    found = 0
    for row in letters.by_codes(session, record.source.reply_codes):
        asked = _asked(session, row.record_id, record)
        if asked is not None and asked.record_id not in known:
            known.add(asked.record_id)
            found += 1
            yield _by_code(session, asked, record, by_person.get(asked.record_id))
    if record.status is Status.NO_REQUEST:
        return
    for record_id, person in by_person.items():
        asked = _asked(session, record_id or "", record)
        if asked is not None and asked.record_id not in known:
            known.add(asked.record_id)
            found += 1
            yield _linked(session, asked, record, (BY_PERSON,), 1.0, person)
    if not found:
        by_values = _by_values(session, record, known)
        if by_values is not None:
            yield by_values


def _asked(session: Session, record_id: str, reply: ReferralRecord) -> ReferralRecord | None:
    found = newest_record(session, record_id)
    same = record_id == reply.record_id or (found is not None and found[0].source.sha256 == reply.source.sha256)
    return None if found is None or same else found[0]


def _by_code(session: Session, asked: ReferralRecord, reply: ReferralRecord, person: str | None) -> Link:
    if person is not None:
        return _linked(session, asked, reply, (_BY_CODE, BY_PERSON), 1.0, person)
    same = same_member(asked, reply)
    if same:
        return _linked(session, asked, reply, (_BY_CODE, "member"), _SURE)
    confidence = _CODE_ALONE if same is None else _OTHER_MEMBER
    return Link(kind=LinkKind.ANSWERS, record_id=asked.record_id, confidence=confidence, sure=False, because=[_BY_CODE])


def _linked(
    session: Session,
    asked: ReferralRecord,
    reply: ReferralRecord,
    because: Sequence[str],
    confidence: float,
    person: str | None = None,
) -> Link:
    """A sure link, with what the reply says otherwise."""
    differences = list(_taken(session, asked, reply).differences)
    return Link(
        kind=LinkKind.ANSWERS,
        record_id=asked.record_id,
        confidence=confidence,
        sure=True,
        because=list(because),
        differences=differences,
        confirmed_by=person,
    )


def _by_values(session: Session, reply: ReferralRecord, ruled_out: Collection[str]) -> Link | None:
    """Without a code: the newest open letter about the same member to the same office, where something it asks is given."""
    member_id, npi = reply.member.member_id, reply.requesting_provider.npi
    if not member_id or not npi:
        return None
    for row in letters.open_about_member(session, member_id, reply.record_id):
        asked = None if row.record_id in ruled_out else _asked(session, row.record_id, reply)
        fits = asked is not None and row.released_at is not None and row.released_at <= reply.source.received_at
        if asked is not None and fits and asked.requesting_provider.npi == npi and _taken(session, asked, reply).closed:
            because = ["member.member_id", "requesting_provider.npi"]
            return Link(kind=LinkKind.ANSWERS, record_id=row.record_id, confidence=_WITHOUT_CODE, sure=False, because=because)
    return None


def _notice(link: Link) -> Notice | None:
    if not link.sure:
        return _ask("reply.unsure", f"This may answer our letter about {link.record_id}. Does it belong there?")
    if link.differences:
        paths = ", ".join(dict.fromkeys(one.path for one in link.differences))
        return _ask(
            "reply.differs", f"This answers our letter about {link.record_id}, and differs from it: {paths}. Which one holds?"
        )
    return None


def _ask(code: str, message: str) -> Notice:
    severity = NoticeSeverity.ASK
    return Notice(code=code, severity=severity, message=message, field="related.links", rule=code, source=_SOURCE)


# -- what the request gains
def take_answers(session: Session, reply: ReferralRecord, taking: Taking) -> tuple[ReferralRecord, ...]:
    """Have each request that a reply answers gain a revision, where the reply changes anything about it.

    A sure reply closes the gaps that it answers. A document that quotes a code and has no request in it closes nothing: a person is
    told at the request that it came.

    Returns:
        The revisions that were written.
    """
    written = []
    for link in reply.related.links:
        if link.kind is LinkKind.ANSWERS and link.record_id is not None and (link.sure or reply.status is Status.NO_REQUEST):
            revised = _answered(session, link.record_id, reply, taking)
            written += [] if revised is None else [revised]
    return tuple(written)


def _answered(session: Session, record_id: str, reply: ReferralRecord, taking: Taking) -> ReferralRecord | None:
    found = newest_record(session, record_id)
    if found is None:
        return None
    before, row = found
    if reply.status is Status.NO_REQUEST:
        told = _with_event(before, ClockEventKind.INFORMATION_RECEIVED, reply)
        after = before if told is before else _with_notice(told, reply)
    else:
        taken = _taken(session, before, reply)
        after = _with_event(taken.record, ClockEventKind.INFORMATION_RECEIVED, reply)
    if after == before:
        return None
    checked = taking.checked(session, after)
    if not is_blocked(checked) and reply.status is not Status.NO_REQUEST:
        checked = taking.checked(session, _with_event(checked, ClockEventKind.INFORMATION_COMPLETE, reply))
    revised = checked.model_copy(update={"revision": before.revision + 1})
    documents.add_revision(session, row.document_id, row.position, revised, taking.sinks, taking.now)
    for letter in letters.of_record(session, record_id):
        _note_answer(session, letter, reply, taking)
    return revised


def _note_answer(session: Session, letter: LetterRow, reply: ReferralRecord, taking: Taking) -> None:
    if letter.state in letters.GONE and letter.answered_by is None:
        letters.answered(session, letter, reply.record_id, taking.actor, taking.now)


def _taken(session: Session, record: ReferralRecord, reply: ReferralRecord) -> Taken:
    rows = [row for row in letters.of_record(session, record.record_id) if row.state in letters.GONE]
    asked = open_questions([one for row in rows for one in letters.asked_by(row)], record)
    then = letters.record_asked(session, rows[-1]) if rows else record
    return take(Question(asked, then), record, reply)


def _with_event(record: ReferralRecord, kind: ClockEventKind, reply: ReferralRecord) -> ReferralRecord:
    """The record with what a reply did to its clocks, told once for each reply: it counts from when the reply was received."""
    key = f"{kind.value}:{reply.record_id}"
    if any(event.key == key for event in record.events):
        return record
    event = ClockEvent(kind=kind, at=reply.source.received_at, by=TOPIC, record_id=reply.record_id, key=key)
    return record.model_copy(update={"events": [*record.events, event]})


def _with_notice(record: ReferralRecord, reply: ReferralRecord) -> ReferralRecord:
    message = f"An answer to our letter came ({reply.record_id}), and no value could be read in it. Look at its pages."
    earlier = [notice for notice in record.notices if notice.code.partition(".")[0] == "answer" and notice.message != message]
    return with_notices(record, "answer", [*earlier, _ask("answer.unread", message)])


def attached(session: Session, reply: ReferralRecord, record_id: str, person: str) -> ReferralRecord | None:
    """The reply as a person attaches it to a request; ``None`` where there is no such request, or no letter about it."""
    asked = _asked(session, record_id, reply)
    if asked is None or not any(row.state in letters.GONE for row in letters.of_record(session, record_id)):
        return None
    link = _linked(session, asked, reply, (BY_PERSON,), 1.0, person)
    return with_answer(reply, answer_to(link, person, yes=True))
