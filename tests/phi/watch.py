"""Waiting, and looking at what processes show to everybody."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
_LIMIT_S = 300.0
_LOOK_S = 0.02
_AFRESH = 20
# Nobody, or 127.0.0.0/8 and ::1, also written as IPv4 in IPv6.
_HERE = re.compile(r"(0{8}|\w{6}7F|0{32}|0{24}01000000|0{16}FFFF0000\w{6}7F):")


def wait_for(look: Callable[[], T]) -> T:
    """Look until there is something."""
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(_LOOK_S)
    raise AssertionError("it never came")


class ProcessWatch:
    """Collects, for every process with a mark in its environment, what ``ps`` shows of it, and which files it holds open."""

    def __init__(self, mark: str) -> None:
        self._mark = mark.encode()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._others: set[str] = set()
        self._looks = 0
        self.shown: set[bytes] = set()
        self.files: set[str] = set()
        self.programs: set[str] = set()
        self.remotes: set[str] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_LOOK_S):
            # Looked at again now and then: a process that was just forked shows the environment of the one that forked it.
            self._others = set() if self._looks % _AFRESH == 0 else self._others
            self._looks += 1
            for name in (entry.name for entry in os.scandir("/proc") if entry.name.isdigit()):
                # A process may end between two looks at it.
                with suppress(OSError):
                    if name not in self._others:
                        self._look(Path("/proc", name))

    def _look(self, process: Path) -> None:
        environment = (process / "environ").read_bytes()
        if self._mark not in environment:
            self._others.add(process.name)
            return
        self.programs.add((process / "comm").read_text().strip())
        self.shown |= {environment, (process / "cmdline").read_bytes(), (process / "comm").read_bytes()}
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                target = os.fsdecode(descriptor.readlink())
                self.files.add(target)
                if target.startswith("socket:"):
                    self.remotes |= _remote(process, target.removeprefix("socket:[").rstrip("]"))


def _remote(process: Path, inode: str) -> set[str]:
    """Whom a socket speaks to beyond this machine, as the kernel writes addresses (proc_net_tcp(5))."""
    rows = [
        line.split() for name in ("tcp", "udp", "tcp6", "udp6") for line in (process / "net" / name).read_text().splitlines()[1:]
    ]
    return {row[2] for row in rows if row[9] == inode and not _HERE.match(row[2])}
