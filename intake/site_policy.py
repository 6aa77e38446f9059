"""The policies of a site: those of the plans that its settings name, and the one for everything else."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from intake.settings import Settings
from models.errors import ConfigurationError
from validation.plans import Plan, plans_of, published_forms
from validation.policies import Policy, completeness_policy, deadline_set, read_policy
from validation.policy_book import PolicyBook

_FILE = ".yaml"


def policies_of(settings: Settings) -> PolicyBook:
    """The site's policies; the default policy for everything where it names no plan.

    Raises:
        ConfigurationError: a file cannot be read or is not what it should be; or a plan is not known.
    """
    return _book(settings.policy, settings.deadlines, settings.plans, settings.plan_files)


@lru_cache(maxsize=8)
def _book(path: Path | None, deadlines: str | None, plan_ids: tuple[str, ...], folder: Path | None) -> PolicyBook:
    default = completeness_policy() if path is None else read_policy(path)
    if deadlines is not None:
        deadline_set(deadlines)
        default = default.model_copy(update={"deadlines": deadlines})
    plans = _plans(plan_ids, folder)
    policies: dict[tuple[str, str], Policy] = {}
    for form in published_forms():
        if plans and form.policy is not None:
            policies["", form.id] = completeness_policy(form.policy)
    for plan in plans:
        policies[plan.id, ""] = _of_plan(plan, plan.policy, default, folder)
        for form_id, name in plan.form_policies.items():
            policies[plan.id, form_id] = _of_plan(plan, name, default, folder)
    return PolicyBook(default, plans, policies)


def _plans(plan_ids: tuple[str, ...], folder: Path | None) -> tuple[Plan, ...]:
    if not plan_ids:
        return ()
    known = {plan.id: plan for plan in plans_of(folder)}
    unknown = [plan_id for plan_id in plan_ids if plan_id not in known]
    if unknown:
        raise ConfigurationError(f"There is no plan {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
    plans = tuple(known[plan_id] for plan_id in dict.fromkeys(plan_ids))
    folders = [plan.folder.lower() for plan in plans]
    if len(set(folders)) < len(folders):
        raise ConfigurationError("Two plans have one inbox folder.")
    strange = {form_id for plan in plans for form_id in plan.form_policies} - {form.id for form in published_forms()}
    if strange:
        raise ConfigurationError(f"A plan names a published form that is not known: {', '.join(sorted(strange))}.")
    return plans


def _of_plan(plan: Plan, name: str | None, default: Policy, folder: Path | None) -> Policy:
    """A policy that a plan file names, with the plan's own deadlines where it has some."""
    policy = default if name is None else read_policy(_beside(name, folder)) if name.endswith(_FILE) else completeness_policy(name)
    if plan.deadlines is None:
        return policy
    deadlines = str(_beside(plan.deadlines, folder)) if plan.deadlines.endswith(_FILE) else plan.deadlines
    deadline_set(deadlines)
    return policy.model_copy(update={"deadlines": deadlines})


def _beside(name: str, folder: Path | None) -> Path:
    return ((folder or Path()) / name).absolute()
