"""The threads that deliver, on a real store and against real servers: at least once, in order, and no target holds another."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from delivery.deliverer import Deliverer
from delivery.pace import Pace
from delivery.sink import DeliveryOptions, Sink, WebhookOptions
from delivery.sinks import outbox, webhook
from models.errors import IntakeError
from models.record import ReferralRecord
from models.store import deliveries
from models.store.database import migrate, open_engine
from tests.delivery import receiver as server
from tests.delivery.receiver import SECRET, receiving, say, unused_port
from tests.delivery.records import add_document, add_revision, standing

_LIMIT_S = 120
PACE = Pace(first_s=0.02, longest_s=0.1, target_longest_s=0.1, attempts=5)


@pytest.fixture
def url(new_store: Callable[[], str]) -> str:
    return new_store()


@pytest.fixture
def store(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


class Report:
    """What the threads told."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.troubles: dict[str, IntakeError] = {}
        self.troubled: set[str] = set()

    def delivery(self, sink: str, outcome: str) -> None:
        self.outcomes[sink, outcome] += 1

    def target(self, sink: str, trouble: IntakeError | None) -> None:
        if trouble is None:
            self.troubles.pop(sink, None)
        else:
            self.troubles[sink] = trouble
            self.troubled.add(sink)


def _webhook(address: str, timeout_s: float = 30.0) -> Sink:
    sink = webhook.build(DeliveryOptions(outbox=Path("unused"), webhook=WebhookOptions(address, SECRET, timeout_s)))
    assert sink is not None
    return sink


def _outbox(folder: Path) -> Sink:
    folder.mkdir(exist_ok=True)
    sink = outbox.build(DeliveryOptions(outbox=folder))
    assert sink is not None
    return sink


@contextmanager
def delivering(
    store: Engine, sinks: dict[str, Sink], *, worker: str = "one", pace: Pace = PACE, parallel: int = 3
) -> Iterator[tuple[Deliverer, Report]]:
    report = Report()
    deliverer = Deliverer(store, sinks, worker, pace, report, parallel=parallel)
    deliverer.start()
    try:
        yield deliverer, report
    finally:
        deliverer.stop(30, threading.Event())


