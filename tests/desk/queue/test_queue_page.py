"""The queue as a page: its order, its search, its filters, and what is next."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx import Client, Response
from sqlalchemy.orm import Session

from models.record import Status
from models.store import desk_queue
from models.store.desk_tables import DeskFilterRow
from models.store.roles import Role
from tests.desk.desks import HTML, Desk
from tests.desk.stored import a_gap, a_reading, a_record, put


def shown(answer: Response) -> list[str]:
    """The records on a page, in its order."""
    assert answer.status_code == 200, answer.text
    return re.findall(r'data-record="([^"]+)"', answer.text)


def row(answer: Response, record_id: str) -> str:
    """One row as plain text."""
    inner = answer.text.partition(f'id="row-{record_id}"')[2].partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inner.partition(">")[2]).split())


def look(client: Client, address: str = "/queue") -> Response:
    return client.get(address, headers=HTML)


def search(client: Client, **fields: str | list[str]) -> Response:
    """Post the form, and follow to the page that it leads to."""
    answer = client.post("/queue", data=fields, headers=HTML)
    assert answer.status_code == 303
    return look(client, answer.headers["location"])


def three(desk: Desk) -> None:
    """One that is late, one that is soon due, and one with time."""
    now = desk.clock()
    put(desk, a_record("PAR-TIME", now - timedelta(hours=1)))
    put(desk, a_record("PAR-LATE", now - timedelta(days=4), due=timedelta(days=3)))
    put(desk, a_record("PAR-SOON", now - timedelta(days=1), due=timedelta(hours=30)))


def test_what_waits_stands_by_its_deadline_and_says_so_in_words(desk: Desk) -> None:
    three(desk)
    page = look(desk.signed_in(Role.COORDINATOR))
    assert shown(page) == ["PAR-LATE", "PAR-SOON", "PAR-TIME"]
    assert row(page, "PAR-LATE").startswith("Late by 1 d")
    assert row(page, "PAR-SOON").startswith("Soon: 6 h")
    assert row(page, "PAR-TIME").startswith("4 d 23 h")


def test_a_row_tells_what_is_to_settle_and_who_works_on_it(desk: Desk) -> None:
    readings = {"member.last_name": a_reading("Ruiz", doubtful=True), "member.first_name": a_reading("Ana")}
    gaps = [a_gap(), a_gap("signature", severity="warning"), a_gap("services")]
    put(desk, a_record("PAR-1", desk.clock(), gaps=gaps, readings=readings))
    client = desk.signed_in(Role.COORDINATOR, "dana")
    told = row(look(client), "PAR-1")
    assert "Ruiz-Ortega, Ána" in told
    assert "2 gaps 1 doubtful 1 warning" in told
    assert told.endswith("nobody")
    with Session(desk.services.engine) as session, session.begin():
        desk_queue.claim(session, "PAR-1", "mei", desk.clock())
    assert row(look(client), "PAR-1").endswith("mei")
    assert row(look(desk.signed_in(Role.COORDINATOR, "mei")), "PAR-1").endswith("You")


def test_what_no_rule_gives_a_deadline_for_is_due_as_if_urgent_and_says_so(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock() - timedelta(hours=60), due=None, status=Status.UNREADABLE, member={}, request={}))
    told = row(look(desk.signed_in(Role.COORDINATOR)), "PAR-1")
    assert told.startswith("Soon: 12 h")
    assert "if urgent" in told
    assert "Could not be read" in told
    assert "key by hand" in told


def test_what_ended_has_a_view_of_its_own(desk: Desk) -> None:
    three(desk)
    put(desk, a_record("PAR-READY", desk.clock(), status=Status.READY))
    client = desk.signed_in(Role.COORDINATOR)
    assert "PAR-READY" not in shown(look(client))
    ended = look(client, "/queue?view=ended")
    assert shown(ended) == ["PAR-READY"]
    assert row(ended, "PAR-READY").startswith("Ready by the machine")
    assert shown(look(client, "/queue?view=all"))[0] == "PAR-READY"
    assert len(shown(look(client, "/queue?view=all"))) == 4


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "ruiz"},
        {"text": "RUIZ ana"},
        {"text": "2/17/1980"},
        {"member": "ortega"},
        {"member": "ruiz-ortega"},
        {"member_id": "h3318"},
        {"date_of_birth": "2/17/1980"},
        {"date_of_birth": "1980-02-17"},
        {"authorization_number": "A-77"},
        {"provider": "obrien"},
        {"fax": "(831) 555-0142"},
        {"fax": "+18315559999"},
        {"status": "needs_review"},
        {"kind": ["amendment", "new"]},
        {"urgency": "routine"},
        {"with_gaps": "1"},
        {"received_from": "2026-03-02", "received_until": "2026-03-02"},
    ],
    ids="+".join,
)
def test_a_request_is_found_by(desk: Desk, fields: dict[str, str | list[str]]) -> None:
    desk.clock.now = desk.clock.now.replace(year=2026, month=3, day=2, hour=20)
    request = {"kind": "new", "urgency": "routine", "authorization_number": "A-7701"}
    put(desk, a_record("PAR-IT", desk.clock(), gaps=[a_gap()], request=request))
    other = {"last_name": "Zhou", "first_name": "Wei", "member_id": "X1", "date_of_birth": "1990-01-01"}
    put(
        desk,
        a_record(
            "PAR-OTHER",
            desk.clock() - timedelta(days=2),
            status=Status.UNREADABLE,
            member=other,
            request={"kind": "extension", "urgency": "urgent"},
            requesting_provider={"name": "Sam Poe", "fax": "+12135550000"},
            source={"file_name": "b", "sha256": "b", "received_at": desk.clock() - timedelta(days=2), "pages": [1]},
        ),
    )
    assert shown(search(desk.signed_in(Role.COORDINATOR), **fields)) == ["PAR-IT"]


def test_no_address_holds_what_is_looked_for(desk: Desk) -> None:
    three(desk)
    client = desk.signed_in(Role.COORDINATOR)
    answer = client.post("/queue", data={"member": "Ruiz", "name": "my own"}, headers=HTML)
    assert re.fullmatch(r"/queue\?filter=F-[\w-]{20}", answer.headers["location"])
    page = look(client, answer.headers["location"])
    for address in re.findall(r'(?:href|action|data-rows)="([^"]*)"', page.text):
        assert "ruiz" not in address.lower()
        assert "my" not in address


def test_a_named_filter_is_its_owners_alone(desk: Desk) -> None:
    three(desk)
    dana, mei = (desk.signed_in(Role.COORDINATOR, name) for name in ("dana", "mei"))
    found = dana.post("/queue", data={"member": "nobody of this name", "name": "A & B"}, headers=HTML).headers["location"]
    assert shown(look(dana, found)) == []
    assert "A &amp; B" in look(dana).text
    theirs = look(mei, found)
    assert len(shown(theirs)) == 3
    assert "nobody of this name" not in theirs.text
    assert "somebody else’s" in theirs.text
    mei.post("/queue/forget", data={"filter": found.partition("=")[2]}, headers=HTML)
    assert "A &amp; B" in look(dana).text
    dana.post("/queue/forget", data={"filter": found.partition("=")[2]}, headers=HTML)
    assert "A &amp; B" not in look(dana).text


def test_a_search_without_a_name_goes_a_week_after_its_last_use(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    for days in (0, 5, 8):
        desk.clock.pass_s(days * 86400)
        client = desk.signed_in(Role.COORDINATOR)
        search(client, member="Ruiz")
    with Session(desk.services.reading) as session:
        assert session.query(DeskFilterRow).count() == 1


def test_a_page_has_fifty_rows_and_the_next_goes_on_behind_them(desk: Desk) -> None:
    now = desk.clock()
    for n in range(60):
        put(desk, a_record(f"PAR-{n:02}", now - timedelta(minutes=60 - n)))
    client = desk.signed_in(Role.COORDINATOR)
    first = look(client)
    assert shown(first) == [f"PAR-{n:02}" for n in range(50)]
    onward = re.search(r'id="next-page" rel="next" href="([^"]+)"', first.text)
    assert onward is not None
    second = look(client, onward[1].replace("&amp;", "&"))
    assert shown(second) == [f"PAR-{n:02}" for n in range(50, 60)]
    assert 'id="next-page"' not in second.text
    assert 'id="first-page"' in second.text


def test_next_is_the_most_urgent_that_nobody_works_on(desk: Desk) -> None:
    three(desk)
    dana, mei = (desk.signed_in(Role.COORDINATOR, name) for name in ("dana", "mei"))
    assert dana.post("/queue/next", headers=HTML).headers["location"] == "/records/PAR-LATE"
    assert mei.post("/queue/next", headers=HTML).headers["location"] == "/records/PAR-SOON"
    assert dana.post("/queue/next", headers=HTML).headers["location"] == "/records/PAR-LATE"
    assert row(look(mei), "PAR-LATE").endswith("dana")


def test_next_stays_within_the_filter_and_says_when_nothing_is_left(desk: Desk) -> None:
    three(desk)
    put(desk, a_record("PAR-ZHOU", desk.clock(), member={"last_name": "Zhou"}))
    client = desk.signed_in(Role.COORDINATOR)
    found = client.post("/queue", data={"member": "zhou"}, headers=HTML).headers["location"].partition("=")[2]
    assert client.post("/queue/next", data={"filter": found}, headers=HTML).headers["location"] == "/records/PAR-ZHOU"
    with Session(desk.services.engine) as session, session.begin():
        desk_queue.release(session, "PAR-ZHOU", None, desk.clock())
        desk_queue.claim(session, "PAR-ZHOU", "mei", desk.clock())
    answer = client.post("/queue/next", data={"filter": found}, headers=HTML)
    assert answer.headers["location"] == f"/queue?filter={found}"
    assert "Nothing waits here that nobody works on." in look(client, answer.headers["location"]).text


def test_who_only_looks_takes_nothing(desk: Desk) -> None:
    three(desk)
    client = desk.signed_in(Role.AUDITOR)
    assert 'id="next-form"' not in look(client).text
    assert client.post("/queue/next", headers=HTML).status_code == 403
    assert row(look(client), "PAR-LATE").endswith("nobody")


def test_the_rows_alone_are_what_the_page_shows(desk: Desk) -> None:
    three(desk)
    client = desk.signed_in(Role.COORDINATOR)
    rows = look(client, "/queue/rows")
    assert shown(rows) == shown(look(client))
    assert 'data-waiting="3" data-late="1" data-risk="1"' in rows.text


def test_what_changes_about_a_row_changes_its_mark_and_the_time_alone_does_not(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock()))
    client = desk.signed_in(Role.COORDINATOR)

    def mark() -> str:
        return look(client, "/queue/rows").text.partition('data-mark="')[2].partition('"')[0]

    first = mark()
    desk.clock.pass_s(120)
    assert mark() == first
    with Session(desk.services.engine) as session, session.begin():
        desk_queue.claim(session, "PAR-1", "mei", desk.clock())
    assert mark() != first


@pytest.mark.parametrize("after", ["", "x", "2026-01-01~PAR", "%00", "9" * 300])
def test_a_place_that_is_none_is_the_beginning(desk: Desk, after: str) -> None:
    three(desk)
    assert len(shown(look(desk.signed_in(Role.COORDINATOR), f"/queue?after={after}"))) == 3


def test_an_empty_queue_says_why(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    assert "Nothing waits for a person." in look(client).text
    assert "No request has come to its end yet." in look(client, "/queue?view=ended").text
    assert "No request fits what you look for." in search(client, member="Nobody").text
