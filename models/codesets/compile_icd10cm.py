"""Writes the ICD-10-CM table ``icd10cm.tsv.gz`` from the data of the package ``simple-icd-10-cm``.

    python -m models.codesets.compile_icd10cm --release 2026-04-01 [--output icd10cm.tsv.gz]

ICD-10-CM is published by the National Center for Health Statistics and the Centers for Medicare & Medicaid Services and is in the
public domain. The package is needed to compile, never to run: importing it takes seconds and 150 MB, our table a tenth of a second.

The table is gzipped UTF-8: a comment line ``# ICD-10-CM`` with the release date, then one line a code, sorted by code, of five
columns parted by tabs: code without its dot, ``1`` if billable, first and last day of validity (ISO 8601, empty where open), and
description. A site can name a table of its own in this form, with the validity of each code, in place of this one.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path


def table_lines(release: date) -> Iterator[str]:
    """The lines of the table for one release; chapters and blocks (``A00-A09``) are no codes and are left out."""
    source = importlib.import_module("simple_icd_10_cm")
    yield f"# ICD-10-CM\t{release.isoformat()}"
    codes = {code.replace(".", ""): code for code in source.get_all_codes(True) if code[0].isalpha() and "-" not in code}
    for plain, code in sorted(codes.items()):
        billable = "1" if source.is_leaf(code) else "0"
        description = " ".join(source.get_description(code).split())
        yield f"{plain}\t{billable}\t\t\t{description}"


def main() -> None:
    """Compile the table and write it; the same data gives the same bytes."""
    parser = argparse.ArgumentParser(description="Compile the ICD-10-CM table.")
    parser.add_argument("--release", type=date.fromisoformat, required=True, help="day from which the release holds, ISO 8601")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("icd10cm.tsv.gz"))
    arguments = parser.parse_args()
    text = "\n".join(table_lines(arguments.release)) + "\n"
    arguments.output.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
