"""The records to score: read from a file, or made now by reading the documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from intake.evaluation.labels import LabelledDocument
from intake.process import FileOutcome, read_files, write_outcomes
from intake.progress import progress_of
from intake.settings import Settings
from models.errors import ConfigurationError
from models.record import ReferralRecord

RecordsByFile = dict[str, list[ReferralRecord]]


def load_records(file: Path) -> tuple[RecordsByFile, tuple[str, ...]]:
    """Records of an NDJSON file by file name without folders, and what is wrong with lines that are none.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        raise ConfigurationError("The file of records cannot be read.") from None
    return from_lines(lines)


def from_lines(lines: Sequence[str]) -> tuple[RecordsByFile, tuple[str, ...]]:
    """Records of NDJSON lines; a line that is no record counts as missing and is told of by its number."""
    records: RecordsByFile = {}
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = ReferralRecord.model_validate_json(line)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            problems.append(f"line {number}: not a record, counted as missing ({where or 'no JSON'})")
            continue
        records.setdefault(re.split(r"[\\/]", record.source.file_name)[-1], []).append(record)
    return records, tuple(problems)


def read_documents(documents: Sequence[LabelledDocument], settings: Settings) -> RecordsByFile:
    """Read every document as ``par-intake process`` does."""
    paths = [document.path for document in documents]
    lines: list[str] = []
    with progress_of(len(paths)) as progress, closing(read_files(paths, settings)) as outcomes:

        def note(outcome: FileOutcome) -> None:
            del outcome
            progress.advance()

        write_outcomes(outcomes, lines.append, note)
    return from_lines(lines)[0]
