"""What is missing in requests, by the office that sends them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.store.report_offices import OfficeField, OfficeGaps, fields, offices
from review.html import plots
from review.html.figures import Figure
from review.html.plots import Series
from review.reports.asked import Asked, days, share

_LISTED = 1000
_SHOWN = 15
_BY_FIELD = 50


def figures(session: Session, asked: Asked) -> tuple[Figure, ...]:
    """The offices, and what is missing in the requests of those with the most."""
    found = offices(session, asked.wanted, _LISTED)
    return by_office(found), by_field(fields(session, asked.wanted, [one.office for one in found[:_BY_FIELD]]))


def by_office(found: tuple[OfficeGaps, ...]) -> Figure:
    """A row for each office."""
    shown = found[:_SHOWN]
    series = (
        Series("requests with a gap that blocks", tuple(float(one.incomplete) for one in shown)),
        Series("complete requests", tuple(float(one.requests - one.incomplete) for one in shown)),
    )
    rows = tuple(_row(one) for one in found)
    requests, incomplete = sum(one.requests for one in found), sum(one.incomplete for one in found)
    head = (
        "office", "name", "requests", "incomplete", "incomplete_share", "missing", "invalid", "illegible", "inconsistent",
        "asked_by_letter", "answered", "answered_share", "mean_days_to_answer",
    )  # fmt: skip
    return Figure(
        "offices",
        "Requests with gaps by office",
        "An office is the requesting provider’s NPI, or failing that the fax number; its name is the most frequent one.",
        head,
        rows,
        plots.rows(
            "offices",
            "Requests with and without gaps, by office",
            [one.name or one.office for one in shown],
            series,
            f"{incomplete} of {requests} requests have a gap that blocks.",
        ),
    )


def _row(one: OfficeGaps) -> tuple[object, ...]:
    return (
        one.office,
        one.name,
        one.requests,
        one.incomplete,
        share(one.incomplete, one.requests),
        one.missing,
        one.invalid,
        one.illegible,
        one.inconsistent,
        one.asked,
        one.answered,
        share(one.answered, one.asked),
        days(one.answer_s),
    )


def by_field(found: tuple[OfficeField, ...]) -> Figure:
    """A row for each office, field and reason."""
    rows = tuple((one.office, one.field, one.reason, one.requests) for one in found)
    note = f"Of the {_BY_FIELD} offices with the most incomplete requests."
    return Figure("office-fields", "What is missing, by office", note, ("office", "field", "reason", "requests"), rows)
