"""CPT and HCPCS modifiers: two characters."""

from __future__ import annotations

import re
from itertools import product

from models.codesets.modifiers import known_modifiers
from models.values.confusions import DIGIT_OF, LETTERS_OF
from models.values.kinds import ValueReading

_TOKEN = re.compile(r"(?<![0-9A-Za-z.])[0-9A-Za-z|$]{2}(?![0-9A-Za-z]|\.\d)")
_GLUED = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{4}[0-9FMTU]|[A-VXZ][0-9]{4})((?!X[0-9])[0-9A-Z]{2})(?![0-9A-Za-z])")


def find_modifiers(text: str) -> tuple[ValueReading, ...]:
    """All words of two characters that can be a modifier, and those written right after a code (``73722LT``)."""
    spans = [(match.start(), match.group()) for match in _TOKEN.finditer(text)]
    spans += [(match.start(1), match.group(1)) for match in _GLUED.finditer(text) if match.group(1) in known_modifiers()]
    return tuple(
        reading for start, span in sorted(spans) if (reading := _reading(span, start, alone=span == text.strip())) is not None
    )


def _reading(span: str, start: int, *, alone: bool) -> ValueReading | None:
    as_read = span.upper()
    end = start + len(span)
    if re.fullmatch(r"X\d", as_read) and (span != as_read or not alone):  # "x2" beside a code counts it
        return ValueReading(as_read, span, start, end, 0.3)
    if as_read in known_modifiers():
        return ValueReading(as_read, span, start, end, 1.0 if span == as_read else 0.6)
    repairs = _variants(span) & known_modifiers()
    if len(repairs) == 1:
        return ValueReading(min(repairs), span, start, end, 0.7, repaired=True)
    if as_read.isalnum() and any(character.isdigit() for character in as_read) and not as_read.isdigit():
        return ValueReading(as_read, span, start, end, 0.3, valid=False)
    return None


def _variants(span: str) -> set[str]:
    """The word with one or both characters taken for what they may be a misread of."""
    choices = (character.upper() + DIGIT_OF.get(character, "") + LETTERS_OF.get(character, "") for character in span)
    return {"".join(picked) for picked in product(*choices)}
