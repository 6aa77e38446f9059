"""The names of choices as forms print them: request kind, urgency, sex."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz, process

from extraction.lexicon import tokens_of
from extraction.tickrows import MAX_OPTION_WORDS

_MIN_COVERAGE = 0.7
_FUZZY_RATIO = 78.0
# "Modifier" beside a box asks for one, and is no misread "Modified".
_OTHER_WORDS = frozenset({"MODIFIER", "MODIFIERS"})
_MIN_FUZZY_LETTERS = 5
# "Unauthorized" is no misread "reauthorize".
_DENIALS = ("NON", "UN")
_SHORTEST_PART = 3
# A page asks of the same few hundred runs of words again and again.
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class _Wording:
    path: str
    value: str
    words: frozenset[str]


class OptionData:
    """The file ``data/options.yaml`` ready for look-up.

    Attributes:
        wordings: each wording of each value; the first one found of a value counts.
        fillers: words that may stand beside an option's name without being part of it.
        known: every word that a wording or a filler has.
    """

    def __init__(self, wordings: Iterable[_Wording], fillers: Iterable[str]) -> None:
        self.wordings = tuple(wordings)
        self.fillers = frozenset(fillers)
        self._words = frozenset[str]().union(*(wording.words for wording in self.wordings))
        self.known = self.fillers | self._words
        self._long = [word for word in self._words if len(word) >= _MIN_FUZZY_LETTERS]
        self._by_word: dict[str, list[_Wording]] = defaultdict(list)
        for wording in self.wordings:
            self._by_word[min(wording.words)].append(wording)
        self._order = {wording: place for place, wording in reversed(list(enumerate(self.wordings)))}
        self._meant_by = lru_cache(_KEPT)(self._uncached_meant_by)
        self._named = lru_cache(_KEPT)(self._uncached_named)

    def values(self, text: str) -> tuple[tuple[str, str], ...]:
        """The (path, value) pairs that the text names, if most of its letters belong to them; in order of appearance.

        What follows a colon or a bracket is the option's definition and does not count.
        """
        return self._named(self._parted(_tokens(_head(text))))

    def typed(self, text: str) -> tuple[tuple[str, str], ...]:
        """As :meth:`values`, for a value that was written out: the whole text counts."""
        return self._named(self._parted(_tokens(text)))

    def spelled(self, text: str) -> tuple[tuple[str, str], ...]:
        """As :meth:`typed`, where no word may be misread: for what no label says to be a choice."""
        tokens = _tokens(text)
        return self._named(tokens) if self.known.issuperset(tokens) else ()

    @property
    def uses(self) -> Counter[str]:
        """How many wordings hold each word; fillers are in none."""
        held = Counter(word for wording in self.wordings for word in wording.words)
        return Counter(dict.fromkeys(self.fillers, 0) | held)

    def _parted(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The tokens with two words that were run together as two: "Newauthorization" is no misread reauthorization."""
        return tuple(part for token in tokens for part in _run_together(token, self.known))

    def _uncached_named(self, tokens: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        if not tokens or len(tokens) > 2 * MAX_OPTION_WORDS:
            return ()
        places = self._places(tokens)
        whole = [each for word in places for each in self._by_word.get(word, ()) if each.words <= places.keys()]
        found: dict[tuple[str, str], int] = {}
        used: set[int] = {n for n, token in enumerate(tokens) if token in self.fillers}
        for wording in sorted(whole, key=self._order.__getitem__):
            at = [places[word] for word in wording.words]
            used.update(at)
            found.setdefault((wording.path, wording.value), min(at))
        letters = sum(map(len, tokens))
        if not found or sum(len(tokens[n]) for n in used) < _MIN_COVERAGE * letters:
            return ()
        if ("request.urgency", "routine") in found and "NON" in tokens:
            found.pop(("request.urgency", "urgent"), None)
        return tuple(sorted(found, key=lambda pair: found[pair]))

    def _places(self, tokens: tuple[str, ...]) -> dict[str, int]:
        """Where each word of a wording stands among the tokens: the word itself, else the first that is a misreading of it."""
        places: dict[str, int] = {}
        for n, token in enumerate(tokens):
            for word in self._meant_by(token):
                places.setdefault(word, n)
        return places | {token: n for n, token in reversed(list(enumerate(tokens))) if token in self._words}

    def _uncached_meant_by(self, token: str) -> tuple[str, ...]:
        """The words that the token may be; a filler is itself and no misread word ("review" is not "revise")."""
        if token in self.fillers:
            return ()
        if token in _OTHER_WORDS or len(token) < _MIN_FUZZY_LETTERS:
            return (token,) if token in self._words else ()
        alike = process.extract(token, self._long, scorer=fuzz.ratio, score_cutoff=_FUZZY_RATIO, limit=None)
        return tuple(word for word, *_ in alike if _may_be(token, word))


def _run_together(token: str, known: frozenset[str]) -> tuple[str, ...]:
    if token not in known:
        for cut in range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1):
            if token[:cut] in known and token[cut:] in known:
                return token[:cut], token[cut:]
    return (token,)


def _tokens(text: str) -> tuple[str, ...]:
    """The words of an option: "Re-authorization" is one, a letter's "Re: authorization" is not."""
    return tokens_of(re.sub(r"\bre[-–](?=\w)", "re", text, flags=re.IGNORECASE))


def _head(text: str) -> str:
    """The option itself, without the definition or the remark that follows it."""
    return re.split(r"[:(]| - | – ", text.strip(" :([-–"), maxsplit=1)[0]


def _may_be(token: str, word: str) -> bool:
    """Whether a word that is much like the token may be what was printed."""
    denied = any(token.startswith(no) != word.startswith(no) for no in _DENIALS)
    return abs(len(token) - len(word)) <= 1 and not denied


@lru_cache(maxsize=2)
def option_data(name: str = "options") -> OptionData:
    """The shipped options of a file in ``data/``, loaded once."""
    raw = yaml.safe_load(files("extraction").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8"))
    wordings = tuple(
        _Wording(path, value, frozenset(wording.split()))
        for path, values in raw.items()
        if path != "fillers"
        for value, text in values.items()
        for wording in text.split("|")
    )
    return OptionData(wordings, frozenset(word.strip() for word in raw["fillers"].split("|")))
