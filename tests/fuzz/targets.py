"""What is fuzzed: functions that take any bytes, and fail where something holds that must not.

Each does what the program does with bytes, text or words of a stranger, and looks at what comes out. An error of ours is an
answer; any other exception is a finding.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from extraction.fields import read_request
from extraction.prose import fax_header, read_changes
from extraction.prose.changes import changes_in
from extraction.prose.language import read_sentences
from extraction.record import RecordFrame, build
from extraction.split import split
from intake.identify import identify
from intake.reader_answer import Answer
from intake.record_id import record_id
from intake.sidecar import read_sidecar
from intake.unreadable import printable_name
from intake.whole import is_whole
from models.document import Document
from models.errors import DocumentError, ReaderStopped
from models.page import Page
from models.record import AmendmentAction, AmendmentField, ReferralRecord
from models.values import ValueKind, find_values, split_person_name
from ocr.options import ReadingOptions
from ocr.source import open_source
from tests.extraction.typed_pages import words_of
from validation.check import check
from validation.policies import completeness_policy

TODAY = date(2026, 3, 10)
ZONE = ZoneInfo("America/Los_Angeles")
SMALL = ReadingOptions(max_pages=3, max_pixels=200_000, scan_dpi=20, layout_dpi=20)
_CODES = (
    ValueKind.NPI,
    ValueKind.TIN,
    ValueKind.PHONE,
    ValueKind.MEMBER_ID,
    ValueKind.AUTHORIZATION_NUMBER,
    ValueKind.ICD10,
    ValueKind.PROCEDURE,
    ValueKind.MODIFIER,
    ValueKind.UNITS,
)
_NAMES = (ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME, ValueKind.SEX, ValueKind.TEXT)
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """One function, and the inputs that it is tried with first."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def text_of(data: bytes) -> str:
    """Any bytes as text."""
    return data.decode("utf-8", "replace")[:_LONGEST_TEXT]


def try_file(data: bytes) -> None:
    """A file in the inbox: what it is, whether it is whole, and its pages."""
    with tempfile.TemporaryDirectory(prefix="par-fuzz-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        assert isinstance(is_whole(path), bool)
        try:
            media_type = identify(path, 1 << 20)
        except DocumentError:
            return
        _try_pages(Document(path, "file", "", media_type, datetime.now(UTC)))


def try_tiff(data: bytes) -> None:
    """A TIFF, whatever its first bytes."""
    try_file(b"II*\x00" + data[4:])


def try_pdf(data: bytes) -> None:
    """A PDF, whatever its first bytes."""
    try_file(b"%PDF-1.7\n" + data[9:])


def _try_pages(document: Document) -> None:
    try:
        source = open_source(document, SMALL)
    except DocumentError:
        return
    try:
        pages = list(source.pages())
    finally:
        source.close()
    assert 0 < len(pages) <= SMALL.max_pages
    for number, page in enumerate(pages, start=1):
        assert page.number == number
        assert (page.image is None) <= bool(page.problems)
        assert page.image is None or (page.image.ndim == 2 and page.image.size > 0)
        assert page.dpi_x > 0
        assert page.dpi_y > 0


def try_dates(data: bytes) -> None:
    """A text that may hold dates."""
    text = text_of(data)
    for birth in (False, True):
        for reading in find_values(ValueKind.DATE, text, birth=birth, today=TODAY):
            assert reading.value is None or isinstance(reading.value, date)
            assert not (birth and reading.valid and isinstance(reading.value, date) and reading.value.year > TODAY.year)
    _try_kinds(text, (ValueKind.DATE,))


def try_codes(data: bytes) -> None:
    """A text that may hold identifiers, codes and counts."""
    _try_kinds(text_of(data), _CODES)


def try_names(data: bytes) -> None:
    """A text that may hold names."""
    text = text_of(data)
    _try_kinds(text, _NAMES)
    for last_first in (None, False, True):
        split_person_name(text, last_first=last_first)
    shown = printable_name(text.replace("\0", ""))
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert len(shown.splitlines()) <= 1


def _try_kinds(text: str, kinds: tuple[ValueKind, ...]) -> None:
    for kind in kinds:
        end = 0
        for reading in find_values(kind, text, today=TODAY):
            assert text[reading.start : reading.end] == reading.text
            assert end <= reading.start < reading.end
            assert 0 <= reading.fit <= 1
            assert reading.value is not None or not reading.valid
            end = reading.end


def try_sentences(data: bytes) -> None:
    """The words of a letter or of a comment that asks for a change."""
    text = text_of(data)
    changes_in(read_sentences(text))
    for change in read_changes(words_of(text.split("\n")[:40]), 1, TODAY):
        assert change.action in set(AmendmentAction)
        assert change.field in set(AmendmentField)
        assert 0 <= change.confidence <= 1
        assert change.action != AmendmentAction.REMOVE or change.new is None
        assert change.action != AmendmentAction.ADD or change.old is None


def try_header(data: bytes) -> None:
    """The line that a fax machine prints on the upper edge."""
    found = fax_header(text_of(data), ZONE)
    assert found.sent_at is None or found.sent_at.tzinfo is not None
    assert found.sender_number is None or re.fullmatch(r"\+\d{7,15}", found.sender_number)


def try_page(data: bytes) -> None:
    """The words of a page, through extraction and validation to a record that can be written and read again."""
    lines = [line[:120] for line in text_of(data).split("\n")[:50]]
    page = Page(1, 1.294, words_of(lines))
    for request in split((page,)):
        frame = RecordFrame(record_id("", (1,), 1), "", "", datetime(2026, 3, 10, 17, 30, tzinfo=UTC), (1,), (), None)
        record = check(build(frame, read_request(request, TODAY)), completeness_policy(), today=TODAY, time_zone=ZONE)
        try_record(record)


def try_record(record: ReferralRecord) -> None:
    """A record comes back from its JSON as it was, and as one line."""
    written = record.model_dump_json()
    assert "\n" not in written
    again = ReferralRecord.model_validate_json(written)
    assert again == record
    assert again.model_dump_json() == written
    assert Answer.unpacked(Answer(records=(record,)).packed()).result() == (record,)


def try_answer(data: bytes) -> None:
    """What a reading process may say, if somebody else speaks for it."""
    with suppress(ReaderStopped):
        answer = Answer.unpacked(data)
        assert answer.code is not None or answer.result() == answer.records


def try_sidecar(data: bytes) -> None:
    """What a fax gateway may put beside a fax."""
    with tempfile.TemporaryDirectory(prefix="par-fuzz-") as folder:
        path = Path(folder) / "fax.json"
        path.write_bytes(data)
        note = read_sidecar(path, ZONE)
        assert note.usable or (note.received_at, note.sender_number) == (None, None)
        assert note.received_at is None or note.received_at.utcoffset() is not None
