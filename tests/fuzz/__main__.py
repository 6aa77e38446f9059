"""``python -m tests.fuzz TARGET...|all [--seconds N]``: coverage-guided fuzzing of our own parsing with Atheris.

Atheris is needed for this command only: ``pip install "atheris>=3,<4"``. Each target runs in a process of its own, for
a crash ends it. Inputs that fail are written to ``--out``; give such a file to ``--again`` to see the failure once more.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

_TOO_SLOW_S = 20
_MOST_MEMORY_MB = 3000
_LONGEST_INPUT = 4096
_OURS = ("intake", "ocr", "extraction", "validation", "models")


def main() -> None:
    """Run the targets that are named, one after another."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="names of targets, or all")
    parser.add_argument("--seconds", type=int, default=60, help="time for each target")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "par-fuzz", help="corpus and findings")
    parser.add_argument("--again", type=Path, help="run one target on this file alone")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside or given.again:
        _fuzz(given.targets[0], given.seconds, given.out, given.again)
        return
    names = [target.name for target in _targets()] if given.targets == ["all"] else given.targets
    raise SystemExit(max(_run(name, given.seconds, given.out) for name in names))


def _run(name: str, seconds: int, out: Path) -> int:
    command = [sys.executable, "-m", "tests.fuzz", name, "--inside", "--seconds", str(seconds), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    (out / f"{name}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    cover = re.findall(r"cov: (\d+)", done.stderr)
    told = f"{runs[1]} inputs in {runs[2]} s" if runs else "ended early"
    ended = "clean" if done.returncode == 0 else "FAILED, see the log"
    sys.stdout.write(f"{name}: {told}, coverage {cover[-1] if cover else 0}, {ended}\n")
    sys.stdout.flush()
    return done.returncode


def _targets() -> tuple[Target, ...]:
    """Imported when they are asked for: what is imported before the instruments are in place is not seen by them."""
    targets: tuple[Target, ...] = importlib.import_module("tests.fuzz.seeds").all_targets()
    return targets


def _fuzz(name: str, seconds: int, out: Path, again: Path | None) -> None:
    atheris = importlib.import_module("atheris")  # installed by hand: nothing else needs it
    with atheris.instrument_imports(include=list(_OURS)):
        (target,) = [target for target in _targets() if target.name == name]
    corpus, findings = out / name, out / "findings"
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-timeout={_TOO_SLOW_S}", f"-rss_limit_mb={_MOST_MEMORY_MB}", f"-max_len={_LONGEST_INPUT}"]
    where = [str(again)] if again else [f"-max_total_time={seconds}", f"-artifact_prefix={findings}/{name}-", str(corpus)]
    atheris.Setup([name, *limits, *where], target.run)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    atheris.Fuzz()


if __name__ == "__main__":
    main()
