"""Reads labelled documents and notes for each reading what spoke for it and whether it was right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from benchmarks.calibration.examples import Example
from extraction.fields import RequestReading, read_request
from extraction.form_words import form_words
from extraction.record import RecordFrame, build
from extraction.second_look import look_again
from extraction.split import split
from intake.evaluation.compare import LISTS, compare
from intake.evaluation.labels import LabelledDocument, RequestLabel, load_labels
from intake.evaluation.marks import Mark, Outcome, Part
from intake.evaluation.matching import pages_right, paired
from intake.identify import digest_of, identify
from models.document import Document
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import Page, Word
from models.record import ReferralRecord, without_positions
from ocr.document import DocumentReader
from ocr.options import ReadingOptions

_MOST_BYTES = 10**9
_EVERYTHING_OF = 4
_SURE = 0.99
_ALL = 0.001


class Reader(Protocol):
    """What is asked of a document: its pages, and second looks."""

    def pages(self) -> Iterator[Page]:
        """The pages in order."""
        ...

    def reread(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
        """A second look at a crop."""
        ...


Open = Callable[[Path], AbstractContextManager[Reader]]
"""Opens a labelled document."""


def open_document(path: Path) -> DocumentReader:
    """The document as ``par-intake process`` would read it."""
    received = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    document = Document(path, path.name, digest_of(path), identify(path, _MOST_BYTES), received)
    return DocumentReader(document, ReadingOptions(form_words=form_words()))


def collect(folder: Path, opened: Open = open_document) -> Iterator[Example]:
    """The examples of a folder of labelled documents.

    Doubtful values get a second look, and of every fourth document the sure ones too, so that the models see what it says of
    either; the first reading and what the second look made of it are two examples.
    """
    for number, document in enumerate(load_labels(folder)):
        with opened(document.path) as reader:
            yield from _of_document(folder.name, number, document, reader)


def _of_document(source: str, number: int, document: LabelledDocument, reader: Reader) -> Iterator[Example]:
    today = datetime.fromtimestamp(document.path.stat().st_mtime, UTC).date()
    read = [(request, read_request(request, today)) for request in split(tuple(reader.pages()))]
    read = [(request, reading) for request, reading in read if reading.recognised]
    frames = [
        RecordFrame("", document.label.document, "", datetime.now(UTC), tuple(page.number for page in request.pages))
        for request, _ in read
    ]
    first = [_unsure(reading, everything=number % _EVERYTHING_OF == 0) for _, reading in read]
    second = [look_again(reading, reader.reread, today, lambda _path: _ALL) for reading in first]
    label = document.label
    plain = Example(source, number, label.form, label.condition, label.handwritten, "", "", Evidence(), right=False)
    for looked, readings in ((False, first), (True, second)):
        records = [build(frame, reading) for frame, reading in zip(frames, readings, strict=True)]
        for at, (wanted, record) in enumerate(zip(label.requests, paired(label.requests, records), strict=True)):
            if record is not None and pages_right(wanted, record):
                plain = replace(plain, reading=f"{at}")
                evidence = _evidence(readings[records.index(record)])
                before = _evidence(first[records.index(record)])
                yield from _of_request(plain, wanted, record, evidence, None if not looked else before)


def _unsure(request: RequestReading, everything: bool) -> RequestReading:
    """With confidences that have what is to be looked at again looked at, and no blank field left out of the record."""

    def confidence(seen: Evidence) -> float:
        return 0.5 if everything or seen.weakest < _SURE or seen.origin is Origin.ABSENT else 1.0

    return replace(request, readings=tuple(replace(each, confidence=confidence(each.evidence)) for each in request.readings))


def _evidence(request: RequestReading) -> dict[str, Evidence]:
    found = {reading.path: reading.evidence for reading in request.readings}
    return found | {f"amendments.{n}": change.evidence for n, change in enumerate(request.amendments)}


def _of_request(
    plain: Example, label: RequestLabel, record: ReferralRecord, evidence: dict[str, Evidence], before: dict[str, Evidence] | None
) -> Iterator[Example]:
    """The examples of one request; with ``before`` only those that the second look has changed, as the record gives them."""
    marks = compare(label, record)
    wrong = _wrong_rows(marks, record)
    paths = {id(reading): path for path, reading in record.readings.items()}
    for mark in marks:
        path = paths.get(id(mark.reading))
        if path is None or mark.part not in (Part.FIELD, Part.AMENDMENT) or _depends(path, wrong):
            continue
        seen = evidence[path]
        changed = before is not None and seen != before.get(path)
        if before is None or changed:
            yield replace(plain, reading=f"{plain.reading}/{path}", path=without_positions(path), evidence=seen, right=mark.right)
    if before is None:
        marked = {path for mark in marks if (path := paths.get(id(mark.reading))) is not None}
        yield from _of_unnamed(plain, {path: seen for path, seen in evidence.items() if path not in marked}, wrong)
        for name in (*LISTS, "amendments"):
            if name in evidence and (whole := _is_whole(name, marks)) is not None:
                yield replace(plain, reading=f"{plain.reading}/{name}", path=name, evidence=evidence[name], right=whole)


def _of_unnamed(plain: Example, evidence: dict[str, Evidence], wrong: set[str]) -> Iterator[Example]:
    """Blank fields that the label does not name: the form has none of them, and nobody misses what was not read."""
    for path, seen in evidence.items():
        if seen.origin is Origin.ABSENT and path not in (*LISTS, "amendments") and not _depends(path, wrong):
            yield replace(plain, reading=f"{plain.reading}/{path}", path=without_positions(path), evidence=seen, right=True)


def _wrong_rows(marks: tuple[Mark, ...], record: ReferralRecord) -> set[str]:
    """Rows of services whose code is wrong: what stands beside it is compared with nothing, and the code's flag counts for it."""
    wrong = {id(mark.reading) for mark in marks if mark.path == "services.code" and not mark.right and mark.reading is not None}
    return {path.rpartition(".")[0] for path, reading in record.readings.items() if id(reading) in wrong}


def _depends(path: str, wrong: set[str]) -> bool:
    row, _, name = path.rpartition(".")
    return row in wrong and name != "code"


def _is_whole(name: str, marks: tuple[Mark, ...]) -> bool | None:
    """Whether nothing of the list was missed; ``None`` where it was not labelled."""
    path = name if name == "amendments" else f"{name}.code"
    mine = [mark for mark in marks if mark.path == path]
    given = [mark for mark in mine if mark.outcome is Outcome.INVENTED]
    return sum(mark.outcome is Outcome.MISSED for mark in mine) <= len(given)
