"""A birth date in the future."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.rules.registry import Context, Finding, rule

_MESSAGE = "The member's date of birth on the request lies in the future; please send us the correct date."


@rule("dates.birth_in_past")
def birth_date_past(context: Context) -> Iterator[Finding]:
    """Nobody is born after the day of receipt."""
    born = context.record.member.date_of_birth
    if born is not None and born > context.today:
        yield Finding("member.date_of_birth", GapReason.INVALID, _MESSAGE)
