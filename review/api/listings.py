"""Who listed or searched records, in the audit trail: by the names of what was asked for, and never by its values."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from models.store.audit import EVERYTHING, Look
from models.store.desk_queue import Search
from review.access.actor import Actor
from review.api.views import LOOK, note_always
from review.services import DeskServices

LISTED, SEARCHED = "listed", "searched"

PERSONAL = ("text", "member", "member_id", "date_of_birth", "authorization_number", "provider", "fax")
"""What a search may ask for that names somebody; a listing that asks for none of it is no search."""

_OTHERS = tuple(one.name for one in fields(Search) if one.name not in ("view", *PERSONAL))
_BLANK = Search()
_LONGEST = 80
_MOST_KNOWN = 5_000


class Listings:
    """Notes listings and searches; the same by the same person once in a while, for pages renew themselves and have further pages.

    What was noted lately is remembered in memory alone: a service that starts again may note the same once more.
    """

    def __init__(self, services: DeskServices, life: timedelta = LOOK) -> None:
        self._services = services
        self._life = life
        self._noted: OrderedDict[tuple[str, Search], datetime] = OrderedDict()
        self._lock = Lock()

    def note(self, actor: Actor, search: Search, found: int, *, more: bool) -> None:
        """Note that somebody saw a listing.

        Args:
            actor: who.
            search: what was asked for.
            found: how many records were shown.
            more: whether there are more than those.
        """
        # A program that follows the changes asks from another one each time.
        same = search if search.changed_since is None else replace(search, changed_since=0)
        if self._is_noted((actor.name, same)):
            return
        names = [name for name in (*PERSONAL, *_OTHERS) if getattr(search, name) != getattr(_BLANK, name)]
        action = SEARCHED if any(name in PERSONAL for name in names) else LISTED
        note_always(self._services, Look(actor.name, action, EVERYTHING, detail=_detail(search, names, found, more=more)))

    def _is_noted(self, key: tuple[str, Search]) -> bool:
        """Whether it was noted lately; from now on it was."""
        now = self._services.now()
        with self._lock:
            before = self._noted.get(key)
            if before is not None and now - before < self._life:
                return True
            self._noted[key] = now
            self._noted.move_to_end(key)
            while len(self._noted) > _MOST_KNOWN:
                self._noted.popitem(last=False)
        return False


def _detail(search: Search, names: list[str], found: int, *, more: bool) -> str:
    """``waiting by member, fax: 3 found``; names that do not fit any more are counted."""
    said = f": {found}{' or more' if more else ''} found"
    for left in range(len(names), -1, -1):
        among = [*names[:left], *([f"{len(names) - left} more"] if left < len(names) else [])]
        whole = search.view.value + (f" by {', '.join(among)}" if among else "") + said
        if len(whole) <= _LONGEST:
            return whole
    return said


def _listings_of(request: Request) -> Listings:
    listings: Listings = request.app.state.listings
    return listings


Noted = Annotated[Listings, Depends(_listings_of)]
