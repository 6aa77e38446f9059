"""The inter-rater report: how far a second person, who sees nothing of the first one's entries, agrees."""

from __future__ import annotations

from math import sqrt

from sqlalchemy.orm import Session

from models.store import rater_figures
from models.store.rater_figures import Agreement, SampleCounts
from review.html.figures import Figure
from review.reports.asked import Asked, share
from review.reports.intervals import Estimate, intervals

TARGET = 0.95
"""The share of fields that two coordinators should agree on."""

_SHOWN = 20
_Z = 1.959963984540054  # 97.5 % of a normal distribution lie below it
HEAD = (
    "fields", "agreed", "agreed_share", "low_share", "high_share", "target_share", "meets_target", "differing", "first_right",
    "second_right", "neither_right",
)  # fmt: skip


def figures(session: Session, asked: Asked) -> tuple[Figure, ...]:
    """Agreement by field and by person, with the interval that the true share lies in."""
    whole = rater_figures.whole(session, asked.wanted)
    return (
        summary(whole, rater_figures.counts(session, asked.wanted)),
        table("by-field", "Agreement by field", "field", rater_figures.by_field(session, asked.wanted)),
        table("by-first", "Agreement by who completed the record", "first", rater_figures.by_first(session, asked.wanted)),
        table("by-second", "Agreement by who read it a second time", "second", rater_figures.by_second(session, asked.wanted)),
    )


def wilson(agreed: int, of: int) -> tuple[float, float] | None:
    """The interval of 95 % for a share (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212)."""
    if not of:
        return None
    estimate, squared = agreed / of, _Z * _Z
    middle = (estimate + squared / (2 * of)) / (1 + squared / of)
    half = _Z / (1 + squared / of) * sqrt(estimate * (1 - estimate) / of + squared / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def verdict(agreed: int, of: int) -> str | None:
    """Whether the target is met: ``yes`` or ``no`` where the whole interval says so, else ``unsure``."""
    found = wilson(agreed, of)
    if found is None:
        return None
    return "yes" if found[0] >= TARGET else "no" if found[1] < TARGET else "unsure"


def summary(whole: Agreement, counts: SampleCounts) -> Figure:
    """All fields together, and how many records were drawn."""
    head = ("records_drawn", "taken", "completed", "oldest_open_drawn_at", "records", *HEAD)
    row = (counts.drawn, counts.taken, counts.completed, counts.oldest_open, whole.records, *_numbers(whole))
    note = "Drawn in the range, and fields of what was completed in it. The interval is Wilson’s, of 95 %; the target is 95 %."
    return Figure("agreement", "Agreement of all fields", note, head, (row,))


def table(name: str, title: str, of: str, found: tuple[Agreement, ...]) -> Figure:
    """A row for each, with a plot of those with the most fields."""
    rows = tuple((one.name, one.records, *_numbers(one)) for one in found)
    shown = sorted(found, key=lambda one: (-one.fields, one.name))[:_SHOWN]
    estimates = [
        Estimate(f"{one.name} ({one.fields})", one.agreed / one.fields, *interval)
        for one in shown
        if (interval := wilson(one.agreed, one.fields)) is not None
    ]
    below = sum(verdict(one.agreed, one.fields) == "no" for one in found)
    words = f"{below} of {len(found)} are surely below the target of 95 %."
    return Figure(name, title, words, (of, "records", *HEAD), rows, intervals(name, title, estimates, TARGET, words))


def _numbers(one: Agreement) -> tuple[object, ...]:
    low, high = wilson(one.agreed, one.fields) or (None, None)
    return (
        one.fields,
        one.agreed,
        share(one.agreed, one.fields),
        low,
        high,
        TARGET,
        verdict(one.agreed, one.fields),
        one.differing,
        one.first_right,
        one.second_right,
        one.neither_right,
    )
