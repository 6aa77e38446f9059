"""A quick look whether a comment can ask for a change at all, so that spaCy is not loaded for every clinical remark."""

from __future__ import annotations

import re

from extraction.prose.cues import any_of, prose_data
from extraction.prose.spelling import spelled
from models.page import Word

_VALUE = re.compile(
    r"\d{2}|\b\d\s+(?:more|add|extra|further|visit|unit|session)|\b[A-Z]{2}\b"
    r"|\b(?:one|two|three|four|five|six|eight|ten|twelve)\b"
)


def may_change(words: tuple[Word, ...]) -> bool:
    """Whether an act word, an arrow or "instead of", and something that can be a value, are among the words."""
    text = " ".join(spelled(word) for word in words)
    data = prose_data()
    acts = data.acts
    asking = (
        acts.replace,
        acts.adjust,
        acts.move,
        acts.substitute,
        acts.exchange,
        acts.add,
        acts.remove,
        acts.extend,
        acts.state,
        data.more,
        data.roles.contrast,
    )
    told = any(any_of(phrases).search(text) for phrases in asking) or any(arrow in text for arrow in data.arrows)
    # A provider's name has no digits.
    named = (data.fields["servicing_provider.name"], data.moves)
    return told and (_VALUE.search(text) is not None or any(any_of(phrases).search(text) for phrases in named))
