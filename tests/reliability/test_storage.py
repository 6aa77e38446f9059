"""Disks that fill up, go away or turn read-only under the running service: nothing is lost, and health says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.harness import Site, fax
from tests.reliability.disks import disk
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.services import Service

_FULL = "No space left on device"
_READ_ONLY = "Read-only file system"


def _fed(site: Site, ledger: Ledger, *names: str, verb: str = "") -> None:
    for name in names:
        ledger.enter(Fax(name))
        site.drop(name, fax(f"{name} {verb}"))


def _ends_clean(service: Service, site: Site, ledger: Ledger) -> None:
    service.wait_for_done(len(ledger.faxes))
    service.wait_for_health()
    assert service.stop() == 0
    assert Service(site, "one", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_a_data_disk_that_is_full_while_claiming(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "data") as data:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        data.fill()
        _fed(site, ledger, "a.pdf", "b.pdf")
        assert _FULL in service.wait_for_problem("claim_failed")
        assert len(list(site.inbox.glob("*.pdf"))) + len(list(site.inbox.glob(".*.fax"))) == 2
        data.make_room()
        _ends_clean(service, site, ledger)


def test_a_data_disk_that_is_full_while_reading_storing_and_archiving(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "data") as data:
        site = Site(tmp_path)
        service = Service(site)
        _fed(site, ledger, "a.pdf", "b.pdf", verb="@sleep=2")
        service.wait_for_log("document is read", 2)
        data.fill()
        service.wait_for_problem("storage_unavailable")
        data.make_room()
        _ends_clean(service, site, ledger)


def test_an_outbox_disk_that_is_full(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "out") as outbox:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        outbox.fill()
        _fed(site, ledger, "a.pdf", "b.pdf")
        service.wait_for(lambda: any(_FULL in text for text in service.problems().values()), "a full outbox")
        outbox.make_room()
        _ends_clean(service, site, ledger)


def test_an_inbox_that_is_unmounted_and_comes_back(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "in") as inbox:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        _fed(site, ledger, "a.pdf")
        service.wait_for_done(1)
        inbox.take_away()
        service.wait_for_problem("storage_unavailable")
        inbox.mount()
        service.wait_for_health()
        _fed(site, ledger, "b.pdf")
        _ends_clean(service, site, ledger)


def test_an_outbox_that_is_unmounted_and_comes_back(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "out") as outbox:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        outbox.take_away()
        _fed(site, ledger, "a.pdf")
        service.wait_for(lambda: any("outbox" in text for text in service.problems().values()), "an outbox that is away")
        assert list(site.outbox.iterdir()) == [], "a record written under the mount would never be seen again"
        outbox.mount()
        _ends_clean(service, site, ledger)


def test_an_inbox_that_turns_read_only(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "in") as inbox:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        _fed(site, ledger, "a.pdf")
        inbox.make_read_only()
        if ledger.check(site).lost:
            assert _READ_ONLY in service.wait_for_problem("claim_failed")
        inbox.make_writable()
        _ends_clean(service, site, ledger)


def test_an_outbox_that_turns_read_only(tmp_path: Path, ledger: Ledger) -> None:
    with disk(tmp_path, "out") as outbox:
        site = Site(tmp_path)
        service = Service(site)
        service.wait_for_log("listening")
        outbox.make_read_only()
        _fed(site, ledger, "a.pdf")
        service.wait_for(lambda: any(_READ_ONLY in text for text in service.problems().values()), "a read-only outbox")
        outbox.make_writable()
        _ends_clean(service, site, ledger)
