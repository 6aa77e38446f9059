"""Counts of determinations for the yearly metrics that payers publish (CMS-0057-F)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from models.record import Urgency
from models.store.report_figures import Timing, Wanted, determined, timings, urgency_class
from models.store.report_tables import DecisionOutcome, ReportItemRow


@dataclass(frozen=True, slots=True)
class Determinations:
    """The determinations of one plan and urgency in a range, without drugs and what was asked for after the service.

    ``after_appeal``: denied, and approved later. ``extended``: the time was extended, and it was approved.
    """

    plan: str
    urgency: str
    approved: int = 0
    denied: int = 0
    modified: int = 0
    partially_approved: int = 0
    after_appeal: int = 0
    extended: int = 0
    timing: Timing = field(default_factory=Timing)

    @property
    def all(self) -> int:
        """All of them."""
        return self.approved + self.denied + self.modified + self.partially_approved


NO_PLAN = ""
"""The plan of requests of which none is known."""


def _meant() -> tuple[ColumnElement[bool], ...]:
    # 42 CFR 422.122(c), 438.210(f): items and services without drugs; what is past needs no prior authorization.
    return ~ReportItemRow.is_drug, func.coalesce(ReportItemRow.urgency, "") != Urgency.RETROACTIVE.value


def determinations(session: Session, wanted: Wanted, *, by_plan: bool) -> tuple[Determinations, ...]:
    """The determinations made in a range, by urgency, and by plan or with all plans as one (:data:`NO_PLAN`)."""
    plan = func.coalesce(ReportItemRow.plan, NO_PLAN) if by_plan else literal(NO_PLAN)
    overturned = ReportItemRow.outcome == DecisionOutcome.APPROVED_AFTER_APPEAL.value
    approved = ReportItemRow.determined == DecisionOutcome.APPROVED.value
    conditions = (
        approved,
        ReportItemRow.determined == DecisionOutcome.DENIED.value,
        ReportItemRow.determined == DecisionOutcome.MODIFIED.value,
        ReportItemRow.determined == DecisionOutcome.PARTIALLY_APPROVED.value,
        overturned,
        and_(ReportItemRow.extended, approved),
    )
    query = (
        select(
            plan.label("plan_of"), urgency_class().label("urgency_of"), *(func.sum(case((one, 1), else_=0)) for one in conditions)
        )
        .where(*wanted.among(), *_meant(), determined(), wanted.holds(ReportItemRow.decided_at))
        .group_by("plan_of", "urgency_of")
        .order_by("plan_of", "urgency_of")
    )
    took = timings(session, wanted, (plan, urgency_class()), *_meant())
    return tuple(
        Determinations(
            str(name), str(urgency), int(yes), int(no), int(other), int(some), int(won), int(longer), took[name, urgency]
        )
        for name, urgency, yes, no, other, some, won, longer in session.execute(query)
    )


def left_out(session: Session, wanted: Wanted) -> tuple[int, int, int]:
    """What was decided in a range and is in no metric: drugs, what was asked for after the service, and what was not determined."""
    late = func.coalesce(ReportItemRow.urgency, "") == Urgency.RETROACTIVE.value
    conditions = (
        and_(determined(), ReportItemRow.is_drug),
        and_(determined(), ~ReportItemRow.is_drug, late),
        ~determined(),
    )
    query = select(*(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in conditions))
    drugs, past, undetermined = session.execute(query.where(*wanted.among(), wanted.holds(ReportItemRow.decided_at))).one()
    return int(drugs), int(past), int(undetermined)
