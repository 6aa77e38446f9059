"""The words of a letter: those that come with the product, or a plan's own file over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from models.errors import ConfigurationError
from models.record import without_positions

_SHIPPED = Path(__file__).with_name("default.yaml")
_MOST_SENDER_LINES = 5
_PLACES: Mapping[str, frozenset[str]] = {
    "opening": frozenset({"received", "fax", "code"}),
    "closing": frozenset({"received", "fax", "code"}),
    "on_your_form": frozenset({"label"}),
    "page": frozenset({"number", "count"}),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sender(_Part):
    """Who writes: a name, and lines such as an address or a telephone number."""

    name: str
    lines: tuple[str, ...] = ()

    @field_validator("lines")
    @classmethod
    def _few(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        if len(lines) > _MOST_SENDER_LINES:
            raise ValueError(f"at most {_MOST_SENDER_LINES} lines fit")
        return lines


class Identifiers(_Part):
    """What stands beside each of the request's identifiers."""

    member: str
    member_id: str
    date_of_birth: str
    services: str
    received: str
    reference: str
    authorization_number: str


class Columns(_Part):
    """The headings of the table for services."""

    code: str
    description: str
    modifiers: str
    units: str
    from_date: str
    to_date: str


class Template(_Part):
    """All words of a letter; ``default.yaml`` beside this module says what each is."""

    language: str
    sender: Sender
    fax: str | None
    fax_of_request: str
    title: str
    to: str
    to_fax: str
    dated: str
    code: str
    opening: str
    request: str
    identifiers: Identifiers
    missing: str
    on_your_form: str
    answer: str
    closing: str
    privacy: str
    page: str
    dates: str
    answers: Mapping[str, str]
    columns: Columns
    other_answer: str

    @field_validator(*_PLACES)
    @classmethod
    def _fits(cls, text: str) -> str:
        try:
            tuple(Formatter().parse(text))
        except ValueError as error:
            raise ValueError("its braces do not match") from error
        return text

    @model_validator(mode="after")
    def _known_places(self) -> Template:
        for name, known in _PLACES.items():
            named = {place for _, place, _, _ in Formatter().parse(getattr(self, name)) if place is not None}
            if not named <= known:
                raise ValueError(
                    f"{name} may hold {', '.join('{' + one + '}' for one in sorted(known))} in braces, and nothing else"
                )
        return self

    def answer_to(self, path: str) -> str:
        """What stands beside the box for the answer to a field."""
        return self.answers.get(without_positions(path), self.other_answer)

    def day(self, day: date) -> str:
        """A day as the letter writes it."""
        return day.strftime(self.dates)

    @property
    def fax_to_answer(self) -> str:
        """Where the answer goes, in words."""
        return self.fax or self.fax_of_request


@lru_cache(maxsize=4)
def letter_template(path: Path | None = None) -> Template:
    """The words of the letter: a plan's file over those that come with the product.

    Raises:
        ConfigurationError: the file cannot be read or is no template; the message says where.
    """
    shipped = _parsed(_SHIPPED)
    given = {} if path is None else _parsed(path)
    try:
        return Template.model_validate(_over(shipped, given))
    except ValidationError as error:
        parts = "; ".join(f"{'.'.join(str(step) for step in item['loc']) or 'the file'}: {item['msg']}" for item in error.errors())
        raise ConfigurationError(f"The letter template is wrong: {parts}.") from error


def _parsed(path: Path) -> dict[str, object]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"The letter template {path} cannot be read.") from error
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise ConfigurationError(f"The letter template {path} holds no names.")
    return read


def _over(shipped: dict[str, object], given: dict[str, object]) -> dict[str, object]:
    """``given`` over ``shipped``, and so in each part of it."""
    whole = dict(shipped)
    for name, value in given.items():
        below = whole.get(name)
        whole[name] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return whole
