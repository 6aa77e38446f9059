"""The real command line, that ends itself by SIGKILL at a named point of a document's way.

``KILL_AT`` is ``POINT#N``: the N-th time that the process comes to the point, it kills its whole process group. The points are
printed by ``python -m tests.reliability.killed_service --points``. Nothing of this is in the product: the functions are wrapped
here, in the process of the service, before it starts.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import ParamSpec, TypeVar

KILL_AT = "KILL_AT"
_BEFORE, _AFTER = "before", "after"

P = ParamSpec("P")
T = TypeVar("T")


def _targets() -> Iterator[tuple[str, type | ModuleType, str]]:
    """Name, owner and attribute of every function at whose edges the service may be killed."""
    from delivery.sinks import outbox  # noqa: PLC0415
    from intake import archive, claim, work_item  # noqa: PLC0415
    from intake.steps import Steps  # noqa: PLC0415
    from intake.workflow import DocumentWorkflow  # noqa: PLC0415

    for name, value in vars(Steps).items():
        if callable(value) and not name.startswith("_"):
            yield f"step {name}", Steps, name
    # What follows a step is the commit of its checkpoint.
    for name in ("_step", "_commit"):
        yield f"workflow {name.strip('_')}", DocumentWorkflow, name
    for module in (claim, work_item, archive, outbox):
        for name in ("rename_durably", "write_atomically", "write_claim", "sync_folder"):
            if hasattr(module, name):
                yield f"{module.__name__.rpartition('.')[2]} {name}", module, name


def kill_points() -> tuple[str, ...]:
    """Every point, in the order of the code."""
    return tuple(f"{edge} {name}" for name, _, _ in _targets() for edge in (_BEFORE, _AFTER))


class _Trap:
    """Counts the visits of one point, and kills at the last one."""

    def __init__(self, spec: str) -> None:
        self._point, _, visits = spec.partition("#")
        self._left = int(visits)
        self._lock = threading.Lock()

    def visit(self, point: str) -> None:
        if point != self._point:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.killpg(0, signal.SIGKILL)


def _hasten() -> None:
    """Take some times from the environment, so that nobody has to wait a minute for a silence."""
    from intake import heartbeat, service  # noqa: PLC0415
    from models.store import database  # noqa: PLC0415

    for variable, owner, attribute in (
        ("BUSY_MS", database, "_BUSY_MS"),
        ("BEAT_EVERY_S", heartbeat, "BEAT_S"),
        ("SILENT_AFTER_S", heartbeat, "SILENCE_S"),
        ("TAKE_OVER_EVERY_S", service, "_TAKE_OVER_EVERY_S"),
    ):
        if variable in os.environ:
            setattr(owner, attribute, int(os.environ[variable]))


def _arm(trap: _Trap) -> None:
    for name, owner, attribute in tuple(_targets()):
        setattr(owner, attribute, _wrapped(getattr(owner, attribute), name, trap))


def _wrapped(real: Callable[P, T], name: str, trap: _Trap) -> Callable[P, T]:
    @wraps(real)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        trap.visit(f"{_BEFORE} {name}")
        result = real(*args, **kwargs)
        trap.visit(f"{_AFTER} {name}")
        return result

    return wrapper


def main() -> None:
    """Run the command line with the trap that the environment names."""
    if sys.argv[1:] == ["--points"]:
        sys.stdout.write("\n".join(kill_points()) + "\n")
        return
    from intake.cli import main as command_line  # noqa: PLC0415

    _hasten()
    if spec := os.environ.pop(KILL_AT, None):
        _arm(_Trap(spec))
    command_line()


if __name__ == "__main__":
    main()
