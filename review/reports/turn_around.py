"""The turn-around and integrity report."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.store import report_figures
from models.store.report_figures import EXPEDITED, RETROACTIVE, STANDARD, ClockCount, Standing, Timing, urgency_class
from models.store.report_integrity import Integrity, integrity
from review.html import plots
from review.html.figures import Figure
from review.html.plots import Series
from review.reports.asked import Asked, hours, share

_ORDER = (STANDARD, EXPEDITED, RETROACTIVE)
_ALL = "all"


def figures(session: Session, asked: Asked) -> tuple[Figure, ...]:
    """How long it took, by which clock what is late, and whether everything came to an end."""
    by_urgency = report_figures.timings(session, asked.wanted, (urgency_class(),))
    whole = report_figures.timings(session, asked.wanted, ())
    standings = report_figures.standings(session, asked.wanted, asked.now)
    found = {str(key[0]): timing for key, timing in by_urgency.items()} | {_ALL: whole.get((), Timing())}
    clocks = report_figures.clocks(session, asked.wanted, asked.now)
    return turn_around(found, standings), by_clock(clocks), integrity_table(integrity(session, asked.wanted.span))


def turn_around(timings: dict[str, Timing], standings: dict[str, Standing]) -> Figure:
    """Decisions and times by urgency, and of all together."""
    rows = []
    for name in (*_ORDER, _ALL):
        timing = timings.get(name, Timing())
        standing = _together(standings) if name == _ALL else standings.get(name, Standing())
        if name == RETROACTIVE and not (timing.decided or standing.received or standing.open_now):
            continue
        rows.append((name, *_counts(timing, standing)))
    shown = [row for row in rows if row[0] != _ALL]
    labels = [str(row[0]) for row in shown]
    series = (
        Series("in time", tuple(float(timings.get(name, Timing()).in_time) for name in labels)),
        Series("late", tuple(float(timings.get(name, Timing()).late) for name in labels)),
        Series("without a deadline", tuple(float(timings.get(name, Timing()).without_deadline) for name in labels)),
    )
    told = timings.get(_ALL, Timing())
    summary = f"{told.decided} decided, {told.in_time} in time and {told.late} late."
    head = (
        "urgency", "received", "decided", "in_time", "late", "without_deadline", "in_time_share", "mean_hours", "median_hours",
        "ninth_decile_hours", "ended_otherwise", "open_now", "overdue_now", "oldest_open_received_at",
    )  # fmt: skip
    return Figure(
        "turn-around",
        "Turn-around by urgency",
        "From the start of the clock to the determination, of those made in the range. Open is what came before the range’s end.",
        head,
        tuple(rows),
        plots.rows("turn-around", "Determinations by urgency", labels, series, summary),
    )


def _counts(timing: Timing, standing: Standing) -> tuple[object, ...]:
    return (
        standing.received,
        timing.decided,
        timing.in_time,
        timing.late,
        timing.without_deadline,
        share(timing.in_time, timing.in_time + timing.late),
        hours(timing.mean_s),
        hours(timing.median_s),
        hours(timing.ninth_s),
        standing.ended_otherwise,
        standing.open_now,
        standing.overdue_now,
        standing.oldest,
    )


def _together(standings: dict[str, Standing]) -> Standing:
    every = standings.values()
    return Standing(
        sum(one.received for one in every),
        sum(one.ended_otherwise for one in every),
        sum(one.open_now for one in every),
        sum(one.overdue_now for one in every),
        min((one.oldest for one in every if one.oldest is not None), default=None),
    )


def by_clock(clocks: tuple[ClockCount, ...]) -> Figure:
    """Each clock by itself: a request counts with every clock that it has."""
    labels = [f"{one.rule}, {one.urgency}" for one in clocks]
    series = (
        Series("in time", tuple(float(one.in_time) for one in clocks)),
        Series("late", tuple(float(one.late) for one in clocks)),
        Series("open and past it", tuple(float(one.overdue_now) for one in clocks)),
    )
    late = sum(one.late for one in clocks)
    rows = tuple(
        (one.rule, one.urgency, one.in_time, one.late, share(one.in_time, one.in_time + one.late), one.open_now, one.overdue_now)
        for one in clocks
    )
    return Figure(
        "clocks",
        "In time and late by clock",
        "A request counts with each of its clocks; the earliest of them is its deadline above.",
        ("clock", "urgency", "in_time", "late", "in_time_share", "open_now", "overdue_now"),
        rows,
        plots.rows("clocks", "In time and late by clock", labels, series, f"{late} late by one of their clocks."),
    )


def integrity_table(found: Integrity) -> Figure:
    """Arrivals against what became of them; what must be 0 says so."""
    rows: tuple[tuple[str, int, str, str], ...] = (
        ("arrived", found.arrived, "", "documents, by the audit trail"),
        ("done", found.done, "", "read to the end"),
        ("failed", found.failed, "", "could not be read; an operator sees to them"),
        ("in_work", found.in_work, "", "being read"),
        ("purged", found.purged, "", "past their age, removed since"),
        ("vanished", found.vanished, *_nought(found.vanished, "neither here nor purged")),
        ("ended_without_record", found.ended_without_record, *_nought(found.ended_without_record, "ended, with no record")),
        ("records", found.records, "", "requests and other parts of these documents"),
        ("waiting", found.waiting, "", "records that wait for a person"),
        ("doubled", found.doubled, *_nought(found.doubled, "records of one place in one document")),
        ("revision_gaps", found.revision_gaps, *_nought(found.revision_gaps, "records whose revisions miss a number")),
        ("unindexed", found.unindexed, *_nought(found.unindexed, "records that no queue shows")),
        ("delivered", found.delivered, "", "deliveries of all revisions"),
        ("on_the_way", found.on_the_way, "", "deliveries still to be made"),
        ("parked", found.parked, "", "deliveries that wait for an operator"),
        ("forgone", found.forgone, "", "deliveries that an operator gave up"),
        ("unqueued", found.unqueued, *_nought(found.unqueued, "newest revisions with no delivery")),
    )
    note = "Nothing was lost and nothing doubled." if found.is_whole else "Something was lost or doubled: see the rows marked no."
    return Figure("integrity", "Integrity", f"Of all documents that arrived in the range, of every plan. {note}", _INTEGRITY, rows)


_INTEGRITY = ("what", "count", "as_it_must_be", "meaning")


def _nought(count: int, meaning: str) -> tuple[str, str]:
    return "no" if count else "yes", f"{meaning}; must be 0"
