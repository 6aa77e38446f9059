"""Names of people and of providers.

A member's name is parted into last, first and middle; a provider's name loses its titles and degrees and keeps the rest. Forms write
``Last, First M``, ``First M Last`` and ``LAST FIRST M``; which of the last two it is, only the form's label says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.values.kinds import ValueReading

TITLES = frozenset({"dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "rev", "hon"})
"""Words before a name that are no part of it."""

DEGREES = frozenset(
    """
    md do np pa pac fnp fnpc fnpbc dnp aprn arnp crna cnm cns cnp anp agnp agacnp acnp pnp pmhnp whnp rn bsn msn lvn lpn dpm dpt pt
    mpt ot otr otd otrl cota slp cccslp ccc ms phd psyd edd lcsw lmft mft lpcc lpc lmhc msw asw dds dmd od dc lac nd mbbs mbchb facs
    facp faap facc facog faafp fapa rd rdn cde aud ma bcba pharmd rph mph mba esq dabpm cpo cp lmsw licsw bc
    """.split()
)
"""Degrees and licences as they stand after a provider's name, without dots and dashes."""

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
"""Generations: part of the last name on a form, kept in a provider's name."""

PARTICLES = frozenset("de del dela della di da dos du la las le los van von der den ter st san santa al el bin ben mac mc y".split())
"""Words that begin a last name of several words."""

_ORGANIZATION = re.compile(
    r"\b(?:center|centre|clinic|hospital|group|associates?|medical|health(?:care)?|therapy|imaging|radiology|surgery|surgical|laborator(?:y|ies)"
    r"|labs?|pharmacy|services?|physicians|inc|llc|corp|institute|rehab(?:ilitation)?|hospice|home|care|partners|practice|dme|supply|orthopa?edics?"
    r"|oncology|cardiology|dialysis|nurses|specialists?|wellness|pavilion|university|county|foundation|network|spine|sleep|infusion|diagnostics?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’`.\-]*|[^\W\d_]")
_NOT_NAME = re.compile(r"\b(?:npi|tin|tax|phone|fax|tel|dob|birth|address|specialty|member|patient|provider|name|date|id)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts; a part that is not given is ``None``."""

    last_name: str | None
    first_name: str | None
    middle: str | None


def split_person_name(text: str, *, last_first: bool | None) -> PersonName:
    """Part a person's name.

    Args:
        text: the name as it stands on the form.
        last_first: whether the label says that the last name comes first; ``None`` where it does not say. A comma always means
            that it does.
    """
    words = _name_words(text)
    suffix = [word for word in words if _plain(word) in SUFFIXES]
    if "," in text.strip(" ,"):
        last_text, _, rest_text = text.strip(" ,").partition(",")
        last = [word for word in _name_words(last_text) if _plain(word) not in SUFFIXES]
        given = [word for word in _name_words(rest_text) if _plain(word) not in SUFFIXES]
        return _person(last, given, suffix)
    words = [word for word in words if _plain(word) not in SUFFIXES]
    if last_first is None:
        last_first = _looks_last_first(words)
    if last_first:
        cut = _particles(words)
        return _person(words[: cut + 1], words[cut + 1 :], suffix)
    return _first_last(words, suffix)


def plain_provider_name(text: str) -> str:
    """A provider's name without title, degree, or stray marks; ``Last, First M, MD`` becomes ``First M Last``.

    The name of an organization keeps its words in order.
    """
    cleaned = " ".join(re.sub(r"[_|*]+", " ", text).split()).strip(" ,;:.-/")
    if not cleaned or _ORGANIZATION.search(cleaned):
        return cleaned
    parts = [part for part in (_without_degrees(piece) for piece in re.split(r"[,;]", cleaned)) if part]
    parts = _joined_suffix(parts)
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    return " ".join(parts)


def is_organization(text: str) -> bool:
    """Whether the words name an organization and not a person."""
    return _ORGANIZATION.search(text) is not None


def find_person_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one person's name, or nothing where it can be none."""
    return _whole(text, provider=False)


def find_provider_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one provider's name without title and degree, or nothing where it can be none."""
    return _whole(text, provider=True)


def _whole(text: str, *, provider: bool) -> tuple[ValueReading, ...]:
    span = text.strip(" \t\r\n_:;|,*-/()[]")
    letters = sum(character.isalpha() for character in span)
    if letters < 2 or letters < 0.6 * sum(not character.isspace() for character in span):
        return ()
    value = plain_provider_name(span) if provider else _tidy(span)
    if not value:
        return ()
    start = text.index(span)
    return (ValueReading(value, span, start, start + len(span), _fit(value, provider=provider)),)


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


def _tidy(text: str) -> str:
    return " ".join(re.sub(r"[_|*]+", " ", text).replace(" ,", ",").split())


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", word).lower()


def _name_words(text: str) -> list[str]:
    words = [word.strip(".") if len(word) > 2 else word for word in _WORD.findall(text.replace("’", "'").replace("`", "'"))]
    return [word for word in words if _plain(word) not in TITLES]


def _looks_last_first(words: list[str]) -> bool:
    """``SMITH JOHN A``: a single letter at the end is a middle initial, which comes after the first name."""
    return len(words) >= 3 and len(_plain(words[-1])) == 1 and len(_plain(words[1])) > 1


def _particles(words: list[str]) -> int:
    """The index of the last word of a last name that comes first."""
    cut = 0
    while cut < len(words) - 2 and _plain(words[cut]) in PARTICLES:
        cut += 1
    return cut


def _person(last: list[str], given: list[str], suffix: list[str]) -> PersonName:
    middle = given[1:]
    first = given[:1]
    # A first name of two full words (Mary Ann) cannot be told from a first and a middle name; the record holds what stands there.
    if middle and len(_plain(middle[0])) > 1:
        first, middle = given[:2], given[2:]
    del suffix
    return PersonName(_joined(last), _joined(first), _joined(middle))


def _first_last(words: list[str], suffix: list[str]) -> PersonName:
    if len(words) < 2:
        return _person(words, [], suffix)
    cut = len(words) - 1
    while cut > 1 and _plain(words[cut - 1]) in PARTICLES:
        cut -= 1
    return _person(words[cut:], words[:cut], suffix)


def _joined(words: list[str]) -> str | None:
    return " ".join(words).strip(" .,") or None


def _without_degrees(piece: str) -> str:
    words = piece.split()
    while words and (_plain(words[0]) in TITLES):
        words = words[1:]
    while words and (_is_degree(words[-1]) or not _plain(words[-1])):
        words = words[:-1]
    return " ".join(words)


def _is_degree(word: str) -> bool:
    plain = _plain(word)
    if plain not in DEGREES:
        return False
    return word.upper() == word or "." in word or plain in {"phd", "psyd", "edd", "pharmd", "aud"} or len(plain) > 2


def _joined_suffix(parts: list[str]) -> list[str]:
    if len(parts) > 1 and _plain(parts[-1]) in SUFFIXES:
        return [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
    return parts
