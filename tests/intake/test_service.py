"""The running service on real folders: what arrives, what comes out, what stays."""

from __future__ import annotations

import json
import signal
import stat
from pathlib import Path

import httpx
import pytest

from tests.intake.harness import Site, ended, fax, stop


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_arrives_ends_as_record_and_in_an_archive(site: Site) -> None:
    site.drop("one.pdf", fax("1"))
    site.drop("three.pdf", fax("2 @@requests=3"))
    site.drop("again.pdf", fax("1"))
    site.drop("note.txt", b"no fax")
    site.drop("empty.pdf", b"")
    site.drop("cut off.pdf", b"%PDF-1.4 and no end")
    assert site.drain() == 0
    records = site.records()
    assert len(records) == 8
    assert sum(record["status"] == "unreadable" for record in records.values()) == 2
    assert site.archived("done") == {"one.pdf": 1, "three.pdf": 1, "again.pdf": 1, "cut off.pdf": 1}
    assert site.archived("failed") == {"empty.pdf": 1}
    assert list(site.inbox.iterdir()) == []
    assert list((site.data / "work").iterdir()) == []


def test_equal_bytes_are_two_arrivals_and_the_second_names_the_first(site: Site) -> None:
    site.drop("a.pdf", fax("same"))
    assert site.drain() == 0
    site.drop("b.pdf", fax("same"))
    assert site.drain() == 0
    first, second = sorted(site.records().values(), key=lambda record: record["source"]["file_name"])
    assert first["related"]["duplicate_of"] is None
    assert second["related"]["duplicate_of"] == first["record_id"]
    assert second["record_id"] != first["record_id"]


def test_a_failed_source_has_a_sidecar_that_says_why_and_what_to_do(site: Site) -> None:
    site.drop("empty.pdf", b"")
    site.drain()
    (sidecar,) = (site.data / "failed").glob("*/empty.pdf.failure.json")
    said = json.loads(sidecar.read_bytes())
    (record,) = site.records().values()
    assert said["record_ids"] == [record["record_id"]]
    assert said["reason"] == record["gaps"][0]["message"]
    assert "retry" in said["what_to_do"]


def test_the_gateways_sidecar_gives_time_and_sender_and_is_archived_with_its_fax(site: Site) -> None:
    site.drop("a.json", b'{"received_at": "2026-03-01T09:30:00-05:00", "sender_number": "+18315550142", "other": 1}')
    site.drop("a.pdf", fax("a"))
    site.drop("b.json", b"not JSON at all")
    site.drop("b.pdf", fax("b"))
    assert site.drain() == 0
    received = {record["source"]["file_name"]: record["source"]["received_at"] for record in site.records().values()}
    assert received["a.pdf"] == "2026-03-01T06:30:00-08:00"
    assert set(received) == {"a.pdf", "b.pdf"}
    assert site.query("SELECT sender_number FROM documents WHERE file_name = 'a.pdf'") == [("+18315550142",)]
    assert len(list((site.data / "done").glob("*/a.json"))) == len(list((site.data / "done").glob("*/b.json"))) == 1
    assert any("sidecar" in line["event"] for line in site.log())


def test_a_sidecar_alone_stays_and_does_not_keep_the_service_from_draining(site: Site) -> None:
    site.drop("a.json", b"{}")
    assert site.drain() == 0
    assert [path.name for path in site.inbox.iterdir()] == ["a.json"]


def test_a_document_that_kills_its_reader_is_set_aside_and_stops_no_other(site: Site) -> None:
    site.drop("poison.pdf", fax("@die=now"))
    site.drop("good.pdf", fax("good"))
    assert site.drain() == 0
    assert site.archived("failed") == {"poison.pdf": 1}
    assert site.archived("done") == {"good.pdf": 1}
    assert len([line for line in site.log() if line["event"] == "reading is tried again"]) == 2


def test_a_reader_that_died_once_is_forgiven(site: Site) -> None:
    site.drop("a.pdf", fax(f"@die_once={site.root}/died"))
    assert site.drain() == 0
    assert site.archived("done") == {"a.pdf": 1}


def test_a_document_that_takes_for_ever_is_set_aside(site: Site) -> None:
    site.drop("slow.pdf", fax("@sleep=600"))
    assert site.drain(env={"PAR_DOCUMENT_TIMEOUT_S": "2", "PAR_MAX_ATTEMPTS": "1"}) == 0
    assert site.archived("failed") == {"slow.pdf": 1}


def test_a_fault_in_reading_leaves_its_place_in_the_log_and_no_value(site: Site) -> None:
    site.drop("a.pdf", fax("@fault=SMITH"))
    assert site.drain() == 0
    (line, *_) = [line for line in site.log() if line["event"] == "reading stopped by a fault of the program"]
    assert line["error"].startswith("RuntimeError at standin_pipeline.py")
    assert line["document_id"].startswith("DOC-")
    assert "SMITH" not in (site.root / "log").read_text()


