"""Completeness policies and deadline rule sets: one YAML file each, found by scanning this folder."""

from validation.deadlines.rules import DeadlineRule, DeadlineSet
from validation.policies.load import completeness_policies, completeness_policy, deadline_set, deadline_sets, read_policy
from validation.policy import FieldPolicy, Policy, ReviewCosts

__all__ = [
    "DeadlineRule",
    "DeadlineSet",
    "FieldPolicy",
    "Policy",
    "ReviewCosts",
    "completeness_policies",
    "completeness_policy",
    "deadline_set",
    "deadline_sets",
    "read_policy",
]
