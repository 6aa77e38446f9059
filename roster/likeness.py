"""How a value that was read stands to what a list says: the same, a part of it, a misreading away from it, or another one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from models.values.confusions import DIGIT_OF
from models.values.name_words import WORD, name_words, plain

_BIC_LENGTH, _CIN_LENGTH = 14, 9
_LEAST_ID = 6
_LEAST_NAME = 3
_LONG_NAME = 8
_LIKE_NAMES = 88.0
_LEGAL_FORMS = frozenset({"inc", "llc", "llp", "lp", "corp", "corporation", "co", "ltd", "pc", "apc", "pllc", "the", "of", "and"})


class Likeness(StrEnum):
    """How a value that was read stands to what a list says; ``UNSAID`` where one of them says nothing."""

    SAME = "same"
    PART = "part"
    NEAR = "near"
    OTHER = "other"
    UNSAID = "unsaid"


_ORDER = (Likeness.SAME, Likeness.PART, Likeness.NEAR, Likeness.OTHER)


def best(found: Iterable[Likeness]) -> Likeness:
    """The nearest of several, such as to each of a provider's fax numbers."""
    said = [one for one in found if one is not Likeness.UNSAID]
    return min(said, key=_ORDER.index) if said else Likeness.UNSAID


def of_number(read: str | None, known: str | None) -> Likeness:
    """An identifier or a telephone number: near where one character differs, is missing, is too many or stands a place away."""
    if not read or not known:
        return Likeness.UNSAID
    if read == known or (len(read) == _BIC_LENGTH and len(known) == _CIN_LENGTH and read.startswith(known)):
        return Likeness.SAME
    if len(known) >= _LEAST_ID and (_unconfused(read) == _unconfused(known) or OSA.distance(read, known, score_cutoff=1) <= 1):
        return Likeness.NEAR
    return Likeness.OTHER


def of_day(read: date | None, known: date | None) -> Likeness:
    """A day: near where one digit differs, two stand in each other's place, or day and month do."""
    if read is None or known is None:
        return Likeness.UNSAID
    if read == known:
        return Likeness.SAME
    one, other = read.strftime("%Y%m%d"), known.strftime("%Y%m%d")
    swapped = one[:4] + one[6:] + one[4:6]
    return Likeness.NEAR if OSA.distance(one, other) <= 1 or swapped == other else Likeness.OTHER


def of_last_name(read: str | None, known: str) -> Likeness:
    """A last name; of a double name, one of both is a part."""
    return _of_name(read, known, ())


def of_first_name(read: str | None, known: str, middle: str | None) -> Likeness:
    """A first name, with or without the middle one; an initial is a part."""
    return _of_name(read, known, (f"{known} {middle}",) if middle else ())


def of_sex(read: str | None, known: str | None) -> Likeness:
    """F, M or X."""
    if read is None or known is None:
        return Likeness.UNSAID
    return Likeness.SAME if read == known else Likeness.OTHER


def of_provider_name(read: str | None, known: str) -> Likeness:
    """A provider's name: the order of its words, titles, degrees, initials and legal forms do not count."""
    one, other = _provider_words(read or ""), _provider_words(known)
    if not one or not other:
        return Likeness.UNSAID
    if set(one) == set(other):
        return Likeness.SAME
    if set(one) <= set(other) or set(other) <= set(one):
        return Likeness.PART
    near = ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= _LIKE_NAMES
    return Likeness.NEAR if near else Likeness.OTHER


def _of_name(read: str | None, known: str, fuller: tuple[str, ...]) -> Likeness:
    if not read or not known:
        return Likeness.UNSAID
    key = _key(read)
    if key in {_key(name) for name in (known, *fuller)}:
        return Likeness.SAME
    allowed = 2 if len(key) >= _LONG_NAME else 1
    close = len(key) >= _LEAST_NAME and OSA.distance(key, _key(known), score_cutoff=allowed) <= allowed
    if close or _unconfused(key) == _unconfused(_key(known)):
        return Likeness.NEAR
    words, known_words = _words(read), _words(" ".join((known, *fuller)))
    is_initial = bool(words and known_words) and len(words[0]) == 1 and known_words[0].startswith(words[0])
    return Likeness.PART if is_initial or set(words) & set(_words(known)) else Likeness.OTHER


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", _plain(text))


def _words(text: str) -> list[str]:
    return [word for part in re.split(r"[\s\-]+", _plain(text)) if (word := re.sub(r"[\W_]", "", part))]


def _provider_words(text: str) -> list[str]:
    known = name_words()
    dropped = known.titles | known.degrees | known.suffixes | _LEGAL_FORMS
    words = [plain(word) for word in WORD.findall(_plain(text).replace("-", " "))]
    return [word for word in words if len(word) > 1 and (word not in dropped or word in known.degrees_or_names)]


def _unconfused(text: str) -> str:
    """The text with every letter that OCR takes for a digit as that digit."""
    return "".join(DIGIT_OF.get(character, character) for character in text.upper())
