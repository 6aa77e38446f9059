"""Finds the policies that come with the product, and reads a plan's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from models.errors import ConfigurationError
from validation.deadlines.basis import on_its_basis
from validation.deadlines.rules import DeadlineSet
from validation.plans import published_forms
from validation.policy import Policy
from validation.rules import all_rules
from validation.wording import wording

_FOLDER = Path(__file__).parent
_FILE: TypeAdapter[Policy | DeadlineSet] = TypeAdapter(Annotated[Policy | DeadlineSet, Field(discriminator="kind")])
# A reading that may have a price and is never asked for by name.
_SIGNED = "signature.present"
_ENDING = ".yaml"
_REVIEW = "review"


def completeness_policies() -> tuple[Policy, ...]:
    """All completeness policies in the folder, by name."""
    return tuple(found for found in _shipped() if isinstance(found, Policy))


def deadline_sets() -> tuple[DeadlineSet, ...]:
    """All deadline rule sets in the folder, by name."""
    return tuple(found for found in _shipped() if isinstance(found, DeadlineSet))


def completeness_policy(name: str = "default") -> Policy:
    """The policy of that name.

    Raises:
        ConfigurationError: when the folder has none such.
    """
    for policy in completeness_policies():
        if policy.name == name:
            return policy
    raise ConfigurationError(f"There is no completeness policy named {name!r}.")


def deadline_set(name: str) -> DeadlineSet:
    """The deadline rule set of that name; one that ends in ``.yaml`` is a file of the site's own.

    Raises:
        ConfigurationError: when the folder has none such, or the file cannot be read or holds no deadlines.
    """
    if name.endswith(_ENDING):
        return _own_deadlines(Path(name))
    for rules in deadline_sets():
        if rules.name == name:
            return rules
    raise ConfigurationError(f"There is no deadline rule set named {name!r}.")


def read_policy(path: Path) -> Policy:
    """A plan's own completeness policy, which stands in place of the default as a whole.

    Raises:
        ConfigurationError: when the file cannot be read or is no policy; the message says where.
    """
    found = _read(path)
    if not isinstance(found, Policy):
        raise ConfigurationError(f"The policy file {path} holds deadlines, not a completeness policy.")
    if found.deadlines is not None:
        if found.deadlines.endswith(_ENDING):
            found = found.model_copy(update={"deadlines": str((path.parent / found.deadlines).absolute())})
        deadline_set(found.deadlines or "")
    return found


@lru_cache(maxsize=16)
def _own_deadlines(path: Path) -> DeadlineSet:
    found = _parsed(path)
    if not isinstance(found, DeadlineSet):
        raise ConfigurationError(f"The file {path} holds a policy, not deadlines.")
    return found


@lru_cache(maxsize=1)
def _shipped() -> tuple[Policy | DeadlineSet, ...]:
    return tuple(sorted((_read(path) for path in sorted(_FOLDER.glob("*.yaml"))), key=lambda found: found.name))


def _read(path: Path) -> Policy | DeadlineSet:
    found = _parsed(path)
    if isinstance(found, Policy):
        paths = {path for field in found.fields for path in (field.field, *field.or_given)}
        fields = {*paths, *found.review.fields} - {*wording(), _SIGNED}
        rules = (set(found.rules) | found.switched_off) - {rule.id for rule in all_rules()}
        forms = _named_forms(found) - {form.id for form in published_forms()}
        if fields or rules or forms:
            unknown = ", ".join(sorted(fields | rules | forms))
            raise ConfigurationError(f"The policy file {path} names what does not exist: {unknown}.")
    return found


def _named_forms(policy: Policy) -> set[str]:
    conditions = (condition for field in policy.fields for condition in (field.when, field.unless) if condition is not None)
    return {form for condition in conditions for form in condition.forms or ()}


def _parsed(path: Path) -> Policy | DeadlineSet:
    try:
        return _FILE.validate_python(_content(path))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"The policy file {path} cannot be read.") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
        raise ConfigurationError(f"The policy file {path} is not a policy: {wrong}.") from error


def _content(path: Path) -> object:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return on_its_basis(_with_costs(found), _shipped_content)


def _with_costs(found: object) -> object:
    """The content of a policy file, with the costs of the shipped policy that ``review`` names."""
    if not isinstance(found, dict) or not isinstance(found.get(_REVIEW), str):
        return found
    named = _shipped_content(found[_REVIEW])
    return {**found, _REVIEW: named.get(_REVIEW) if isinstance(named, dict) else None}


def _shipped_content(name: str) -> object:
    """What the shipped file of a name says; one of deadlines is named as its set, with ``_deadlines`` behind it or without."""
    for path in (_FOLDER / f"{name}_deadlines.yaml", _FOLDER / f"{name}.yaml"):
        if path.is_file():
            return _content(path)
    raise ConfigurationError(f"There is no deadline rule set named {name!r}.")
