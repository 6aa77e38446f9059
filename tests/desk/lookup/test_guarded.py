"""What a history must not do: take what it does not know, leave values behind, or show what is hidden or gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.store import rater_samples, retention
from models.store.rater_samples import Draw
from models.store.report_tables import RaterSampleRow
from models.store.tables import DocumentRow, DocumentState
from tests.desk.lookup.story import Story, ids
from tests.matching.records import a_letter

LESS = {"action": "replace", "field": "services.units", "code": "97140", "old": 12, "new": 6}
QUESTIONS = (
    {"member_id": "91234567A"},
    {"last_name": "Ruiz-Ortega", "date_of_birth": "1980-02-17"},
    {"npi": "1234567893"},
    {"fax": "8315550142"},
    {"authorization_number": "AUTH-1001"},
)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"npi": "1234567893", "fax": "8315550142"},
        {"member_id": "91234567A", "last_name": "Ruiz"},
        {"last_name": "Ruiz"},
        {"date_of_birth": "1980-02-17"},
        {"first_name": "Ana", "date_of_birth": "1980-02-17"},
        {"member_id": ""},
        {"npi": "Zzyzx"},
        {"member_id": "91234567A", "date_of_birth": "2/17/1980"},
        {"member_id": "91234567A", "limit": 51},
        {"member_id": "91234567A", "cursor": "Zzyzx"},
    ],
)
def test_what_is_not_exactly_one_question_is_refused_without_its_values(story: Story, body: dict[str, object]) -> None:
    answer = story.asks().client.post("/api/lookup", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not [value for value in body.values() if isinstance(value, str) and value and value in answer.text]


def test_the_audit_trail_keeps_who_asked_by_what_and_which_records_were_shown(own_story: Story) -> None:
    asks = own_story.asks()
    asks(last_name="Ruiz", first_name="Ana", date_of_birth="1980-02-17")
    asks(member_id="91234567A")
    asks(npi="1234567893")
    query = text(
        "SELECT action, record_id, detail FROM audit_events WHERE actor = 'ana' AND action <> 'signed_in' ORDER BY event_id"
    )
    with own_story.desk.services.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    searched = [row[2] for row in rows if row[0] == "searched"]
    assert searched == [
        "lookup by last_name, first_name, date_of_birth: 4 found",
        "lookup by member_id: 4 found",
        "lookup by npi: 5 found",
    ]
    viewed = [row[1] for row in rows if row[::2] == ("viewed", "lookup")]
    assert sorted(viewed) == [f"PAR-000{number}" for number in range(1, 7)]
    own_story.desk.clock.pass_s(3600)
    own_story.asks()(member_id="91234567A")
    with own_story.desk.services.engine.connect() as connection:
        assert len([row for row in connection.execute(query) if row[0] == "viewed"]) == 10


def hide(story: Story, record_id: str, actor: str) -> None:
    """Have somebody read a record a second time."""
    with Session(story.desk.services.engine) as session, session.begin():
        sample_id = Draw(1.0, "seed").sample_id(record_id)
        known = session.get(RaterSampleRow, sample_id)
        sample = known or RaterSampleRow(sample_id=sample_id, record_id=record_id, document_id=f"D-{record_id}")
        sample.drawn_at = sample.taken_at = story.desk.clock()
        sample.first_actor, sample.first_revision, sample.base_revision, sample.second_actor = "dana", 1, 1, actor
        session.add(sample)
        session.flush()
        assert record_id in rater_samples.hidden_from(session, actor)


@pytest.mark.parametrize("record_id", ["PAR-0001", "PAR-0002", "PAR-0003"])
def test_who_reads_a_fax_a_second_time_learns_nothing_of_it_here(story: Story, record_id: str) -> None:
    blind_one = f"eve{record_id[-1]}"
    hide(story, record_id, blind_one)
    eve, ann = story.asks(blind_one), story.asks("ann")
    for question in QUESTIONS:
        blind, seeing = eve(**question), ann(**question)
        assert ids(blind) == [one for one in ids(seeing) if one != record_id]
        assert record_id not in eve.client.post("/api/lookup", json=question).text
    assert record_id in ann.client.post("/api/lookup", json=QUESTIONS[0]).text


def test_what_was_made_of_a_hidden_request_is_hidden_too(story: Story) -> None:
    # The change tells the request before it, and the authorization was given for it.
    hide(story, "PAR-0001", "eve")
    told = story.asks("eve")(member_id="91234567A")
    change = next(one for one in told["requests"] if one["record_id"] == "PAR-0003")
    assert (change["links"], change["before"], change["after"]) == ([], None, None)
    assert change["stands"]["services"] == []
    assert told["authorizations"] == []
    assert story.asks("eve")(authorization_number="AUTH-1001")["authorizations"] == []


def test_what_a_hidden_change_made_of_a_request_is_hidden_too(own_story: Story) -> None:
    own_story.intake.put(a_letter(amendments=[LESS]), days=62)
    hide(own_story, "PAR-0003", "eve")
    told = {one["record_id"]: one for one in own_story.asks("eve")(member_id="91234567A")["requests"]}
    assert [line["units"] for line in told["PAR-0001"]["stands"]["services"]] == [12, 12]
    # The later change begins with what the hidden one left.
    assert (told["PAR-0007"]["before"], told["PAR-0007"]["after"]) == (None, None)


def test_a_hidden_fax_is_in_no_count_from_which_it_could_be_told(story: Story) -> None:
    hide(story, "PAR-0002", "eva")
    assert story.asks("eva")(npi="1234567893")["lacking"] == {"requests": 3, "incomplete": 0, "fields": []}


def purge(story: Story, record_id: str) -> None:
    """Remove the document of a record, as the purge does."""
    with Session(story.desk.services.engine) as session, session.begin():
        session.get_one(DocumentRow, f"D-{record_id}").state = DocumentState.DONE
        session.flush()
        assert retention.remove(session, f"D-{record_id}", story.desk.clock(), "operator")


def test_what_was_purged_is_shown_nowhere(own_story: Story) -> None:
    purge(own_story, "PAR-0001")
    asks = own_story.asks()
    for question in QUESTIONS:
        assert "PAR-0001" not in asks.client.post("/api/lookup", json=question).text
    change = next(one for one in asks(member_id="91234567A")["requests"] if one["record_id"] == "PAR-0003")
    assert [(one["kind"], one["record_id"]) for one in change["links"]] == [("amends", None)]
    assert (change["before"], change["after"]) == (None, None)


def test_what_is_kept_of_a_question_is_found_by_its_owner_alone(own_story: Story) -> None:
    ana = own_story.asks().client
    address = ana.post("/lookup", data={"member_id": "91234567A"}).headers["location"]
    assert "91234567A" not in address
    html = {"accept": "text/html"}
    assert "Ruiz-Ortega" in ana.get(address, headers=html).text
    assert "Ruiz-Ortega" not in own_story.asks("bob").client.get(address, headers=html).text
    own_story.desk.clock.pass_s(timedelta(days=8).total_seconds())
    # Somebody's next question clears away what is old.
    own_story.asks("bob").client.post("/lookup", data={"about": "provider", "npi": "1234567893"})
    with own_story.desk.services.engine.connect() as connection:
        bodies = [row[0] for row in connection.execute(text("SELECT body FROM desk_filters"))]
    assert ["91234567A" in body for body in bodies] == [False]
