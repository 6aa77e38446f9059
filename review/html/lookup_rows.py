"""A history as a page shows it: each request with its status in words, and the time line of all that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from pydantic import BaseModel

from models.circumstances import LinkKind, Standing
from models.record import RequestKind, Service, Status, Urgency
from models.store.report_tables import DecisionOutcome
from review.api.lookup_models import FoundBy, Happened, RequestKnown, What

GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", ""
"""How a word is coloured, beside what it says."""

FOUND_BY: Mapping[FoundBy, str] = MappingProxyType(
    {
        FoundBy.MEMBER_ID: "by the ID",
        FoundBy.NAME: "by name and birth date",
        FoundBy.REQUESTING: "requesting",
        FoundBy.SERVICING: "servicing",
        FoundBy.FAX_HEADER: "sent from this number",
        FoundBy.NUMBER: "names the number",
        FoundBy.GRANTED_FOR: "was given the authorization",
        FoundBy.LINKED: "linked",
    }
)
_HAPPENED: Mapping[What, str] = MappingProxyType(
    {
        What.FIRST_RECEIVED: "The same request had come",
        What.COMPLETED: "Completed",
        What.LETTER_PROPOSED: "Letter proposed",
        What.LETTER_RELEASED: "Letter released",
        What.LETTER_SENT: "Letter sent",
        What.LETTER_ANSWERED: "Letter answered",
        What.INFORMATION_REQUESTED: "Information asked for",
        What.INFORMATION_RECEIVED: "Information came",
        What.INFORMATION_COMPLETE: "All information is here",
        What.EXTENDED: "Time extended",
        What.DOWNGRADED: "Made less urgent",
        What.UPGRADED: "Made more urgent",
    }
)
_OUTCOMES = {DecisionOutcome.APPROVED: GOOD, DecisionOutcome.APPROVED_AFTER_APPEAL: GOOD, DecisionOutcome.DENIED: BAD}
_REPEATS = (LinkKind.SAME_BYTES, LinkKind.SAME_PAGES, LinkKind.SAME_REQUEST, LinkKind.MARKED_SECOND)
_BY_ITSELF = {Status.NO_REQUEST: ("No request", PLAIN, "by the machine")}
_LEFT_OUT = frozenset({"code_system", "description"})
_CAPITALS = frozenset({"id", "npi", "tin"})
_PARTS = {
    "request": "",
    "member": "Member, ",
    "requesting_provider": "Requesting provider, ",
    "servicing_provider": "Servicing provider, ",
}


@dataclass(frozen=True, slots=True)
class Word:
    """How something stands: in words, with a colour beside them, and what else is to say of it."""

    text: str
    tone: str = PLAIN
    more: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of a request before and after a change, or as it stands."""

    title: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the change made it another one."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Line:
    """A service in one line: its code with modifiers and units, and its days."""

    what: str
    days: str

    @classmethod
    def of(cls, service: Service) -> Line:
        """The line of a service."""
        days = " – ".join(dict.fromkeys(day.isoformat() for day in (service.from_date, service.to_date) if day))
        units = "" if service.units is None else f" × {service.units}"
        code = "-".join(filter(None, (service.code, *service.modifiers))) or service.description or "no code"
        return cls(code + units, days)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.what, self.days)))


