"""The wordings that the prose reader knows, as data."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_DATA = Path(__file__).parent.parent / "data" / "prose.yaml"


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Acts(_Closed):
    """Verbs and verb phrases by what they do with the values beside them."""

    replace: tuple[str, ...]
    adjust: tuple[str, ...]
    move: tuple[str, ...]
    substitute: tuple[str, ...]
    exchange: tuple[str, ...]
    keep: tuple[str, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    extend: tuple[str, ...]
    state: tuple[str, ...]
    submitted: tuple[str, ...]
    use: tuple[str, ...]


class Roles(_Closed):
    """Words before a value that say whether it is the old or the new one, or the service it is about."""

    new: tuple[str, ...]
    old: tuple[str, ...]
    contrast: tuple[str, ...]
    context: tuple[str, ...]


class Scope(_Closed):
    """Terms of one NegEx instance."""

    pseudo_negations: list[str]
    preceding_negations: list[str]
    following_negations: list[str]
    termination: list[str]


class LetterCues(_Closed):
    """Labels and words of letters; ``recipient`` begins the plan's own lines, ``staff`` is who signs for the provider."""

    subject: tuple[str, ...]
    birth: tuple[str, ...]
    member_id: tuple[str, ...]
    authorization: tuple[str, ...]
    sex: tuple[str, ...]
    fax: tuple[str, ...]
    phone: tuple[str, ...]
    tin: tuple[str, ...]
    contact: tuple[str, ...]
    recipient: tuple[str, ...]
    date: tuple[str, ...]
    staff: tuple[str, ...]
    cancel: tuple[str, ...]
    extend: tuple[str, ...]
    amend: tuple[str, ...]
    object: tuple[str, ...]
    urgent: tuple[str, ...]
    routine: tuple[str, ...]
    retroactive: tuple[str, ...]


class ProseData(_Closed):
    """The whole of ``data/prose.yaml``."""

    acts: Acts
    nouns_too: frozenset[str]
    directives: frozenset[str]
    wishes: frozenset[str]
    right: tuple[str, ...]
    roles: Roles
    arrows: tuple[str, ...]
    separable: dict[str, tuple[str, ...]]
    fields: dict[str, tuple[str, ...]]
    other_provider: tuple[str, ...]
    moves: tuple[str, ...]
    more: tuple[str, ...]
    unit_words: tuple[str, ...]
    negated: Scope
    historical: Scope
    name_stops: tuple[str, ...]
    letter: LetterCues


@lru_cache(maxsize=1)
def prose_data() -> ProseData:
    """The wordings, read once and checked."""
    return ProseData.model_validate(yaml.safe_load(_DATA.read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, the longest first; spaces match any gap."""
    ordered = sorted(phrases, key=len, reverse=True)
    body = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])", re.IGNORECASE)
