"""What people have answered to the question whether a request belongs to another one; it outlives every later comparison."""

from __future__ import annotations

from models.circumstances import REPEATS, Link, LinkAnswer, LinkKind, LinkTopic
from models.record import ReferralRecord

TOPIC_OF_NOTICE: dict[str, LinkTopic] = {f"{topic.value}.unsure": topic for topic in LinkTopic}
"""By the code of each notice that is answered by yes or no, what it asks about."""


def topic_of(link: Link) -> LinkTopic:
    """What a link is about."""
    if link.kind in REPEATS:
        return LinkTopic.DUPLICATE
    return LinkTopic.AMENDMENT if link.kind is LinkKind.AMENDS else LinkTopic.REPLY


def name_of(link: Link) -> str | None:
    """What the other request is called: its record's id, else the number of its authorization."""
    return link.record_id or link.authorization_number


def asked_about(record: ReferralRecord, topic: LinkTopic, name: str | None = None) -> Link | None:
    """The link that a question is about: the one to the request of that name, else the first that is not sure."""
    links = [link for link in record.related.links if topic_of(link) is topic]
    if name is not None:
        return next((link for link in links if name in (link.record_id, link.authorization_number)), None)
    return next((link for link in links if not link.sure), None)


def answer_to(link: Link, by: str, *, yes: bool) -> LinkAnswer:
    """What a person says about a link."""
    return LinkAnswer(
        about=topic_of(link), record_id=link.record_id, authorization_number=link.authorization_number, yes=yes, by=by
    )


def with_answer(record: ReferralRecord, answer: LinkAnswer) -> ReferralRecord:
    """The record with an answer, in place of an earlier one about the same request; a request repeats or changes one alone."""
    others = [one for one in record.related.answered if not _same(one, answer) and not _gives_way(one, answer)]
    return record.model_copy(update={"related": record.related.model_copy(update={"answered": [*others, answer]})})


def _same(one: LinkAnswer, other: LinkAnswer) -> bool:
    named = (one.record_id, one.authorization_number) == (other.record_id, other.authorization_number)
    return one.about is other.about and named


def _gives_way(one: LinkAnswer, newer: LinkAnswer) -> bool:
    return one.about is newer.about is not LinkTopic.REPLY and one.yes and newer.yes


def confirmed(record: ReferralRecord, topic: LinkTopic) -> tuple[LinkAnswer, ...]:
    """The requests to which it belongs, as people have said."""
    return tuple(one for one in record.related.answered if one.about is topic and one.yes)


def refused(record: ReferralRecord, topic: LinkTopic) -> tuple[LinkAnswer, ...]:
    """The requests to which it does not belong, as people have said: they are not proposed again."""
    return tuple(one for one in record.related.answered if one.about is topic and not one.yes)


def refused_ids(record: ReferralRecord, topic: LinkTopic) -> frozenset[str]:
    """The ids of the records among them."""
    return frozenset(one.record_id for one in refused(record, topic) if one.record_id is not None)
