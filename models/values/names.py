"""Names of people, parted into last, first and middle.

Forms write ``Last, First M``, ``First M Last`` and ``LAST FIRST M``; where there is no comma, the label says which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.values.kinds import ValueReading
from models.values.name_words import WORD, is_organization, name_words, plain, says_no_name, small_share, tidied, with_capitals

_EDGES = " \t\r\n_:;|,*-/()[]"
_MISREAD_COMMA = re.compile(r"\s*([^\W\d_][\w'\-]{2,})\s?[.;]\s+(?=[^\W\d_])")
# "Mirela, ext. 12": how to reach a contact is no part of the name.
_EXTENSION = re.compile(r"[\s,;(]+(?:ext\.?|extension|x)\s*#?\d{1,6}\W*$", re.IGNORECASE)
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts; a part that is not given is ``None``. A generation (Jr., III) is in no part."""

    last_name: str | None
    first_name: str | None
    middle: str | None


def split_person_name(text: str, *, last_first: bool | None) -> PersonName:
    """Part a person's name.

    Args:
        text: the name as it stands on the form.
        last_first: whether the label says that the last name comes first; ``None`` where it does not say. A comma after the
            first words always means that it does.
    """
    head, comma, tail = _with_comma(tidied(text)).strip(" ,").partition(",")
    if comma and _name_words(tail):
        return _person(_name_words(head), _name_words(tail))
    words = _name_words(head)
    if last_first is None:
        last_first = _looks_last_first(words)
    if last_first:
        cut = _last_name_length(words)
        return _person(words[:cut], words[cut:])
    return _first_last(words)


def find_person_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one person's name, or nothing where it can be none, as a sentence."""
    span = _EXTENSION.sub("", text.strip(_EDGES)).strip(_EDGES)
    letters = sum(character.isalpha() for character in span)
    value = with_capitals(tidied(span))
    if letters < 2 or letters < 0.6 * len(span.replace(" ", "")) or len(value.split()) > _MOST_WORDS:
        return ()
    start = text.index(span)
    return (ValueReading(value, span, start, start + len(span), _fit(value)),)


def _fit(value: str) -> float:
    fit = 0.6 if len(value.replace(",", " ").split()) == 1 else 1.0
    if any(character.isdigit() for character in value):
        fit -= 0.3
    if says_no_name(value) or is_organization(value):
        fit -= 0.4
    fit -= 0.4 * small_share(value)
    return round(max(fit, 0.1), 3)


def _with_comma(text: str) -> str:
    """``Smith. John``: a full stop after a whole word is a comma that lost its tail."""
    match = _MISREAD_COMMA.match(text)
    if match is None or plain(match[1]) in name_words().titles | name_words().abbreviated:
        return text
    return f"{match[1]}, {text[match.end() :]}"


def _name_words(text: str) -> list[str]:
    """The words of a person's name, without titles and generations."""
    known = name_words()
    words = [
        word if plain(word) in known.abbreviated else word.rstrip(".") for word in WORD.findall(re.sub(r"[\u2019`]", "'", text))
    ]
    return [word for word in words if plain(word) not in known.titles | known.suffixes]


def _looks_last_first(words: list[str]) -> bool:
    """``SMITH JOHN A`` (an initial follows the first name) and ``De Leon Renato`` (a particle begins the last name)."""
    if len(words) < 3:
        return False
    if plain(words[0]) in name_words().last_name_starts:
        return True
    return len(plain(words[-1])) == 1 and len(plain(words[1])) > 1


def _last_name_length(words: list[str]) -> int:
    """How many words the last name has where it comes first."""
    length = 1
    while length < len(words) - 1 and plain(words[length - 1]) in name_words().particles and len(plain(words[length + 1])) > 1:
        length += 1
    return length


def _first_last(words: list[str]) -> PersonName:
    if len(words) < 2:
        return _person(words, [])
    cut = len(words) - 1
    while cut > 1 and plain(words[cut - 1]) in name_words().particles:
        cut -= 1
    return _person(words[cut:], words[:cut])


def _person(last: list[str], given: list[str]) -> PersonName:
    """A first name of two full words (Mary Ann) cannot be told from a first and a middle name: it stays as it stands."""
    cut = 2 if len(given) > 1 and len(plain(given[1])) > 1 else 1
    return PersonName(" ".join(last) or None, " ".join(given[:cut]) or None, " ".join(given[cut:]) or None)
