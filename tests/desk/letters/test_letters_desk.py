"""Letters from the completed record to the outbox, and the answers that come back: by the API and the pages, over a real store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from delivery.sinks.outbox import Outbox
from intake.answers import Taking, take_answers
from intake.letter_desk import LetterDesk
from models.circumstances import ClockEventKind, LinkKind
from models.record import ReferralRecord, RequestingProvider, Source, Status
from models.reply_code import is_code
from models.store import deliveries, documents, retention
from models.store.audit import SERVICE
from models.store.desk_edits import newest_record
from models.store.desk_tables import DeskItemRow
from models.store.documents import NewDocument
from models.store.roles import Role
from models.store.tables import AuditRow, DeliveryKind, DeliveryRow
from tests.desk.desks import Desk
from tests.desk.stored import MEMBER, OFFICE, a_reading

ASKED = "PAR-ASKED00000000001"
REPLY = "PAR-REPLY00000000001"
LINE = {"code": "97110", "code_system": "CPT", "from_date": "2026-12-01", "units": 12}


def letters_of(desk: Desk) -> LetterDesk:
    kept = desk.services.letters
    assert isinstance(kept, LetterDesk)
    return kept


def put(desk: Desk, record: ReferralRecord) -> ReferralRecord:
    """Store a record as the service does: placed, checked, and what it answers taken in."""
    document = f"D-{record.record_id}"
    new = NewDocument(document, record.source.sha256, "scan.pdf", record.source.received_at, None)
    letters = letters_of(desk)
    with Session(desk.services.engine) as session, session.begin():
        documents.register(session, new, desk.clock())
        checked = letters.checked(session, record)
        (written,) = documents.add_records(session, document, (checked,), ("outbox",), desk.clock())
        take_answers(session, written, Taking(letters.checked, ("outbox",), SERVICE, desk.clock()))
        documents.finish(session, document, None, desk.clock())
    return written


def request(desk: Desk, record_id: str = ASKED, **parts: object) -> ReferralRecord:
    """A request that lacks the requesting provider's NPI and a diagnosis, and is complete otherwise."""
    body: dict[str, object] = {
        "record_id": record_id,
        "status": Status.NEEDS_REVIEW,
        "source": Source(file_name="scan.pdf", sha256=record_id, received_at=desk.clock(), pages=[1]),
        "request": {"kind": "new", "urgency": "routine"},
        "member": MEMBER,
        "requesting_provider": {**OFFICE, "npi": None, "tin": "12-3456789"},
        "servicing_provider": {"name": "Harbor Therapy", "npi": "1234567893"},
        "services": [LINE],
        "signature": {"present": True},
        "labels": {"requesting_provider.npi": "Provider NPI #", "diagnoses.code": "ICD-10"},
    }
    return ReferralRecord.model_validate({**body, **parts})


def reply(desk: Desk, codes: Sequence[str], **parts: object) -> ReferralRecord:
    """What an office sends back: the member, and the two values that were asked for."""
    given = {
        "source": Source(file_name="b.pdf", sha256="bb", received_at=desk.clock(), pages=[1], reply_codes=list(codes)),
        "requesting_provider": RequestingProvider(npi="1234567893"),
        "servicing_provider": {},
        "services": [],
        "signature": {"present": False},
        "diagnoses": [{"code": "M54.50"}],
        "readings": {"requesting_provider.npi": a_reading("1234567893"), "diagnoses.0.code": a_reading("M54.50")},
        "labels": {},
    }
    return request(desk, REPLY, **{**given, **parts})


def newest(desk: Desk, record_id: str) -> ReferralRecord:
    with Session(desk.services.reading) as session:
        found = newest_record(session, record_id)
    assert found is not None
    return found[0]


def complete(client: httpx.Client, record_id: str) -> None:
    client.post(f"/api/records/{record_id}/complete", json={"key": str(uuid4())}).raise_for_status()


