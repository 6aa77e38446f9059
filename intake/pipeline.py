"""One document from its bytes to its records: the path that ``process`` and ``run`` share.

Read it from top to bottom to follow a fax through the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from extraction.arranged import requests_of
from extraction.fields import RequestReading, read_request
from extraction.form_facts import form_facts, with_facts
from extraction.form_words import form_words
from extraction.forms import read_by_zone
from extraction.lexicon import use_taught
from extraction.pages import RequestPages
from extraction.prose import fax_header
from extraction.record import RecordFrame, build, no_request
from extraction.reply_codes import reply_codes
from extraction.second_look import look_again
from extraction.second_mark import marked_second
from intake.known_forms import registered
from intake.record_id import record_id
from intake.settings import Settings
from intake.site_labels import labels_in
from intake.site_policy import policies_of
from intake.unreadable import Arrival, unreadable_record, with_duplicate
from models.codesets.procedures import use_list
from models.document import Document
from models.errors import DamagedFile, DocumentError, EngineFailure, TooLarge
from models.form_facts import FormFacts
from models.page import Page, PageProblem
from models.record import FaxHeader, Gap, GapReason, ReferralRecord, Severity, SourceProblem, Status
from ocr.document import DocumentReader, Onlooker
from ocr.engines.protocol import ENGINE_CRASHED, ENGINE_TIMEOUT
from ocr.options import ReadingOptions
from ocr.pagesource import TOO_LARGE

T = TypeVar("T")

_UNREAD: Mapping[str, type[DocumentError]] = {
    TOO_LARGE: TooLarge,
    ENGINE_CRASHED: EngineFailure,
    ENGINE_TIMEOUT: EngineFailure,
}


def _untold() -> None:
    """Nobody wants to know."""


def process_document(
    document: Document, settings: Settings, progress: Callable[[], None] = _untold, keep: Onlooker | None = None
) -> tuple[ReferralRecord, ...]:
    """The records of one document; never empty, and no exception for a document that cannot be read, but where the engine failed.

    Args:
        document: a claimed arrival.
        settings: limits, engines, policies and time zone.
        progress: called after each page, and after each request on them.
        keep: is shown each page as it was read, if anything is.

    Returns:
        A record for each request; one with status ``no_request`` where there is none; one with status ``unreadable`` and the
        reason where the bytes cannot be read.

    Raises:
        EngineFailure: the OCR engine failed on every page: the service has to know, and may not be told by a record.
        EngineUnavailable: no OCR engine can start; nothing is wrong with the document.
    """
    try:
        records = _records(document, settings, progress, keep)
    except EngineFailure:
        raise
    except DocumentError as error:
        records = (unreadable_record(Arrival.of(document), error),)
    return tuple(with_duplicate(_of_folder(record, document, settings), document.arrival) for record in records)


def _of_folder(record: ReferralRecord, document: Document, settings: Settings) -> ReferralRecord:
    """What holds no request, or could not be read, is still of the plan whose folder it came through."""
    if document.plan_folder is None or record.coverage.plan is not None:
        return record
    return record.model_copy(update={"coverage": policies_of(settings).coverage(FormFacts(), document.plan_folder)})


def _records(
    document: Document, settings: Settings, progress: Callable[[], None], keep: Onlooker | None
) -> tuple[ReferralRecord, ...]:
    policies = policies_of(settings)
    _use_procedure_codes(settings.procedure_codes)
    use_taught(labels_in(settings))
    today = document.received_at.astimezone(settings.zone).date()
    forms = registered(settings)
    with DocumentReader(document, reading_options(settings), keep) as reader:
        pages = tuple(_told(reader.pages(), progress))
        found = (
            (request, read_by_zone(read_request(request, today), request, forms, today))
            for request in _told(requests_of(pages, document.arrangement), progress)
        )
        readings = []
        for each, reading in _requests(found):
            facts = form_facts(each)
            coverage = policies.coverage(facts, document.plan_folder)
            doubt = policies.policy_for(policies.settled(coverage)).review.doubt
            readings.append((each, look_again(reading, reader.reread, today, doubt), facts, coverage))
    if not readings:
        return (_without_request(document, pages, settings.zone),)
    zone = settings.zone
    return tuple(
        policies.checked(
            with_facts(build(_frame(document, request, pages, zone), reading), facts, coverage), today=today, time_zone=zone
        )
        for request, reading, facts, coverage in readings
    )


def _requests(found: Iterable[tuple[RequestPages, RequestReading]]) -> Iterator[tuple[RequestPages, RequestReading]]:
    """Those that are requests. One that only a person took for a request, and that could not be read, is keyed by hand."""
    for request, reading in found:
        if reading.recognised:
            yield request, reading
        elif request.named is not None:
            yield request, RequestReading(())


def _told(things: Iterable[T], progress: Callable[[], None]) -> Iterator[T]:
    """Each thing as it comes, and word of it when it is done with."""
    for thing in things:
        yield thing
        progress()


def _without_request(document: Document, pages: tuple[Page, ...], zone: tzinfo) -> ReferralRecord:
    """Nothing was asked for: junk, a decision, a lone cover sheet. Pages of which none could be read are not that.

    Where one could not be read, the request may stand on it, and somebody has to look, unless somebody did.
    """
    if pages and all(page.problems and not page.words for page in pages):
        first = pages[0].problems[0]
        raise _UNREAD.get(first.code, DamagedFile)(f"No page could be read: {first.message}")
    numbers = tuple(page.number for page in pages)
    record = no_request(_frame_of(document, numbers, pages, zone))
    lost = next((problem for page in pages if not page.words for problem in page.problems), None)
    if lost is None or document.arrangement is not None:
        return record
    why = f"No request was found, and page {lost.page} could not be read: {lost.message}"
    gap = Gap(field="document", reason=GapReason.ILLEGIBLE, severity=Severity.BLOCKING, message=why)
    return record.model_copy(update={"status": Status.NEEDS_REVIEW, "final": False, "gaps": [gap]})


def _frame(document: Document, request: RequestPages, pages: tuple[Page, ...], zone: tzinfo) -> RecordFrame:
    return replace(_frame_of(document, request.numbers, pages, zone), marked_second=marked_second(request))


def _frame_of(document: Document, numbers: tuple[int, ...], pages: tuple[Page, ...], zone: tzinfo) -> RecordFrame:
    mine = [page for page in pages if page.number in numbers]
    return RecordFrame(
        record_id=record_id(document.sha256, numbers, document.arrival),
        file_name=document.file_name,
        sha256=document.sha256,
        received_at=document.received_at,
        pages=numbers,
        problems=tuple(_problem(problem) for page in pages for problem in page.problems),
        fax=_fax(document, mine, zone),
        reply_codes=reply_codes(pages),
    )


def _problem(problem: PageProblem) -> SourceProblem:
    return SourceProblem(page=problem.page, code=problem.code, message=problem.message)


def _fax(document: Document, pages: list[Page], zone: tzinfo) -> FaxHeader | None:
    """The first header line that says anything; what the fax gateway said of the sender goes before it."""
    headers = [fax_header(page.fax_header, zone) for page in pages if page.fax_header]
    seen = next((h for h in headers if h.sender_number or h.sender_name or h.sent_at), None)
    if seen is None and document.sender_number is None:
        return None
    return FaxHeader(
        sender_number=document.sender_number or (seen.sender_number if seen else None),
        sender_name=seen.sender_name if seen else None,
        sent_at=seen.sent_at if seen else None,
    )


def reading_options(settings: Settings) -> ReadingOptions:
    """What the reading stage may be told, from the settings."""
    return ReadingOptions(
        max_pages=settings.max_pages,
        max_pixels=settings.max_pixels,
        first_engine=settings.first_engine,
        second_engine=settings.second_engine,
        tesseract=settings.tesseract,
        engine_timeout_s=settings.engine_timeout_s,
        form_words=form_words(),
    )


@lru_cache(maxsize=4)
def _use_procedure_codes(path: Path | None) -> None:
    """A site's own list of CPT and HCPCS codes, read once."""
    if path is not None:
        use_list(path)
