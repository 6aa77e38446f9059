"""What an answer closes: which of the gaps of a request it gives a value for, and where it says otherwise than the request.

The answer's values are taken for what was asked alone. What the request gave already, and nobody asked about, stays as it is;
where the answer says otherwise, that is a difference for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from letters.values import readings_of, value_at, with_readings, with_value
from models.circumstances import Difference
from models.letter import Asked
from models.letters import letters_of
from models.record import GapReason, ReferralRecord, Service, Severity

_ROWS = ("diagnoses", "services")
_COMPARED = (
    "member.member_id",
    "member.last_name",
    "member.first_name",
    "member.date_of_birth",
    "request.authorization_number",
    "requesting_provider.npi",
    "requesting_provider.tin",
    "servicing_provider.npi",
    "servicing_provider.tin",
)
_OF_SERVICES = ("modifiers", "units", "from_date", "to_date")
_CORRECTED = (GapReason.INVALID, GapReason.INCONSISTENT, GapReason.ILLEGIBLE)


@dataclass(frozen=True, slots=True)
class Taken:
    """A request with an answer's values: ``closed`` are the paths that it gave, ``differences`` what it says otherwise."""

    record: ReferralRecord
    closed: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a letter asked: the fields, and the revision it asked about, whose wrong values may be replaced."""

    asked: tuple[Asked, ...]
    then: ReferralRecord


def open_questions(asked: Iterable[Asked], record: ReferralRecord) -> tuple[Asked, ...]:
    """What was asked in letters, and whatever else the request lacks as it stands now, each path once."""
    now = (Asked(gap.field, gap.reason) for gap in record.gaps)
    return tuple({one.path: one for one in (*now, *asked)}.values())


def same_member(record: ReferralRecord, reply: ReferralRecord) -> bool | None:
    """Whether both are about one member; ``None`` where one of them does not say who it is about."""
    ours, theirs = record.member, reply.member
    if ours.member_id and theirs.member_id and _same(ours.member_id, theirs.member_id):
        return True
    named = _same(ours.last_name, theirs.last_name) and ours.last_name is not None
    if named and ours.date_of_birth is not None and ours.date_of_birth == theirs.date_of_birth:
        return True
    told = (theirs.member_id and ours.member_id) or (theirs.last_name and ours.last_name)
    return False if told else None


def take(question: Question, record: ReferralRecord, reply: ReferralRecord) -> Taken:
    """The request with the answer's values.

    Args:
        question: what was asked.
        record: the request as it stands now.
        reply: the answer as it was read, or corrected.
    """
    found: list[Difference] = []
    closed: list[str] = []
    for one in question.asked:
        given = _given(one.path, record, reply)
        now = value_at(record, one.path)
        if given is None or _same(now, given.value):
            continue
        if now is None or (one.reason in _CORRECTED and _same(now, value_at(question.then, one.path))):
            record = _with_answer(record, one.path, given, reply)
            closed.append(one.path)
        else:
            found.append(_difference(one.path, now, given.value))
    paths = {one.path for one in question.asked}
    found += [one for one in _contradictions(record, reply) if one.path not in paths]
    return Taken(record, tuple(closed), tuple(dict.fromkeys(_hashable(found))))


def _hashable(found: list[Difference]) -> Iterator[Difference]:
    yield from {(one.path, one.before, one.after): one for one in found}.values()


@dataclass(frozen=True, slots=True)
class _Given:
    """A value of the reply, and the path that it has there."""

    value: object
    path: str


def _given(path: str, record: ReferralRecord, reply: ReferralRecord) -> _Given | None:
    head, _, rest = path.partition(".")
    if path == "signature":
        return _Given(reply.signature, path) if reply.signature.present else None
    if head in _ROWS and rest:
        position, _, name = rest.partition(".")
        return _of_row(record, reply, head, int(position), name) if name else None
    value = value_at(reply, path)
    return None if value is None else _Given(value, path)


def _of_row(record: ReferralRecord, reply: ReferralRecord, head: str, row: int, name: str) -> _Given | None:
    """What a reply says of one row: by the row's code; else what all its rows say alike; a code that the request has not yet."""
    theirs = getattr(reply, head)
    ours = getattr(record, head)
    if row >= len(ours):
        return None
    if name == "code":
        known = {one.code for at, one in enumerate(ours) if at != row}
        places = [at for at, one in enumerate(theirs) if one.code is not None and one.code not in known]
    else:
        told = [at for at, one in enumerate(theirs) if getattr(one, name) not in (None, [])]
        places = [at for at in told if theirs[at].code == ours[row].code and ours[row].code is not None]
        places = places or [at for at in told if theirs[at].code is None or len(ours) == 1]
    values = [getattr(theirs[at], name) for at in places]
    if not values or any(value != values[0] for value in values):
        return None
    return _Given(values[0], f"{head}.{places[0]}.{name}")


def _with_answer(record: ReferralRecord, path: str, given: _Given, reply: ReferralRecord) -> ReferralRecord:
    """The record with one answer, and with the reply's own readings of it: they name the document that they are from."""
    found = readings_of(reply, given.path)
    moved = {
        path + key.removeprefix(given.path): one.model_copy(update={"record_id": one.record_id or reply.record_id})
        for key, one in found.items()
    }
    told = with_readings(with_value(record, path, given.value), moved, path)
    if path.endswith(".code") and path.startswith("services."):
        row = path.rpartition(".")[0]
        source = given.path.rpartition(".")[0]
        told = with_value(told, f"{row}.code_system", value_at(reply, f"{source}.code_system"))
    return told


# -- what the answer says otherwise
def _contradictions(record: ReferralRecord, reply: ReferralRecord) -> Iterator[Difference]:
    for path in _COMPARED:
        before, after = value_at(record, path), value_at(reply, path)
        if before is not None and after is not None and not _same(before, after):
            yield _difference(path, before, after)
    ours = {service.code: service for service in record.services if service.code}
    theirs = {service.code: service for service in reply.services if service.code}
    for code, service in theirs.items():
        if code in ours:
            yield from _of_service(record.services.index(ours[code]), ours[code], service)
        elif ours:
            yield Difference(path="services.code", before=None, after=code)
    known = {diagnosis.code for diagnosis in record.diagnoses}
    for diagnosis in reply.diagnoses:
        if diagnosis.code and known and diagnosis.code not in known:
            yield Difference(path="diagnoses.code", before=None, after=diagnosis.code)


def _of_service(row: int, before: Service, after: Service) -> Iterator[Difference]:
    for name in _OF_SERVICES:
        ours, theirs = getattr(before, name), getattr(after, name)
        if ours not in (None, []) and theirs not in (None, []) and not _same(ours, theirs):
            yield _difference(f"services.{row}.{name}", ours, theirs)


def _difference(path: str, before: object, after: object) -> Difference:
    return Difference(path=path, before=_text(before), after=_text(after))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(_text(getattr(one, "code", one)) or "" for one in value)
    return str(value)


def _same(one: object, other: object) -> bool:
    """Whether two values say the same: of texts, their letters and digits."""
    if isinstance(one, str) and isinstance(other, str):
        return letters_of(one) == letters_of(other)
    return one == other


def is_blocked(record: ReferralRecord) -> bool:
    """Whether a blocking gap is left."""
    return any(gap.severity is Severity.BLOCKING for gap in record.gaps)
