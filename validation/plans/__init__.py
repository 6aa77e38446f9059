"""Plans that a site may work for, and the forms and names by which requests are told apart: YAML files in this folder."""

from validation.plan import FormTopic, KnownPlan, Plan, PublishedForm
from validation.plans.load import other_plans, plans_of, published_forms, shipped_plans

__all__ = ["FormTopic", "KnownPlan", "Plan", "PublishedForm", "other_plans", "plans_of", "published_forms", "shipped_plans"]
