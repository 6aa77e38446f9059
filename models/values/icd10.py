"""ICD-10-CM codes in a text, judged against the code table.

Shape (ICD-10-CM Official Guidelines, section I.A): a letter, a digit, a digit or letter, then up to four more after a dot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from models.codesets import icd10cm
from models.values.confusions import DIGIT_OF, LETTERS_OF
from models.values.kinds import ValueReading

_CHAR = r"[0-9A-Za-z|!$]"
_TOKEN = re.compile(
    rf"(?<![0-9A-Za-z|.])(?:{_CHAR}{{3}}|[A-Z][ ]\d{_CHAR}(?=[.]))"
    rf"(?:[ ]?[.·,•:;][ ]?{_CHAR}{{1,4}}|[ ](?=\d){_CHAR}{{1,4}}|{_CHAR}{{1,4}})?(?![0-9A-Za-z|])"
)
_STRICT = re.compile(r"[A-Z][0-9][0-9A-Z](?:[0-9A-Z]{1,4})?")
_MAX_CHANGES = 2
_MAX_VARIANTS = 400


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the table says about one span: the code without its dot, whether it was changed, and whether it is billable."""

    code: str
    repaired: bool
    valid: bool
    unique: bool = True


def find_icd10(text: str) -> tuple[ValueReading, ...]:
    """All spans with the shape of a code, as read or after a repair that is the only one the table allows.

    A code that the table has, billable or not, is never changed: a category code on the form is the form's mistake, to be asked
    about. A code that the table lacks is repaired only by confusions of letter and digit, and only where exactly one repair gives a
    billable code.
    """
    found: list[ValueReading] = []
    place = 0
    while match := _TOKEN.search(text, place):
        reading = _best(text, match.start(), match.end())
        if reading is not None:
            found.append(reading)
        place = max(reading.end if reading else _word_end(match), match.start() + 1)
    return tuple(found)


def _word_end(match: re.Match[str]) -> int:
    word = re.match(r"[0-9A-Za-z|!$]+", match.group())
    return match.start() + (word.end() if word else 1)


def _best(text: str, start: int, end: int) -> ValueReading | None:
    """The longer span wins where the table has it; a comma, colon or space may also part two codes."""
    spans = [text[start:end]]
    parted = re.search(r"[^0-9A-Za-z|!$]", spans[0])
    if parted:
        spans.append(spans[0][: parted.start()])
    readings = [reading for span in spans if (reading := _reading(span, start)) is not None]
    for reading in readings:
        if reading.valid:
            return reading
    dotted_only = [r for r in readings if "." in r.text or r.text.isalnum()]
    return dotted_only[0] if dotted_only else None


def _reading(span: str, start: int) -> ValueReading | None:
    letters = re.sub(r"[^0-9A-Za-z|!$]", "", span)
    if not any(character.isdigit() for character in letters):
        return None
    judged = _judge(letters)
    if judged is None:
        return None
    fit = _fit(span, judged)
    return ValueReading(icd10cm.dotted(judged.code), span, start, start + len(span), fit, judged.repaired, judged.valid)


def _fit(span: str, judged: _Judged) -> float:
    fit = 1.0 if "." in span else 0.85
    if judged.repaired:
        fit -= 0.15
    if not judged.valid:
        fit -= 0.3 if judged.unique else 0.45
    return round(max(fit, 0.1), 3)


def _judge(letters: str) -> _Judged | None:
    as_read = letters.upper()
    # A small l or a stroke before digits is far more often the capital I of I10 than an L.
    strict = _STRICT.fullmatch(as_read) is not None and letters[0] not in "l|!"
    if strict and icd10cm.exists(as_read):
        return _Judged(as_read, False, icd10cm.is_billable(as_read))
    repairs = {code for code in _variants(letters) if icd10cm.is_billable(code)}
    if len(repairs) == 1:
        return _Judged(repairs.pop(), True, True)
    if _STRICT.fullmatch(as_read):
        return _Judged(as_read, False, False, unique=not repairs)
    shaped = {code for code in _variants(letters) if icd10cm.exists(code)}
    return _Judged(shaped.pop(), True, False, unique=False) if len(shaped) == 1 else None


def _variants(letters: str) -> Iterator[str]:
    """The text with one or two confusions put right, fewest first, each a shape that a code can have."""
    choices = [_choices(character, place) for place, character in enumerate(letters)]
    size = 1
    for choice in choices:
        size *= len(choice)
    if size > _MAX_VARIANTS:
        return
    as_read = letters.upper()
    for picked in product(*choices):
        code = "".join(picked)
        changes = sum(a != b for a, b in zip(code, as_read, strict=True))
        if 0 < changes <= _MAX_CHANGES and _STRICT.fullmatch(code):
            yield code


def _choices(character: str, place: int) -> str:
    """What the character may be at its place: a letter first, a digit second, either after that."""
    upper = character.upper()
    if place == 0:
        return "IL" if character in "l|!" else LETTERS_OF.get(character, upper)
    digit = DIGIT_OF.get(character, "")
    if place == 1:
        return digit or upper
    return (upper if upper.isalnum() else "") + digit + LETTERS_OF.get(character, "")
