"""Temporary files: in the data folder or a private one, and gone after every kind of end."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.intake.harness import Site, command, ended, environment, fax, stop
from tests.phi.watch import wait_for

_KEEP_ONE = "@leave_temporary=left @sleep=60"


def _left(folder: Path) -> list[Path]:
    return list(folder.rglob("left"))


def test_a_killed_service_leaves_its_temporary_files_in_the_data_folder_and_the_next_one_removes_them(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    site = Site(tmp_path, {"TMPDIR": str(elsewhere)})
    site.drop("a.pdf", fax(_KEEP_ONE))
    service = site.start()
    (left,) = wait_for(lambda: _left(site.data / "tmp"))
    assert left.parent.name.startswith("reader-")
    stop(service, signal.SIGKILL)
    assert left.exists()
    (folder,) = (site.data / "work").iterdir()
    (folder / "a.pdf").write_bytes(fax("now quick"))
    assert site.drain() == 0
    assert _left(site.data / "tmp") == []
    assert list(elsewhere.iterdir()) == []


def test_a_reader_that_dies_leaves_nothing_while_the_service_goes_on(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drop("a.pdf", fax(f"@leave_temporary=left @die_once={tmp_path / 'died'}"))
    service = site.start()
    site.wait_for_log("document finished")
    assert (tmp_path / "died").exists()
    # The reader that lives has one; that of the dead one is gone with all that was in it.
    assert len(_left(site.data / "tmp")) == 1
    stop(service)
    assert list((site.data / "tmp").rglob("*")) == [site.data / "tmp" / "local"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_command_without_a_data_folder_has_a_private_one(number: signal.Signals, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (tmp_path / "a.pdf").write_bytes(fax(_KEEP_ONE))
    (tmp_path / "b.pdf").write_bytes(fax("quick"))
    env = environment({"TMPDIR": str(shared)})
    process = subprocess.Popen(command("process", "a.pdf"), cwd=tmp_path, env=env, stderr=subprocess.DEVNULL, text=True)
    (left,) = wait_for(lambda: _left(shared))
    (private,) = shared.iterdir()
    assert private.stat().st_mode & 0o777 == 0o700
    # One that is at work is left alone by one that begins.
    subprocess.run(command("process", "b.pdf"), cwd=tmp_path, env=env, check=True, capture_output=True)
    assert left.exists()
    process.send_signal(number)
    ended(process)
    wait_for(lambda: not _reading(shared))
    subprocess.run(command("process", "b.pdf"), cwd=tmp_path, env=env, check=True, capture_output=True)
    assert list(shared.iterdir()) == []


def _reading(shared: Path) -> bool:
    """Whether a process that was pointed to the folder still runs; readers go a moment after their parent."""
    told = f"TMPDIR={shared}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if told in (process / "environ").read_bytes():
                return True
    return False


def test_nothing_of_ours_dumps_its_memory(tmp_path: Path) -> None:
    site = Site(tmp_path)
    told = tmp_path / "pid"
    site.drop("a.pdf", fax(f"@tell_pid={told} @sleep=60"))
    service = site.start()
    wait_for(told.exists)
    reader = int(told.read_text())
    for pid in (service.pid, reader):
        assert max(resource.prlimit(pid, resource.RLIMIT_CORE)) <= 1
    os.kill(reader, signal.SIGSEGV)
    time.sleep(0.5)
    stop(service, signal.SIGKILL)
    assert [path for path in tmp_path.rglob("core*") if path.is_file()] == []
