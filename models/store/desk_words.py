"""Finding records by words, through their keys alone: which have what is looked for, in the order of a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.store.desk_keys import signature, words_of
from models.store.desk_tables import DeskItemRow, DeskKeyRow, KeyKind

# A letter after all that a key may begin with: what lies between a prefix and the prefix with it begins with the prefix.
_LAST = "\U0010ffff"

# The matches that are all put into the order of a listing. Where there are more, the listing is gone through in its order until a
# page is full, which is soon: of a hundred thousand records, after some hundreds. Measured: docs/desk.md.
_MOST_FEW = 5_000

_OTHER = aliased(DeskKeyRow)


@dataclass(frozen=True, slots=True)
class Word:
    """What is looked for: keys of some kinds that begin so. Any one of its beginnings is enough."""

    beginnings: tuple[tuple[str, tuple[KeyKind, ...]], ...]


def words(kind: KeyKind, text: str) -> tuple[Word, ...]:
    """What a record with these words in keys of one kind has."""
    return tuple(Word(((key, (kind,)),)) for key in words_of(kind, text))


def any_words(text: str) -> tuple[Word, ...]:
    """What a record with these words in keys of any kind has."""
    return tuple(word for part in text.split() if (word := _any_word(part)).beginnings)


def _any_word(text: str) -> Word:
    kinds: dict[str, list[KeyKind]] = {}
    for kind in KeyKind:
        for key in words_of(kind, text)[:1]:
            kinds.setdefault(key, []).append(kind)
    return Word(tuple((key, tuple(of_key)) for key, of_key in kinds.items()))


def few(session: Session, sought: Sequence[Word], waits: Sequence[bool]) -> Select[str] | None:
    """The ids of all records that have what is looked for, where one of the words is something that few have; else ``None``.

    Args:
        session: the session.
        sought: the words; a record must have all.
        waits: the records among which to look: those that wait, those that do not, or both.

    Returns:
        A query of :class:`DeskKeyRow`, which may give an id more than once.
    """
    if not sought:
        return None
    counted = session.execute(select(*(_count(word, waits) for word in sought))).one()
    counts = dict(zip(sought, counted, strict=True))
    rarest = min(sought, key=lambda word: counts[word])
    if counts[rarest] > _MOST_FEW:
        return None
    query = select(DeskKeyRow.record_id).where(_begins(rarest, waits))
    for word in sought:
        if word != rarest:
            query = query.where(has(word, DeskKeyRow))
    return query


def _count(word: Word, waits: Sequence[bool]) -> ColumnElement[int]:
    some = select(literal(1)).where(_begins(word, waits)).limit(_MOST_FEW + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _begins(word: Word, waits: Sequence[bool]) -> ColumnElement[bool]:
    row = DeskKeyRow
    ranges = (and_(row.kind.in_(kinds), row.key >= key, row.key < key + _LAST) for key, kinds in word.beginnings)
    return and_(row.waits.in_(waits), or_(*ranges))


def has(word: Word, of: type[DeskItemRow | DeskKeyRow]) -> ColumnElement[bool]:
    """Whether the record of a row has what is looked for: asked for one record after the other, in whatever order they come.

    The signature, on the row itself, answers for most that have it not; the others' keys are looked at. An EXISTS would say the
    same; but PostgreSQL would take it for leave to begin with all keys. The many kinds of a word are compared key by key, for which
    there is no index: a record has a dozen keys, and they lie side by side.
    """
    of_kind = _OTHER.kind if all(len(kinds) == 1 for _, kinds in word.beginnings) else func.coalesce(_OTHER.kind, _OTHER.kind)
    ranges = (and_(of_kind.in_(kinds), _OTHER.key >= key, _OTHER.key < key + _LAST) for key, kinds in word.beginnings)
    found = select(literal(1)).where(_OTHER.record_id == of.record_id, or_(*ranges)).limit(1)
    masks = sorted({signature([key]) for key, _ in word.beginnings})
    may_have = or_(*(of.signature.bitwise_and(mask) == mask for mask in masks))
    return and_(may_have, found.scalar_subquery().is_not(None))