def _until(met: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not met():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def _all_are(store: Engine, state: str) -> bool:
    return {one for one, _ in standing(store).values()} == {state}


def test_what_stands_in_the_store_comes_to_every_target(store: Engine, tmp_path: Path) -> None:
    for number in range(10):
        add_document(store, number, ("outbox", "webhook"))
    with receiving() as (receiver, address):
        with delivering(store, {"outbox": _outbox(tmp_path), "webhook": _webhook(address)}) as (_, report):
            _until(lambda: _all_are(store, "delivered"), "all are delivered")
        assert Counter(receiver.keys) == {f"PAR-{number}-1": 1 for number in range(10)}
    assert {path.stem for path in tmp_path.iterdir()} == {f"PAR-{number}" for number in range(10)}
    assert report.outcomes == {("outbox", "delivered"): 10, ("webhook", "delivered"): 10}


def test_a_target_that_fails_in_every_way_gets_every_record_once_for_each_key_and_in_order(store: Engine) -> None:
    failures = [
        say(500),
        server.close_at_once,
        server.close_in_the_middle,
        server.talk_nonsense,
        say(503, Retry_After="0"),
        say(429, Retry_After="1"),
        say(408),
        server.take_and_answer_too_late,
        server.trickle,
        server.hang,
    ]
    for number in range(6):
        add_document(store, number, revisions=3)
    with receiving() as (receiver, address):
        receiver.turns.extend(failure for _ in range(2) for failure in (*failures, server.take))
        pace = replace(PACE, attempts=1000)
        with delivering(store, {"webhook": _webhook(address, timeout_s=0.5)}, pace=pace) as (_, report):
            _until(lambda: _all_are(store, "delivered"), "all are delivered")
        assert not receiver.turns
        assert len(receiver.keys) > len(receiver.taken) == 18
        for number in range(6):
            came = [key for key in receiver.keys if key.startswith(f"PAR-{number}-")]
            assert came == sorted(came), "no revision comes again after a later one"
        assert sum(count for (_, outcome), count in report.outcomes.items() if outcome == "put_off") >= 20
        assert report.troubles == {}


def test_a_dead_target_holds_neither_another_target_nor_what_comes_later(store: Engine, tmp_path: Path) -> None:
    for number in range(20):
        add_document(store, number, ("outbox", "webhook"))
    port = unused_port()
    sinks = {"outbox": _outbox(tmp_path), "webhook": _webhook(f"http://127.0.0.1:{port}/par")}
    with delivering(store, sinks, pace=replace(PACE, attempts=1000)) as (deliverer, report):
        _until(lambda: len(list(tmp_path.glob("*.json"))) == 20, "the outbox is complete")
        _until(lambda: "webhook" in report.troubles, "the dead target is told")
        add_document(store, 99, ("outbox", "webhook"))
        deliverer.wake()
        _until((tmp_path / "PAR-99.json").exists, "a later record is in the outbox")
        with receiving(port=port) as (receiver, _):
            _until(lambda: _all_are(store, "delivered"), "the target came back")
            assert len(receiver.taken) == 21
        assert report.troubles == {}


def test_a_target_that_is_down_does_not_cost_every_record_its_attempts(store: Engine) -> None:
    for number in range(30):
        add_document(store, number)
    pace = Pace(first_s=0.5, longest_s=1, target_longest_s=600, attempts=3)
    with delivering(store, {"webhook": _webhook(f"http://127.0.0.1:{unused_port()}/")}, pace=pace) as (_, report):
        _until(lambda: "webhook" in report.troubles, "the dead target is told")
        _until(lambda: report.outcomes["webhook", "put_off"] >= 8, "it was tried again")
    assert max(attempts for _, attempts in standing(store).values()) == 1, "those that were not tried yet go first"
    assert ("webhook", "parked") not in report.outcomes


def test_one_record_that_is_answered_too_late_stops_no_other(store: Engine) -> None:
    for number in range(10):
        add_document(store, number)
    with receiving() as (receiver, address):
        receiver.turns.append(server.hang)
        with delivering(store, {"webhook": _webhook(address)}, parallel=2):
            _until(lambda: len(receiver.taken) == 9, "all others are there")
            receiver.released.set()
            assert len(standing(store)) == 10


def test_a_refusal_is_parked_at_once_and_holds_only_its_own_record(store: Engine) -> None:
    add_document(store, 1, revisions=2)
    add_document(store, 2)
    with receiving() as (receiver, address):
        receiver.turns.append(say(422))
        with delivering(store, {"webhook": _webhook(address)}, parallel=1) as (deliverer, report):
            _until(lambda: standing(store)["PAR-2", 1, "webhook"][0] == "delivered", "the other record is there")
            assert standing(store)["PAR-1", 1, "webhook"] == ("parked", 1)
            assert standing(store)["PAR-1", 2, "webhook"] == ("pending", 0)
            add_revision(store, 2, units=7)
            deliverer.wake()
            _until(lambda: standing(store)["PAR-2", 2, "webhook"][0] == "delivered", "its next revision is there")
        assert receiver.keys == ["PAR-1-1", "PAR-2-1", "PAR-2-2"]
    assert report.outcomes["webhook", "parked"] == 1
    assert "webhook" not in report.troubled


def test_a_record_that_fails_each_time_is_parked_after_its_attempts(store: Engine) -> None:
    add_document(store, 1)
    with receiving() as (receiver, address):
        receiver.by_default = say(500)
        with delivering(store, {"webhook": _webhook(address)}) as (_, report):
            _until(lambda: _all_are(store, "parked"), "it is parked")
        assert len(receiver.keys) == PACE.attempts
    assert standing(store) == {("PAR-1", 1, "webhook"): ("parked", PACE.attempts)}
    assert report.outcomes == {("webhook", "put_off"): PACE.attempts - 1, ("webhook", "parked"): 1}


def test_an_outbox_that_is_away_is_never_parked(store: Engine, tmp_path: Path) -> None:
    add_document(store, 1, ("outbox",))
    away = tmp_path / "away"
    sink = _outbox(away)
    away.rmdir()
    with delivering(store, {"outbox": sink}) as (_, report):
        _until(lambda: report.outcomes["outbox", "put_off"] > 2 * PACE.attempts, "it was tried often")
        assert report.troubles["outbox"].code == "storage_unavailable"
        away.mkdir()
        _until(lambda: _all_are(store, "delivered"), "it is there")
    assert report.troubles == {}


def test_a_time_that_the_target_names_is_kept_for_all_records(store: Engine) -> None:
    add_document(store, 1)
    with receiving() as (receiver, address):
        receiver.turns.append(say(429, Retry_After="3600"))
        with delivering(store, {"webhook": _webhook(address)}) as (deliverer, report):
            _until(lambda: report.outcomes["webhook", "put_off"] == 1, "it was put off")
            add_document(store, 2)
            deliverer.wake()
            _until(lambda: "webhook" in report.troubles, "it is told")
        assert len(receiver.keys) == 1
    with store.connect() as connection:
        due = connection.execute(text("SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL")).scalar()
    assert due == 1


def test_several_workers_share_the_deliveries_and_make_none_twice(store: Engine, url: str) -> None:
    for number in range(40):
        add_document(store, number, revisions=2)
    with receiving() as (receiver, address), ExitStack() as stack:
        for worker in ("one", "two", "three"):
            engine = open_engine(url)
            stack.callback(engine.dispose)
            stack.enter_context(delivering(engine, {"webhook": _webhook(address)}, worker=worker))
        _until(lambda: _all_are(store, "delivered"), "all are delivered")
        assert Counter(receiver.keys) == {f"PAR-{number}-{revision}": 1 for number in range(40) for revision in (1, 2)}
        for number in range(40):
            assert [key for key in receiver.keys if key.startswith(f"PAR-{number}-")] == [f"PAR-{number}-1", f"PAR-{number}-2"]


def test_what_a_worker_had_in_hand_when_it_was_killed_is_made_when_it_starts_again(store: Engine) -> None:
    add_document(store, 1)
    with Session(store) as session, session.begin():
        claimed = deliveries.claim_next(session, "webhook", "one", datetime.now(UTC))
    assert claimed is not None
    with receiving() as (receiver, address):
        with delivering(store, {"webhook": _webhook(address)}, worker="two") as (deliverer, _):
            add_document(store, 2)
            deliverer.wake()
            _until(lambda: receiver.taken == ["PAR-2-1"], "the other record is there")
        with delivering(store, {"webhook": _webhook(address)}, worker="one"):
            _until(lambda: _all_are(store, "delivered"), "all are delivered")
        assert receiver.taken == ["PAR-2-1", "PAR-1-1"]


class _Faulty:
    """A target with a fault in its program, for one record."""

    def __init__(self) -> None:
        self.delivered: list[str] = []

    def deliver(self, record: ReferralRecord) -> None:
        if record.record_id == "PAR-1":
            raise RuntimeError("a fault of ours")
        self.delivered.append(record.record_id)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_the_program_parks_the_record_that_meets_it_and_stops_no_other(store: Engine) -> None:
    for number in (1, 2, 3):
        add_document(store, number)
    sink = _Faulty()
    with delivering(store, {"webhook": sink}, parallel=1) as (deliverer, report):

        def parked() -> bool:
            deliverer.renew()
            return standing(store)["PAR-1", 1, "webhook"][0] == "parked"

        _until(parked, "it is parked")
        _until(lambda: sink.delivered == ["PAR-2", "PAR-3"], "the others are there")
    assert report.outcomes["webhook", "parked"] == 1


def test_a_stop_waits_for_what_is_in_hand_unless_it_is_hurried(store: Engine) -> None:
    add_document(store, 1)
    with receiving() as (receiver, address):
        receiver.turns.append(server.hang)
        hurry = threading.Event()
        deliverer = Deliverer(store, {"webhook": _webhook(address)}, "one", PACE, Report(), parallel=1)
        deliverer.start()
        _until(lambda: len(receiver.keys) == 1, "it came")
        stopper = threading.Thread(target=deliverer.stop, args=(_LIMIT_S, hurry))
        stopper.start()
        stopper.join(0.3)
        assert stopper.is_alive()
        hurry.set()
        stopper.join(_LIMIT_S)
        assert not stopper.is_alive()
        assert standing(store) == {("PAR-1", 1, "webhook"): ("pending", 1)}
        receiver.released.set()
        deliverer.stop(_LIMIT_S, threading.Event())
