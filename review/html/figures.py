"""The figures of the dashboard: each is a table, of which its plot and its CSV file are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from models.record import GapReason
from models.store import desk_accuracy, desk_figures
from models.store.desk_accuracy import Readings
from models.store.desk_figures import Office
from models.store.desk_spans import Span, Step
from review.html import plots
from review.html.plots import Plot, Series

OFFICES_SHOWN = 15
_OFFICES_LISTED = 1000
_FIELDS_SHOWN = 15
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A table with its plot, where there is one. ``name`` is the name of its CSV file."""

    name: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: a range, and the field whose readings are followed over time (``None``: all)."""

    span: Span
    field: str | None = None


def flow(session: Session, wanted: Wanted) -> Figure:
    """What came, and what came to its end."""
    found = desk_figures.flow(session, wanted.span)
    received = sum(one.received for one in found)
    completed = sum(one.completed for one in found)
    plot = plots.bars(
        "flow",
        "Received and completed",
        _days(wanted.span, [one.begins for one in found]),
        (
            (Series("received", tuple(float(one.received) for one in found)),),
            (
                Series("completed by the machine alone", tuple(float(one.by_machine) for one in found)),
                Series("completed by a person", tuple(float(one.by_person) for one in found)),
            ),
        ),
        f"{received} received and {completed} completed in the range.",
    )
    rows = tuple((one.begins, one.received, one.by_machine, one.by_person, one.no_request) for one in found)
    head = ("from", "received", "completed_by_machine", "completed_by_person", "no_request")
    return Figure("flow", plot.title, "By the day of receipt, and by the day of the end.", head, rows, plot)


def turn_around(session: Session, wanted: Wanted) -> Figure:
    """How long requests took."""
    found = desk_figures.turn_arounds(session, wanted.span)
    median = tuple(_hours(one.median_s) for one in found)
    ninth = tuple(_hours(one.ninth_s) for one in found)
    plot = plots.lines(
        "turn-around",
        "Turn-around, in hours",
        _days(wanted.span, [one.begins for one in found if one.begins]),
        (Series("median", median), Series("90 % are done within", ninth)),
        _range_of("The median is", median, " hours"),
        " h",
    )
    rows = tuple((one.begins, one.requests, *hours) for one, *hours in zip(found, median, ninth, strict=True))
    head = ("from", "completed", "median_hours", "ninth_decile_hours")
    return Figure("turn-around", plot.title, "From receipt to completion, by the day of completion.", head, rows, plot)


def straight(session: Session, wanted: Wanted) -> Figure:
    """The requests that no person had to touch."""
    found = desk_figures.straight(session, wanted.span)
    shares = tuple(_percent(one.share) for one in found)
    plot = plots.lines(
        "straight-through",
        "Straight through, in %",
        _days(wanted.span, [one.begins for one in found]),
        (Series("ready without a person", shares),),
        _range_of("The share is", shares, " %"),
        " %",
    )
    rows = tuple((one.begins, one.requests, one.untouched, one.share) for one in found)
    return Figure(
        "straight-through", plot.title, "Of the requests received that day.", ("from", "requests", "untouched", "share"), rows, plot
    )


def gaps(session: Session, wanted: Wanted) -> Figure:
    """What is missing or wrong in requests, by field and reason."""
    found = desk_figures.gaps(session, wanted.span)
    names = tuple(dict.fromkeys(one.field for one in found))[:_FIELDS_SHOWN]
    counts = {(one.field, one.reason): one.blocking + one.warnings for one in found}
    series = tuple(
        Series(reason.value, tuple(float(counts.get((name, reason.value), 0)) for name in names))
        for reason in GapReason
        if any(one.reason == reason.value for one in found)
    )
    most = f"Most often of {names[0]}." if names else "There are none."
    plot = plots.rows("gaps", "Gaps by field and reason", names, series, most)
    rows = tuple((one.field, one.reason, one.blocking, one.warnings) for one in found)
    return Figure(
        "gaps",
        plot.title,
        "As the machine found them in requests received.",
        ("field", "reason", "blocking", "warning"),
        rows,
        plot,
    )


def offices(session: Session, wanted: Wanted) -> Figure:
    """The providers' offices whose requests have the most gaps."""
    found = desk_figures.offices(session, wanted.span, _OFFICES_LISTED)
    shown = found[:OFFICES_SHOWN]
    series = (Series("gaps", tuple(float(one.gaps) for one in shown)),)
    most = f"The office with the most has {shown[0].gaps}." if shown else "There are none."
    plot = plots.rows("offices", "Gaps by provider’s office", [_office(one) for one in shown], series, most)
    rows = tuple((one.fax, one.name, one.requests, one.incomplete, one.gaps) for one in found)
    head = ("fax", "provider", "requests", "with_blocking_gap", "gaps")
    return Figure(
        "offices", plot.title, "An office is its fax number; the name is the most frequent on its requests.", head, rows, plot
    )


_NUMBERS = (
    "values",
    "flagged",
    "flagged_right",
    "flagged_wrong",
    "flagged_missed",
    "silent_right",
    "silent_wrong",
    "silent_missed",
)
_SHARES = ("flagged_share", "needless_share", "silent_error_share")


def readings(session: Session, wanted: Wanted) -> Figure:
    """Flags and corrections over time."""
    found = desk_accuracy.over_time(session, wanted.span, wanted.field)
    shares = {name: tuple(_percent(getattr(one.readings, name)) for one in found) for name in _SHARES}
    plot = plots.lines(
        "readings",
        "Flags and corrections, in %",
        _days(wanted.span, [one.begins for one in found]),
        (
            Series("values flagged", shares["flagged_share"]),
            Series("flags that were needless", shares["needless_share"]),
            Series("unflagged values that were wrong", shares["silent_error_share"]),
        ),
        _range_of("The share of flagged values is", shares["flagged_share"], " %"),
        " %",
    )
    rows = tuple((one.begins, *_numbers(one.readings)) for one in found)
    note = f"Of {wanted.field or 'all fields'}, in records that people completed that day."
    return Figure("readings", plot.title, note, ("from", *_NUMBERS, *_SHARES), rows, plot)


def fields(session: Session, wanted: Wanted) -> Figure:
    """What became of each field's readings."""
    rows = tuple((one.field, *_numbers(one.readings)) for one in desk_accuracy.by_field(session, wanted.span))
    note = "In records that people completed in the range."
    return Figure("fields", "Flags and corrections by field", note, ("field", *_NUMBERS, *_SHARES), rows)


FIGURES: Mapping[str, Callable[[Session, Wanted], Figure]] = MappingProxyType(
    {
        "flow": flow,
        "turn-around": turn_around,
        "straight-through": straight,
        "gaps": gaps,
        "offices": offices,
        "readings": readings,
        "fields": fields,
    }
)
"""All figures, in the order of the page."""


def _numbers(found: Readings) -> tuple[object, ...]:
    return tuple(getattr(found, name) for name in (*_NUMBERS, *_SHARES))


def _days(span: Span, begins: Sequence[date]) -> list[str]:
    lead = "" if span.step is Step.DAY else "week of "
    return [f"{lead}{max(day, span.first):%b} {max(day, span.first).day}" for day in begins]


def _office(one: Office) -> str:
    return one.name or one.fax


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / _HOUR_S


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _range_of(lead: str, values: Sequence[float | None], unit: str) -> str:
    known = [value for value in values if value is not None]
    return f"{lead} between {min(known):.1f} and {max(known):.1f}{unit}." if known else "There is nothing to show yet."
