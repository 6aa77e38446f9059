"""Member identifiers: Medi-Cal CIN and BIC, Medicare MBI, and a plan's own.

- CIN: a digit 9, seven more digits, and a letter (County of Los Angeles and Santa Clara County Medi-Cal handbooks). The handbooks
  leave out B I J K L O P Q R S; forms do give K and P, so that only the other eight are doubted.
- BIC: the CIN, a check digit, and the day of issue as YDDD. The check digit's rule is not published and is not tested.
- MBI: eleven characters in fixed places whose letters are never S L O I B Z (CMS, "Understanding the MBI format").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from models.values.confusions import DIGIT_OF, digit_count, to_digits
from models.values.kinds import ValueReading


class MemberIdKind(StrEnum):
    """Whose identifier it is."""

    CIN = "cin"
    BIC = "bic"
    MBI = "mbi"
    PLAN = "plan"


_CIN_LETTERS = "ACDEFGHKMNPTUVWXYZ"
_CIN = re.compile(rf"9\d{{7}}[{_CIN_LETTERS}]")
_BIC = re.compile(rf"9\d{{7}}[{_CIN_LETTERS}]\d{{5}}")
_CIN_SHAPE = re.compile(r"9\d{7}[A-Z]")
_MBI_LETTER = "AC-HJKMNP-RT-Y"
_MBI = re.compile(rf"[1-9][{_MBI_LETTER}][0-9{_MBI_LETTER}]\d[{_MBI_LETTER}][0-9{_MBI_LETTER}]\d[{_MBI_LETTER}]{{2}}\d{{2}}")
_MBI_PLACES = "NAXNAXNAANN"
_PLAN = re.compile(r"(?=(?:[A-Z]*\d){4})[A-Z0-9]{5,20}")
_RUN = re.compile(r"[0-9A-Za-z|!$+]+(?:[\-.][0-9A-Za-z|!$+]+)*")
_DATE_OR_PHONE = re.compile(r"\d{1,2}[-.]\d{1,2}[-.](?:\d{4}|\d{2})|\d{3}[-.]\d{3}[-.]\d{4}|\d{4}-\d{2}-\d{2}|\d{3}-\d{2}-\d{4}")
# Characters one by one behind a span: the rest of a comb field, whose first characters were read as one word.
_GOES_ON = re.compile(r"(?: [0-9A-Za-z]){2,}(?![0-9A-Za-z])")
_MOST_REPAIRS = 3
_MIN_DIGITS = 3
# What stands before an identifier and is no part of it, where an alpha prefix of three letters would be.
_LABELS = frozenset({"CIN", "BIC", "MBI", "HIC", "SSN", "MRN", "NUM", "NPI", "TIN", "DOB", "MED", "ALT", "SUB", "THE", "FOR"})
_LONGEST = 20
# How long the first piece may be of an identifier that is written in pieces: "W2244 01873".
_HEAD, _MIXED_HEAD = 4, 6


def member_id_kind(value: str) -> MemberIdKind | None:
    """What kind of identifier a canonical value is; ``None`` where it has the shape of none."""
    if _CIN.fullmatch(value):
        return MemberIdKind.CIN
    if _BIC.fullmatch(value) and 1 <= int(value[-3:]) <= 366:
        return MemberIdKind.BIC
    if _MBI.fullmatch(value):
        return MemberIdKind.MBI
    return MemberIdKind.PLAN if _PLAN.fullmatch(value) else None


def find_member_ids(text: str) -> tuple[ValueReading, ...]:
    """All spans that can be a member identifier, the best where two overlap.

    A CIN, BIC or MBI is repaired where its alphabet proves which character was meant. A plan's own identifier stands as read.
    """
    found: list[ValueReading] = []
    ranked = sorted(_candidates(text), key=lambda reading: (-reading.fit, reading.start - reading.end))
    for reading in ranked:
        if all(reading.end <= other.start or other.end <= reading.start for other in found):
            found.append(reading)
    return tuple(sorted(found, key=lambda reading: reading.start))


def _candidates(text: str) -> Iterator[ValueReading]:
    runs = list(_RUN.finditer(text))
    for first, run in enumerate(runs):
        for last in range(first, len(runs)):
            span = text[run.start() : runs[last].end()]
            if len(re.sub(r"[^0-9A-Za-z|!$+]", "", span)) > _LONGEST:
                break
            if last > first and text[runs[last - 1].end() : runs[last].start()].strip(" ._-"):
                break
            reading = _reading(span, run.start(), last - first)
            if reading is not None:
                torn = _GOES_ON.match(text, reading.end) is not None
                yield replace(reading, fit=round(reading.fit - 0.3, 3)) if torn else reading


def _reading(span: str, start: int, gaps: int) -> ValueReading | None:
    """A span as an identifier; ``gaps`` counts the spaces in it, as comb fields and coarse faxes give them."""
    letters = re.sub(r"[^0-9A-Za-z|!$+]", "", span)
    if len(letters) < 5 or digit_count(letters) < _MIN_DIGITS or _DATE_OR_PHONE.fullmatch(span):
        return None
    end = start + len(span)
    known = _known(letters)
    if known is not None:
        repaired = known != letters.upper()
        fit = 1.0 - (0.1 if repaired else 0.0) - (0.05 if gaps else 0.0)
        return ValueReading(known, span, start, end, round(fit, 3), repaired)
    value = _plan_id(letters)
    if value is None or not (_joins(span, gaps) or _CIN_SHAPE.fullmatch(value)):
        return None
    fit = 0.8 if len(value) >= 8 else 0.6
    if _CIN_SHAPE.fullmatch(value):
        return ValueReading(value, span, start, end, 0.85)
    prefixed = gaps == 1 and re.fullmatch(r"[A-Z]{3} \d{8,14}", span) is not None and span[:3] not in _LABELS
    if re.fullmatch(r"9\d{7,8}", value):
        fit -= 0.1 if len(value) == 9 else 0.3  # a CIN whose letter was lost, or read as a digit
    repaired = value != letters.upper()
    broken = gaps > 0 and not prefixed and not _begins_mixed(span)
    cost = 0.2 * broken + 0.2 * repaired
    return ValueReading(value, span, start, end, round(fit - cost, 3), repaired)


def _joins(span: str, gaps: int) -> bool:
    """Whether the parts of a plan's identifier belong together: short pieces of a comb field, or letters before digits."""
    if not gaps:
        return True
    parts = span.split()
    if all(len(part) <= 2 for part in parts):
        return True
    return (
        all(digit_count(part) == len(part) and len(part) >= 2 for part in parts[1:])
        and len(parts) <= 4
        and len(parts[0]) <= (_MIXED_HEAD if _begins_mixed(span) else _HEAD)
    )


