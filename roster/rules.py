"""The rules by which a notice follows from a list: data, each with its id and source."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from models.circumstances import Notice, NoticeSeverity


class Rule(BaseModel):
    """One rule. ``code`` may hold ``{role}``, and ``message`` what its notice is told with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    code: str
    severity: NoticeSeverity
    message: str
    source: str
    field: str | None = None


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """All rules by their ids."""
    raw = yaml.safe_load(files("roster").joinpath("data/rules.yaml").read_text(encoding="utf-8"))
    return {rule.id: rule for rule in TypeAdapter(tuple[Rule, ...]).validate_python(raw)}


def notice(rule_id: str, *, belongs_to: str | None = None, severity: NoticeSeverity | None = None, **told: str) -> Notice:
    """The notice of a rule.

    Args:
        rule_id: the rule.
        belongs_to: where the request should go.
        severity: in place of the rule's own.
        told: what its code, message and field are told with.
    """
    rule = rules()[rule_id]
    return Notice(
        code=rule.code.format(**told),
        severity=severity or rule.severity,
        message=rule.message.format(**told),
        field=None if rule.field is None else rule.field.format(**told),
        rule=rule.id,
        source=rule.source,
        belongs_to=belongs_to,
    )
