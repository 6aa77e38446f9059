"""Misread ICD-10-CM codes put right with the form's own description as second witness.

A fax makes I of 1, Z of 2, O of 0, S of 5, B of 8, and letters of each other; where several codes come into question, what the
form says beside the code tells which one was written.
"""

from __future__ import annotations

import re

from models.codesets import icd10cm
from models.values.icd10 import possible_codes
from models.values.kinds import ValueReading

_SUPPORT = 0.5
"""Least share of the description's words that the code's own description must have."""
_MARGIN = 0.25
"""A second code that is supported so nearly as well leaves it open which one was written."""
_PLAIN_SUPPORT = 0.8
_PLAIN_WORDS = 3
"""What a description must say to stand against a code that exists."""
_FIT = 0.8
_DOUBTFUL_FIT = 0.5
_STEM = 5
_WORD = re.compile(r"[a-z]{3,}")
_EMPTY = frozenset(
    {"and", "the", "with", "without", "for", "unspecified", "other", "due", "not", "elsewhere", "classified", "specified"}
)
_SIDES = frozenset({"right", "left", "bilat", "unila", "initi", "encou", "subse"})
"""What descriptions of codes of all chapters say: the side, the encounter."""
_SHORT = {
    "lt": "left", "rt": "right", "bilat": "bilateral", "htn": "hypertension", "dm": "diabetes", "oa": "osteoarthritis",
    "unil": "unilateral", "fx": "fracture", "dz": "disease", "ckd": "kidney", "copd": "pulmonary",
}  # fmt: skip
"""What offices abbreviate in descriptions."""


def described_repair(text: str, description: str) -> ValueReading | None:
    """The one billable code that ``text`` can be a misreading of and whose meaning the description supports.

    Args:
        text: the code as read.
        description: what the form says beside it.

    Returns:
        The reading, or ``None`` where no code or more than one is supported.
    """
    ranked = sorted(((support(code, description), code) for code in possible_codes(text)), reverse=True)
    if not ranked or ranked[0][0] < _SUPPORT or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
        return None
    return ValueReading(icd10cm.dotted(ranked[0][1]), text, 0, len(text), _FIT, repaired=True, valid=True)


def described_first_letter(code: str, description: str) -> ValueReading | None:
    """The code that a code which exists is a misreading of in its first letter alone, where the description says nothing else.

    The description must not share a word with the code as read, and name the other one plainly. The form may contradict itself, so
    the fit is that of a doubtful reading.
    """
    bare = icd10cm.plain(code)
    told = _stems(description) - _SIDES
    if told & _stems(icd10cm.description(bare) or "") or len(told) < _PLAIN_WORDS:
        return None
    others = [other for other in possible_codes(bare) if other[0] != bare[0] and other[1:] == bare[1:]]
    named = [other for other in others if support(other, description) >= _PLAIN_SUPPORT]
    if len(named) != 1:
        return None
    return ValueReading(icd10cm.dotted(named[0]), code, 0, len(code), _DOUBTFUL_FIT, repaired=True, valid=True)


def support(code: str, description: str) -> float:
    """The share of the description's words, 0..1, that the table's description of the code has too."""
    told, meant = _stems(description), _stems(icd10cm.description(code) or "")
    return len(told & meant) / len(told) if told else 0.0


def _stems(text: str) -> frozenset[str]:
    words = (_SHORT.get(word, word) for word in re.findall(r"[a-z]+", text.lower()))
    return frozenset(word[:_STEM] for word in words if _WORD.fullmatch(word) and word not in _EMPTY)
