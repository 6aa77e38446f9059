"""``par-intake evaluate``: how right the records of labelled documents are, where they go wrong, and whether they know it."""

from __future__ import annotations

import sys
from pathlib import Path

from intake.evaluation.as_json import as_json
from intake.evaluation.labels import load_labels
from intake.evaluation.records import load_records, read_documents
from intake.evaluation.score import evaluate
from intake.evaluation.tables import as_text
from intake.settings import load_settings


def run(folder: Path, report: Path | None, workers: int | None, records: Path | None, *, json: bool = False) -> int:
    """Score labelled documents and print the result on standard output.

    Args:
        folder: documents, each ``NAME.ext`` with its ``NAME.truth.json``.
        report: where to write an HTML page with plots, and with the errors beside their crops.
        workers: documents read at the same time.
        records: NDJSON file of records to score; without it the documents are read now.
        json: print one JSON object in place of tables.

    Returns:
        The exit code, 0.

    Raises:
        ConfigurationError: the folder holds no labels, or a label or the file of records cannot be read.
    """
    settings = load_settings({"workers": workers})
    documents = load_labels(folder)
    found, problems = (read_documents(documents, settings), ()) if records is None else load_records(records)
    result = evaluate(documents, found, problems)
    sys.stdout.write((as_json(result) if json else as_text(result)) + "\n")
    if report is not None:
        # Imported when asked for: it loads the reading stage.
        from intake.evaluation.report import write_report  # noqa: PLC0415

        write_report(result, report, settings)
    return 0
