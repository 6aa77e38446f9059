"""The pages on which letters to offices are looked at and released."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.store import letters as store
from models.store import rater_samples
from models.store.letter_tables import LetterRow, LetterState
from models.values import ValueKind, find_values
from review.api.common import Viewer, Worker
from review.api.letters import LetterId, known
from review.forms import Form
from review.pages import go_to, page, services_of
from review.work.errors import LetterError

router = APIRouter()

_SECTIONS = (LetterState.HELD, LetterState.DRAFT, LetterState.RELEASED)
_NO_NUMBER = "This is no fax number. Enter one such as 831-555-0142."


@router.get("/letters")
def letters(request: Request, actor: Viewer) -> Response:
    """The letters that wait, and those on their way."""
    services = services_of(request)
    with Session(services.reading) as session:
        hidden = rater_samples.hidden_from(session, actor.name)
        by_state = {
            state.value: [
                (row, store.asked_by(row), services.letters.number(session, row))
                for row in store.listed(session, state)
                if row.record_id not in hidden
            ]
            for state in _SECTIONS
        }
        return page(request, "letters.html", letters=by_state, zone=services.zone, most=store.MOST_LISTED)


@router.get("/letters/{letter_id}")
def letter(request: Request, actor: Viewer, letter_id: LetterId) -> Response:
    """One letter as it will be faxed."""
    del actor
    return _letter_page(request, letter_id)


def _letter_page(request: Request, letter_id: str, told: str = "") -> Response:
    services = services_of(request)
    with Session(services.reading) as session:
        row = known(session, letter_id)
        drawn = services.letters.pdf(session, row)
        return page(
            request,
            "letter.html",
            status=409 if told else 200,
            told=told,
            letter=row,
            waits=row.state in store.WAITING,
            number=services.letters.number(session, row),
            pages=services.letters.count(drawn),
            zone=services.zone,
        )


@router.post("/letters/{letter_id}/release")
def release(request: Request, actor: Worker, letter_id: LetterId, form: Form) -> Response:
    """Send a letter on its way, and show the next one that is held."""
    services = services_of(request)
    typed = form.get("fax_number", "").strip()
    number = next((str(one.value) for one in find_values(ValueKind.PHONE, typed) if one.value is not None), None)
    if typed and number is None:
        return _letter_page(request, letter_id, _NO_NUMBER)
    try:
        with Session(services.engine) as session, session.begin():
            services.letters.release(session, letter_id, number, actor.name, services.now())
    except LetterError as refusal:
        return _letter_page(request, letter_id, str(refusal))
    services.announce()
    return go_to(request, _next(request), "The letter is on its way.")


@router.post("/letters/{letter_id}/withdraw")
def withdraw(request: Request, actor: Worker, letter_id: LetterId) -> Response:
    """Give up a letter that waits."""
    services = services_of(request)
    try:
        with Session(services.engine) as session, session.begin():
            services.letters.withdraw(session, letter_id, actor.name, services.now())
    except LetterError as refusal:
        return _letter_page(request, letter_id, str(refusal))
    return go_to(request, _next(request), "The letter is withdrawn.")


def _next(request: Request) -> str:
    with Session(services_of(request).reading) as session:
        held: list[LetterRow] = list(store.listed(session, LetterState.HELD))
    return f"/letters/{held[0].letter_id}" if held else "/letters"