def _begins_mixed(span: str) -> bool:
    """Whether the first piece has a letter and a digit and so is no word that stands before an identifier."""
    first = span.split(maxsplit=1)[0]
    return any(character.isalpha() for character in first) and any(character.isdigit() for character in first)


def _known(letters: str) -> str | None:
    """The span as CIN, BIC or MBI, repaired where the alphabets allow one character alone."""
    if len(letters) in (9, 14):
        head, head_repaired = to_digits(letters[:8])
        tail, tail_repaired = to_digits(letters[9:])
        value = head + letters[8].upper() + tail
        repairs = digit_count(value) - digit_count(letters)
        shaped = _CIN.fullmatch(value) or _BIC.fullmatch(value)
        if shaped and repairs <= _MOST_REPAIRS and (repairs > 0) == (head_repaired or tail_repaired):
            return value
    if len(letters) == 11:
        return _mbi(letters)
    return None


def _mbi(letters: str) -> str | None:
    places = zip(letters, _MBI_PLACES, strict=True)
    value = "".join(_mbi_character(character, place) for character, place in places)
    repairs = sum(a != b for a, b in zip(value, letters.upper(), strict=True))
    return value if _MBI.fullmatch(value) and repairs <= _MOST_REPAIRS else None


def _mbi_character(character: str, place: str) -> str:
    """``N`` holds a digit, ``A`` a letter, ``X`` either; S L O I B Z are never letters here."""
    upper = character.upper()
    if place == "A":
        return "G" if character == "6" else upper
    if place == "N" or upper in "SLOIBZ" or not upper.isalnum():
        return DIGIT_OF.get(character, upper)
    return upper


def _plan_id(letters: str) -> str | None:
    """A plan's own: as read, but a sign or small letter among capitals and digits can only be a misread digit."""
    small = "lo" if any(character.isupper() for character in letters) else ""
    value = "".join(DIGIT_OF[c] if (c in small or not c.isalnum()) and c in DIGIT_OF else c.upper() for c in letters)
    return value if _PLAN.fullmatch(value) else None
