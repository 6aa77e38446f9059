"""Names of providers, people and organizations, without title and degree."""

from __future__ import annotations

import re

from models.values.kinds import ValueReading
from models.values.name_words import is_organization, name_words, plain, says_no_name, small_share, tidied, with_capitals

_EDGES = " \t\r\n_:;|,*-/()[]"
_NUMBER_AFTER = re.compile(r"[\s,;/(|\-]*(?:\b(?:NPI|TIN|EIN|tax id|phone|tel|fax)\b|[0-9(][0-9() .\-]{6,}[0-9])", re.IGNORECASE)
_ITEM = re.compile(r"^\s*\d{1,2}\.\s+(?=\D)")
# A street and its number, up to a ZIP code or the kind of street: what shares the place of "Name and address".
_STREETS = "st street ave avenue blvd boulevard rd road dr drive way ln lane ct court pkwy parkway hwy highway pl place plaza suite"
_STREET = rf"\b(?:{_STREETS.replace(' ', '|')})\b"
_HOUSE = rf"\d{{1,6}}(?:-\d+)?\s+(?=[\w.]).*?(?:{_STREET}|\b\d{{5}}(?:-\d{{4}})?$)"
_ADDRESS = re.compile(rf"[\s,;]+(?:p\.?\s?o\.? box\s+\d+|{_HOUSE})", re.IGNORECASE)
_ABBREVIATION_END = re.compile(r"\b(?:inc|jr|sr|co|corp|ltd)\.$", re.IGNORECASE)
_MISREAD_DEGREE = re.compile(r"[A-Z0-9][A-Z0-9.\-]{1,4}")
_MOST_WORDS = 10


def plain_provider_name(text: str) -> str:
    """A provider's name without title, degree, or stray marks; ``Last, First M, MD`` becomes ``First M Last``.

    The name of an organization keeps its words in order. A text of titles and degrees alone gives an empty name.
    """
    cleaned = tidied(text).strip(" ,;:-/")
    if not cleaned or is_organization(cleaned):
        return _without_last_stop(cleaned)
    cleaned = with_capitals(cleaned)
    pieces = [piece for piece in re.split(r"\s*[,;]\s*", cleaned) if piece]
    parts = [_without_titles(pieces[0], keep_one=True)] if pieces else []
    parts += [part for piece in pieces[1:] if (part := _without_titles(piece, keep_one=False)) and not _was_degree(part, parts[0])]
    if len(parts) > 1 and plain(parts[-1]) in name_words().suffixes:
        parts = [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
    name = _without_last_stop(f"{parts[1]} {parts[0]}" if len(parts) == 2 else " ".join(parts))
    return "" if len(pieces) == 1 and _is_degree(name, words_before=0) else name


def find_provider_names(text: str) -> tuple[ValueReading, ...]:
    """The text as one provider's name without title and degree, or nothing where it can be none."""
    span = _without_numbers(text).strip(_EDGES)
    letters = sum(character.isalpha() for character in span)
    value = plain_provider_name(span)
    if letters < 2 or letters < 0.6 * len(span.replace(" ", "")) or not value or len(value.split()) > _MOST_WORDS:
        return ()
    start = text.index(span)
    return (ValueReading(value, span, start, start + len(span), _fit(value)),)


def _fit(value: str) -> float:
    words = len(value.split())
    fit = 0.6 if words == 1 else 0.6 if words > 7 else 1.0
    if any(character.isdigit() for character in value):
        fit -= 0.3
    if says_no_name(value):
        fit -= 0.4 if is_organization(value) else 0.8
    fit -= 0.4 * small_share(value)
    return round(max(fit, 0.1), 3)


def _without_numbers(text: str) -> str:
    """The text up to an identifier, a telephone or an address that shares its cell: ``Ann Lee MD  NPI 1234567893``.

    The number of the field before it goes too: ``10. Ann Lee MD``.
    """
    for shared in (_NUMBER_AFTER, _ADDRESS):
        cut = shared.search(text)
        text = text[: cut.start()] if cut and any(character.isalpha() for character in text[: cut.start()]) else text
    return _ITEM.sub("", text)


def _without_last_stop(name: str) -> str:
    return name if _ABBREVIATION_END.search(name) else name.rstrip(".")


def _without_titles(piece: str, *, keep_one: bool) -> str:
    """The piece without titles before it and degrees after it; ``keep_one`` keeps a last name such as Do."""
    if not keep_one and plain(piece) in name_words().degrees:  # "D PM": a degree that was read in two words
        return ""
    words = piece.split()
    least = 1 if keep_one else 0
    while len(words) > least and plain(words[0]) in name_words().titles:
        words = words[1:]
    while len(words) > least and (not plain(words[-1]) or _is_degree(words[-1], words_before=len(words) - 1)):
        words = words[:-1]
    return " ".join(words)


def _is_degree(word: str, *, words_before: int) -> bool:
    """A degree is written in capitals or with dots, or is long enough to be no name.

    Do and Ma are last names too: right after one first name they are no degree.
    """
    known = name_words()
    if plain(word) not in known.degrees or (words_before < 2 and plain(word) in known.degrees_or_names):
        return False
    return words_before == 0 or word.upper() == word or "." in word or len(plain(word)) > 2


def _was_degree(piece: str, before: str) -> bool:
    """``Ann Lee, MO``: a few capitals after a whole name in small letters are a degree that was misread."""
    return len(before.split()) > 1 and not before.isupper() and _MISREAD_DEGREE.fullmatch(piece) is not None
