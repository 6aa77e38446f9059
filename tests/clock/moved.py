"""Has a program run at another time of the calendar, or have its clock set while it runs."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

_COMPILER = shutil.which("cc")


def moved_clock(folder: Path, by: timedelta, once: Path | None = None) -> dict[str, str]:
    """The environment in which a program's calendar is moved.

    Args:
        folder: where the library for it is built.
        by: how far, backwards where it is negative.
        once: the clock is moved as soon as there is such a file; from the start without one.
    """
    if _COMPILER is None:
        pytest.skip("no C compiler is installed to build the clock with")
    library = folder / "clock.so"
    if not library.exists():
        subprocess.run(
            [_COMPILER, "-shared", "-fPIC", "-O1", "-o", library, Path(__file__).with_name("clock.c"), "-ldl"], check=True
        )
    start = {} if once is None else {"CLOCK_SHIFT_FROM_FILE": str(once)}
    return {"LD_PRELOAD": str(library), "CLOCK_SHIFT_S": str(int(by.total_seconds())), **start}
