"""Status and history of a member, a provider or an authorization, in one call. What is looked up stands in no address."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy.orm import Session

from models.store import lookup_kept
from models.store.desk_queue import View
from models.store.desk_tables import DeskItemRow
from models.store.lookup import Sought
from review.api.common import Services, Viewer, amiss, fails, reading
from review.api.cursors import unpacked
from review.api.lookup_models import History, LookupBody
from review.api.lookup_view import Page, Teller
from review.api.views import LOOK
from review.services import DeskServices

router = APIRouter(tags=["lookup"])


@router.post("/lookup", responses=fails(), summary="Look up a history")
def looked_up(services: Services, actor: Viewer, body: LookupBody) -> History:
    """All that is known of a member, a provider or an authorization: who it is, and every request with what became of it.

    The audit trail keeps who asked, for which fields, and which records were shown.
    """
    after = None
    if body.cursor is not None and (after := unpacked(body.cursor, View.ALL)) is None:
        raise amiss("body/cursor", "This is no cursor of a history.")
    page = Page(body.sought(), body.limit, after)
    with reading(services) as session:
        told = Teller.of(session, services, actor).told(page)
    note_looked_up(services, actor.name, page.sought, told.items)
    return told.history


def note_looked_up(services: DeskServices, actor: str, sought: Sought, shown: Sequence[DeskItemRow]) -> None:
    """Note who looked up what, by the names of what was given, and which records were shown: each once in a while."""
    with Session(services.engine) as session, session.begin():
        lookup_kept.note(session, actor, sought, shown, services.now(), LOOK)
