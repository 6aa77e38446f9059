"""Letters through each target: whole, signed, and the same however often they come; parked as records are."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delivery.sink import LetterSink
from delivery.sinks.outbox import LETTERS, Outbox
from delivery.sinks.webhook import Webhook
from models.errors import DeliveryRefused, StorageUnavailable, TargetUnavailable
from models.letter import Asked, OutgoingLetter
from models.record import GapReason
from tests.delivery.receiver import SECRET, receiving, say, verify
from tests.delivery.test_webhook import _sink

LETTER = OutgoingLetter(
    "LTR-1-1",
    "2WK-PA1-0MK",
    "PAR-1",
    "D-1",
    3,
    "+18315550142",
    (Asked("requesting_provider.npi", GapReason.MISSING),),
    datetime(2026, 11, 22, 18, tzinfo=UTC),
    b"%PDF-1.4 a letter",
)
TOLD = {
    "type": "letter",
    "letter_id": "LTR-1-1",
    "reply_code": "2WK-PA1-0MK",
    "record_id": "PAR-1",
    "revision": 3,
    "fax_number": "+18315550142",
    "asked": [{"field": "requesting_provider.npi", "reason": "missing"}],
    "released_at": "2026-11-22T18:00:00Z",
}


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o600, 0o700), (0o640, 0o750)])
def test_the_outbox_holds_a_letter_and_what_is_told_of_it(tmp_path: Path, file_mode: int, folder_mode: int) -> None:
    outbox = Outbox(tmp_path, file_mode)
    outbox.deliver_letter(LETTER)
    once = files_in(tmp_path / LETTERS)
    outbox.deliver_letter(LETTER)
    assert files_in(tmp_path / LETTERS) == once
    assert once["LTR-1-1.pdf"] == LETTER.pdf
    assert json.loads(once["LTR-1-1.json"]) == TOLD
    assert stat.S_IMODE((tmp_path / LETTERS).stat().st_mode) == folder_mode
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / LETTERS).iterdir()} == {file_mode}


def test_an_outbox_that_is_gone_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        Outbox(tmp_path / "gone").deliver_letter(LETTER)


def test_the_webhook_posts_a_letter_signed_as_records_are() -> None:
    with receiving() as (receiver, url):
        sink = _sink(url)
        assert isinstance(sink, LetterSink)
        sink.deliver_letter(LETTER)
        ((_, headers, body),) = receiver.requests
    assert verify(SECRET.encode(), headers, body) == "LTR-1-1"
    told = json.loads(body)
    assert base64.b64decode(told.pop("pdf")) == LETTER.pdf
    assert told == TOLD


@pytest.mark.parametrize(("status", "error"), [(503, TargetUnavailable), (410, DeliveryRefused)])
def test_a_target_refuses_a_letter_as_it_refuses_a_record(status: int, error: type[Exception]) -> None:
    with receiving() as (receiver, url):
        receiver.turns.append(say(status))
        sink = _sink(url)
        assert isinstance(sink, Webhook)
        with pytest.raises(error):
            sink.deliver_letter(LETTER)
