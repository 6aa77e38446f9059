"""The matrix log: a line for each request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy.orm import Session

from models.store.report_matrix import Line, lines
from review.html.figures import Figure
from review.reports.asked import Asked, hours

SHOWN = 200
"""Lines on the page; the files have all."""

IN_HAND = "second_reading"
"""The status of a request to the person who reads it a second time now."""

HEAD = (
    "record_id", "document_id", "authorization_number", "plan", "line_of_business", "kind", "urgency_requested",
    "urgency_effective", "received_at", "due_at", "due_by_rule", "status", "gaps", "letter_sent_at", "letter_answered_at",
    "extended", "decided_at", "determination", "outcome", "turn_around_hours", "late", "provider_notified_at",
    "member_notified_at", "reviewer", "reason_code",
)  # fmt: skip


def rows(session: Session, asked: Asked) -> Iterator[tuple[object, ...]]:
    """All lines, in the order in which the clocks began."""
    return (blank(line) if line.record_id in asked.hidden else row(line) for line in lines(session, asked.wanted))


def blank(line: Line) -> tuple[object, ...]:
    """A line of which only the ids and the receipt are told."""
    shown = {"record_id": line.record_id, "document_id": line.document_id, "received_at": line.received_at, "status": IN_HAND}
    return tuple(shown.get(name) for name in HEAD)


def row(line: Line) -> tuple[object, ...]:
    """A line as it stands below :data:`HEAD`."""
    return (
        line.record_id,
        line.document_id,
        line.authorization_number,
        line.plan,
        line.line_of_business,
        line.kind,
        line.requested_urgency,
        line.urgency,
        line.received_at,
        line.due_at,
        line.rule,
        line.status,
        " ".join(line.gaps) or None,
        line.asked_at,
        line.answered_at,
        _yes(line.extended),
        line.decided_at,
        line.determined,
        line.outcome,
        hours(line.took_s),
        _yes(line.late),
        line.provider_notified_at,
        line.member_notified_at,
        line.reviewer,
        line.reason_code,
    )


def figures(session: Session, asked: Asked) -> tuple[Figure, ...]:
    """The first lines."""
    first = tuple(islice(rows(session, asked), SHOWN))
    note = f"The first {SHOWN} requests of the range; the files have all." if len(first) == SHOWN else "All requests of the range."
    return (Figure("matrix", "Matrix log", note, HEAD, first),)


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"