def test_the_log_names_no_arriving_file(site: Site) -> None:
    for name in ("smith-john.pdf", "smith-jane.txt"):
        site.drop(name, fax("a"))
    site.drop("smith-empty.pdf", b"")
    site.drop("smith-die.pdf", fax("@die=1"))
    assert site.drain() == 0
    assert "smith" not in (site.root / "log").read_text()


def test_trouble_that_passes_is_waited_for(site: Site) -> None:
    there = site.root / "engine"
    site.drop("a.pdf", fax(f"@engine_missing_until={there}"))
    process = site.start("--drain")
    site.wait_for_log("step is tried again", 2)
    there.touch()
    process.communicate(timeout=300)
    assert process.returncode == 0
    assert site.archived("done") == {"a.pdf": 1}


def test_an_outbox_that_went_away_is_waited_for_and_stops_no_reading(site: Site) -> None:
    site.drain()
    process = site.start()
    line = site.wait_for_log("listening", 2)[-1]
    site.outbox.rmdir()
    for number in range(10):
        site.drop(f"{number}.pdf", fax(str(number)))
    site.wait_for_log("delivery is tried again", 2)
    site.wait_for_log("document finished", 10)
    health = httpx.get(f"{line['address']}/health")
    site.outbox.mkdir()
    site.wait_for_log("record delivered", 10)
    assert stop(process) == 0
    assert (health.status_code, [one["code"] for one in health.json()["problems"]]) == (503, ["storage_unavailable"])
    assert health.json()["deliveries"]["outbox"]["pending"] > 0
    assert len(site.records()) == 10
    assert site.query("SELECT max(attempts) FROM deliveries") == [(1,)]


def test_health_and_metrics_tell_the_state_and_no_name(site: Site) -> None:
    process = site.start()
    site.drop("smith.pdf", fax("a"))
    (line,) = site.wait_for_log("listening")
    site.wait_for_log("document finished")
    health = httpx.get(f"{line['address']}/health").json()
    metrics = httpx.get(f"{line['address']}/metrics").text
    assert stop(process) == 0
    assert health["status"] == "ok"
    assert {"last_good_scan_at", "oldest_wait_s", "waiting", "in_work", "problems"} <= set(health)
    assert 'par_intake_documents_total{state="done"} 1.0' in metrics
    assert "smith" not in metrics + json.dumps(health)


def test_a_stop_finishes_what_is_in_hand_and_leaves_what_is_not_begun(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=2 a"))
    site.drop("b.pdf", fax("@sleep=2 b"))
    process = site.start(env={"PAR_WORKERS": "1"})
    site.wait_for_log("document claimed", 2)
    site.wait_for_log("document is read")
    assert stop(process) == 0
    assert sum(site.archived("done").values()) == 1
    assert len(list((site.data / "work").iterdir())) == 1
    assert site.drain() == 0
    assert site.archived("done") == {"a.pdf": 1, "b.pdf": 1}
    assert len(site.records()) == 2


def test_a_second_signal_does_not_wait_and_nothing_is_lost(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=5 a"))
    process = site.start()
    site.wait_for_log("document is read")
    process.send_signal(signal.SIGINT)
    site.wait_for_log("stopping; what is in hand is finished")
    assert stop(process, signal.SIGINT) == 0
    assert site.records() == {}
    assert site.drain() == 0
    assert len(site.records()) == 1


def test_files_and_folders_of_ours_are_open_to_us_alone(site: Site) -> None:
    site.drop("a.pdf", fax("a"))
    site.drain()
    for path in (site.data, *site.data.rglob("*"), *site.outbox.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_a_second_service_on_the_same_inbox_is_refused(site: Site) -> None:
    process = site.start()
    site.wait_for_log("listening")
    other = Site(site.root / "other")
    second = other.start("--inbox", str(site.inbox))
    assert ended(second) == 2
    assert "Another par-intake service is using the inbox" in (other.root / "log").read_text()
    assert stop(process) == 0


def test_a_port_that_is_taken_is_told(site: Site) -> None:
    process = site.start()
    (line,) = site.wait_for_log("listening")
    other = Site(site.root / "other")
    second = other.start("--port", line["address"].rpartition(":")[2])
    assert ended(second) == 2
    assert stop(process) == 0


def test_a_folder_that_was_replaced_goes_on_being_watched(site: Site) -> None:
    process = site.start()
    site.wait_for_log("listening")
    site.inbox.rename(site.root / "old")
    site.inbox.mkdir()
    site.drop("a.pdf", fax("a"))
    site.wait_for_log("document finished")
    assert stop(process) == 0