@dataclass(frozen=True, slots=True)
class Row:
    """A request as the page shows it. ``change`` is what it changed, of a change."""

    request: RequestKnown
    status: Word
    found_by: str
    services: tuple[Line, ...]
    stands: tuple[Compared, ...]
    change: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, of the time line."""

    at: datetime
    word: Word
    request: RequestKnown
    happened: Happened


def row_of(request: RequestKnown) -> Row:
    """A request as a row."""
    return Row(
        request=request,
        status=status_of(request),
        found_by=", ".join(FOUND_BY[how] for how in request.found_by),
        services=tuple(map(Line.of, request.stands.services)),
        stands=compared(request.stands, request.stands),
        change=compared(request.before, request.after) if request.before and request.after else (),
    )


def status_of(request: RequestKnown) -> Word:
    """How a request stands: what was decided, else what became of it, else that it waits."""
    if request.decisions:
        newest = request.decisions[-1]
        return Word(_words(newest.outcome.value), _OUTCOMES.get(newest.outcome, WARN), "decided")
    if request.stands.cancelled and request.kind is not RequestKind.CANCELLATION:
        return Word("Cancelled", WARN)
    if request.waits:
        held = "" if request.held is None else f"{request.held.by} works on it"
        return Word("Waits", WARN, held or ("cannot be read" if request.status is Status.UNREADABLE else "for a person"))
    if any(link.sure and link.kind in _REPEATS for link in request.links) and request.completed_by is None:
        return Word("Repeats another", PLAIN, "set aside")
    if any(link.sure and link.kind is LinkKind.ANSWERS for link in request.links):
        return Word("Answers a letter", PLAIN)
    if request.status is Status.READY:
        return Word("Ready", GOOD, f"by {request.completed_by}" if request.completed_by else "by the machine")
    if request.completed_by is None:
        return Word(*_BY_ITSELF.get(request.status, ("Ended", PLAIN, "another reading took its place")))
    left = f"; {request.blocking} gap{'' if request.blocking == 1 else 's'} left" if request.blocking else ""
    text = "No request" if request.status is Status.NO_REQUEST else "Completed"
    return Word(text, WARN if left else PLAIN, f"by {request.completed_by}{left}")


def moments_of(requests: Sequence[RequestKnown]) -> tuple[Moment, ...]:
    """All that happened to some requests, the newest first."""
    found = [Moment(one.at, _word(one, request), request, one) for request in requests for one in request.happened]
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


def _word(one: Happened, request: RequestKnown) -> Word:
    by = f"by {one.by}" if one.by else ""
    if one.what is What.RECEIVED:
        haste = "urgent " if request.urgency is Urgency.URGENT else ""
        kind = {None: "request", RequestKind.NEW: "new request"}.get(request.kind) or str(request.kind)
        return Word(f"{_words(haste + kind)} received", PLAIN, request.provider or "")
    if one.what is What.DECIDED:
        outcome = DecisionOutcome(one.detail or DecisionOutcome.APPROVED)
        return Word(_words(outcome.value), _OUTCOMES.get(outcome, WARN), by)
    if one.what is What.AUTHORIZED:
        numbers = ", ".join(row.number for row in request.authorizations)
        return Word("Authorization brought in", PLAIN, f"{numbers}, {one.detail}")
    told = "" if one.what is What.FIRST_RECEIVED or one.letter_id else (one.detail or "")
    return Word(_HAPPENED[one.what], PLAIN, "; ".join(filter(None, (by, told))))


def compared(before: Standing, after: Standing) -> tuple[Compared, ...]:
    """Two states of a request side by side, what differs first; what neither says is left out."""
    first, second = dict(_values(before)), dict(_values(after))
    rows = [Compared(title, first.get(title, ""), second.get(title, "")) for title in dict.fromkeys([*first, *second])]
    return tuple(sorted((row for row in rows if row.before or row.after), key=lambda row: not row.differs))


def _values(standing: Standing) -> Iterator[tuple[str, str]]:
    """All values of a state, by their titles."""
    for name, value in standing:
        if name in _PARTS:
            yield from ((_title(f"{_PARTS[name]}{part}"), _text(inner)) for part, inner in value)
        elif name == "services":
            yield from ((f"Service {number}", str(Line.of(one))) for number, one in enumerate(value, 1))
        elif name == "diagnoses":
            yield from ((f"Diagnosis {number}", _text(one)) for number, one in enumerate(value, 1))
        else:
            yield _title(name), _text(value)


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, BaseModel):
        return " ".join(_text(inner) for name, inner in value if name not in _LEFT_OUT and inner)
    return value.isoformat() if isinstance(value, date) else str(value)


def _title(path: str) -> str:
    """A path as a title; what is always written in capitals is."""
    words = path.replace("_", " ").replace("Member, member ", "Member ").split(" ")
    text = " ".join(word.upper() if word in _CAPITALS else word for word in words)
    return text[:1].upper() + text[1:]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
