"""Starts the real command line, with a reading that takes no time, on folders of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from intake.cli import app
from models.errors import IntakeError

STANDIN = Path(__file__).with_name("standin")
_LIMIT_S = 300
QUICK = {
    "PAR_STABILITY_S": "0.2",
    "PAR_SCAN_INTERVAL_S": "0.2",
    "PAR_WHOLE_GRACE_S": "0.5",
    "PAR_RETRY_FIRST_S": "0.2",
    "PAR_WORKERS": "2",
    "PAR_PORT": "0",
    "PAR_LOG_FORMAT": "json",
}


def environment(extra: Mapping[str, str] | None = None, *, standin: bool = True) -> dict[str, str]:
    """An environment without settings of the caller's own; the stand-in's folder comes first on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAR_")}
    path = [str(STANDIN)] * standin + [entry or "." for entry in sys.path]
    return kept | {"PYTHONPATH": os.pathsep.join(path)} | dict(extra or {})


def command(*arguments: str | Path) -> list[str]:
    """The command line as a program."""
    return [sys.executable, "-m", "intake.cli", *(str(argument) for argument in arguments)]


def ask(site: Site, *arguments: str | Path) -> tuple[int, bytes, str]:
    """A command's exit code, output and errors, in this process: starting another one each time takes minutes in all."""
    folders = {"PAR_DATA": str(site.data), "PAR_OUTBOX": str(site.outbox), "PAR_INBOX": str(site.inbox)}
    umask = os.umask(0o077)  # as the program sets it
    try:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments], env={**site.env, **folders})
    finally:
        os.umask(umask)
    if isinstance(done.exception, IntakeError):
        return done.exception.exit_code, done.stdout_bytes, done.stderr + str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout_bytes, done.stderr


def fax(text: str) -> bytes:
    """A document as the stand-in takes it: whole, and no two with different texts alike."""
    return b"%PDF-1.4\n" + text.encode() + b"\n%%EOF\n"


@dataclass
class Site:
    """The folders of one service."""

    root: Path
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)

    @property
    def inbox(self) -> Path:
        return self.root / "in"

    @property
    def outbox(self) -> Path:
        return self.root / "out"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def drop(self, name: str, content: bytes) -> None:
        """Put a file into the inbox in one move, as a gateway should."""
        hidden = self.inbox / f".{name}.tmp"
        hidden.write_bytes(content)
        hidden.rename(self.inbox / name)

    def start(self, *arguments: str, env: Mapping[str, str] | None = None, standin: bool = True) -> subprocess.Popen[str]:
        """Start the service; its log goes to ``log`` in the root."""
        folders = ("--inbox", self.inbox, "--outbox", self.outbox, "--data", self.data)
        with (self.root / "log").open("a") as log:
            return subprocess.Popen(
                command("run", *folders, *arguments),
                env=environment({**QUICK, **self.env, **(env or {})}, standin=standin),
                cwd=self.root,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def drain(self, env: Mapping[str, str] | None = None) -> int:
        """Run until nothing is left to do; gives the exit code."""
        process = self.start("--drain", env=env)
        output, _ = process.communicate(timeout=_LIMIT_S)
        assert output == ""
        return process.returncode

    def log(self) -> list[dict[str, Any]]:
        """The log lines so far."""
        lines = (self.root / "log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def wait_for_log(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until an event stands ``count`` times in the log."""
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            found = [line for line in self.log() if line["event"] == event] if (self.root / "log").exists() else []
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{event!r} never came: {(self.root / 'log').read_text()[-3000:]}")

    def wait_for_health(self, address: str, code: str) -> None:
        """Wait until health tells of a problem."""
        deadline = time.monotonic() + _LIMIT_S
        while code not in [problem["code"] for problem in httpx.get(f"{address}/health").json()["problems"]]:
            assert time.monotonic() < deadline, f"health never told of {code}"
            time.sleep(0.05)

    def records(self) -> dict[str, dict[str, Any]]:
        """What stands in the outbox, by record id."""
        return {path.stem: json.loads(path.read_bytes()) for path in sorted(self.outbox.glob("*"))}

    def archived(self, archive: str) -> Counter[str]:
        """How often each source name stands in an archive."""
        folders = (self.data / archive).iterdir()
        return Counter(path.name for folder in folders for path in folder.iterdir() if path.suffix == ".pdf")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        connection = sqlite3.connect(f"file:{self.data / 'par-intake.sqlite'}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    """Signal a service and wait for its end."""
    process.send_signal(number)
    return ended(process)


def ended(process: subprocess.Popen[str]) -> int:
    """Wait for a service to end by itself."""
    process.communicate(timeout=_LIMIT_S)
    return process.returncode
