"""The words that forms print, for a reader that may doubt what it sees."""

from __future__ import annotations

from collections import Counter

from extraction.lexicon import default_lexicon
from extraction.option_words import option_data

_SHORTEST = 2
# Signs and abbreviations that the label data knows under one name.
_SPELLINGS = ("NO", "NUM", "NBR")


def form_words() -> tuple[tuple[str, int], ...]:
    """The words of all labels, those that the site has taught too, and of all choices, each with how many wordings hold it.

    In capitals, of letters only, in order.
    """
    uses = Counter(default_lexicon().uses)
    for name in ("options", "form_options"):
        uses.update(option_data(name).uses)
    uses.update(dict.fromkeys(_SPELLINGS, uses["NUMBER"]))
    return tuple(sorted((word, n) for word, n in uses.items() if word.isascii() and word.isalpha() and len(word) >= _SHORTEST))
