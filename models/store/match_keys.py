"""What may be the same request, or the one that is changed: found by hashes of values that agree, a bounded number of them.

Each key is of values that few requests have in common, and a request has several, so that one misread value hides none. Of those
with a key the newest are looked at, so that finding them takes as long among a million requests as among a thousand.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store.match_tables import AuthorizationRow, MatchKeyRow, MatchOwner
from models.values.confusions import DIGIT_OF

MOST_OF_A_KEY = 24
"""So many of those that share a key are looked at, the newest."""

_WITHOUT_REQUEST = (Status.NO_REQUEST, Status.UNREADABLE)
_AS_DIGITS = str.maketrans({letter.upper(): digit for letter, digit in DIGIT_OF.items() if letter.upper().isalpha()})


def number_key(text: str) -> str:
    """An authorization number without dashes and spaces, in capitals: the form in which numbers are the same."""
    return re.sub(r"[\W_]", "", text).upper()[:64]


def keys_of_record(record: ReferralRecord) -> frozenset[int]:
    """The keys of a record; none where there is no request in it."""
    if record.status in _WITHOUT_REQUEST:
        return frozenset()
    member, asks, header = record.member, record.requesting_provider, record.source.fax
    codes = [service.code for service in record.services if service.code]
    faxes = (asks.fax, None if header is None else header.sender_number)
    texts = [
        *_person(member.member_id, member.last_name, member.first_name, member.date_of_birth),
        *_office(member.last_name, member.first_name, asks.npi, codes),
        *(f"fax|{fax}" for fax in faxes if fax),
    ]
    if record.request.authorization_number:
        texts += _number(record.request.authorization_number)
    return _hashed(texts)


def keys_of_authorization(row: AuthorizationRow) -> frozenset[int]:
    """The keys of an authorization."""
    texts = [
        *_person(row.member_id, row.last_name, row.first_name, row.date_of_birth),
        *_office(row.last_name, row.first_name, row.requesting_npi, ()),
        *_number(row.number),
    ]
    return _hashed(texts)


def keys_of_member_id(member_id: str) -> frozenset[int]:
    """The keys of all that is of a member's number."""
    return _hashed(_person(member_id, None, None, None))


def keys_of_name(last_name: str, first_name: str | None, born: date) -> frozenset[int]:
    """The keys of all that is of a person with these names who was born on that day."""
    return _hashed(_person(None, last_name, first_name, born))


def _person(member_id: str | None, last: str | None, first: str | None, born: date | None) -> Iterator[str]:
    last_name, first_name = _plain(last), _plain(first)
    if member_id:
        yield f"id|{number_key(member_id).translate(_AS_DIGITS)}"
    if born and last_name:
        yield f"last|{last_name}|{born}"
    if born and first_name:
        yield f"first|{first_name}|{born}"


def _office(last: str | None, first: str | None, npi: str | None, codes: Sequence[str]) -> Iterator[str]:
    """By name and provider, for where the date of birth and the number were misread; by name and code, where the provider was."""
    last_name, first_name = _plain(last), _plain(first)
    if not last_name or not first_name:
        return
    if npi:
        yield f"npi|{last_name}|{first_name}|{npi}"
    for code in codes:
        yield f"code|{last_name}|{first_name}|{code.upper()}"


def _number(text: str) -> Iterator[str]:
    """Letters as the digits that they are taken for: a misread letter finds its number. A misread digit is found by the member."""
    yield f"number|{number_key(text).translate(_AS_DIGITS)}"


def _plain(text: str | None) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text or "") if not unicodedata.combining(c))
    return re.sub(r"[\W_]", "", bare).casefold()


def _hashed(texts: Iterable[str]) -> frozenset[int]:
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return frozenset(int.from_bytes(digest, "big", signed=True) for digest in digests)


def keep(session: Session, owner: MatchOwner, owner_id: str, keys: Iterable[int], at: datetime) -> None:
    """Put these keys in place of those that the owner had."""
    session.execute(delete(MatchKeyRow).where(MatchKeyRow.owner_id == owner_id))
    session.add_all(MatchKeyRow(owner_id=owner_id, key=key, owner=owner, at=at) for key in sorted(keys))
    session.flush()


def forget(session: Session, owner_ids: Sequence[str]) -> None:
    """Remove the keys of some owners."""
    session.execute(delete(MatchKeyRow).where(MatchKeyRow.owner_id.in_(owner_ids)))


def start_of(day: date | None, otherwise: datetime) -> datetime:
    """Midnight of a day in UTC: when an authorization begins, as far as the order of what is found goes."""
    return otherwise if day is None else datetime.combine(day, time(), UTC)


def found(session: Session, owner: MatchOwner, keys: Iterable[int], before: datetime | None = None) -> tuple[str, ...]:
    """The ids of those that share a key, of each key the newest.

    Args:
        session: the session.
        owner: records or authorizations.
        keys: the keys of what is compared.
        before: only what was received before, or at that time.
    """
    ids: dict[str, None] = {}
    for key in sorted(keys):
        query = select(MatchKeyRow.owner_id).where(MatchKeyRow.owner == owner, MatchKeyRow.key == key)
        if before is not None:
            query = query.where(MatchKeyRow.at <= before)
        query = query.order_by(MatchKeyRow.at.desc(), MatchKeyRow.owner_id.desc()).limit(MOST_OF_A_KEY)
        ids.update(dict.fromkeys(session.scalars(query)))
    return tuple(ids)
