"""Misread cue words put right: "Please éxtend the authortzation" is still a request for an extension.

Only words that the engine was unsure of, and only to a word of the cue data; values are never touched, so a wrong repair costs a
cue and no value. ``Passage`` keeps the words as read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz, process

from extraction.prose.cues import prose_data
from models.page import Method, Word

_SURE = 0.97
"""Confidence above which the engine is believed."""
_SHORTEST = 4
_LIKENESS = 80.0
_LIKENESS_SHORT = 85.0
_LIKENESS_CAPITAL = 87.0
"""A capital may begin a name ("Chang"), so the likeness must be greater."""
_COMMON = (
    *(
        "please",
        "through",
        "authorization",
        "patient",
        "member",
        "number",
        "diagnosis",
        "birth",
        "kindly",
        "request",
        "visits",
        "further",
    ),
    *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december"),
    *("sincerely", "respectfully", "regards", "subscriber", "questions", "letter", "referenced", "above"),
)


@lru_cache(maxsize=1)
def _lexicon() -> tuple[str, ...]:
    data = prose_data()
    groups = [*data.acts.model_dump().values(), *data.roles.model_dump().values(), *data.letter.model_dump().values()]
    phrases = [*_COMMON, *data.more, *data.unit_words]
    for group in (*groups, *data.fields.values()):
        phrases += group
    words = {word for phrase in phrases for word in re.findall(r"[a-z]+", phrase.lower())}
    return tuple(sorted(word for word in words if len(word) >= _SHORTEST))


def spelled(word: Word) -> str:
    """The word's text, with a misread cue word put right."""
    match = re.fullmatch(r"(\W*)([^\W_]{4,})(\W*)", word.text)
    if match is None or word.method is Method.PDF_TEXT or any(c.isdigit() for c in match[2][1:]):
        return word.text
    letters = "".join(c for c in unicodedata.normalize("NFKD", match[2]) if not unicodedata.combining(c))
    small = letters.lower()
    if small in _lexicon():
        return f"{match[1]}{letters}{match[3]}"
    if match[3][:1] in ("!", "|") and f"{small}l" in _lexicon():
        return f"{match[1]}{letters}l{match[3][1:]}"
    if word.confidence > _SURE:
        return word.text
    cutoff = _LIKENESS_CAPITAL if letters[0].isupper() else _LIKENESS if len(small) > 5 else _LIKENESS_SHORT
    best = process.extractOne(small, _lexicon(), scorer=fuzz.ratio, score_cutoff=cutoff)
    if best is None or abs(len(best[0]) - len(small)) > 2:
        return word.text
    right = best[0].upper() if letters.isupper() else best[0].capitalize() if letters[0].isupper() else best[0]
    return f"{match[1]}{right}{match[3]}"
