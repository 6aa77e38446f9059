"""The yearly metrics of CMS-0057-F (42 CFR 422.122(c), 438.210(f), 440.230(e)(3), 457.732(c)), as the store knows them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.store.report_figures import EXPEDITED, STANDARD
from models.store.report_metrics import NO_PLAN, Determinations, determinations, left_out
from review.html import plots
from review.html.figures import Figure
from review.html.plots import Series
from review.reports.asked import Asked, days, hours, percents, share

_ALL_PLANS = "all plans"
_NO_PLAN = "no plan known"
HEAD = (
    "plan", "urgency", "determinations", "approved", "approved_share", "denied", "denied_share", "modified", "modified_share",
    "partially_approved", "partially_approved_share", "approved_after_appeal", "approved_after_appeal_share",
    "extended_and_approved", "extended_and_approved_share", "mean_hours", "median_hours", "mean_days", "median_days",
)  # fmt: skip


def figures(session: Session, asked: Asked) -> tuple[Figure, ...]:
    """The metrics, of all plans and of each; and what is in none of them."""
    whole = determinations(session, asked.wanted, by_plan=False)
    each = determinations(session, asked.wanted, by_plan=True)
    return metrics(whole, each), outside(*left_out(session, asked.wanted))


def metrics(whole: tuple[Determinations, ...], each: tuple[Determinations, ...]) -> Figure:
    """A row for each plan and urgency."""
    by_urgency = {one.urgency: one for one in whole}
    found = [by_urgency.get(name, Determinations(NO_PLAN, name)) for name in (STANDARD, EXPEDITED)]
    rows = [row(_ALL_PLANS, one) for one in found]
    rows += [row(one.plan or _NO_PLAN, one) for one in sorted(each, key=lambda one: (one.plan, one.urgency != STANDARD))]
    labels = ["standard", "expedited"]
    series = tuple(
        Series(title, tuple(value or 0.0 for value in percents([share(getattr(one, name), one.all) for one in found])))
        for name, title in (
            ("approved", "approved"),
            ("partially_approved", "partly"),
            ("modified", "modified"),
            ("denied", "denied"),
        )
    )
    summary = f"{found[0].all} standard and {found[1].all} expedited determinations."
    return Figure(
        "metrics",
        "Determinations",
        "Made in the range, on requests for items and services; without drugs, and without what was asked for after the service.",
        HEAD,
        tuple(rows),
        plots.rows("metrics", "Determinations of all plans, in %", labels, series, summary),
    )


def row(plan: str, one: Determinations) -> tuple[object, ...]:
    """A row below :data:`HEAD`."""
    return (
        plan,
        one.urgency,
        one.all,
        one.approved,
        share(one.approved, one.all),
        one.denied,
        share(one.denied, one.all),
        one.modified,
        share(one.modified, one.all),
        one.partially_approved,
        share(one.partially_approved, one.all),
        one.after_appeal,
        share(one.after_appeal, one.all),
        one.extended,
        share(one.extended, one.all),
        hours(one.timing.mean_s),
        hours(one.timing.median_s),
        days(one.timing.mean_s),
        days(one.timing.median_s),
    )


def outside(drugs: int, past: int, undetermined: int) -> Figure:
    """What was decided in the range, and is in no metric."""
    rows = (
        ("drugs", drugs, "all codes of the request are drugs"),
        ("retroactive", past, "asked for after the service"),
        ("not_determined", undetermined, "withdrawn or dismissed"),
    )
    return Figure("left-out", "Left out", "Decided in the range, and in none of the metrics.", ("what", "count", "why"), rows)
