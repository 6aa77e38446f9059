"""ICD-10-CM codes in a text, judged against the code table.

Shape (ICD-10-CM Official Guidelines, section I.A): a letter, a digit, a digit or letter, then up to four more after a dot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod

from models.codesets import icd10cm
from models.values.confusions import DIGIT_AMONG_DIGITS, LETTERS_OF
from models.values.kinds import ValueReading

_CHAR = r"[0-9A-Za-z|!$]"
_TOKEN = re.compile(
    rf"(?<![0-9A-Za-z|.$])(?:{_CHAR}{{3}}|[A-Z][ ]\d{_CHAR}(?=[.]))"
    rf"(?:[ ]?[.·,•:;](?:[ ](?=\d)|(?![ ])){_CHAR}{{1,4}}|[ ](?=\d){_CHAR}{{1,4}}|{_CHAR}{{1,4}})?(?![0-9A-Za-z|])"
)
_STRICT = re.compile(r"[A-Z][0-9][0-9A-Z](?:[0-9A-Z]{1,4})?")
# For a first letter that was read as a digit, where none of the usual confusions gives a code.
_RARE_LETTERS_OF = {"0": "CU", "1": "LJ", "3": "B", "6": "C", "7": "Z", "8": "RS"}
# First letters that noise makes of each other; too many to try without a second witness.
_LETTERS_ALIKE = {
    "B": "RE", "C": "GO", "D": "O", "E": "FB", "F": "EP", "G": "C", "H": "MN", "I": "LJT", "J": "I", "K": "RX", "L": "I",
    "M": "NH", "N": "MH", "O": "CDG", "P": "FR", "Q": "O", "R": "KBP", "T": "IF", "V": "Y", "Y": "V",
}  # fmt: skip
# Digits that a hand or a coarse fax makes alike; the weakest of repairs.
_LOOKS_LIKE = {"0": "86", "1": "7", "3": "8", "4": "9", "5": "6", "6": "05", "7": "1", "8": "03", "9": "4"}
_MAX_CHANGES = 3
_MAX_VARIANTS = 400


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the table says about one span: the code without its dot, whether it was changed, and whether it is billable.

    ``unique`` is false where another reading is nearly as good.
    """

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


def possible_codes(text: str) -> frozenset[str]:
    """The billable codes, without dot, that the text can be a misreading of: letters and digits alike, or letters of each other."""
    letters = re.sub(r"[^0-9A-Za-z|!$]", "", text)
    if not letters:
        return frozenset()
    first = letters[0].upper()
    likely = {letters, *(other + letters[1:] for other in _LETTERS_ALIKE.get(first, ""))}
    codes = {code for each in likely for rare in (False, True) for code in _variants(each, rare=rare)}
    codes |= _digit_swaps(letters.upper())
    return frozenset(code for code in codes if icd10cm.is_billable(code))


def _word_end(match: re.Match[str]) -> int:
    word = re.match(r"[0-9A-Za-z|!$]+", match.group())
    return match.start() + (word.end() if word else 1)


def _best(text: str, start: int, end: int) -> ValueReading | None:
    """The longer span wins where the table has it; what parts it may also stand between two codes.

    With a full stop in it, the span is one code, known or not, unless what stands before the full stop is billable by itself.
    """
    whole = text[start:end]
    parted = re.search(r"[^0-9A-Za-z|!$]", whole[2:])
    alone = text.strip(" .:;,()") == whole
    readings = [_reading(whole, start, alone=alone)]
    if parted:
        readings.append(_reading(whole[: parted.start() + 2], start, alone=False))
    for reading in readings:
        if reading is not None and reading.valid:
            return reading
    if "." in whole and readings[0] is not None:
        return readings[0]
    for reading in readings:
        if reading is not None and icd10cm.exists(str(reading.value)):
            return reading
    return readings[-1] if parted else readings[0]


