"""A quick look whether a comment can ask for a change at all, so that spaCy is not loaded for every clinical remark."""

from __future__ import annotations

import re

from extraction.prose.cues import any_of, prose_data
from models.page import Word

_VALUE = re.compile(r"\d{2}|\b[A-Z]{2}\b|\b(?:one|two|three|four|five|six|eight|ten|twelve)\b")


def may_change(words: tuple[Word, ...]) -> bool:
    """Whether an act word, an arrow or "instead of", and something that can be a value, are among the words."""
    text = " ".join(word.text for word in words)
    acts = prose_data().acts
    verbs = (*acts.replace, *acts.substitute, *acts.exchange, *acts.add, *acts.remove, *acts.extend, *acts.state, *prose_data().more)
    told = any_of(verbs).search(text) or any_of(prose_data().roles.contrast).search(text)
    return (told is not None or any(arrow in text for arrow in prose_data().arrows)) and _VALUE.search(text) is not None
