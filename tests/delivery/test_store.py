"""Deliveries in the store: who may claim which, in what order, and what an operator does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from models.store import deliveries, delivery_desk, documents
from models.store.database import migrate, open_engine, sqlite_url
from models.store.deliveries import ClaimedDelivery
from models.store.delivery_desk import RecordRange
from models.store.tables import AuditRow, DeliveryRow, DeliveryState
from tests.delivery.records import WRITTEN_AT as NOW
from tests.delivery.records import add_document, add_revision, standing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    yield engine
    engine.dispose()


def _claim(store: Engine, worker: str = "one", after_s: float = 0, sink: str = "webhook") -> ClaimedDelivery | None:
    with Session(store) as session, session.begin():
        return deliveries.claim_next(session, sink, worker, NOW + timedelta(seconds=after_s))


def _claimed(store: Engine, worker: str = "one", after_s: float = 0) -> ClaimedDelivery:
    claimed = _claim(store, worker, after_s)
    assert claimed is not None
    return claimed


def _deliver(store: Engine, claimed: ClaimedDelivery) -> None:
    with Session(store) as session, session.begin():
        deliveries.mark_delivered(session, claimed.delivery_id, NOW)


def _park(store: Engine, claimed: ClaimedDelivery, worker: str = "one") -> None:
    with Session(store) as session, session.begin():
        deliveries.park(session, claimed.delivery_id, worker, "No.", NOW)


def _put_off(store: Engine, claimed: ClaimedDelivery, seconds: float, *, counted: bool = True, worker: str = "one") -> None:
    with Session(store) as session, session.begin():
        deliveries.put_off(session, claimed.delivery_id, worker, "Later.", NOW + timedelta(seconds=seconds), counted=counted)


def _audit(store: Engine) -> list[tuple[str, str, str | None, int | None]]:
    with Session(store) as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.event_id))
        return [(row.actor, row.action, row.record_id, row.revision) for row in rows if row.action not in {"registered", "stored"}]


def test_a_delivery_is_claimed_once_and_holds_its_record(store: Engine) -> None:
    add_document(store, 1)
    claimed = _claimed(store)
    assert (claimed.record_id, claimed.revision, claimed.attempt) == ("PAR-1", 1, 1)
    assert '"record_id":"PAR-1"' in claimed.body
    assert _claim(store, "two") is None
    _deliver(store, claimed)
    assert _claim(store) is None
    assert _audit(store) == [("service", "delivered", "PAR-1", 1)]


def test_sinks_do_not_wait_for_each_other(store: Engine) -> None:
    add_document(store, 1, ("outbox", "webhook"))
    assert _claim(store, sink="webhook") is not None
    assert _claim(store, sink="outbox") is not None


@pytest.mark.parametrize("state", ["claimed", "put off", "parked"])
def test_a_revision_waits_for_the_one_before_it_and_other_records_do_not(store: Engine, state: str) -> None:
    add_document(store, 1, revisions=2)
    first = _claimed(store)
    if state == "put off":
        _put_off(store, first, 60)
    elif state == "parked":
        _park(store, first)
    assert _claim(store) is None
    add_document(store, 2)
    assert _claimed(store).record_id == "PAR-2"


def test_revisions_go_in_their_order(store: Engine) -> None:
    add_document(store, 1, revisions=3)
    order = []
    while (claimed := _claim(store)) is not None:
        order.append(claimed.revision)
        _deliver(store, claimed)
    assert order == [1, 2, 3]


def test_what_was_put_off_is_claimed_when_it_is_due_with_its_next_attempt(store: Engine) -> None:
    add_document(store, 1)
    _put_off(store, _claimed(store), 60)
    assert _claim(store, after_s=59) is None
    assert _claimed(store, after_s=60).attempt == 2


def test_trouble_of_our_own_costs_no_attempt(store: Engine) -> None:
    add_document(store, 1)
    _put_off(store, _claimed(store), 1, counted=False)
    assert _claimed(store, after_s=1).attempt == 1


def test_a_clock_that_was_set_back_holds_nothing_up(store: Engine) -> None:
    add_document(store, 1)
    _put_off(store, _claimed(store), 60)
    add_document(store, 2, at=NOW)
    weeks_ago = -timedelta(weeks=3).total_seconds()
    assert {_claimed(store, after_s=weeks_ago).record_id, _claimed(store, after_s=weeks_ago).record_id} == {"PAR-1", "PAR-2"}


def test_what_a_worker_had_claimed_when_it_ended_is_free_again_and_no_other(store: Engine) -> None:
    add_document(store, 1)
    add_document(store, 2)
    first, second = _claimed(store, "one"), _claimed(store, "two")
    with Session(store) as session, session.begin():
        deliveries.release_claims(session, "one")
    again = _claimed(store, "two")
    assert (again.delivery_id, again.attempt) == (first.delivery_id, 2)
    assert second.delivery_id != again.delivery_id
    assert _claim(store, "two") is None


def test_a_worker_that_was_taken_for_dead_can_tell_of_success_but_not_of_failure(store: Engine) -> None:
    add_document(store, 1)
    late = _claimed(store, "late")
    with Session(store) as session, session.begin():
        deliveries.release_claims(session, "late")
    _claimed(store, "other")
    _park(store, late, "late")
    _put_off(store, late, 60, worker="late")
    assert standing(store) == {("PAR-1", 1, "webhook"): ("pending", 2)}
    _deliver(store, late)
    assert standing(store)["PAR-1", 1, "webhook"][0] == "delivered"


def test_a_parked_delivery_is_told_made_again_or_given_up(store: Engine) -> None:
    for number in (1, 2):
        add_document(store, number, revisions=2)
        _park(store, _claimed(store))
    with Session(store) as session:
        parked = delivery_desk.open_deliveries(session, "webhook", DeliveryState.PARKED)
        assert [(one.record_id, one.revision, one.attempts, one.reason) for one in parked] == [
            ("PAR-1", 1, 1, "No."),
            ("PAR-2", 1, 1, "No."),
        ]
        assert len(delivery_desk.open_deliveries(session)) == 4
        assert delivery_desk.open_deliveries(session, "outbox") == ()
    with Session(store) as session, session.begin():
        assert delivery_desk.requeue(session, parked[0].delivery_id, NOW)
        assert delivery_desk.forgo(session, parked[1].delivery_id, NOW)
        for change in (delivery_desk.requeue, delivery_desk.forgo):
            assert not change(session, parked[0].delivery_id, NOW)
            assert not change(session, 999, NOW)
    claimed = [_claimed(store), _claimed(store)]
    assert [(one.record_id, one.revision, one.attempt) for one in claimed] == [("PAR-1", 1, 1), ("PAR-2", 2, 1)]
    assert ("operator", "requeued", "PAR-1", 1) in _audit(store)
    assert ("operator", "forgone", "PAR-2", 1) in _audit(store)


def _replay(store: Engine, chosen: RecordRange, *sinks: str) -> int:
    with Session(store) as session, session.begin():
        return delivery_desk.replay(session, delivery_desk.newest_revisions(session, chosen), sinks, NOW)


def _deliver_all(store: Engine) -> list[tuple[str, int]]:
    made = []
    while (claimed := _claim(store)) is not None:
        made.append((claimed.record_id, claimed.revision))
        _deliver(store, claimed)
    return made


def test_a_replay_delivers_the_newest_revision_once_more(store: Engine) -> None:
    for number in (1, 2, 3):
        add_document(store, number, revisions=number)
    _deliver_all(store)
    assert _replay(store, RecordRange(("PAR-3", "PAR-1", "PAR-9")), "webhook") == 2
    assert _deliver_all(store) == [("PAR-1", 1), ("PAR-3", 3)]
    assert [row for row in _audit(store) if row[1] == "replayed"] == [
        ("operator", "replayed", "PAR-1", 1),
        ("operator", "replayed", "PAR-3", 3),
    ]


def test_a_replay_takes_a_range_of_time(store: Engine) -> None:
    for number in range(5):
        add_document(store, number, at=NOW + timedelta(hours=number))
    _deliver_all(store)
    chosen = RecordRange(since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=3))
    assert _replay(store, chosen, "webhook") == 2
    assert _deliver_all(store) == [("PAR-1", 1), ("PAR-2", 1)]


def test_a_replay_brings_records_to_a_target_that_is_new(store: Engine) -> None:
    add_document(store, 1, ("outbox",), revisions=2)
    assert _replay(store, RecordRange(), "webhook") == 1
    assert _deliver_all(store) == [("PAR-1", 2)]


def test_a_replay_leaves_what_is_pending_and_what_was_followed_by_a_newer_revision(store: Engine) -> None:
    add_document(store, 1)
    assert _replay(store, RecordRange(), "webhook") == 0
    with Session(store) as session:
        listed = delivery_desk.newest_revisions(session, RecordRange())
    _deliver_all(store)
    add_revision(store, 1, units=5)
    with Session(store) as session, session.begin():
        assert delivery_desk.replay(session, listed, ("webhook",), NOW) == 0
    assert _deliver_all(store) == [("PAR-1", 2)]


def test_the_tally_tells_what_can_be_made_what_is_held_and_what_is_parked(store: Engine) -> None:
    add_document(store, 1, ("outbox", "webhook"), revisions=3)
    add_document(store, 2, ("outbox",), at=NOW + timedelta(hours=1))
    _park(store, _claimed(store))
    with Session(store) as session:
        outbox, webhook = deliveries.tally(session)
    assert (outbox.sink, outbox.pending, outbox.held, outbox.parked, outbox.oldest_at) == ("outbox", 4, 0, 0, NOW)
    assert (webhook.sink, webhook.pending, webhook.held, webhook.parked, webhook.oldest_at) == ("webhook", 0, 2, 1, None)
    _deliver_all(store)
    with Session(store) as session:
        assert [one.sink for one in deliveries.tally(session)] == ["outbox", "webhook"]


def test_an_earlier_releases_deliveries_keep_their_state(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "old.sqlite"))
    config = Config()
    config.set_main_option("script_location", str(Path(deliveries.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO documents VALUES ('DOC-1', 'aa', 1, 'a.pdf', :at, NULL, 'done', NULL, :at, :at)"), {"at": NOW}
        )
        connection.execute(text("INSERT INTO records VALUES ('PAR-1', 1, 'DOC-1', 0, 'ready', 1, '{}', :at)"), {"at": NOW})
        connection.execute(text("INSERT INTO deliveries VALUES (1, 'DOC-1', 'PAR-1', 1, 'outbox', NULL)"))
        connection.execute(text("INSERT INTO deliveries VALUES (2, 'DOC-1', 'PAR-1', 1, 'webhook', :at)"), {"at": NOW})
    migrate(engine)
    with Session(engine) as session:
        rows = session.scalars(select(DeliveryRow).order_by(DeliveryRow.delivery_id)).all()
        assert [(row.state, row.attempts, row.queued_at, row.due_at) for row in rows] == [
            ("pending", 0, NOW, None),
            ("delivered", 0, NOW, None),
        ]
        assert documents.count_by_state(session) == (("done", 1),)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert connection.execute(text("SELECT count(*), count(delivered_at) FROM deliveries")).all() == [(2, 1)]
    engine.dispose()
