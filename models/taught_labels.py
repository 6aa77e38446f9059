"""Labels that a site has taught: "this text means this field". They lie in a file of the site, and hold no value of any form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from models.errors import ConfigurationError

TEACHABLE: tuple[str, ...] = (
    "request.requested_on",
    "request.authorization_number",
    "member.name",
    "member.last_name",
    "member.first_name",
    "member.member_id",
    "member.date_of_birth",
    "member.sex",
    "member.phone",
    *(f"requesting_provider.{part}" for part in ("name", "npi", "tin", "phone", "fax", "contact")),
    *(f"servicing_provider.{part}" for part in ("name", "npi", "tin", "phone", "fax", "facility")),
    "diagnoses.code",
    "diagnoses.description",
    *(f"services.{part}" for part in ("code", "modifiers", "units", "description", "from_date", "to_date")),
    "signature.present",
    "signature.signed_on",
)
"""The fields whose labels can be taught, without positions; ``member.name`` is a name in one piece."""

LONGEST = 80
_MOST_DIGITS = 2
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE_SET = re.compile(r"\bICD-?10\b", re.IGNORECASE)
_MOST_WORDS = 12

_HEAD = """\
# Labels that this site has taught the reader: this text means this field. The desk adds to it when a supervisor confirms a label;
# it may be edited by hand as well. A reader takes a change up with its next document.
"""


def problem_with(text: str) -> str | None:
    """Why a text can be no label, in words; ``None`` where it can. A text that may be a value is none."""
    digits = sum(c.isdigit() for c in _CODE_SET.sub("", text))
    if len(text) > LONGEST or len(text.split()) > _MOST_WORDS:
        return f"A label has at most {LONGEST} characters and {_MOST_WORDS} words."
    if digits > _MOST_DIGITS or "@" in text:
        return "That has digits as a value has them. Teach the printed label alone."
    if not _WORD.search(text) or not text.isprintable():
        return "A label has at least one word."
    return None


def tidy(text: str) -> str:
    """A label as it is kept: single spaces, and no colon or ruled line behind it."""
    return " ".join(text.split()).rstrip(" :._")


def _taught(text: str) -> str:
    tidied = tidy(text)
    problem = problem_with(tidied)
    if problem is not None:
        raise ValueError(problem)
    return tidied


def _field(field: str) -> str:
    if field not in TEACHABLE:
        raise ValueError("There is no field of this name whose label can be taught.")
    return field


class TaughtLabel(BaseModel):
    """One label and its field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, AfterValidator(_taught)]
    field: Annotated[str, AfterValidator(_field)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: tuple[TaughtLabel, ...] = ()


def parse(text: str, name: str) -> tuple[TaughtLabel, ...]:
    """The labels in a file's text.

    Args:
        text: YAML.
        name: the file, for the error.

    Raises:
        ConfigurationError: it is no file of labels.
    """
    try:
        return _File.model_validate(yaml.safe_load(text) or {}).labels
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{name} is no file of taught labels: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
    return "it is not YAML"


def as_yaml(labels: Iterable[TaughtLabel]) -> str:
    """The labels as a file's text, in their order."""
    body = {"labels": [label.model_dump() for label in labels]}
    return _HEAD + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=120)
