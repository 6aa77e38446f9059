"""Free text: letters, comments and the fax header line.

spaCy is imported when the first letter or comment with a change in it is read, not before: it takes two seconds.
"""

from __future__ import annotations

from datetime import date

from extraction.pages import RequestPages
from extraction.prose.fax_header import FaxHeaderReading, fax_header
from models.page import Word
from models.reading import AmendmentReading, FieldReading

__all__ = ["FaxHeaderReading", "fax_header", "read_changes", "read_letter"]


def read_letter(request: RequestPages) -> tuple[tuple[FieldReading, ...], tuple[AmendmentReading, ...]]:
    """The fields that a letter states, and the changes it asks for.

    Paths are ``request.*``, ``member.*``, ``requesting_provider.*``, ``signature.*``, and for a new request ``services.N.*`` and
    ``diagnoses.N.code``. What the letter does not say gives no reading.
    """
    from extraction.prose.letter import read_letter as read  # noqa: PLC0415 - imports spaCy

    return read(request)


def read_changes(words: tuple[Word, ...], page: int, today: date) -> tuple[AmendmentReading, ...]:
    """The changes that a form's comment box asks for, on the 1-based page; empty where it asks for none.

    ``today`` is the day of receipt, from which days without a year take theirs.
    """
    from extraction.prose.triggers import may_change  # noqa: PLC0415 - beside the import that it spares

    if not may_change(words):
        return ()
    from extraction.prose.letter import read_changes as read  # noqa: PLC0415 - imports spaCy

    return read(words, page, today)
