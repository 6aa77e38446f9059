"""Finds the plans and published forms that come with the product, and reads a site's own plans."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from models.errors import ConfigurationError
from validation.plan import KnownPlan, OtherPlans, Plan, PublishedForm, PublishedForms

_FOLDER = Path(__file__).parent
_File = Plan | OtherPlans | PublishedForms
_FILE: TypeAdapter[_File] = TypeAdapter(Annotated[_File, Field(discriminator="kind")])
# What a site may keep beside its plans: they are read when a plan names them.
_BESIDE = frozenset({"completeness", "deadlines"})


def shipped_plans() -> tuple[Plan, ...]:
    """The plans that come with the product, by id."""
    return tuple(sorted((found for found in _shipped() if isinstance(found, Plan)), key=lambda plan: plan.id))


def other_plans() -> tuple[KnownPlan, ...]:
    """Plans that are known by their names alone."""
    return tuple(plan for found in _shipped() if isinstance(found, OtherPlans) for plan in found.plans)


def published_forms() -> tuple[PublishedForm, ...]:
    """The published forms that are known."""
    return tuple(form for found in _shipped() if isinstance(found, PublishedForms) for form in found.forms)


def plans_of(folder: Path | None) -> tuple[Plan, ...]:
    """All plans that a site can choose from: its own, and the shipped ones that none of its own replaces.

    Args:
        folder: the folder of the site's own plan files, if it has one.

    Raises:
        ConfigurationError: a file cannot be read, or is no plan; or two are of one plan.
    """
    own = () if folder is None else _own_plans(folder)
    ids = [plan.id for plan in own]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise ConfigurationError(f"Two plan files are of one plan: {', '.join(doubled)}.")
    return (*own, *(plan for plan in shipped_plans() if plan.id not in ids))


def _own_plans(folder: Path) -> tuple[Plan, ...]:
    if not folder.is_dir():
        raise ConfigurationError(f"The folder of plan files is not there: {folder}.")
    paths = [path for path in sorted(folder.glob("*.yaml")) if _kind(_content(path)) not in _BESIDE]
    found = [(path, _read(path)) for path in paths]
    strange = next((path for path, one in found if not isinstance(one, Plan)), None)
    if strange is not None:
        raise ConfigurationError(f"The plan file {strange} holds no plan.")
    return tuple(one for _, one in found if isinstance(one, Plan))


@lru_cache(maxsize=1)
def _shipped() -> tuple[_File, ...]:
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.yaml")))


def _read(path: Path) -> _File:
    try:
        return _FILE.validate_python(_content(path))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
        raise ConfigurationError(f"The plan file {path} is not a plan: {wrong}.") from error


def _content(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"The plan file {path} cannot be read.") from error


def _kind(content: object) -> object:
    return content.get("kind") if isinstance(content, dict) else None
