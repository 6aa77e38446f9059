"""The rules for changes to authorizations, as data: each with its id, its source, and whether it is in force."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from models.circumstances import Notice, NoticeSeverity

_FILE = Path(__file__).with_name("amendment_rules.yaml")


class AmendmentRule(BaseModel):
    """One rule; ``code`` is that of the notice it gives, ``plans`` are those it is for (empty: all)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    code: str
    severity: NoticeSeverity
    source: str
    in_force: bool = True
    plans: tuple[str, ...] = ()

    def notice(self, message: str, field: str | None = None) -> Notice:
        """The notice that this rule gives."""
        return Notice(code=self.code, severity=self.severity, message=message, field=field, rule=self.id, source=self.source)


class AmendmentRules(BaseModel):
    """The whole of a file of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[AmendmentRule, ...]

    def of(self, code: str, plan: str | None) -> AmendmentRule | None:
        """The rule that gives a notice, where it is in force and for the plan."""
        fit = (rule for rule in self.rules if rule.code == code and rule.in_force and (not rule.plans or plan in rule.plans))
        return next(fit, None)


@lru_cache(maxsize=1)
def amendment_rules() -> AmendmentRules:
    """The rules of the package, read once and checked."""
    return AmendmentRules.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
