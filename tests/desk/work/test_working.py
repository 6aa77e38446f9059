"""Work on a record from its opening to its last revision, on a real store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.record import Reading, ReferralRecord, Status
from models.store import retention
from models.store.changes import changes_since
from models.store.database import migrate, open_engine, sqlite_url
from models.store.desk_tables import DeskEditRow, DeskItemRow, DeskOutcomeRow
from models.store.tables import DeliveryRow, RecordRow
from review.work.errors import Changed, HeldByOther, Refused, UnknownRecord, Unsettled
from tests.desk.stored import a_reading, a_record
from tests.desk.work.working import NOW, Person, stored

ID = "PAR-1"
READ = {
    "member.last_name": a_reading("Ruiz-Ortega"),
    "member.first_name": a_reading("Ána", doubtful=True),
    "diagnoses.0.code": a_reading("M54.50"),
    "diagnoses.1.code": a_reading("G56.02", doubtful=True),
}


def _record(*codes: str, readings: Mapping[str, Reading] = READ) -> ReferralRecord:
    diagnoses = [{"code": code} for code in codes or ("M54.50", "G56.02")]
    return a_record(ID, NOW, diagnoses=diagnoses, readings=dict(readings))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    stored(engine, _record())
    yield engine
    engine.dispose()


@pytest.fixture
def ana(store: Engine) -> Person:
    return Person(store, "ana")


@pytest.fixture
def bo(store: Engine) -> Person:
    return Person(store, "bo")


def _paths(person: Person) -> list[str]:
    return [question.path for question in person.open(ID).questions]


def test_questions_come_in_the_order_of_the_fields_and_go_when_they_are_settled(ana: Person) -> None:
    before = _paths(ana)
    assert before.index("member.first_name") < before.index("servicing_provider.name") < before.index("diagnoses.1.code")
    ana.enter(ID, "member.first_name", action="accept")
    ana.enter(ID, "diagnoses.1.code", "G56.01")
    ana.enter(ID, "servicing_provider.name", action="accept")  # the form does not give it
    left = _paths(ana)
    assert not {"member.first_name", "diagnoses.1.code", "servicing_provider.name"} & set(left)
    gaps = {gap.field for gap in ana.open(ID).draft.record.gaps}
    assert "servicing_provider.name" in gaps, "what is confirmed as missing is still to be asked for"


def test_a_question_says_whether_something_was_read_at_all(store: Engine, ana: Person) -> None:
    nothing = Reading(text=" ", confidence=0.3, method="ocr", needs_review=True)
    stored(store, _record(readings={"request.kind": nothing, "member.phone": nothing}))
    told = {one.path: one.message for one in ana.open(ID).questions}
    assert told["request.kind"] == "Read, and not surely right.", "the record has a kind"
    assert told["member.phone"] == "Nothing was read here, and something may stand there."


def test_completing_makes_one_last_revision_with_its_delivery_and_what_became_of_each_value(store: Engine, ana: Person) -> None:
    with pytest.raises(Unsettled) as refused:
        ana.complete(ID)
    assert set(refused.value.paths) == {"member.first_name", "diagnoses.1.code"}
    ana.enter(ID, "member.first_name", action="accept")
    ana.enter(ID, "diagnoses.1.code", "G56.01")
    ana.enter(ID, "member.date_of_birth", "2/18/1980")
    done = ana.complete(ID)
    assert (done.revision, done.final, done.diagnoses[1].code, done.member.date_of_birth) == (2, True, "G56.01", date(1980, 2, 18))
    assert done.readings["diagnoses.1.code"].method == "coordinator"
    with Session(store) as session:
        assert session.get_one(RecordRow, (ID, 2)).final
        delivered = session.execute(select(DeliveryRow.revision, DeliveryRow.sink).order_by(DeliveryRow.revision)).all()
        assert [tuple(row) for row in delivered] == [(1, "outbox"), (2, "outbox")]
        item = session.get_one(DeskItemRow, ID)
        assert (item.waits, item.completed_by, item.claimed_by) == (False, "ana", None)
        became = {row.field: (row.flagged, row.outcome) for row in session.scalars(select(DeskOutcomeRow)) if row.outcome != "kept"}
    assert became == {
        "member.first_name": (True, "accepted"),
        "diagnoses.code": (True, "corrected"),
        "member.date_of_birth": (False, "corrected"),
    }
    assert ana.complete(ID) == done, "completing again changes nothing"


def test_the_same_edit_sent_twice_is_kept_once(store: Engine, ana: Person) -> None:
    for _ in range(2):
        ana.enter(ID, "member.last_name", "Ruiz", key="one")
    with Session(store) as session:
        assert len(session.scalars(select(DeskEditRow)).all()) == 1
    ana.enter(ID, None, action="undo")
    assert ana.open(ID).draft.record.member.last_name == "Ruiz-Ortega"
    with pytest.raises(Refused):
        ana.enter(ID, None, action="undo")


def test_a_row_that_goes_takes_its_readings_along_and_undo_brings_all_back(ana: Person) -> None:
    left = ana.enter(ID, "diagnoses.0", action="remove_row").draft.record
    assert [one.code for one in left.diagnoses] == ["G56.02"]
    assert left.readings["diagnoses.0.code"].text == "G56.02"
    assert "diagnoses.1.code" not in left.readings
    added = ana.enter(ID, "diagnoses.1.code", "r911").draft.record
    assert [one.code for one in added.diagnoses] == ["G56.02", "R91.1"]
    ana.enter(ID, None, action="undo")
    back = ana.enter(ID, None, action="undo").draft.record
    assert [one.code for one in back.diagnoses] == ["M54.50", "G56.02"]


@pytest.mark.parametrize(
    ("path", "value", "action"),
    [
        ("member.date_of_birth", "soon", "set"),
        ("member.age", "4", "set"),
        ("services.3.code", "97110", "set"),
        ("diagnoses.7", None, "remove_row"),
        ("member.phone", None, "accept"),
        ("amendments.0", {"action": "replace"}, "set"),
        ("member.last_name", "x" * 501, "set"),
        ("member.last_name", {"as_stated": "x" * 501}, "set"),
        ("member.last_name", {"action": "replace"}, "set"),
        (None, None, "complete"),
        (None, None, "by_hand"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_kept(
    store: Engine, ana: Person, path: str | None, value: str | dict[str, str] | None, action: str
) -> None:
    with pytest.raises(Refused):
        ana.enter(ID, path, value, action)  # type: ignore[arg-type]
    with Session(store) as session:
        assert session.scalars(select(DeskEditRow)).all() == []


def test_what_the_form_states_though_it_is_no_value_stays_a_gap_that_is_settled(ana: Person) -> None:
    ana.enter(ID, "member.date_of_birth", {"as_stated": "in May"})
    now = ana.enter(ID, "requesting_provider.npi", {"as_stated": "12345678931"})
    record = now.draft.record
    assert (record.member.date_of_birth, record.requesting_provider.npi) == (None, "12345678931")
    assert record.readings["member.date_of_birth"].text == "in May"
    reasons = {gap.field: gap.reason for gap in record.gaps}
    assert (reasons["member.date_of_birth"], reasons["requesting_provider.npi"]) == ("illegible", "invalid")
    assert not {"member.date_of_birth", "requesting_provider.npi"} & set(_paths(ana))


def test_adding_the_row_that_was_missed_answers_whether_one_was(store: Engine, ana: Person) -> None:
    doubted = Reading(text="", confidence=0.1, method="ocr", needs_review=True)
    stored(store, _record("M54.50", readings={"diagnoses": doubted}))
    assert {"diagnoses", "diagnoses.code"} & set(_paths(ana))
    ana.enter(ID, "diagnoses.0.code", "M54.51")
    assert {"diagnoses", "diagnoses.code"} & set(_paths(ana)), "another value of a row that is there says nothing of the list"
    ana.enter(ID, "diagnoses.1.code", "R91.1")
    assert not {"diagnoses", "diagnoses.code"} & set(_paths(ana))
    ana.enter(ID, None, action="undo")
    assert {"diagnoses", "diagnoses.code"} & set(_paths(ana))


def test_two_people_do_not_work_on_one_fax_until_the_first_has_gone(ana: Person, bo: Person) -> None:
    ana.enter(ID, "member.last_name", "Ruiz")
    with pytest.raises(HeldByOther) as told:
        bo.enter(ID, "member.last_name", "Rios")
    assert told.value.by == "ana"
    assert bo.open(ID).draft.record.member.last_name == "Ruiz", "what the other entered is seen"
    bo.later(11)
    assert bo.enter(ID, "member.last_name", "Rios").held is not None
    ana.later(11)
    with pytest.raises(HeldByOther):
        ana.complete(ID)


def test_a_second_reading_keeps_what_was_entered_and_lays_rows_aside(store: Engine, ana: Person) -> None:
    ana.enter(ID, "member.last_name", "Ruiz")
    ana.enter(ID, "diagnoses.0.code", "R91.1")
    stored(store, _record("J45.40", readings={}))
    now = ana.open(ID)
    assert (now.read.revision, now.draft.record.member.last_name) == (2, "Ruiz")
    assert [one.code for one in now.draft.record.diagnoses] == ["J45.40"]
    assert [done.edit.path for done in now.draft.left_aside] == ["diagnoses.0.code"]
    with pytest.raises(Changed):
        ana.enter(ID, "diagnoses.0.code", "R91.1", revision=1)


def test_a_second_reading_does_not_touch_what_a_person_has_completed_or_taken_up_again(store: Engine, ana: Person) -> None:
    for path in ("member.first_name", "diagnoses.1.code"):
        ana.enter(ID, path, action="accept")
    ana.enter(ID, "member.last_name", "Ruiz")
    ana.complete(ID)
    stored(store, _record("J45.40"))
    assert ana.open(ID).read.revision == 2
    reopened = ana.do(lambda desk: desk.reopen(ID, "again"))
    assert (reopened.revision, reopened.final, reopened.member.last_name) == (3, False, "Ruiz")
    stored(store, _record("J45.40"))
    assert ana.open(ID).read == reopened


def test_what_is_no_request_is_dismissed_and_comes_back_as_it_was(ana: Person) -> None:
    dismissed = ana.do(lambda desk: desk.dismiss(ID, "none"))
    assert (dismissed.status, dismissed.final, dismissed.member.last_name) == (Status.NO_REQUEST, True, None)
    again = ana.do(lambda desk: desk.reopen(ID, "after all"))
    assert (again.status, again.final, again.member.last_name) == (Status.NEEDS_REVIEW, False, "Ruiz-Ortega")


def test_a_fax_that_could_not_be_read_is_keyed_by_hand(store: Engine, ana: Person) -> None:
    unreadable = ReferralRecord(record_id="PAR-2", status=Status.UNREADABLE, source=_record().source)
    stored(store, unreadable, "D-2")
    with pytest.raises(Refused):
        ana.enter("PAR-2", "member.last_name", "Ruiz")
    ana.enter("PAR-2", None, action="by_hand")
    record = ana.enter("PAR-2", "services.0.code", "97110").draft.record
    assert (record.status, record.services[0].code, record.services[0].code_system) == (Status.NEEDS_REVIEW, "97110", "CPT")
    assert "member.last_name" in {gap.field for gap in record.gaps}
    assert ana.complete("PAR-2").final


def test_a_purge_leaves_nothing_that_people_entered_and_says_so_to_those_who_follow(store: Engine, ana: Person) -> None:
    ana.enter(ID, "member.last_name", "Ruiz")
    with Session(store) as session, session.begin():
        assert retention.remove(session, "D-1", NOW, "operator")
    with Session(store) as session:
        assert session.scalars(select(DeskEditRow)).all() == []
        assert session.get(DeskItemRow, ID) is None
        assert changes_since(session, 0, 100)[-1].kind == "purged"
    with pytest.raises(UnknownRecord):
        ana.open(ID)
