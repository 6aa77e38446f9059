"""What a record is found by, and the one form in which it is kept and looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from zlib import crc32

from models.record import ReferralRecord
from models.store.desk_tables import KeyKind

_LONGEST = 120
_NAMES = frozenset({KeyKind.MEMBER, KeyKind.PROVIDER})
# As many bits as a signed number of eight bytes has, but for its sign; and as many first letters as each key sets one for.
_BITS, _SIGNED = 63, 3


def folded(kind: KeyKind, text: str) -> str:
    """The form in which two spellings of the same are the same: no accents, case, spaces or punctuation; of a fax its digits.

    A fax number is kept from its last digit to its first, so that it is found with and without its country or area code.
    """
    if kind is KeyKind.FAX:
        return re.sub(r"\D", "", text)[::-1][:_LONGEST]
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]", "", plain).casefold()[:_LONGEST]


def words_of(kind: KeyKind, text: str) -> tuple[str, ...]:
    """What is looked for, as keys: each word of a name by itself, all else as one."""
    parts = re.split(r"[\s,.;/&()-]+", text) if kind in _NAMES else [text]
    return tuple(dict.fromkeys(key for part in parts if (key := folded(kind, part))))


def signature(keys: Iterable[str]) -> int:
    """A bit for the first letter of each key, for its first two and for its first three: superimposed coding.

    What a key begins with has no bit that the key has not. So a record whose signature lacks a bit of a word's has no key that
    begins with the word; one that has them all may have one. Keys that begin with a digit set none: there would be too many.

    Source: Faloutsos and Christodoulakis, "Signature files", ACM Transactions on Information Systems 2(4), 1984.
    """
    bits = 0
    for key in keys:
        if not key[:1].isdigit():
            for length in range(1, min(_SIGNED, len(key)) + 1):
                bits |= 1 << crc32(key[:length].encode()) % _BITS
    return bits


def keys_of(record: ReferralRecord) -> frozenset[tuple[KeyKind, str]]:
    """All keys of a record."""
    return frozenset((kind, key) for kind, text in _texts(record) if text for key in words_of(kind, text))


def _texts(record: ReferralRecord) -> Iterator[tuple[KeyKind, str | None]]:
    member, asks, serves = record.member, record.requesting_provider, record.servicing_provider
    yield KeyKind.MEMBER, member.last_name
    yield KeyKind.MEMBER, member.first_name
    yield KeyKind.MEMBER_ID, member.member_id
    yield KeyKind.BORN, None if member.date_of_birth is None else member.date_of_birth.isoformat()
    yield KeyKind.AUTHORIZATION, record.request.authorization_number
    for name in (asks.name, serves.name, serves.facility):
        yield KeyKind.PROVIDER, name
    for npi in (asks.npi, serves.npi):
        yield KeyKind.NPI, npi
    fax = record.source.fax
    for number in (asks.fax, serves.fax, None if fax is None else fax.sender_number):
        yield KeyKind.FAX, number
