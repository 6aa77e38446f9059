"""What is looked for, as a form on a page gives it, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta, tzinfo

from models.record import RequestKind, Status, Urgency
from models.store.desk_queue import Search
from review.api.search_words import as_days, as_key_of_day

TEXTS = (
    ("member", "Member’s name"),
    ("member_id", "Member ID"),
    ("date_of_birth", "Date of birth"),
    ("authorization_number", "Authorization number"),
    ("provider", "Provider or facility"),
    ("fax", "Fax number"),
)
"""The fields that take text, each with its title."""

CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("urgency", "Urgency", tuple(Urgency)),
    ("kind", "Kind", tuple(RequestKind)),
    ("status", "Status", tuple(Status)),
)
"""The fields of which any of some values may be ticked, each with its title."""

_LONGEST = 120


def search_of(form: Mapping[str, Sequence[str]], zone: tzinfo) -> Search:
    """What a form asks for. Dates are days at the site; what is no date asks for nothing.

    Args:
        form: for each name all values that were sent.
        zone: the site's time zone.
    """
    until = _day(_one(form, "received_until"))
    return Search(
        text=as_days(_one(form, "text")),
        member=_one(form, "member"),
        member_id=_one(form, "member_id"),
        date_of_birth=as_key_of_day(_one(form, "date_of_birth")),
        authorization_number=_one(form, "authorization_number"),
        provider=_one(form, "provider"),
        fax=_one(form, "fax"),
        statuses=_among(form, "status", Status),
        kinds=_among(form, "kind", RequestKind),
        urgencies=_among(form, "urgency", Urgency),
        received_from=_midnight(_day(_one(form, "received_from")), zone),
        received_before=_midnight(None if until is None else until + timedelta(days=1), zone),
        with_gaps=True if _one(form, "with_gaps") else None,
        unclaimed=bool(_one(form, "unclaimed")),
    )


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()[:_LONGEST]


def _among(form: Mapping[str, Sequence[str]], name: str, kinds: type[Status | RequestKind | Urgency]) -> tuple[str, ...]:
    asked = form.get(name, ())
    return tuple(kind.value for kind in kinds if kind.value in asked)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


def days_of(search: Search, zone: tzinfo) -> tuple[str, str]:
    """The first and the last day of receipt that are asked for, as a form shows them."""
    first, behind = search.received_from, search.received_before
    last = None if behind is None else behind.astimezone(zone).date() - timedelta(days=1)
    return ("" if first is None else first.astimezone(zone).date().isoformat(), "" if last is None else last.isoformat())


def is_empty(search: Search) -> bool:
    """Whether everything fits."""
    blank = Search()
    return all(getattr(search, one.name) == getattr(blank, one.name) for one in fields(Search) if one.name != "view")


def in_words(search: Search, zone: tzinfo) -> str:
    """What is asked for, in one line."""
    return "; ".join(_parts(search, zone))


def _parts(search: Search, zone: tzinfo) -> Iterator[str]:
    if search.text:
        yield f"“{search.text}”"
    for name, title in TEXTS:
        if getattr(search, name):
            yield f"{title.lower()} {getattr(search, name)}"
    for title, among in (("urgency", search.urgencies), ("kind", search.kinds), ("status", search.statuses)):
        if among:
            yield f"{title} {' or '.join(one.replace('_', ' ') for one in among)}"
    first, last = days_of(search, zone)
    if first:
        yield f"received from {first}"
    if last:
        yield f"received until {last}"
    if search.with_gaps:
        yield "with blocking gaps"
    if search.unclaimed:
        yield "nobody works on it"
