"""What a reading process may use up, and what becomes of a document that wants more. Only the reading is a stand-in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from intake import reader_process
from intake.reader_answer import Answer
from intake.reader_process import ReaderProcess
from intake.settings import Settings
from models.document import Document, MediaType
from models.errors import IntakeError, OutOfMemory, ReaderStopped, ReaderUnavailable, ReadingTimedOut
from tests.intake.harness import Site, command, environment, fax
from tests.validation.requests import COMPLETE


def processed(folder: Path, texts: dict[str, str], **settings: str) -> list[dict[str, Any]]:
    """The records of files that the stand-in reads, all in one reading process."""
    for name, text in texts.items():
        (folder / name).write_bytes(fax(text))
    done = subprocess.run(
        command("process", *(folder / name for name in texts)),
        cwd=folder,
        env=environment({"PAR_WORKERS": "1", **settings}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def reason(record: dict[str, Any]) -> str:
    assert record["status"] == "unreadable"
    return str(record["gaps"][0]["message"])


def test_a_document_that_takes_all_memory_ends_alone_and_says_what_to_do(tmp_path: Path) -> None:
    hungry, fine = processed(tmp_path, {"a.pdf": "@eat_memory=2000000000", "b.pdf": "fine"}, PAR_MAX_MEMORY_BYTES="1600000000")
    assert reason(hungry).startswith("Reading took more than 1600000000 bytes of memory.")
    assert OutOfMemory.next_step in reason(hungry)
    assert fine["status"] == "ready"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGSEGV, "(SIGSEGV)"),
        (signal.SIGABRT, "(SIGABRT, perhaps for lack of memory)"),
        (signal.SIGKILL, "(SIGKILL, perhaps for lack of memory)"),
        (signal.SIGXCPU, "(SIGXCPU)"),
    ],
)
def test_a_crash_costs_its_document_and_names_the_signal(tmp_path: Path, number: signal.Signals, words: str) -> None:
    crashed, fine = processed(tmp_path, {"a.pdf": f"@signal={number.value}", "b.pdf": "fine"})
    assert words in reason(crashed)
    assert fine["status"] == "ready"


def test_a_file_that_would_fill_the_disk_cannot_be_written(tmp_path: Path) -> None:
    greedy, fine = processed(tmp_path, {"a.pdf": "@fill_disk=2000000000", "b.pdf": "fine"})
    assert greedy["status"] == "unreadable"
    assert fine["status"] == "ready"


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        ("@sleep=600", {"PAR_PAGE_TIMEOUT_S": "2"}, "Reading one page took more than 2 s."),
        ("@sleep=600", {"PAR_DOCUMENT_TIMEOUT_S": "2"}, "Reading took more than 2 s."),
        ("@alive_for_ever", {"PAR_DOCUMENT_TIMEOUT_S": "2"}, "Reading took more than 2 s."),
    ],
)
def test_a_document_that_never_ends_is_ended(tmp_path: Path, text: str, settings: dict[str, str], words: str) -> None:
    endless, fine = processed(tmp_path, {"a.pdf": text, "b.pdf": "fine"}, **settings)
    assert reason(endless).startswith(words)
    assert fine["status"] == "ready"


def test_what_the_reading_process_started_ends_with_it(tmp_path: Path) -> None:
    (hung,) = processed(tmp_path, {"a.pdf": f"@engine_that_hangs={tmp_path / 'engine'}"}, PAR_PAGE_TIMEOUT_S="2")
    assert ReadingTimedOut.next_step in reason(hung)
    engine = Path("/proc", (tmp_path / "engine").read_text())
    deadline = time.monotonic() + 60
    while engine.exists() and "\nState:\tZ" not in (engine / "status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_service_sets_a_poisonous_file_aside_and_reads_the_others(tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_MAX_MEMORY_BYTES": "1600000000", "PAR_PAGE_TIMEOUT_S": "2", "PAR_MAX_ATTEMPTS": "2"})
    texts = {"eats.pdf": "@eat_memory=2000000000", "hangs.pdf": "@sleep=600", "crashes.pdf": "@signal=11", "fine.pdf": "fine"}
    for name, text in texts.items():
        site.drop(name, fax(text))
    assert site.drain() == 0
    found = {record["source"]["file_name"]: record["status"] for record in site.records().values()}
    assert found == {"eats.pdf": "unreadable", "hangs.pdf": "unreadable", "crashes.pdf": "unreadable", "fine.pdf": "ready"}
    assert site.archived("failed") == {"eats.pdf": 1, "hangs.pdf": 1, "crashes.pdf": 1}
    assert site.archived("done") == {"fine.pdf": 1}


def test_a_process_that_cannot_start_is_no_fault_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "serve", os.getpgid)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with ReaderProcess(Settings()) as reader, pytest.raises(ReaderUnavailable) as caught:
        reader.read(Document(tmp_path / "a.pdf", "a.pdf", "", MediaType.PDF, COMPLETE.source.received_at))
    assert not caught.value.permanent


def test_a_limit_of_somebody_else_that_is_lower_stays(tmp_path: Path) -> None:
    ask = (
        "import resource; from intake.reader_limits import limit_next_document, limit_process;"
        "resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); limit_process(2 * 10**9); limit_next_document(50);"
        "limit_next_document(500); print(*(resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], env=environment(standin=False), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    memory, cpu_s = done.stdout.split()
    assert memory == "1000000000"
    assert 500 <= int(cpu_s) < 600


def test_an_answer_comes_through_as_it_was() -> None:
    records = (COMPLETE, COMPLETE)
    assert Answer.unpacked(Answer(records=records).packed()).result() == records


@pytest.mark.parametrize("kind", [OutOfMemory, ReadingTimedOut, IntakeError])
def test_an_error_comes_through_as_it_was(kind: type[IntakeError]) -> None:
    with pytest.raises(IntakeError) as caught:
        Answer.unpacked(Answer.of_error(kind("Because.")).packed()).result()
    assert type(caught.value) is kind
    assert str(caught.value) == str(kind("Because."))


@pytest.mark.parametrize("said", [b"", b"\x80\x04.", b"[]", b'{"records": [{}]}', b'{"other": 1}', b"\xff"])
def test_what_no_reading_process_would_say_is_not_taken(said: bytes) -> None:
    with pytest.raises(ReaderStopped):
        Answer.unpacked(said)
