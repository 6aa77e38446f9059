"""What reaches the log of an error: its type and place, and none of its values."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.harness import environment

_HEAD = "from intake.logs import *; from intake.settings import Settings; import logging, structlog, threading\n"
_STARTED = _HEAD + "start_logging(Settings(log_format={form!r})); hide_values_of_crashes()\n"


def _log(script: str, tmp_path: Path, form: str = "json") -> str:
    done = subprocess.run(
        [sys.executable, "-c", _STARTED.format(form=form) + script],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("logger", ["logging.getLogger('dbos')", "structlog.get_logger('x')"])
def test_an_exception_in_the_log_has_its_place_and_no_message(logger: str, form: str, tmp_path: Path) -> None:
    script = f"try:\n  int('SMITH')\nexcept ValueError:\n  {logger}.exception('it failed')"
    log = _log(script, tmp_path, form)
    assert "it failed" in log
    assert "ValueError at <string>:" in log
    assert "SMITH" not in log


@pytest.mark.parametrize("script", ["int('SMITH')", "t = threading.Thread(target=int, args=('SMITH',)); t.start(); t.join()"])
def test_an_error_that_nobody_caught_tells_no_value(script: str, tmp_path: Path) -> None:
    log = _log(script, tmp_path)
    assert "internal error: ValueError" in log
    assert "SMITH" not in log


def test_libraries_are_heard_from_their_warnings_on(tmp_path: Path) -> None:
    log = _log("logging.getLogger('dbos').info('chatter'); logging.getLogger('dbos').warning('trouble')", tmp_path)
    assert "trouble" in log
    assert "chatter" not in log
