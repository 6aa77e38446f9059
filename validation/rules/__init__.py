"""Validation rules: one module a rule, found by scanning this folder."""

from validation.rules.registry import Context, Finding, Rule, all_rules, rule

__all__ = ["Context", "Finding", "Rule", "all_rules", "rule"]
