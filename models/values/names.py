"""Names of people and of providers.

A member's name is parted into last, first and middle; a provider's name loses its titles and degrees. Forms write
``Last, First M``, ``First M Last`` and ``LAST FIRST M``; where there is no comma, the label says which.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.values.kinds import ValueReading

_SHIPPED = Path(__file__).with_name("name_words.toml")
_WORD = re.compile(r"[^\W\d_][\w'\u2019`.\-]*")
_NOT_NAME = re.compile(
    r"\b(?:npi|tin|tax|phone|fax|tel|dob|birth|address|specialty|member|patient|provider|name|date|id|street|suite)\b",
    re.IGNORECASE,
)
_NUMBER_AFTER = re.compile(r"[\s,;/(|\-]*(?:\b(?:NPI|TIN|EIN|tax id|phone|tel|fax)\b|[0-9(][0-9() .\-]{6,}[0-9])", re.IGNORECASE)
_STRAY = re.compile(r"[_|*]+")
_ABBREVIATION_END = re.compile(r"\b(?:inc|jr|sr|co|corp|ltd)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts; a part that is not given is ``None``. A generation (Jr., III) is in no part."""

    last_name: str | None
    first_name: str | None
    middle: str | None


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    with _SHIPPED.open("rb") as file:
        return {name: frozenset(words) for name, words in tomllib.load(file).items()}


def split_person_name(text: str, *, last_first: bool | None) -> PersonName:
    """Part a person's name.

    Args:
        text: the name as it stands on the form.
        last_first: whether the label says that the last name comes first; ``None`` where it does not say. A comma after the
            first words always means that it does.
    """
    head, comma, tail = _misread_comma(text).strip(" ,").partition(",")
    if comma and _name_words(tail):
        return _person(_name_words(head), _name_words(tail))
    words = _name_words(head)
    if last_first is None:
        last_first = _looks_last_first(words)
    if last_first:
        cut = _last_name_length(words)
        return _person(words[:cut], words[cut:])
    return _first_last(words)


def _misread_comma(text: str) -> str:
    """``Smith. John``: a full stop after a whole word is a comma that lost its tail."""
    match = re.match(r"\s*([^\W\d_][\w'\-]{2,})\s?[.;]\s+(?=[^\W\d_])", text)
    if match is None or _plain(match[1]) in _words()["titles"] | _words()["abbreviated"]:
        return text
    return f"{match[1]}, {text[match.end() :]}"


