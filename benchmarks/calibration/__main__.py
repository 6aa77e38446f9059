"""``python -m benchmarks.calibration collect|fit|report``: fits the confidence of readings to labelled documents, and measures it.

- ``collect FOLDER... --out DIR`` reads labelled documents and writes their examples;
- ``fit EXAMPLES... --out extraction/data/confidence.yaml --seeds "..."`` writes the data file;
- ``report EXAMPLES... [--whole dev real-dev] [--shipped]`` prints what flags and silent errors each cost ratio gives.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.calibration.collect import collect
from benchmarks.calibration.examples import read, write
from benchmarks.calibration.fit import fit_models, unseen
from benchmarks.calibration.report import as_text
from benchmarks.calibration.stored import as_yaml
from extraction.confidence import models


def main(argv: list[str] | None = None) -> int:
    """Run one of the three commands; 0 when it is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description="Fits and measures confidence.")
    commands = parser.add_subparsers(dest="command", required=True)
    gather = commands.add_parser("collect", help="read labelled documents and write their examples, one file for each folder")
    gather.add_argument("folders", type=Path, nargs="+")
    gather.add_argument("--out", type=Path, required=True, help="folder for the examples")
    fit = commands.add_parser("fit", help="fit the models to examples and write the data file")
    fit.add_argument("examples", type=Path, nargs="+")
    fit.add_argument("--out", type=Path, required=True)
    fit.add_argument("--seeds", default="", help="how the generated folders were made, for the provenance")
    report = commands.add_parser("report", help="what the flags and silent errors would be, on forms that no model has seen")
    report.add_argument("examples", type=Path, nargs="+")
    report.add_argument("--whole", nargs="*", default=["dev", "real-dev"], help="sources that are left out a form at a time")
    report.add_argument("--shipped", action="store_true", help="judge by the shipped models in place of models fitted now")
    wanted = parser.parse_args(argv)
    if wanted.command == "collect":
        wanted.out.mkdir(parents=True, exist_ok=True)
        for folder in wanted.folders:
            count = write(collect(folder), wanted.out / f"{folder.name}.jsonl")
            print(f"{folder.name}: {count} examples")
        return 0
    examples = list(read(wanted.examples))
    if wanted.command == "fit":
        text = as_yaml(fit_models(examples), examples, wanted.seeds, datetime.now(UTC).date())
        wanted.out.write_text(text, encoding="utf-8")
        return 0
    print(as_text(unseen(examples, frozenset(wanted.whole), models() if wanted.shipped else None)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
