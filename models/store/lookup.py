"""Who or what is looked up, and which requests belong to it: the newest first, from indexes. No function here commits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from models.roster import MemberSpan, plain_id
from models.store import roster
from models.store.desk_keys import folded, words_of
from models.store.desk_queue import Cursor
from models.store.desk_tables import DeskItemRow, DeskKeyRow, KeyKind
from models.store.match_keys import number_key
from models.store.match_tables import RecordLinkRow

_OTHER = aliased(DeskKeyRow)
_MOST_ASKED = 20
_MOST_LINKED = 200

Places = Select[*tuple[object, ...]]
"""A query of a record's id and when it was received."""


class About(StrEnum):
    """What a history is of."""

    MEMBER = "member"
    PROVIDER = "provider"
    AUTHORIZATION = "authorization"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked up: a provider, an office, an authorization, or a member.

    A member is named by an ID, with the date of birth where several share it, or by names and the date of birth.
    """

    member_id: str = ""
    last_name: str = ""
    first_name: str = ""
    date_of_birth: date | None = None
    npi: str = ""
    fax: str = ""
    authorization_number: str = ""

    @property
    def about(self) -> About:
        """What the history is of."""
        if self.authorization_number:
            return About.AUTHORIZATION
        return About.PROVIDER if self.npi or self.fax else About.MEMBER

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of what is given."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name))


@dataclass(frozen=True, slots=True)
class Name:
    """The words of somebody's names, as keys, and the day of birth. Without a first name, it is any."""

    last: tuple[str, ...]
    first: tuple[str, ...]
    born: date


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a member is: what the roster says, every ID that requests may name, and the names beside the day of birth.

    ``born`` narrows what is found by an ID, which several may share.
    """

    spans: tuple[MemberSpan, ...]
    ids: tuple[str, ...]
    names: tuple[Name, ...]
    born: date | None


def identified(session: Session, sought: Sought, hidden: Collection[str]) -> Identity:
    """Who is looked up. Where no roster knows the ID, the requests that give it say whose it is."""
    born = sought.date_of_birth
    if not sought.member_id:
        asked = Name(_words(sought.last_name), _words(sought.first_name), born or date.min)
        named = (span for span in roster.members_by_birth(session, asked.born) if asked.last and _is(span, asked))
        spans = tuple(named)
        return Identity(spans, tuple(dict.fromkeys(_ids(spans))), (asked,) if asked.last else (), born)
    number = folded(KeyKind.MEMBER_ID, sought.member_id)
    ids = {plain_id(sought.member_id)} - {""}
    spans = tuple(span for span in roster.members_by_id(session, ids) if born in (None, span.date_of_birth))
    names = (Name(_words(span.last_name), _words(span.first_name), span.date_of_birth) for span in spans)
    told = tuple(dict.fromkeys(names)) if spans else _by_requests(session, number, born, hidden)
    return Identity(spans, tuple(dict.fromkeys([number, *_ids(spans)])) if number else (), told, born)


def _words(name: str) -> tuple[str, ...]:
    return words_of(KeyKind.MEMBER, name)


def _ids(spans: Iterable[MemberSpan]) -> Iterator[str]:
    for span in spans:
        for one in (span.member_id, span.cin, span.mbi, span.medical_record):
            if one:
                yield folded(KeyKind.MEMBER_ID, one)


def _is(span: MemberSpan, name: Name) -> bool:
    return set(name.last) <= set(_words(span.last_name)) and set(name.first) <= set(_words(span.first_name))


def _by_requests(session: Session, number: str, born: date | None, hidden: Collection[str]) -> tuple[Name, ...]:
    """The names and the day of birth that most of the newest requests with this ID give."""
    found = newest(session, [_of_member_id(number, born)], hidden, _MOST_ASKED)
    names: Counter[Name] = Counter()
    for row in found:
        last, comma, first = (row.member or "").partition(", ")
        if comma and row.date_of_birth is not None:
            names[Name(_words(last), _words(first), row.date_of_birth)] += 1
    return tuple(name for name, _ in names.most_common(1))


def of_member(identity: Identity) -> list[Places]:
    """The requests that give one of the IDs, and those that give the names and the day of birth."""
    return [*(_of_member_id(one, identity.born) for one in identity.ids), *map(_of_name, identity.names)]


def _of_member_id(number: str, born: date | None) -> Places:
    query = _with_key(KeyKind.MEMBER_ID, number)
    if born is None:
        return query
    query = query.join(DeskItemRow, DeskItemRow.record_id == DeskKeyRow.record_id)
    return query.where(or_(DeskItemRow.date_of_birth == born, DeskItemRow.date_of_birth.is_(None)))


def _of_name(name: Name) -> Places:
    query = _with_key(KeyKind.BORN, folded(KeyKind.BORN, name.born.isoformat()))
    return query.where(*(_has_word(word) for word in (*name.last, *name.first)))


def _has_word(word: str) -> ColumnElement[bool]:
    """Asked of one record after the other: those who were born on one day are few, and those of one name are many."""
    query = select(literal(1)).where(_OTHER.record_id == DeskKeyRow.record_id, _OTHER.kind == KeyKind.MEMBER, _OTHER.key == word)
    return query.limit(1).scalar_subquery().is_not(None)


def of_provider(sought: Sought) -> list[Places]:
    """The requests that name a provider by the NPI, or an office by its fax number."""
    if sought.npi:
        return [_with_key(KeyKind.NPI, folded(KeyKind.NPI, sought.npi))]
    return [_with_key(KeyKind.FAX, folded(KeyKind.FAX, fax_number(sought.fax)))]


def fax_number(text: str) -> str:
    """A number as records have it (E.164); ten digits are a number of North America."""
    digits = re.sub(r"\D", "", text)
    return f"+1{digits}" if len(digits) == 10 else f"+{digits}"


def of_authorization(session: Session, number: str, tied: Collection[str], hidden: Collection[str]) -> list[Places]:
    """The requests of an authorization: those that give its number, that it was given for, and that are linked with it or them.

    Args:
        session: the session.
        number: the authorization's number.
        tied: the records that authorizations of this number were given for.
        hidden: records that must not lead to others.
    """
    key = folded(KeyKind.AUTHORIZATION, number)
    if not key:
        return []
    stated = _with_key(KeyKind.AUTHORIZATION, key)
    own = {row.record_id for row in newest(session, [stated], hidden, _MOST_LINKED)} | (set(tied) - set(hidden))
    linked = or_(RecordLinkRow.authorization_key == number_key(number), RecordLinkRow.other_id.in_(own))
    others = select(RecordLinkRow.record_id).where(linked)
    place = select(DeskItemRow.record_id, DeskItemRow.received_at)
    return [stated, place.where(DeskItemRow.record_id.in_(tied)), place.where(DeskItemRow.record_id.in_(others))]


def _with_key(kind: KeyKind, key: str) -> Places:
    return select(DeskKeyRow.record_id, DeskKeyRow.received_at).where(DeskKeyRow.kind == kind, DeskKeyRow.key == key)


def newest(
    session: Session, sources: Sequence[Places], hidden: Collection[str], most: int, after: Cursor | None = None
) -> tuple[DeskItemRow, ...]:
    """The newest requests of some queries, each once, from ``after`` on; the hidden ones are none of them."""
    places = {(row[1], row[0]) for source in sources for row in session.execute(_page(source, hidden, most, after))}
    ids = [record_id for _, record_id in sorted(places, reverse=True)[:most]]
    rows = {row.record_id: row for row in session.scalars(select(DeskItemRow).where(DeskItemRow.record_id.in_(ids)))}
    return tuple(rows[one] for one in ids if one in rows)


def _page(source: Places, hidden: Collection[str], most: int, after: Cursor | None) -> Places:
    record_id, at = source.selected_columns
    if hidden:
        source = source.where(record_id.not_in(hidden))
    if after is not None:
        source = source.where(tuple_(at, record_id) < tuple_(after.at, after.record_id))
    return source.order_by(at.desc(), record_id.desc()).limit(most)