def held(client: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/api/letters", params={"state": "held"}).json()
    return found


def released(desk: Desk, client: httpx.Client) -> dict[str, str]:
    """A request that was completed with its gaps, and asked about."""
    put(desk, request(desk))
    complete(client, ASKED)
    (letter,) = held(client)
    gone = client.post(f"/api/letters/{letter['letter_id']}/release", json={})
    assert gone.status_code == 200, gone.text
    desk.clock.pass_s(60)
    body: dict[str, str] = gone.json()
    return body


def trail(desk: Desk, record_id: str) -> list[tuple[str, str]]:
    with Session(desk.services.reading) as session:
        rows = session.execute(
            select(AuditRow.action, AuditRow.actor).where(AuditRow.record_id == record_id).order_by(AuditRow.event_id)
        )
        return [(action, actor) for action, actor in rows]


def waits(desk: Desk, record_id: str) -> bool:
    with Session(desk.services.reading) as session:
        return session.get_one(DeskItemRow, record_id).waits


@pytest.fixture
def coordinator(desk: Desk) -> httpx.Client:
    return desk.signed_in(Role.COORDINATOR)


def test_a_completed_record_with_blocking_gaps_has_a_letter_held(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    assert is_code(str(letter["reply_code"]))
    assert [one["field"] for one in letter["asked"]] == ["requesting_provider.npi", "diagnoses"]  # type: ignore[attr-defined]
    assert letter["fax_number"] == OFFICE["fax"]
    drawn = [coordinator.get(f"/api/letters/{letter['letter_id']}/pdf").content for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].startswith(b"%PDF")
    assert newest(desk, ASKED).events == [], "nobody was asked yet"


def test_a_ready_record_has_no_letter(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk, requesting_provider=OFFICE, diagnoses=[{"code": "M54.50"}]))
    assert newest(desk, ASKED).status is Status.READY
    assert coordinator.post(f"/api/records/{ASKED}/letter").status_code == 404
    assert held(coordinator) == []


def test_a_letter_that_is_released_twice_is_sent_once_and_asks_once(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    again = coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={})
    assert again.status_code == 200
    assert again.json()["state"] == "released"
    with Session(desk.services.reading) as session:
        rows = session.scalars(select(DeliveryRow).where(DeliveryRow.kind == DeliveryKind.LETTER)).all()
    assert [(row.record_id, row.sink) for row in rows] == [(letter["letter_id"], "outbox")]
    record = newest(desk, ASKED)
    assert [event.kind for event in record.events] == [ClockEventKind.INFORMATION_REQUESTED]
    assert record.final, "a person has completed it"
    assert not waits(desk, ASKED)
    assert ("letter_released", "one-coordinator") in trail(desk, ASKED)


def test_a_released_letter_comes_into_the_outbox_and_is_sent(desk: Desk, coordinator: httpx.Client, tmp_path: Path) -> None:
    letter = released(desk, coordinator)
    outbox = Outbox(tmp_path)
    with Session(desk.services.engine) as session, session.begin():
        claimed = [deliveries.claim_next(session, "outbox", "one", desk.clock()) for _ in range(4)]
        (mine,) = [one for one in claimed if one is not None and one.letter is not None]
        assert mine.letter is not None
        outbox.deliver_letter(letters_of(desk).outgoing(mine.letter))
        deliveries.mark_delivered(session, mine.delivery_id, desk.clock())
    pdf = (tmp_path / "letters" / f"{letter['letter_id']}.pdf").read_bytes()
    assert pdf == coordinator.get(f"/api/letters/{letter['letter_id']}/pdf").content
    assert (tmp_path / "letters" / f"{letter['letter_id']}.json").is_file()
    assert coordinator.get(f"/api/letters/{letter['letter_id']}").json()["state"] == "sent"


def test_a_reply_with_the_code_closes_the_gaps_it_answers(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    told = put(desk, reply(desk, [letter["reply_code"]]))
    (link,) = told.related.links
    assert (link.kind, link.record_id, link.sure, link.differences) == (LinkKind.ANSWERS, ASKED, True, [])
    assert told.final, "it is no second piece of work"
    assert not waits(desk, REPLY)

    asked = newest(desk, ASKED)
    assert asked.requesting_provider.npi == "1234567893"
    assert [one.code for one in asked.diagnoses] == ["M54.50"]
    assert asked.readings["diagnoses.0.code"].record_id == REPLY
    assert [event.kind.value for event in asked.events] == ["information_requested", "information_received", "information_complete"]
    assert asked.events[-1].at == told.source.received_at
    assert (asked.status, asked.final) == (Status.READY, True)
    assert coordinator.get(f"/api/letters/{letter['letter_id']}").json()["answered_by"] == REPLY


def test_the_same_reply_read_again_changes_nothing(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    one = reply(desk, [letter["reply_code"]])
    put(desk, one)
    before = newest(desk, ASKED)
    with Session(desk.services.engine) as session, session.begin():
        read_again = letters_of(desk).checked(session, one)
        assert take_answers(session, read_again, Taking(letters_of(desk).checked, ("outbox",), SERVICE, desk.clock())) == ()
    assert newest(desk, ASKED) == before


def test_what_the_reply_brought_stays_when_the_request_is_read_again(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    put(desk, reply(desk, [letter["reply_code"]]))
    document = f"D-{ASKED}"
    with Session(desk.services.engine) as session, session.begin():
        read_again = letters_of(desk).checked(session, request(desk))
        assert documents.add_records(session, document, (read_again,), ("outbox",), desk.clock()) == ()


def test_a_reply_that_answers_a_part_leaves_the_rest_open(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    put(desk, reply(desk, [letter["reply_code"]], diagnoses=[], readings={}))
    asked = newest(desk, ASKED)
    assert [gap.field for gap in asked.gaps] == ["diagnoses"]
    assert [event.kind.value for event in asked.events] == ["information_requested", "information_received"]
    assert waits(desk, ASKED)


def test_what_contradicts_the_request_is_shown_and_not_taken(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    told = put(desk, reply(desk, [letter["reply_code"]], servicing_provider={"npi": "1245319599"}))
    (link,) = told.related.links
    assert [(one.path, one.before, one.after) for one in link.differences] == [
        ("servicing_provider.npi", "1234567893", "1245319599")
    ]
    assert [notice.code for notice in told.notices if notice.code.startswith("reply.")] == ["reply.differs"]
    assert not told.final
    asked = newest(desk, ASKED)
    assert asked.servicing_provider.npi == "1234567893"
    assert asked.requesting_provider.npi == "1234567893", "what it answers is taken"


def test_a_code_beside_another_member_is_asked_about(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    other = {"last_name": "Alder", "first_name": "June", "member_id": "Z9999999", "date_of_birth": "1961-03-14"}
    told = put(desk, reply(desk, [letter["reply_code"]], member=other))
    assert [link.sure for link in told.related.links] == [False]
    assert [notice.code for notice in told.notices if notice.code.startswith("reply.")] == ["reply.unsure"]
    assert newest(desk, ASKED).requesting_provider.npi is None


def test_an_answer_without_the_code_is_asked_about_and_a_person_attaches_it(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk, requesting_provider=OFFICE))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
    desk.clock.pass_s(60)
    told = put(desk, reply(desk, []))
    assert [(link.record_id, link.sure) for link in told.related.links if link.kind is LinkKind.ANSWERS] == [(ASKED, False)]
    assert newest(desk, ASKED).diagnoses == []

    attached = coordinator.post(f"/api/records/{REPLY}/answers", json={"record_id": ASKED})
    assert attached.status_code == 200, attached.text
    assert attached.json()["final"]
    assert [one.code for one in newest(desk, ASKED).diagnoses] == ["M54.50"]
    assert coordinator.post(f"/api/records/{REPLY}/answers", json={"record_id": "PAR-NONE"}).status_code == 404


def test_pages_that_quote_a_code_and_hold_no_request_bring_the_request_back(desk: Desk, coordinator: httpx.Client) -> None:
    letter = released(desk, coordinator)
    source = Source(file_name="c.pdf", sha256="cc", received_at=desk.clock(), pages=[1], reply_codes=[letter["reply_code"]])
    told = put(desk, ReferralRecord(record_id=REPLY, status=Status.NO_REQUEST, final=True, source=source))
    assert [(link.kind, link.record_id) for link in told.related.links] == [(LinkKind.ANSWERS, ASKED)]
    asked = newest(desk, ASKED)
    assert [notice.code for notice in asked.notices if notice.code == "answer.unread"]
    assert waits(desk, ASKED)


def test_a_corrected_value_replaces_the_wrong_one_that_was_asked_about(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk, requesting_provider={**OFFICE, "npi": "1234567890"}, diagnoses=[{"code": "M54.50"}]))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
    put(desk, reply(desk, [str(letter["reply_code"])]))
    assert newest(desk, ASKED).requesting_provider.npi == "1234567893"


def test_a_letter_waits_while_the_record_is_taken_up_again(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    coordinator.post(f"/api/records/{ASKED}/reopen", json={"key": str(uuid4())}).raise_for_status()
    assert held(coordinator) == []
    assert coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={}).status_code == 409
    complete(coordinator, ASKED)
    (second,) = held(coordinator)
    assert second["letter_id"] != letter["letter_id"]


def test_a_draft_shows_what_would_be_asked_before_the_record_is_completed(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk))
    one, two = (coordinator.post(f"/api/records/{ASKED}/letter").json() for _ in range(2))
    assert one == two
    assert one["state"] == "draft"
    assert held(coordinator) == []


def test_a_letter_without_a_number_needs_one(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk, requesting_provider={"name": "Linda O'Brien"}))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    assert letter["fax_number"] is None
    assert coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={}).status_code == 422
    gone = coordinator.post(f"/api/letters/{letter['letter_id']}/release", json={"fax_number": "+18315550177"})
    assert gone.json()["fax_number"] == "+18315550177"


def test_where_the_site_says_so_a_letter_goes_by_itself(desk: Desk) -> None:
    services = replace(desk.services, letters=replace(letters_of(desk), automatic=True))
    automatic = replace(desk, services=services)
    automatic.app.state.services = services
    coordinator = automatic.signed_in(Role.COORDINATOR)
    put(automatic, request(automatic))
    complete(coordinator, ASKED)
    assert [one["state"] for one in coordinator.get("/api/letters").json()] == ["released"]
    assert [event.kind for event in newest(automatic, ASKED).events] == [ClockEventKind.INFORMATION_REQUESTED]


def test_the_page_releases_with_one_key_and_goes_on_to_the_next(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk))
    complete(coordinator, ASKED)
    desk.clock.now += timedelta(minutes=1)
    second = "PAR-ASKED00000000002"
    put(desk, request(desk, second, member={**MEMBER, "member_id": "K1", "last_name": "Brook", "date_of_birth": "1971-01-02"}))
    complete(coordinator, second)
    first, other = held(coordinator)
    shown = coordinator.get(f"/letters/{first['letter_id']}", headers={"accept": "text/html"})
    assert '<button class="main" autofocus>Release</button>' in shown.text
    assert coordinator.get(f"/api/letters/{first['letter_id']}/pages/1").content.startswith(b"\x89PNG")
    gone = coordinator.post(f"/letters/{first['letter_id']}/release", data={"fax_number": ""})
    assert gone.headers["location"] == f"/letters/{other['letter_id']}"
    listed = coordinator.get("/letters", headers={"accept": "text/html"})
    assert str(other["reply_code"]) in listed.text
    withdrawn = coordinator.post(f"/letters/{other['letter_id']}/withdraw", data={})
    assert withdrawn.headers["location"] == "/letters"
    wrong = coordinator.post(f"/letters/{other['letter_id']}/release", data={"fax_number": "12"})
    assert wrong.status_code == 409


def test_an_auditor_may_look_and_not_release(desk: Desk, coordinator: httpx.Client) -> None:
    put(desk, request(desk))
    complete(coordinator, ASKED)
    (letter,) = held(coordinator)
    auditor = desk.signed_in(Role.AUDITOR)
    assert auditor.get(f"/api/letters/{letter['letter_id']}").status_code == 200
    assert auditor.post(f"/api/letters/{letter['letter_id']}/release", json={}).status_code == 403
    assert ("downloaded", "one-auditor") not in trail(desk, ASKED)
    auditor.get(f"/api/letters/{letter['letter_id']}/pdf").raise_for_status()
    assert ("downloaded", "one-auditor") in trail(desk, ASKED)


def test_the_document_takes_its_letters_along_when_it_is_purged(desk: Desk, coordinator: httpx.Client) -> None:
    released(desk, coordinator)
    with Session(desk.services.engine) as session, session.begin():
        assert retention.remove(session, f"D-{ASKED}", desk.clock(), "test")
    assert coordinator.get("/api/letters").json() == []