def plain_provider_name(text: str) -> str:
    """A provider's name without title, degree, or stray marks; ``Last, First M, MD`` becomes ``First M Last``.

    The name of an organization keeps its words in order.
    """
    cleaned = " ".join(_STRAY.sub(" ", text).split()).strip(" ,;:-/")
    if not _ABBREVIATION_END.search(cleaned):
        cleaned = cleaned.rstrip(".")
    if not cleaned or is_organization(cleaned):
        return cleaned
    pieces = [piece for piece in re.split(r"\s*[,;]\s*", cleaned) if piece]
    parts = [_without_titles(pieces[0], keep_one=True)] if pieces else []
    parts += [part for piece in pieces[1:] if (part := _without_titles(piece, keep_one=False))]
    if len(parts) > 1 and _plain(parts[-1]) in _words()["suffixes"]:
        parts = [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 else " ".join(parts)


def is_organization(text: str) -> bool:
    """Whether the words name an organization and not a person."""
    return any(_plain(word) in _words()["organization"] for word in _WORD.findall(text))


def find_person_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one person's name, or nothing where it can be none."""
    return _whole(text, provider=False)


def find_provider_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one provider's name without title and degree, or nothing where it can be none."""
    return _whole(text, provider=True)


def _whole(text: str, *, provider: bool) -> tuple[ValueReading, ...]:
    span = (_without_numbers(text) if provider else text).strip(" \t\r\n_:;|,*-/()[]")
    letters = sum(character.isalpha() for character in span)
    if letters < 2 or letters < 0.6 * sum(not character.isspace() for character in span):
        return ()
    value = plain_provider_name(span) if provider else " ".join(_STRAY.sub(" ", span).replace(" ,", ",").split())
    if not value:
        return ()
    start = text.index(span)
    return (ValueReading(value, span, start, start + len(span), _fit(value, provider=provider)),)


def _without_numbers(text: str) -> str:
    """The text up to an identifier or telephone that shares its cell: ``Ann Lee MD  NPI 1234567893``."""
    cut = _NUMBER_AFTER.search(text)
    return text[: cut.start()] if cut and any(character.isalpha() for character in text[: cut.start()]) else text


def _fit(value: str, *, provider: bool) -> float:
    words = value.replace(",", " ").split()
    fit = 1.0
    if len(words) == 1:
        fit = 0.6
    elif len(words) > (8 if provider else 5):
        fit = 0.4
    if any(character.isdigit() for character in value):
        fit -= 0.3
    if _NOT_NAME.search(value):
        fit -= 0.4
    if not provider and is_organization(value):
        fit -= 0.4
    return round(max(fit, 0.1), 3)


def _plain(word: str) -> str:
    return re.sub(r"[\W_]", "", word).lower()


def _name_words(text: str) -> list[str]:
    """The words of a person's name, without titles and generations."""
    words = [
        word if _plain(word) in _words()["abbreviated"] else word.rstrip(".")
        for word in _WORD.findall(re.sub(r"[\u2019`]", "'", text))
    ]
    dropped = _words()["titles"] | _words()["suffixes"]
    return [word for word in words if _plain(word) not in dropped]


def _looks_last_first(words: list[str]) -> bool:
    """``SMITH JOHN A`` (an initial follows the first name) and ``De Leon Renato`` (a particle begins the last name)."""
    if len(words) < 3:
        return False
    if _plain(words[0]) in _words()["last_name_starts"]:
        return True
    return len(_plain(words[-1])) == 1 and len(_plain(words[1])) > 1


def _last_name_length(words: list[str]) -> int:
    """How many words the last name has where it comes first."""
    length = 1
    while length < len(words) - 1 and _plain(words[length - 1]) in _words()["particles"] and len(_plain(words[length + 1])) > 1:
        length += 1
    return length


def _first_last(words: list[str]) -> PersonName:
    if len(words) < 2:
        return _person(words, [])
    cut = len(words) - 1
    while cut > 1 and _plain(words[cut - 1]) in _words()["particles"]:
        cut -= 1
    return _person(words[cut:], words[:cut])


def _person(last: list[str], given: list[str]) -> PersonName:
    """A first name of two full words (Mary Ann) cannot be told from a first and a middle name: it stays as it stands."""
    cut = 2 if len(given) > 1 and len(_plain(given[1])) > 1 else 1
    return PersonName(" ".join(last) or None, " ".join(given[:cut]) or None, " ".join(given[cut:]) or None)


def _without_titles(piece: str, *, keep_one: bool) -> str:
    """The piece without titles before it and degrees after it; ``keep_one`` keeps a last name such as Do."""
    words = piece.split()
    least = 1 if keep_one else 0
    while len(words) > least and _plain(words[0]) in _words()["titles"]:
        words = words[1:]
    while len(words) > least and (not _plain(words[-1]) or _is_degree(words[-1], words_before=len(words) - 1)):
        words = words[:-1]
    return " ".join(words)


def _is_degree(word: str, *, words_before: int) -> bool:
    """A degree is written in capitals or with dots, or is long enough to be no name.

    Do and Ma are last names too: right after one first name they are no degree.
    """
    plain = _plain(word)
    if plain not in _words()["degrees"] or (words_before == 1 and plain in _words()["degrees_or_names"]):
        return False
    return words_before == 0 or word.upper() == word or "." in word or len(plain) > 2
