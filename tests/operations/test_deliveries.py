"""Deliveries as a site meets them: the real service, a real receiver, and what an operator does about them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from intake.cli import app
from intake.deliveries import sinks_of
from intake.folders import Folders
from intake.settings import load_settings
from models.errors import ConfigurationError, IntakeError
from models.store.database import migrate, open_engine, sqlite_url
from tests.delivery import receiver as server
from tests.delivery.receiver import SECRET, Receiver, receiving, say, unused_port
from tests.intake.harness import Site, command, ended, environment, fax, stop


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    with receiving() as running:
        yield running


def _site(root: Path, url: str, **extra: str) -> Site:
    quick = {"PAR_RETRY_LONGEST_S": "0.5", "PAR_DELIVERY_LONGEST_S": "0.5"}
    return Site(root, {"PAR_WEBHOOK_URL": url, "PAR_WEBHOOK_SECRET": SECRET, **quick, **extra})


def _ask(site: Site, *arguments: str) -> tuple[int, str]:
    """A command's exit code and output, in this process: starting another one each time takes most of a minute in all."""
    folders = {"PAR_DATA": str(site.data), "PAR_OUTBOX": str(site.outbox), "PAR_INBOX": str(site.inbox)}
    done = CliRunner().invoke(app, list(arguments), env={**site.env, **folders})
    if isinstance(done.exception, IntakeError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_every_record_comes_to_the_webhook_as_it_stands_in_the_outbox(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    site = _site(tmp_path, receiver[1])
    site.drop("smith one.pdf", fax("1 @@requests=3"))
    site.drop("smith two.pdf", fax("2"))
    assert site.drain() == 0
    assert {record["record_id"]: record for record in receiver[0].records.values()} == site.records()
    assert len(receiver[0].keys) == 4
    paths = {path for path, _, _ in receiver[0].requests}
    assert paths == {"/par"}
    assert SECRET not in (site.root / "log").read_text()


def test_a_drain_waits_for_a_target_that_comes_back(tmp_path: Path) -> None:
    port = unused_port()
    site = _site(tmp_path, f"http://127.0.0.1:{port}/par")
    site.drop("a.pdf", fax("a"))
    process = site.start("--drain")
    site.wait_for_log("delivery is tried again", 4)
    assert len(site.records()) == 1, "a dead webhook holds no outbox"
    assert site.archived("done") == {"a.pdf": 1}
    with receiving(port=port) as (running, _):
        assert ended(process) == 0
        assert len(running.taken) == 1


def test_a_drain_ends_and_says_so_where_deliveries_are_parked(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    receiver[0].by_default = say(400)
    site = _site(tmp_path, receiver[1])
    site.drop("a.pdf", fax("a @@requests=2"))
    assert site.drain() == 0
    (line,) = [line for line in site.log() if "parked and wait for a person" in line["event"]]
    assert (line["sink"], line["parked"], line["level"]) == ("webhook", 2, "warning")
    assert "par-intake deliveries" in line["event"]


def test_a_parked_delivery_is_told_and_tried_again(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    receiver[0].turns.extend([say(422), say(422), server.take])
    site = _site(tmp_path, receiver[1])
    site.drop("smith.pdf", fax("a @@requests=2"))
    assert site.drain() == 0
    code, told = _ask(site, "deliveries", "--parked")
    lines = told.splitlines()
    assert code == 0
    assert len(lines) == 2
    assert all("webhook  parked  PAR-" in line and "The webhook answers 422." in line for line in lines)
    assert "smith" not in told
    assert _ask(site, "deliveries", "--sink", "outbox") == (0, "")
    assert "deliveries to webhook: 0 pending; 0 held, 2 parked" in _ask(site, "status")[1]

    process = site.start()
    listening = site.wait_for_log("listening", 2)[-1]
    site.wait_for_health(listening["address"], "deliveries_parked")
    assert _ask(site, "redeliver", lines[0].split()[0]) == (0, "")
    site.wait_for_log("record delivered", 3)
    assert _ask(site, "forgo", "--all") == (0, "")
    assert _ask(site, "deliveries") == (0, "")
    assert _ask(site, "redeliver", "1", "99")[0] == 1
    assert _ask(site, "redeliver")[0] == _ask(site, "forgo", "1", "--all")[0] == 2
    assert stop(process) == 0
    assert site.query("SELECT actor, action FROM audit_events WHERE actor = 'operator' ORDER BY event_id") == [
        ("operator", "requeued"),
        ("operator", "forgone"),
    ]


def test_a_range_of_records_is_replayed_under_its_old_keys(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    site = _site(tmp_path, receiver[1])
    for name in "abc":
        site.drop(f"{name}.pdf", fax(name))
    assert site.drain() == 0
    before = list(receiver[0].keys)
    first = before[0].rpartition("-")[0]
    assert _ask(site, "replay", first, "--sink", "webhook") == (0, "1 records, 1 deliveries to be made\n")
    assert site.drain() == 0
    assert receiver[0].keys == [*before, before[0]]
    for path in site.outbox.iterdir():
        path.unlink()
    assert _ask(site, "replay", "--since", "2026-01-01") == (0, "3 records, 6 deliveries to be made\n")
    assert _ask(site, "replay", "--until", "2026-01-01T00:00+02:00") == (0, "0 records, 0 deliveries to be made\n")
    assert site.drain() == 0
    assert len(site.records()) == 3
    assert len(receiver[0].keys) == 7
    assert len(receiver[0].taken) == 3


def test_a_replay_of_nothing_that_can_be_understood_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.data.mkdir()
    store = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    migrate(store)
    store.dispose()
    assert _ask(site, "replay")[0] == 2
    assert _ask(site, "replay", "PAR-1", "--since", "2026-01-01")[0] == 2
    assert _ask(site, "replay", "--since", "soon")[0] == 2
    assert _ask(site, "replay", "PAR-1") == (1, "0 records, 0 deliveries to be made\n")
    code, told = _ask(site, "replay", "--since", "2026-01-01", "--sink", "pigeon")
    assert code == 2
    assert "outbox" in told


def test_what_was_stored_before_the_webhook_was_set_up_can_be_brought_to_it(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    before = Site(tmp_path)
    before.drop("a.pdf", fax("a"))
    assert before.drain() == 0
    site = _site(tmp_path, receiver[1])
    assert site.drain() == 0
    assert receiver[0].keys == []
    assert _ask(site, "replay", "--since", "2026-01-01", "--sink", "webhook")[0] == 0
    assert site.drain() == 0
    assert len(receiver[0].taken) == 1


def test_a_webhook_that_was_taken_out_of_the_settings_holds_no_drain(tmp_path: Path) -> None:
    site = _site(tmp_path, f"http://127.0.0.1:{unused_port()}/par")
    site.drop("a.pdf", fax("a"))
    process = site.start()
    site.wait_for_log("delivery is tried again")
    site.wait_for_log("document finished")
    assert stop(process) == 0
    without = Site(tmp_path)
    assert without.drain() == 0
    assert any("target that is not configured" in line["event"] for line in without.log())


def test_health_tells_of_a_dead_webhook_and_stays_well_enough_to_work(tmp_path: Path) -> None:
    site = _site(tmp_path, f"http://127.0.0.1:{unused_port()}/par")
    site.drop("smith.pdf", fax("a"))
    process = site.start()
    address = site.wait_for_log("listening")[0]["address"]
    site.wait_for_health(address, "target_unavailable")
    answer = httpx.get(f"{address}/health")
    metrics = httpx.get(f"{address}/metrics").text
    assert stop(process) == 0
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["deliveries"]["webhook"]["pending"] == 1
    assert 'par_intake_open_deliveries{sink="webhook",state="pending"} 1.0' in metrics
    assert 'par_intake_deliveries_total{outcome="put_off",sink="webhook"}' in metrics
    assert 'par_intake_step_seconds_count{step="read"} 1.0' in metrics
    assert "par_intake_pages_read_total 1.0" in metrics
    assert "smith" not in metrics + answer.text


def test_every_line_that_concerns_a_document_names_it(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    receiver[0].turns.append(say(500))
    site = _site(tmp_path, receiver[1])
    site.drop("a.pdf", fax("a"))
    site.drop("poison.pdf", fax("@die=now"))
    assert site.drain() == 0
    of_documents = [
        line for line in site.log() if any(word in line["event"] for word in ("document", "reading", "deliver", "step"))
    ]
    assert len(of_documents) > 8
    assert all(line["document_id"].startswith("DOC-") for line in of_documents)


def test_how_a_service_stands_is_told_as_json(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drop("a.pdf", fax("a"))
    site.drop("empty.pdf", b"")
    assert site.drain() == 0
    site.drop("waiting.pdf", fax("b"))
    code, told = _ask(site, "status", "--json")
    assert code == 0
    standing = json.loads(told)
    assert standing["documents"] == {"done": 1, "failed": 1}
    assert standing["records"] == {"ready": 1, "unreadable": 1}
    assert (standing["queue"]["inbox"], standing["queue"]["in_work"]) == (1, 0)
    assert standing["queue"]["oldest_in_inbox_at"] is not None
    assert [(worker["name"], worker["silent"]) for worker in standing["workers"]] == [("local", False)]
    assert "waiting" not in told


def test_a_webhook_that_cannot_be_used_is_told_before_anything_is_taken(tmp_path: Path) -> None:
    site = _site(tmp_path, "http://um.example.org/par")
    site.drop("a.pdf", fax("a"))
    assert site.drain() == 2
    assert "webhook_url must begin with https://" in (site.root / "log").read_text()
    assert [path.name for path in site.inbox.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "webhook_secret or webhook_secret_file"),
        ({"webhook_secret": SECRET, "webhook_secret_file": "both.txt"}, "webhook_secret or webhook_secret_file"),
        ({"webhook_secret_file": "gone.txt"}, "webhook_secret_file cannot be read"),
        ({"webhook_secret": "short"}, "at least 16 bytes"),
        ({"webhook_secret": SECRET, "webhook_ca_file": "gone.pem"}, "webhook_ca_file"),
    ],
)
def test_settings_of_the_webhook_that_cannot_be_used_are_told(
    tmp_path: Path, given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({"webhook_url": "https://um.example.org/par", "outbox": tmp_path, **given})
    with pytest.raises(ConfigurationError, match=said):
        sinks_of(settings, Folders.of(settings, "local"))


def test_the_secret_may_stand_in_a_file_and_is_never_printed(tmp_path: Path, receiver: tuple[Receiver, str]) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    site = _site(tmp_path, receiver[1], PAR_WEBHOOK_SECRET="", PAR_WEBHOOK_SECRET_FILE=str(tmp_path / "secret"))
    site.drop("a.pdf", fax("a"))
    assert site.drain() == 0
    assert len(receiver[0].taken) == 1
    printed = subprocess.run(
        command("config"), env=environment({"PAR_WEBHOOK_SECRET": SECRET}), cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert SECRET not in printed
    assert "# webhook_secret is set, and not shown" in printed
