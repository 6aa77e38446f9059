"""``par-intake run``: the service, from its start to its end."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import FrameType

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from intake.claim import finish_claims
from intake.daily_purge import DailyPurge
from intake.deliveries import deliverer_of, sinks_of
from intake.desk_services import Surroundings, desk_services
from intake.durable import DurableEngine
from intake.earlier_records import earlier_records_found
from intake.executor import executor_id_of, held_folders
from intake.first_link import say_how_to_begin
from intake.folders import Folders
from intake.heartbeat import Heartbeat, SilenceWatch, take_over
from intake.inbox import Inbox, InboxWatch, ScanResult
from intake.listing import look_into
from intake.lost_work import LostWork
from intake.preflight import check_settings
from intake.reader_pool import ReaderPool
from intake.reconcile import Reconciler, Work
from intake.sealing import read_keyring
from intake.service_state import ServiceState
from intake.settings import Settings
from intake.site_policy import policies_of
from intake.stability import Patience, StabilityTracker
from intake.steps import Steps
from intake.temporary import empty, temporary_files_in
from intake.web import WebServer, build_app
from intake.work_item import claimed_at, named
from models.errors import ConfigurationError, StorageUnavailable
from models.mounts import MountedFolder
from models.store import deliveries, documents
from models.store.database import check_reachable, migrate, normalised_url, open_engine, sqlite_url
from review.app import build_desk

_log = structlog.get_logger(__name__)

_TAKE_OVER_EVERY_S = 15.0
# Counting all documents is not worth more than this.
_COUNT_EVERY_S = 15.0
_SHORTEST_TURN_S = 0.1
_LAST_WAIT_S = 1.0
# The loop rests for so many times as long as its last turn took, however often it is woken.
_REST = 5
# Documents that are claimed and that nobody has begun, for each reader. The others wait in the inbox, where an urgent one goes
# before them, and where they cost nothing; these bridge the time between two scans.
_CLAIMED_AHEAD = 16


def run_service(settings: Settings, *, drain: bool) -> None:
    """Run until told to stop, or with ``drain`` until there is nothing left to do.

    Raises:
        ConfigurationError: a setting names what is not there; a folder or the port cannot be used, or another service uses it.
        StorageUnavailable: a folder or the database cannot be opened.
    """
    check_settings(settings)
    executor_id = executor_id_of(settings)
    folders = Folders.of(settings, executor_id)
    folders.prepare()
    with ExitStack() as stack:
        stack.enter_context(held_folders(settings, folders))
        empty(folders.tmp)
        stack.enter_context(temporary_files_in(folders.tmp))
        state = ServiceState()
        web = WebServer(settings.host, settings.port, settings.desk_trusted_proxies)
        store = _open_store(settings, folders)
        stack.callback(store.dispose)
        Service(settings, folders, executor_id, state, store, web).run(drain=drain)
    _leave()


def _leave() -> None:
    """End the process though threads of the workflow engine do not end: while its database is away, it asks for it without end."""
    hanging = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]
    for thread in hanging:
        thread.join(_LAST_WAIT_S)
    if any(thread.is_alive() for thread in hanging):
        _log.warning("what is in hand waits for the database, and is left for the next start")
        logging.shutdown()
        os._exit(0)


def _open_store(settings: Settings, folders: Folders) -> Engine:
    url = sqlite_url(folders.database) if settings.database_url is None else normalised_url(settings.database_url)
    store = open_engine(url)
    migrate(store)
    return store


class Service:
    """The parts of the service, and the loop that drives them."""

    def __init__(
        self, settings: Settings, folders: Folders, executor_id: str, state: ServiceState, store: Engine, web: WebServer
    ) -> None:
        self._settings = settings
        self._folders = folders
        self._executor_id = executor_id
        self._state = state
        self._store = store
        self._web = web
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._wake = threading.Event()
        self._readers = ReaderPool(settings, self._stopping)
        self._keyring = read_keyring(settings.archive_keys)
        self._durable = DurableEngine(settings, folders, executor_id)
        self._lost = LostWork(folders, store, self._durable.runs_of, self._keyring, time.monotonic)
        self._reconciler = Reconciler(folders, self._durable, executor_id, settings.max_attempts)
        patience = Patience(settings.stability_s, settings.whole_grace_s, settings.lone_sidecar_s)
        plan_folders = policies_of(settings).folders
        self._inbox = Inbox(folders, StabilityTracker(patience), time.monotonic, partial(look_into, plan_folders=plan_folders))
        self._sinks = sinks_of(settings, folders)
        self._deliverer = deliverer_of(settings, self._sinks, store, executor_id, state)
        self._watch_of_others = SilenceWatch(executor_id, time.monotonic)
        self._mounted = (MountedFolder.of("inbox", folders.inbox), MountedFolder.of("data folder", folders.data))
        self._taken_over_at_s = 0.0
        self._counted_at_s = 0.0
        self._draining = False

    def run(self, *, drain: bool) -> None:
        """Start all parts, work, and stop them in the opposite order."""
        self._draining = drain
        with ExitStack() as stack:
            stack.enter_context(self._signals())
            stack.callback(self._readers.close)
            self._deliverer.start()
            stack.callback(self._deliverer.stop, self._settings.stop_timeout_s, self._hurry)
            self._start_engine()
            stack.callback(self._stop_engine)
            heartbeat = Heartbeat(self._store, self._executor_id, self._database_is_away)
            heartbeat.start()
            stack.callback(heartbeat.stop)
            purge = DailyPurge(self._settings, self._folders, self._store)
            purge.start()
            stack.callback(purge.stop)
            stack.enter_context(earlier_records_found(self._store))
            watch = InboxWatch(self._folders.inbox, self._wake)
            stack.callback(watch.stop)
            around = Surroundings(self._store, tuple(self._sinks), self._deliverer.wake, self._wake.set, self._keyring)
            desk = build_desk(desk_services(self._settings, self._folders, around))
            self._web.start(build_app(self._state, self._settings.scan_interval_s, desk))
            if not drain:
                say_how_to_begin(self._settings, self._store, self._web.port)
            stack.callback(self._web.stop)
            stack.callback(desk.state.feed.close)
            _log.info("listening", address=self._web.address)
            while not self._stopping.is_set():
                watch.renew()
                began_s = time.monotonic()
                if self._turn() and drain:
                    self._say_what_is_left()
                    return
                took_s = time.monotonic() - began_s
                self._wake.wait(self._settings.scan_interval_s)
                self._wake.clear()
                # A file that is being written gives events without end, and a long listing is not worth having for each of them.
                self._stopping.wait(max(_SHORTEST_TURN_S, min(_REST * took_s, self._settings.scan_interval_s)))

    def _turn(self) -> bool:
        """One turn of the loop: claim, start, take over. Gives whether nothing is left to do."""
        self._state.turned()
        try:
            for folder in self._mounted:
                folder.check()
            # Asked by us: the workflow engine would wait for its database, and health would not learn why.
            check_reachable(self._store)
            self._durable.check_reachable()
            cut_short = finish_claims(self._folders)
            work = self._reconciler.reconcile()
            scan = self._inbox.scan(max(0, _CLAIMED_AHEAD * self._settings.worker_count - work.queued))
            if scan.claimed:
                work = self._reconciler.reconcile()
            self._take_over_now_and_then()
            self._deliverer.renew()
            undelivered = self._count()
            lost = self._lost.look(always=self._draining)
        except OSError as error:
            self._state.met("storage_unavailable", f"A folder cannot be read or written: {os.strerror(error.errno or 0)}.")
            return False
        except StorageUnavailable as error:
            self._state.met(error.code, str(error))
            return False
        except (OperationalError, InterfaceError):
            self._database_is_away()
            return False
        self._report(scan, work, cut_short)
        is_quiet = work.documents == len(work.stuck) and scan.outlook.waiting == 0 and not scan.outlook.ready and not cut_short
        self._tell("work_lost", bool(lost), f"Unfinished documents cannot be brought back to work: {named(lost)}.")
        return is_quiet and undelivered == 0 and not self._lost.open

    def _database_is_away(self) -> None:
        self._state.met("storage_unavailable", "The database cannot be reached or written.")

    def _report(self, scan: ScanResult, work: Work, cut_short: tuple[str, ...]) -> None:
        oldest_at = None if work.oldest is None else claimed_at(work.oldest)
        self._state.scanned(scan.outlook, work.documents, work.queued, oldest_at)
        self._state.over("storage_unavailable")
        for document_id in scan.claimed:
            _log.info("document claimed", document_id=document_id)
        problems = (*cut_short, *scan.problems)
        reasons = ", ".join(sorted(set(problems)))
        self._tell("claim_failed", bool(problems), f"{len(problems)} files in the inbox cannot be taken: {reasons}.")
        self._tell("claim_lost", bool(work.unknown), f"Folders in work have lost their file: {named(work.unknown)}.")
        self._tell("work_stuck", bool(work.stuck), f"Documents cannot even be set aside: {named(work.stuck)}.")

    def _count(self) -> int:
        """Tell how the store stands; gives how many deliveries can be made and are not."""
        with Session(self._store) as session:
            undelivered = deliveries.tally(session)
            if time.monotonic() - self._counted_at_s >= _COUNT_EVERY_S:
                self._state.stands(documents.count_by_state(session))
                self._counted_at_s = time.monotonic()
        self._state.undelivered(undelivered)
        return sum(one.pending for one in undelivered if one.sink in self._sinks)

    def _say_what_is_left(self) -> None:
        for one in self._state.snapshot().deliveries:
            if one.parked:
                _log.warning(
                    "deliveries are parked and wait for a person; par-intake deliveries lists them",
                    sink=one.sink,
                    parked=one.parked,
                    held=one.held,
                )
            if one.pending:
                _log.warning("deliveries wait for a target that is not configured", sink=one.sink, pending=one.pending)
        _log.info("nothing is left to do")

    def _tell(self, code: str, there: bool, message: str) -> None:
        if there:
            self._state.met(code, message)
        else:
            self._state.over(code)

    def _take_over_now_and_then(self) -> None:
        now_s = time.monotonic()
        if self._store.dialect.name == "postgresql" and now_s - self._taken_over_at_s >= _TAKE_OVER_EVERY_S:
            self._taken_over_at_s = now_s
            take_over(self._store, self._watch_of_others, self._resume_those_of)

    def _resume_those_of(self, other: str) -> int:
        try:
            left = Folders.of(self._settings, other)
            with held_folders(self._settings, left):
                finish_claims(left)
                empty(left.tmp)
        except ConfigurationError:
            _log.info("a silent worker still holds its folder; its claims are left to it", worker=other)
        self._deliverer.release(other)
        return self._durable.resume_those_of(other)

    def _start_engine(self) -> None:
        steps = Steps(
            self._settings,
            self._folders,
            self._store,
            self._sinks,
            self._readers.read,
            self._state,
            self._deliverer.wake,
            self._keyring,
        )
        self._durable.launch(steps, self._stopping, self._store)

    def _stop_engine(self) -> None:
        self._stopping.set()
        _log.info("stopping; what is in hand is finished")
        self._durable.stop(self._settings.stop_timeout_s)
        self._readers.abandon()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C stop in an orderly way; the second one does not wait for what is in hand."""

        def stop(number: int, frame: FrameType | None) -> None:
            """Only sets flags: what is done about them is done by the loop and the readers."""
            del number, frame
            if self._stopping.is_set():
                self._hurry.set()
                self._readers.abandon()
            self._stopping.set()
            self._wake.set()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
