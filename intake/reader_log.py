"""What a reading process says: lines in the service's own form, each with its document's id, and no words of a library.

Libraries that handle foreign bytes quote them in their messages, on standard error and in their logs, and what they quote may be
PHI. That they met an error is logged; what they say of it is not.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from intake.logs import start_logging
from intake.settings import Settings
from intake.work_item import is_document_id
from models.document import Document


def keep_words_of_libraries(settings: Settings) -> None:
    """Send our log lines to standard error, and nothing else of this process and of the engines that it starts.

    Standard output belongs to the records. File descriptors 1 and 2 lead nowhere from here on, rather than into a pipe: a library
    that prints without end could fill one, and hang.
    """
    ours = os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    start_logging(settings, ours)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_words)


def _without_words(line: logging.LogRecord) -> bool:
    """Let our lines pass, which come as a dict of structlog's; of a library's only errors, and those without their words."""
    if isinstance(line.msg, dict):
        return True
    line.msg, line.args = "a library reports an error", ()
    return line.levelno >= logging.ERROR


@contextmanager
def speaking_of(document: Document) -> Iterator[None]:
    """Name the document in every line; in the service its folder is its id, and elsewhere nothing of its path is told."""
    folder = document.path.parent.name
    with structlog.contextvars.bound_contextvars(**({"document_id": folder} if is_document_id(folder) else {})):
        yield
