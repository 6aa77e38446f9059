"""CPT and HCPCS level II codes, by shape and by the ranges that the code sets use.

CPT descriptors belong to the AMA and are not shipped; a site may supply a list of the codes it accepts
(:mod:`models.codesets.procedures`).
"""

from __future__ import annotations

import re
from typing import Literal

from models.codesets import procedures
from models.codesets.modifiers import known_modifiers
from models.values.confusions import DIGIT_AMONG_DIGITS, DIGIT_OF, digit_count
from models.values.kinds import ValueReading

# After a dash only as the other end of a range of codes: 2509-28186, 95060-1234 and 7071979-674 are no codes.
_BEFORE = r"(?<![0-9A-Za-z|$.])(?:(?<!\d-)|(?<=\d{5}-))"
_TOKEN = re.compile(rf"{_BEFORE}[0-9A-Za-z|!$]{{5}}(?:[0-9A-Z]{{2}})?(?:(?![0-9A-Za-z|$]|-\d{{3,4}}(?!\d)|[.,]\d)|(?=[xX]\d))")
_GAPPED = re.compile(r"[\s\[(|.]*(?P<code>(?=(?:\d ?){5}(?!\d))(?:\d{2,3} \d{2,3}|\d \d{4}|\d{4} \d))[\s\])|.]*")
# A handwritten J looks like a closing bracket, an L like an opening one; the latter only where nothing else is in the cell.
_BRACKETED = re.compile(r"(?<![0-9A-Za-z\[])(?P<code>\][0-9]{4})(?![0-9A-Za-z])|^\s*(?P<alone>\([0-9]{4})\s*$")
_LETTER_OF = {"]": "J", "(": "L"}
_MIN_DIGITS = 3
# With fewer digits than that, only letters that hardly ever stand for themselves beside a digit.
_CERTAIN = frozenset("0123456789OoIl|")


def code_system(code: str) -> Literal["CPT", "HCPCS"]:
    """The code system by shape: a letter first is HCPCS level II, a digit first is CPT."""
    return "HCPCS" if code[:1].isalpha() else "CPT"


def find_procedures(text: str) -> tuple[ValueReading, ...]:
    """All spans with the shape of a code; a modifier written right after it (``73722LT``) is left out of the span."""
    found: list[ValueReading] = []
    for match in _TOKEN.finditer(text):
        span = match.group()
        if len(span) == 7:
            if span[5:] not in known_modifiers():
                continue
            span = span[:5]
        reading = _reading(span, match.start())
        if reading is not None:
            found.append(reading)
    return tuple(found) or _broken(text)


def _broken(text: str) -> tuple[ValueReading, ...]:
    """A code that alone fills its cell, with a gap in it (``72 148``), or whose letter came as a bracket (``]9271``, ``(3000``)."""
    match = _GAPPED.fullmatch(text) or _BRACKETED.search(text)
    if match is None:
        return ()
    name = next(name for name, span in match.groupdict().items() if span is not None)
    read = match[name].replace(" ", "")
    code = _LETTER_OF.get(read[0], read[0]) + read[1:]
    if not procedures.is_procedure(code):
        return ()
    return (ValueReading(code, match[name], match.start(name), match.end(name), 0.7, code != read),)


def _reading(span: str, start: int) -> ValueReading | None:
    digits = digit_count(span)
    if digits < _MIN_DIGITS and not (digits and set(span[1:]) <= _CERTAIN):
        return None
    code = _repaired(span)
    if code is None:
        return None
    repaired = code != span.upper()
    valid = procedures.is_procedure(code)
    fit = (1.0 if valid else 0.5) - (0.15 if repaired else 0.0)
    return ValueReading(code, span, start, start + 5, round(fit, 3), repaired, valid)


def _repaired(span: str) -> str | None:
    """The span with letters put right where only a digit can stand; the first and last character may be letters."""
    middle = "".join(c if c.isdigit() else DIGIT_AMONG_DIGITS.get(c, "?") for c in span[1:4])
    if "?" in middle:
        return None
    variants = [first + middle + last for first in _ends(span[0], "") for last in _ends(span[4], "FMTU")]
    shaped = [code for code in variants if procedures.has_shape(code)]
    known = [code for code in shaped if procedures.is_procedure(code)]
    return next(iter(known or shaped), None)


def _ends(character: str, letters: str) -> list[str]:
    """As read first, then as the digit that it may be."""
    upper = "" if character in "lo|" else character.upper()
    ends = [upper] if upper.isdigit() or (upper.isalpha() and (not letters or upper in letters)) else []
    if character in DIGIT_OF:
        ends.append(DIGIT_OF[character])
    return ends
