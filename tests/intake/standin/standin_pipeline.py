"""A reading that takes no time, and fails as the document asks it to."""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intake.record_id import record_id
from intake.settings import Settings
from intake.unreadable import with_duplicate
from models.document import Document
from models.errors import ConfigurationError, EngineUnavailable
from models.geometry import Box
from models.page import Page, Word
from models.record import (
    Diagnosis,
    Member,
    ReferralRecord,
    Request,
    RequestingProvider,
    RequestKind,
    Service,
    ServicingProvider,
    Signature,
    Source,
    Status,
    Urgency,
)
from models.status import with_status

Onlooker = Callable[[Page, npt.NDArray[np.uint8]], None]


def _record(document: Document, page: int) -> ReferralRecord:
    """A request that lacks nothing, for a member whom no other document is about."""
    whose = int(document.sha256[:12], 16)
    name = "".join(chr(ord("a") + int(digit, 16)) for digit in document.sha256[:12])
    asked = document.received_at.date()
    record = ReferralRecord(
        record_id=record_id(document.sha256, [page], document.arrival),
        status=Status.READY,
        source=Source(file_name=document.file_name, sha256=document.sha256, received_at=document.received_at, pages=[page]),
        request=Request(kind=RequestKind.NEW, urgency=Urgency.ROUTINE, requested_on=asked),
        member=Member(
            last_name=name.title(),
            first_name=name[::-1].title(),
            member_id=f"9{whose % 10**7:07}{'ACDEFGHMNTUVWXYZ'[page % 16]}",
            date_of_birth=date.fromordinal(date(1930, 1, 1).toordinal() + whose % 25_000),
        ),
        requesting_provider=RequestingProvider(name="Ann Lee", npi="1234567893", tin="12-3456789", fax="+16195550177"),
        servicing_provider=ServicingProvider(name="Delta Imaging Center", npi="1487793048"),
        diagnoses=[Diagnosis(code="M54.16")],
        services=[Service(code="72148", code_system="CPT", units=1, from_date=asked, to_date=asked)],
        signature=Signature(present=True),
    )
    return with_status(record)


def _with_what_it_says(record: ReferralRecord, text: bytes) -> ReferralRecord:
    """The record with the parts that the document gives, as JSON in base 64, and checked by nobody yet."""
    said = re.search(rb"@@says=(\S+)", text)
    if said is None:
        return record
    parts = json.loads(base64.b64decode(said[1]))
    source = {**record.source.model_dump(), "reply_codes": parts.pop("reply_codes", [])}
    return ReferralRecord.model_validate({**record.model_dump(), "source": source, "status": Status.NEEDS_REVIEW, **parts})


def process_document(
    document: Document, settings: Settings, progress: Callable[[], None], keep: Onlooker | None = None
) -> tuple[ReferralRecord, ...]:
    del settings
    progress()
    text = document.path.read_bytes()
    pages = re.search(rb"@@pages=(\d+)", text)
    for number in range(1, 1 + int(pages[1] if pages else 0)):
        _keep_page(number, keep)
    while b"@alive_for_ever" in text:
        progress()
    for verb, argument in re.findall(rb"@(\w+)=(\S+)", text):
        _do(verb.decode(), argument.decode())
    requests = re.search(rb"@@requests=(\d)", text)
    records = (_with_what_it_says(_record(document, page), text) for page in range(1, 1 + int(requests[1] if requests else 1)))
    return tuple(with_duplicate(record, document.arrival) for record in records)


def _keep_page(number: int, keep: Onlooker | None) -> None:
    """A page that is told from the others by its height and its one word."""
    time.sleep(0.01)
    if keep is not None:
        word = Word(f"page-{number}", Box(0.1, 0.1, 0.4, 0.15), 0.9)
        keep(Page(number, 1.0, (word,)), np.full((40 + number, 40), 255, dtype=np.uint8))


def _do(verb: str, argument: str) -> None:
    if verb == "sleep":
        time.sleep(float(argument))
    elif verb == "tell_pid":
        written = Path(f"{argument}.new")
        written.write_text(str(os.getpid()))
        written.rename(argument)
    elif verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "die_once" and not Path(argument).exists():
        Path(argument).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "die_until" and not Path(argument).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "fault":
        raise RuntimeError(argument)
    else:
        _do_quietly(verb, argument)


def _do_quietly(verb: str, argument: str) -> None:
    if verb == "leave_temporary":
        Path(tempfile.gettempdir(), argument).write_text("a crop of a page")
    elif verb == "print":
        sys.stdout.write(argument)
        sys.stdout.flush()
        os.write(1, argument.encode())
    elif verb == "eat_memory":
        bytearray(int(argument))
    elif verb == "fill_disk":
        with Path(tempfile.gettempdir(), "large").open("wb") as file:
            file.truncate(int(argument))
    elif verb == "signal":
        os.kill(os.getpid(), int(argument))
    elif verb == "engine_that_hangs":
        engine = subprocess.Popen(["/bin/sleep", "600"])
        Path(argument).write_text(str(engine.pid))
        engine.wait()
    elif verb == "log_error":
        logging.getLogger("pdfminer").error("cannot make sense of %s", argument)
    elif verb == "wrong_setting":
        raise ConfigurationError(argument)
    elif verb == "engine_missing_until" and not Path(argument).exists():
        raise EngineUnavailable("There is no engine.")
