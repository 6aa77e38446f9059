"""Requests that belong elsewhere: another plan's form, a pharmacy form, a service authorization request of CCS, a dental form.

Told only at a site that names the plans that it works for, and always asked about: what a form is called does not make a request
somebody else's, and the clock runs until a person has forwarded it.
"""

from __future__ import annotations

from models.circumstances import Coverage, Notice, NoticeSeverity
from models.coverage import told_by_person
from models.record import ReferralRecord
from validation.plans import KnownPlan, Plan, PublishedForm, other_plans, published_forms, shipped_plans

TOPIC = "misdirected"
"""The first word of the codes."""

_SITES_PLANS = "The setting plans: the plans that this site works for."
_ELSEWHERE = "The request is written on a form for something else: {form}. It belongs to: {belongs_to}."
_OTHER_PLAN = "The request is written on a form of {plan}, a plan that this site does not work for."
_MEMBERS_PLAN = "The roster has the member with {plan}, a plan that this site does not work for."
_OTHER_FOLDER = "The request came through the folder of {folder}, and is written on a form of {plan}."


def misdirected(record: ReferralRecord, plans: tuple[Plan, ...]) -> tuple[Notice, ...]:
    """The notices about where the request belongs, the surest first and one alone.

    Args:
        record: with its coverage.
        plans: those that the site works for.
    """
    coverage = record.coverage
    own = {plan.id: plan for plan in plans}
    form = next((one for one in published_forms() if one.id == coverage.form), None)
    if form is not None and form.topic is not None:
        takes = own[coverage.plan].accepts if coverage.plan in own else frozenset(topic for plan in plans for topic in plan.accepts)
        return () if form.topic in takes else (_of_form(form),)
    if "plan" in coverage.by_roster and coverage.plan is not None and coverage.plan not in own:
        return (_of_member(coverage.plan),)
    if coverage.form_plan is None or (told_by_person(record, "plan") and coverage.plan in own):
        return ()
    if coverage.form_plan not in own:
        return (_of_plan(coverage.form_plan),)
    return _of_folder(coverage, own)


def _of_form(form: PublishedForm) -> Notice:
    belongs_to = form.belongs_to or form.title
    message = _ELSEWHERE.format(form=form.title, belongs_to=belongs_to)
    return _notice(f"{form.topic}_form", message, belongs_to, form.rule, form.source)


def _of_member(plan_id: str) -> Notice:
    title = _title(plan_id)
    return _notice("members_plan", _MEMBERS_PLAN.format(plan=title), title, f"{TOPIC}.members_plan", _SITES_PLANS)


def _title(plan_id: str) -> str:
    known: tuple[KnownPlan, ...] = (*shipped_plans(), *other_plans())
    return next((plan.title for plan in known if plan.id == plan_id), plan_id)


def _of_plan(plan_id: str) -> Notice:
    title = _title(plan_id)
    return _notice("other_plan", _OTHER_PLAN.format(plan=title), title, f"{TOPIC}.other_plan", _SITES_PLANS)


def _of_folder(coverage: Coverage, own: dict[str, Plan]) -> tuple[Notice, ...]:
    """Of two of the site's plans, the folder said one and the form says the other."""
    if coverage.told_by != "inbox" or coverage.plan not in own or coverage.form_plan in (None, coverage.plan):
        return ()
    form_plan, folder = own[coverage.form_plan or ""], own[coverage.plan]
    message = _OTHER_FOLDER.format(folder=folder.title, plan=form_plan.title)
    return (_notice("other_folder", message, form_plan.title, f"{TOPIC}.other_folder", _SITES_PLANS),)


def _notice(code: str, message: str, belongs_to: str, rule: str | None, source: str) -> Notice:
    return Notice(
        code=f"{TOPIC}.{code}", severity=NoticeSeverity.ASK, message=message, rule=rule, source=source, belongs_to=belongs_to
    )
