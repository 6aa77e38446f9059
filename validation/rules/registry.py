"""What a rule is, and which there are.

A rule is a plain function from a :class:`Context` to its findings, in a module of its own in this folder::

    @rule("npi.check_digit")
    def check_digit(context: Context) -> Iterator[Finding]:
        '''An NPI whose check digit fails.'''

It reads and never changes the record. It names the field, the reason and the message; the policy names the severity.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from models.record import GapReason, ReferralRecord, Severity
from validation.conditions import is_asked, is_exempt
from validation.policy import FieldPolicy, Policy


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at. ``today`` is the day of receipt at the site."""

    record: ReferralRecord
    policy: Policy
    today: date

    def required_fields(self) -> Iterator[FieldPolicy]:
        """The fields that a request such as this must give."""
        return (field for field in self.policy.fields if is_asked(field, self.record))

    def is_exempt(self, path: str) -> bool:
        """Whether the policy names the field and frees this request from giving it, by a condition."""
        field = self.policy.field_policy(path)
        return field is not None and is_exempt(field, self.record)


@dataclass(frozen=True, slots=True)
class Finding:
    """One gap before its severity is known. ``message`` can be sent to the provider's office as it stands.

    ``rule``, ``source`` and ``severity`` are those of the policy, where it has a rule of its own for this.
    """

    field: str
    reason: GapReason
    message: str
    rule: str | None = None
    source: str | None = None
    severity: Severity | None = None


Check = Callable[[Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule; ``id`` and ``source``, where it stands, are told in the gaps that it gives."""

    id: str
    check: Check
    source: str | None = None


_found: dict[str, Rule] = {}


def rule(rule_id: str, source: str | None = None) -> Callable[[Check], Check]:
    """Register a function as the rule of that id.

    Args:
        rule_id: what names it in gaps, policies and the documentation.
        source: the statute or code set that it follows from; ``None`` for plain sense.

    Raises:
        ValueError: when the id is taken.
    """

    def register(check: Check) -> Check:
        if rule_id in _found:
            raise ValueError(f"two rules are named {rule_id}")
        _found[rule_id] = Rule(rule_id, check, source)
        return check

    return register


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """All rules in this folder, by id."""
    for module in sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])):
        importlib.import_module(f"{__package__}.{module}")
    return tuple(sorted(_found.values(), key=lambda found: found.id))
