"""What changes under the running service: the file that is read, and the clock."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.clock.moved import moved_clock
from tests.intake.harness import Site, fax
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.services import Service


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _in_work(site: Site, name: str) -> Path:
    (path,) = (site.data / "work").glob(f"*/{name}")
    return path


def test_a_writer_that_goes_on_after_the_claim_is_waited_for(site: Site) -> None:
    ledger = Ledger([Fax("a.pdf")])
    with (site.inbox / "a.pdf").open("ab", buffering=0) as writer:
        writer.write(fax("first part @sleep=2"))
        service = Service(site)
        service.wait_for_log("document is read")
        writer.write(fax("last part"))
    service.wait_for_done(1)
    service.wait_for_health()
    assert service.stop() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict
    (source,) = (site.data / "done").glob("*/a.pdf")
    (record,) = site.records().values()
    assert record["source"]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert b"last part" in source.read_bytes()


def test_a_file_that_is_put_in_the_place_of_the_one_that_is_read_is_what_the_record_is_of(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=2"))
    service = Service(site)
    service.wait_for_log("document is read")
    other = site.root / "other"
    other.write_bytes(fax("another"))
    other.replace(_in_work(site, "a.pdf"))
    service.wait_for_done(1)
    assert service.stop() == 0
    verdict = Ledger([Fax("a.pdf")]).check(site)
    assert verdict.clean, verdict
    (record,) = site.records().values()
    assert record["source"]["sha256"] == hashlib.sha256(fax("another")).hexdigest()


def test_a_file_that_is_removed_while_it_is_read_leaves_a_record_that_says_so_and_holds_up_nobody(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=2"))
    service = Service(site, env={"PAR_WORKERS": "1"})
    service.wait_for_log("document is read")
    _in_work(site, "a.pdf").unlink()
    site.drop("b.pdf", fax("b"))
    service.wait_for_done(1)
    service.wait_for(lambda: any((site.data / "failed").iterdir()), "a reason in failed/")
    service.wait_for_health()
    assert service.stop() == 0
    records = {record["source"]["file_name"]: record["status"] for record in site.records().values()}
    assert records == {"a.pdf": "unreadable", "b.pdf": "ready"}


def test_the_same_name_again_while_the_first_is_read_is_a_fax_of_its_own(site: Site) -> None:
    site.drop("a.pdf", fax("first @sleep=2"))
    service = Service(site)
    service.wait_for_log("document is read")
    site.drop("a.pdf", fax("second"))
    service.wait_for_done(2)
    assert service.stop() == 0
    assert {record["source"]["sha256"] for record in site.records().values()} == {
        hashlib.sha256(content).hexdigest() for content in (fax("first @sleep=2"), fax("second"))
    }


def test_a_clock_that_is_set_back_two_hours(tmp_path: Path) -> None:
    site, ledger = Site(tmp_path / "site", moved_clock(tmp_path, -timedelta(hours=2), once=tmp_path / "back")), Ledger()
    service = Service(site)
    for number, name in enumerate(("a.pdf", "b.pdf", "c.pdf")):
        if number == 1:
            (tmp_path / "back").touch()
        ledger.enter(Fax(name))
        site.drop(name, fax(f"{name} @sleep=1"))
        service.wait_for_log("document is read", number + 1)
        if number == 1:
            service.kill()
            service = Service(site)
    service.wait_for_done(3)
    service.wait_for_health()
    assert service.stop() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict
    # The first start tells a person a link beside its log.
    lines = [line for line in service.log_path.read_text().splitlines() if line.startswith("{")]
    times = [datetime.fromisoformat(json.loads(line)["timestamp"]) for line in lines]
    assert min(later - earlier for earlier, later in pairwise(times)) < -timedelta(hours=1)
