"""A list of codes of which a row may have been missed."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.rules.registry import Context, Finding, rule
from validation.wording import called

_MISSED = "Please send us {item} again; we may not have read all of them on the fax that we received."


@rule("lists.complete")
def lists_complete(context: Context) -> Iterator[Finding]:
    """A list with rows for which the reader doubts that they are all."""
    for name in ("diagnoses", "services"):
        reading = context.record.readings.get(name)
        if reading is not None and reading.needs_review and getattr(context.record, name):
            yield Finding(f"{name}.code", GapReason.ILLEGIBLE, _MISSED.format(item=called(name)))