def _reading(span: str, start: int, *, alone: bool) -> ValueReading | None:
    letters = re.sub(r"[^0-9A-Za-z|!$]", "", span)
    if not any(character.isdigit() for character in letters):
        return None
    judged = _judge(letters)
    if judged is None:
        return None
    fit = _fit(span, judged, alone=alone)
    return ValueReading(icd10cm.dotted(judged.code), span, start, start + len(span), fit, judged.repaired, judged.valid)


def _fit(span: str, judged: _Judged, *, alone: bool) -> float:
    fit = 1.0 if "." in span else 0.85
    if judged.repaired:
        fit -= 0.15
    if span.isdigit():
        fit = 0.6 if alone else 0.35  # beside other words it may be any number: a year, a count, a CPT code
    if not judged.valid:
        fit -= 0.15 if judged.unique else 0.45
    elif not judged.unique:
        fit -= 0.25
    return round(max(fit, 0.1), 3)


def _judge(letters: str) -> _Judged | None:
    as_read = letters.upper()
    # A small l or a stroke before digits is far more often the capital I of I10 than an L.
    if _STRICT.fullmatch(as_read) and letters[0] not in "l|!" and icd10cm.exists(as_read):
        return _Judged(as_read, False, icd10cm.is_billable(as_read))
    for rare in (False, True):
        variants = _variants(letters, rare=rare)
        billable = _nearest(as_read, {code for code in variants if icd10cm.is_billable(code)})
        if len(billable) == 1:
            return _Judged(min(billable), True, True, unique=not rare)
        known = _nearest(as_read, {code for code in variants if icd10cm.exists(code)})
        if not billable and len(known) == 1:
            return _Judged(min(known), True, False)
        if billable or known:
            break
    else:
        swapped = {code for code in _digit_swaps(as_read) if icd10cm.is_billable(code)}
        if len(swapped) == 1:
            return _Judged(min(swapped), True, True, unique=False)
    return _Judged(as_read, False, False, unique=False) if _STRICT.fullmatch(as_read) else None


def _digit_swaps(as_read: str) -> set[str]:
    """The codes that differ by one pair of digits that look alike; only for a text that is a code but for that."""
    if not _STRICT.fullmatch(as_read):
        return set()
    pairs = ((place, other) for place, digit in enumerate(as_read) for other in _LOOKS_LIKE.get(digit, ""))
    return {as_read[:place] + other + as_read[place + 1 :] for place, other in pairs}


def _nearest(as_read: str, codes: set[str]) -> set[str]:
    """The codes with the fewest changes; of a small l before digits, those that take it for an I."""
    fewest = min((_changes(code, as_read) for code in codes), default=0)
    nearest = {code for code in codes if _changes(code, as_read) == fewest}
    return {code for code in nearest if code[0] == "I"} or nearest if as_read[0] == "L" else nearest


def _changes(code: str, as_read: str) -> int:
    return sum(a != b for a, b in zip(code, as_read, strict=True))


def _variants(letters: str, *, rare: bool) -> set[str]:
    """The text with a few confusions put right, each a shape that a code can have; ``rare`` takes the first digit more widely."""
    choices = [_choices(character, place) for place, character in enumerate(letters)]
    if rare:
        choices[0] = _RARE_LETTERS_OF.get(letters[0], choices[0])
    if prod(len(choice) for choice in choices) > _MAX_VARIANTS:
        return set()
    codes = {"".join(picked) for picked in product(*choices)}
    return {code for code in codes if _STRICT.fullmatch(code) and _changes(code, letters.upper()) <= _MAX_CHANGES}


def _choices(character: str, place: int) -> str:
    """What the character may be at its place: a letter first, a digit second, either after that."""
    upper = character.upper()
    if place == 0:
        return "IL" if character == "l" else "I" if character in "|!" else LETTERS_OF.get(character, upper)
    digit = DIGIT_AMONG_DIGITS.get(character, "")
    if place == 1:
        return digit or upper
    return (upper if upper.isalnum() else "") + digit + LETTERS_OF.get(character, "")
