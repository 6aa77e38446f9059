"""A date that the calendar does not have."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.fields import DATE_PATHS, absence, is_absent, values_at
from validation.rules.registry import Context, Finding, rule
from validation.wording import called, sentence

_MESSAGE = "{item} on the request is a date that does not exist; please send us the correct date."


@rule("dates.exist")
def dates_exist(context: Context) -> Iterator[Finding]:
    """Every date that was read and is no day; its text stands in the readings."""
    for field in DATE_PATHS:
        for path, value in values_at(context.record, field):
            if is_absent(value) and absence(context.record, path) is GapReason.INVALID:
                yield Finding(path, GapReason.INVALID, _MESSAGE.format(item=sentence(called(path))))
