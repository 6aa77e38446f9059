"""Starting the real service as a process group of its own, and ending it without warning."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import httpx

from tests.intake.harness import QUICK, Site, environment

# Signs of life ten times as often as in use, and silence after so much shorter a time.
IMPATIENT = {"BEAT_EVERY_S": "1", "SILENT_AFTER_S": "5", "TAKE_OVER_EVERY_S": "1"}
_LIMIT_S = 120.0


class SiteElsewhere(Site):
    """A site whose inbox and outbox may lie on other file systems than its data."""

    def __init__(
        self, root: Path, env: Mapping[str, str] | None = None, *, inbox: Path | None = None, outbox: Path | None = None
    ) -> None:
        self._inbox = inbox or root / "in"
        self._outbox = outbox or root / "out"
        super().__init__(root, dict(env or {}))

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self._inbox

    @property
    def outbox(self) -> Path:
        """Where records are delivered."""
        return self._outbox


class Service:
    """One running service of a site."""

    _started: ClassVar[list[Service]] = []

    def __init__(
        self, site: Site, name: str = "one", *arguments: str, env: Mapping[str, str] | None = None, standin: bool = True
    ) -> None:
        folders = ("--inbox", str(site.inbox), "--outbox", str(site.outbox), "--data", str(site.data))
        self._site = site
        self.log_path = site.root / f"log-{name}"
        settings = {**QUICK, **site.env, "PAR_WORKER_NAME": name, **(env or {})}
        with self.log_path.open("ab") as log:
            self._logged_before = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.killed_service", "run", *folders, *arguments],
                env=environment(settings, standin=standin),
                cwd=site.root,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        self._started.append(self)

    @classmethod
    def kill_all(cls) -> None:
        """Kill every one that still runs."""
        while cls._started:
            cls._started.pop().kill()

    @property
    def log(self) -> str:
        """What this process has logged."""
        return self.log_path.read_bytes()[self._logged_before :].decode()

    def wait_for(self, condition: Callable[[], bool], what: str, limit_s: float = _LIMIT_S) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: never came. {self.log[-3000:]}")
            time.sleep(0.1)

    def wait_for_log(self, event: str, count: int = 1, limit_s: float = _LIMIT_S) -> None:
        """Wait until an event stands ``count`` times in the log."""
        self.wait_for(lambda: self.log.count(f'"{event}"') >= count, event, limit_s)

    def wait_for_done(self, count: int) -> None:
        """Wait until so many documents are in ``done/``."""
        self.wait_for(lambda: len(list((self._site.data / "done").glob("*"))) >= count, f"{count} documents done")

    def health(self) -> tuple[int, dict[str, object]]:
        """The status and body of ``/health``."""
        self.wait_for_log("listening")
        address = self.log.split('"address": "')[1].split('"')[0]
        answer = httpx.get(f"{address}/health", timeout=30)
        return answer.status_code, answer.json()

    def problems(self) -> dict[str, str]:
        """The problems that ``/health`` tells, by code."""
        _, body = self.health()
        problems = body["problems"]
        assert isinstance(problems, list)
        return {problem["code"]: problem["message"] for problem in problems}

    def wait_for_problem(self, code: str) -> str:
        """Wait until ``/health`` tells a problem, with 503; gives its message."""
        self.wait_for(lambda: code in self.problems(), code)
        status, _ = self.health()
        assert status == 503
        return self.problems().get(code, "")

    def wait_for_health(self) -> None:
        """Wait until ``/health`` tells no problem."""
        self.wait_for(lambda: self.health()[0] == 200, "health")

    def signal_all(self, number: signal.Signals) -> None:
        """Signal the service and the processes that it started."""
        for process in (self.process.pid, *_children(self.process.pid)):
            os.kill(process, number)

    def ended_within(self, limit_s: float) -> bool:
        """Whether it ends by itself in that time."""
        try:
            self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to the whole process group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> int:
        """Stop it in an orderly way; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_LIMIT_S)

    def drained(self) -> int:
        """Wait for the end of a service that was started with ``--drain``."""
        return self.process.wait(_LIMIT_S)


def _children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def other_file_system(than: Path) -> Path | None:
    """A folder in memory, to be removed by the caller, where the system has one on another file system."""
    memory = Path("/dev/shm")  # noqa: S108 - a file system is asked for, and a folder made in it
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == than.stat().st_dev:
        return None
    return Path(tempfile.mkdtemp(prefix="par-", dir=memory))
