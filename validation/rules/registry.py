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

from models.record import GapReason, ReferralRecord, RequestKind
from validation.policy import FieldPolicy, Policy


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at. ``today`` is the day of receipt at the site."""

    record: ReferralRecord
    policy: Policy
    today: date

    @property
    def kind(self) -> RequestKind:
        """The kind of the request; one that does not say is taken as new, which asks for the most."""
        return self.record.request.kind or RequestKind.NEW

    def required_fields(self) -> Iterator[FieldPolicy]:
        """The fields that a request of this kind must give."""
        return (field for field in self.policy.fields if self.kind in field.required_for)


@dataclass(frozen=True, slots=True)
class Finding:
    """One gap before its severity is known. ``message`` can be sent to the provider's office as it stands."""

    field: str
    reason: GapReason
    message: str


Check = Callable[[Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule; ``id`` stands in the gaps that it gives."""

    id: str
    check: Check


_found: dict[str, Rule] = {}


def rule(rule_id: str) -> Callable[[Check], Check]:
    """Register a function as the rule of that id.

    Raises:
        ValueError: when the id is taken.
    """

    def register(check: Check) -> Check:
        if rule_id in _found:
            raise ValueError(f"two rules are named {rule_id}")
        _found[rule_id] = Rule(rule_id, check)
        return check

    return register


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """All rules in this folder, by id."""
    for module in sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])):
        importlib.import_module(f"{__package__}.{module}")
    return tuple(sorted(_found.values(), key=lambda found: found.id))
