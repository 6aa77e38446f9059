"""``par-intake process``: the real command line, with a reading that takes no time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.intake.harness import command, environment, fax


def _process(*paths: Path | str, cwd: Path, env: dict[str, str] | None = None) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        command("process", *paths), cwd=cwd, env=environment(env), capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_records_come_in_the_order_of_the_arguments_whatever_takes_longest(tmp_path: Path) -> None:
    for name, content in (("slow.pdf", "@sleep=1"), ("two.pdf", "@@requests=2"), ("quick.pdf", "q")):
        (tmp_path / name).write_bytes(fax(content))
    code, records, errors = _process("slow.pdf", "two.pdf", "quick.pdf", cwd=tmp_path, env={"PAR_WORKERS": "3"})
    assert code == 0
    assert [record["source"]["file_name"] for record in records] == ["slow.pdf", "two.pdf", "two.pdf", "quick.pdf"]
    assert errors == ""


def test_every_file_gives_a_line_and_what_cannot_be_read_gives_its_reason(tmp_path: Path) -> None:
    (tmp_path / "smith.pdf").write_bytes(fax("fine"))
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "note.txt").write_text("no fax")
    (tmp_path / "die.pdf").write_bytes(fax("@die=1"))
    (tmp_path / "slow.pdf").write_bytes(fax("@sleep=600"))
    (tmp_path / "fault.pdf").write_bytes(fax("@fault=JONES"))
    os.mkfifo(tmp_path / "pipe")
    arguments = ["gone.pdf", "empty.pdf", ".", "smith.pdf", "note.txt", "die.pdf", "slow.pdf", "fault.pdf", "pipe"]
    code, records, errors = _process(*arguments, cwd=tmp_path, env={"PAR_DOCUMENT_TIMEOUT_S": "4"})
    assert code == 1
    assert [record["status"] for record in records] == ["unreadable"] * 3 + ["ready"] + ["unreadable"] * 5
    for record in records:
        if record["status"] == "unreadable":
            (gap,) = record["gaps"]
            assert (gap["field"], gap["reason"], gap["severity"]) == ("document", "illegible", "blocking")
    assert len({record["record_id"] for record in records}) == len(records)
    for name in ("smith", "gone", "JONES"):
        assert name not in errors
    assert "file 2 of 9 could not be read: The file has no bytes." in errors


def test_a_reader_that_was_killed_once_is_forgiven(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(fax(f"@die_once={tmp_path / 'died'}"))
    code, (record,), _ = _process("a.pdf", cwd=tmp_path)
    assert (tmp_path / "died").exists()
    assert (code, record["status"]) == (0, "ready")


def test_equal_bytes_given_twice_are_two_arrivals_and_ids_are_the_same_on_every_run(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(fax("same"))
    (tmp_path / "b.pdf").write_bytes(fax("same"))
    _, first, _ = _process("a.pdf", "b.pdf", cwd=tmp_path)
    _, again, _ = _process("a.pdf", "b.pdf", cwd=tmp_path)
    assert first == again
    assert first[0]["record_id"] != first[1]["record_id"]
    assert (first[0]["related"]["duplicate_of"], first[1]["related"]["duplicate_of"]) == (None, first[0]["record_id"])


def test_what_a_library_prints_or_logs_of_a_document_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(fax("@print=SMITH @log_error=SMITH"))
    code, records, errors = _process("a.pdf", cwd=tmp_path)
    assert (code, len(records)) == (0, 1)
    assert "SMITH" not in errors
    assert "a library reports an error" in errors


def test_a_name_that_is_no_utf8_is_read_and_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"fax\xff.pdf")
    (tmp_path / name).write_bytes(fax("a"))
    code, records, _ = _process(name, cwd=tmp_path)
    assert code == 0
    assert records[0]["source"]["file_name"] == "fax\ufffd.pdf"


@pytest.mark.parametrize("arguments", [[], ["--inbocks", "x"], ["--workers", "0", "a.pdf"]])
def test_wrong_usage_ends_with_two(arguments: list[str], tmp_path: Path) -> None:
    assert _process(*arguments, cwd=tmp_path)[0] == 2


def test_wrong_settings_end_with_two_and_one_line(tmp_path: Path) -> None:
    code, records, errors = _process("a.pdf", cwd=tmp_path, env={"PAR_PORTT": "1"})
    assert (code, records) == (2, [])
    assert errors.startswith("par-intake: Unknown setting in the environment: PAR_PORTT.")
    assert len(errors.splitlines()) == 1


def test_a_setting_that_names_what_is_not_there_ends_with_two(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(fax("@wrong_setting=no-such-engine"))
    code, records, errors = _process("a.pdf", cwd=tmp_path)
    assert (code, records) == (2, [])
    assert "no-such-engine" in errors


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.pdf").write_bytes(fax(f"{number} @@requests=9"))
    process = subprocess.Popen(
        command("process", *sorted(tmp_path.iterdir())), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=300) == 1
    assert "Traceback" not in errors


def test_an_interruption_ends_at_once_and_leaves_no_process_behind(tmp_path: Path) -> None:
    started = tmp_path / "reader"
    (tmp_path / "a.pdf").write_bytes(fax(f"@tell_pid={started} @sleep=600"))
    process = subprocess.Popen(
        command("process", tmp_path / "a.pdf"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    _wait_for(started.exists)
    reader = int(started.read_text())
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=300)
    assert process.returncode != 0
    assert output == b""
    assert not Path(f"/proc/{reader}").exists()


def test_the_reader_ends_with_a_command_that_was_killed(tmp_path: Path) -> None:
    started = tmp_path / "reader"
    (tmp_path / "a.pdf").write_bytes(fax(f"@tell_pid={started} @sleep=600"))
    process = subprocess.Popen(
        command("process", tmp_path / "a.pdf"), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _wait_for(started.exists)
    reader = int(started.read_text())
    process.kill()
    process.wait()
    _wait_for(lambda: not Path(f"/proc/{reader}").exists() or _is_zombie(reader))


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_help_lists_the_commands(tmp_path: Path) -> None:
    done = subprocess.run(command("--help"), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    for name in ("process", "run", "evaluate", "schema", "config", "status", "failed", "retry"):
        assert name in done.stdout


def test_schema_is_the_records_json_schema(tmp_path: Path) -> None:
    done = subprocess.run(command("schema"), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    schema = json.loads(done.stdout)
    assert {"record_id", "status", "readings"} <= set(schema["properties"])
