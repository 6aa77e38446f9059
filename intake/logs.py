"""Log lines: ids and codes, never a value from a form or the name of an arriving file."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from intake.settings import Settings

_DOCUMENT_ID = re.compile(r"DOC-[0-9A-F]{22}")
# Ours, by their packages. Libraries are heard from their warnings on: below, some tell what they send and are sent.
_OURS = ("intake", "delivery", "extraction", "models", "ocr", "review", "validation")


def start_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all log lines, of ours and of libraries, to ``stream`` in one form; by default to standard error."""
    stream = stream or sys.stderr
    shared: tuple[Processor, ...] = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        place_of_error,
        document_of_line,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, level), force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def hide_values_of_crashes() -> None:
    """Have an error that nobody caught say its type and place alone: its message may hold a value from a form."""

    def tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        del trace
        sys.stderr.write(f"par-intake: internal error: {kind.__name__ if error is None else error_place(error)}\n")

    sys.excepthook = tell
    threading.excepthook = lambda given: tell(given.exc_type, given.exc_value, given.exc_traceback)


def join_library_logs(name: str) -> None:
    """Take a library's own handlers away, so that its lines come out in our form."""
    logger = logging.getLogger(name)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True


def place_of_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and place: its message, and the values in its frames, may be PHI."""
    del logger, method
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exc_info()[1]
    if error is not None:
        event["error"] = error_place(cast(BaseException, error))
    return event


def document_of_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add the document's id to a line that tells of one in its words alone, as those of the workflow engine do."""
    del logger, method
    if "document_id" not in event and (told := _DOCUMENT_ID.search(str(event.get("event", "")))):
        event["document_id"] = told[0]
    return event


def error_place(error: BaseException) -> str:
    """The error's type, and the places it passed, the innermost first."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
