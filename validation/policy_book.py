"""Which plan a request is of, and which completeness policy holds for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import lru_cache

from models.circumstances import Coverage, LineOfBusiness
from models.coverage import CoveragePart, told_by_person
from models.form_facts import FormFacts
from models.notices import with_notices
from models.record import ReferralRecord, Status
from validation.check import CALIFORNIA, check
from validation.misdirected import TOPIC, misdirected
from validation.plans import KnownPlan, Plan, other_plans, published_forms, shipped_plans
from validation.policies import Policy, completeness_policy
from validation.recognition import Name, named_in, numbers_in


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The policies of a site.

    ``default`` holds for all that no plan has a policy for, and for everything at a site that names no ``plans``. ``policies`` are
    those of each plan (``PLAN, ""``), of a published form at that plan (``PLAN, FORM``) and of one whose plan is not known
    (``"", FORM``); the deadlines of a plan stand in them.
    """

    default: Policy
    plans: tuple[Plan, ...] = ()
    policies: Mapping[tuple[str, str], Policy] = field(default_factory=dict)

    def plan(self, plan_id: str | None) -> Plan | None:
        """The site's plan of that id."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of the inbox folders through which the faxes of single plans come."""
        return tuple(plan.folder for plan in self.plans)

    def coverage(self, facts: FormFacts, plan_folder: str | None) -> Coverage:
        """Whose request it is, as far as the way it came and its form tell.

        Args:
            facts: what the form says of itself.
            plan_folder: the inbox folder through which it came, if it was a plan's.
        """
        form, form_plan = _form(facts), _form_plan(facts, self.plans)
        if form_plan is None and form is not None:
            form_plan = next(one.plan for one in published_forms() if one.id == form)
        by_folder = next((plan for plan in self.plans if plan.folder == plan_folder), None)
        plan = by_folder or self.plan(form_plan)
        line = facts.line_of_business or _only_line(plan)
        found = Coverage(
            plan=plan.id if plan is not None else None,
            line_of_business=line,
            form=form,
            form_plan=form_plan,
            form_line_of_business=facts.line_of_business,
        )
        if by_folder is not None:
            return found.model_copy(update={"told_by": "inbox"})
        return found.model_copy(update={"told_by": "form"}) if plan is not None or line is not None else found

    def settled(self, coverage: Coverage) -> Coverage:
        """The coverage with the site's plan, where the site has only one and nothing else told which: neither form nor roster."""
        if coverage.plan is not None or len(self.plans) != 1:
            return coverage
        (plan,) = self.plans
        line = coverage.line_of_business or _only_line(plan)
        return coverage.model_copy(update={"plan": plan.id, "line_of_business": line, "told_by": "site"})

    def corrected(self, record: ReferralRecord, part: CoveragePart, value: str | None) -> Coverage:
        """The record's coverage with what a person says; ``None``, where they say that nobody knows it.

        The line of business follows another plan, where that offers only one, and neither the form nor a person has told it.
        """
        coverage = record.coverage
        left = [one for one in coverage.by_roster if one != part]
        if part == "line_of_business":
            line = None if value is None else LineOfBusiness(value)
            told_by = "coordinator" if coverage.told_by in (None, "roster") else coverage.told_by
            return coverage.model_copy(update={"line_of_business": line, "by_roster": left, "told_by": told_by})
        told = coverage.model_copy(update={"plan": value, "by_roster": left, "told_by": "coordinator"})
        plan = self.plan(value)
        stated = coverage.form_line_of_business is not None or told_by_person(record, "line_of_business")
        if plan is None or stated or "line_of_business" in left or coverage.line_of_business in plan.lines_of_business:
            return told
        return told.model_copy(update={"line_of_business": _only_line(plan)})

    def policy_for(self, coverage: Coverage) -> Policy:
        """The policy that holds for a request: its plan's, for its form where that has one of its own; else the default."""
        if not self.plans:
            return self.default
        plan = self.plan(coverage.plan)
        if plan is None:
            return self.policies.get(("", coverage.form or ""), self.default)
        return self.policies.get((plan.id, coverage.form or "")) or self.policies.get((plan.id, ""), self.default)

    def checked(self, record: ReferralRecord, *, today: date, time_zone: tzinfo = CALIFORNIA) -> ReferralRecord:
        """The record with its plan, checked by the policy that holds for it.

        Args:
            record: what was read or corrected, with what the store knows of it.
            today: the day of receipt at the site.
            time_zone: the site's.
        """
        if self.plans and record.status not in (Status.NO_REQUEST, Status.UNREADABLE):
            if not told_by_person(record, "plan"):
                record = record.model_copy(update={"coverage": self.settled(record.coverage)})
            record = with_notices(record, TOPIC, misdirected(record, self.plans))
        return check(record, self.policy_for(record.coverage), today=today, time_zone=time_zone)


def _only_line(plan: Plan | None) -> LineOfBusiness | None:
    lines = plan.lines_of_business if plan is not None else ()
    return lines[0] if len(lines) == 1 else None


@lru_cache(maxsize=1)
def _form_names() -> tuple[Name, ...]:
    return tuple(Name(form.id, phrase) for form in published_forms() for phrase in form.phrases)


def _form(facts: FormFacts) -> str | None:
    """The published form, where head and foot of the pages name one and no other."""
    found = named_in((*facts.heading, *facts.footing), _form_names())
    return next(iter(found)) if len(found) == 1 else None


def _form_plan(facts: FormFacts, plans: tuple[Plan, ...]) -> str | None:
    """The plan that the form names, by its name or by a fax number to send to, where that is one alone."""
    shipped = {plan.id: plan for plan in (*shipped_plans(), *plans)}
    known: tuple[KnownPlan, ...] = (*shipped.values(), *other_plans())
    names = [Name(plan.id, name) for plan in known for name in plan.names]
    numbers = {number: plan.id for plan in shipped.values() for number in plan.fax_numbers}
    found = named_in((*facts.heading, *facts.plan_named), names)
    found |= {numbers[number] for number in numbers_in((*facts.heading, *facts.footing)) if number in numbers}
    return next(iter(found)) if len(found) == 1 else None


def default_book() -> PolicyBook:
    """The shipped default policy for everything."""
    return PolicyBook(completeness_policy())
