"""Two people at one letter at the same time, on PostgreSQL, where transactions run beside each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.circumstances import ClockEventKind
from models.store.roles import Role
from models.store.tables import DeliveryKind, DeliveryRow
from tests.desk.desks import Desk
from tests.desk.letters.test_letters_desk import ASKED, complete, held, newest, put, released, reply, request


def test_a_letter_that_two_release_at_once_is_sent_once(desk_on_postgresql: Desk) -> None:
    desk = desk_on_postgresql
    clients = [desk.signed_in(Role.COORDINATOR, name) for name in ("ana", "bob")]
    put(desk, request(desk))
    complete(clients[0], ASKED)
    (letter,) = held(clients[0])
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: one.post(f"/api/letters/{letter['letter_id']}/release", json={}), clients))
    assert [answer.status_code for answer in answers] == [200, 200]
    with Session(desk.services.reading) as session:
        assert len(session.scalars(select(DeliveryRow).where(DeliveryRow.kind == DeliveryKind.LETTER)).all()) == 1
    assert [event.kind for event in newest(desk, ASKED).events] == [ClockEventKind.INFORMATION_REQUESTED]


def test_an_answer_closes_what_was_asked(desk_on_postgresql: Desk) -> None:
    desk = desk_on_postgresql
    client = desk.signed_in(Role.COORDINATOR)
    letter = released(desk, client)
    told = put(desk, reply(desk, [letter["reply_code"]]))
    assert [link.sure for link in told.related.links] == [True]
    assert newest(desk, ASKED).requesting_provider.npi == "1234567893"
