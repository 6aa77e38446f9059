"""What the words of a printed label mean.

Labels are data (``data/labels.yaml``). A label nobody has seen before is still read when its words are known: "NPI of ordering
clinician" holds the attribute ``npi`` and the owner ``requesting``, and nothing that is unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz, process

from extraction.label_patterns import (
    LabelData,
    Pattern,
    adjacent,
    best_attributes,
    by_word,
    owner_strength,
    patterns_of,
    within,
)
from extraction.misread import is_one_off, may_be_misread, nearest_misread
from extraction.taught import meanings_of
from models.page import Method, Page
from models.taught_labels import TaughtLabel

_SPLIT = re.compile(r"#|&|[^\W_]+")
_NUMBERED = re.compile(
    r"(CPT|HCPCS|ICD|DX|PX|MODS?|MODIFIER|UNITS?|QTY|BEGIN|START|FROM|THRU|END|CODE|PROCEDURE|DIAGNOSIS)([1-9]\d?)"
)
_BRACKETS = re.compile(r"\([^)]*\)?")
_SAME = {"#": "NUMBER", "NO": "NUMBER", "NUM": "NUMBER", "NBR": "NUMBER", "&": "AND"}
_LOOKS_THE_SAME = str.maketrans("L10", "IIO")
# Words that name an owner and an attribute at once.
_ATTRIBUTE_TOO = frozenset({"FACILITY", "HOSPITAL", "LOCATION", "SITE", "AGENCY", "CENTER", "PHARMACY"})
# A typed word as long as this that differs in a letter is a slip of the keyboard.
_LONG = 10
_ITEM = re.compile(r"\d+|\d{1,2}[A-Z]")
# Words of instructions and notes that are no misread ones of labels.
_ORDINARY = frozenset({"CONTRAST", "ABILITY", "DISABILITY", "MOBILITY", "STABILITY", "UTILITY", "COLLECTION"})
_MIN_FUZZY_LETTERS = 5
_KEPT = 4096
_FUZZY_RATIO = 80.0
# A short word that is less alike than this differs in one letter, and begins alike where it has four: Emily is no email.
_SHORT_RATIO = 82.0
# A page is doubtful where so many of its words are less sure than this. Of well read pages a word in thirty is.
_DOUBTFUL = 0.95
_DOUBTFUL_SHARE = 0.03
# A label's words that OCR may run together ("TaxID", "NPINUMBER"): one of the two parts must be one of these.
_RUN_TOGETHER = frozenset(
    {
        "ID",
        "NPI",
        "TIN",
        "FAX",
        "PHONE",
        "TELEPHONE",
        "NUMBER",
        "NAME",
        "DATE",
        "BIRTH",
        "CODE",
        "CODES",
        "TAX",
        "MEMBER",
        "PROVIDER",
    }
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a run of words means as a label.

    ``attributes`` stand best first; a label such as "Name & NPI" has several. ``owner`` is an owner of the label data, or
    ``None`` where the label does not say. ``quality`` is the share of letters that are understood, 0..1; ``weak`` says that
    the words mean a label only where they stand apart.
    """

    attributes: tuple[str, ...]
    owner: str | None
    neutral: bool
    quality: float
    weak: bool


class Lexicon:
    """Label data ready for look-up."""

    def __init__(self, data: LabelData, *, loose: bool = False, typed: bool = False, taught: tuple[TaughtLabel, ...] = ()) -> None:
        """``loose`` is for pages whose words are doubtful: words count as known that differ by more.

        ``typed`` is for pages whose letters are known for certain: words count as known that differ by their endings alone.
        ``taught`` are labels of the site: each is known as it stands, before all that its words mean by themselves.
        """
        self._loose, self._typed = loose, typed
        self._taught = {tokens_of(text): meaning for text, meaning in meanings_of(taught).items()}
        attributes, owners = patterns_of(data.attributes), patterns_of(data.owners)
        self._attributes, self._owners = by_word(attributes), by_word(owners)
        self._neutral = frozenset(data.neutral_owners)
        self._weak = frozenset(data.weak)
        known: set[str] = set(data.fillers) | self._neutral
        for pattern in (*attributes, *owners):
            known |= pattern.words
        known |= {word for words in self._taught for word in words}
        self._known = frozenset(known)
        self._uses = Counter(word for pattern in (*attributes, *owners) for word in pattern.words)
        self._fuzzy = sorted(word for word in known if (may_be_misread(word) if loose else len(word) >= _MIN_FUZZY_LETTERS))
        named = sorted((word for word in known if not word.isdigit()), key=lambda word: self._uses[word])
        self._by_shape = {_shape(word): word for word in named}
        self._resolved: dict[str, str | None] = {}
        # A page asks of the same few hundred runs of words again and again.
        self._parted = lru_cache(_KEPT)(self._uncached_parted)
        self._meaning_of = lru_cache(_KEPT)(self._uncached_meaning_of)

    @property
    def uses(self) -> dict[str, int]:
        """Every word that a label may have, in capitals, and how many wordings hold it."""
        return {word: self._uses[word] for word in self._known}

    def mended(self, text: str) -> str:
        """The text with each misread word as the known word that it is; one with digits as it is."""
        tokens = self.tokens(text)
        known = [self.resolve(token) for token in tokens]
        if not any(known) or any(c.isdigit() for c in text):
            return text
        return " ".join(word or token for word, token in zip(known, tokens, strict=True))

    def knows(self, token: str) -> bool:
        """Whether the token is, as it stands, a word that labels are made of."""
        return token in self._known

    def resolve(self, token: str) -> str | None:
        """The known word that a token is, allowing for a misread letter in longer words; ``None`` when it is none."""
        if token in self._known:
            return token
        if token not in self._resolved:
            self._resolved[token] = None if token in _ORDINARY else self._nearest(token)
        return self._resolved[token]

    def _nearest(self, token: str) -> str | None:
        alike = None if token.isdigit() else self._by_shape.get(_shape(token))
        if alike is not None:
            return alike  # "Member 1D", "Dlagnosls"
        if self._loose:
            return nearest_misread(token, self._fuzzy, self._uses)
        if self._typed:
            return self._inflected(token)
        if any(c.isdigit() for c in token[1:]) or len(token) < _MIN_FUZZY_LETTERS:
            return None
        found = process.extractOne(token, self._fuzzy, scorer=fuzz.ratio, score_cutoff=_FUZZY_RATIO)
        if found is None or abs(len(found[0]) - len(token)) > 1:
            return None
        short = len(token) <= _MIN_FUZZY_LETTERS and found[1] < _SHORT_RATIO
        return None if short and not is_one_off(token, found[0], _MIN_FUZZY_LETTERS) else found[0]

    def _inflected(self, token: str) -> str | None:
        """The known word of which the token is a form: "Physicians", "Referral's", "Refered" (a name such as Birch is none)."""
        alike = process.extractOne(token, self._fuzzy, scorer=fuzz.ratio, score_cutoff=_FUZZY_RATIO)
        if alike is None or len(token) < _MIN_FUZZY_LETTERS:
            return None
        return alike[0] if alike[0][:-1] == token[: len(alike[0]) - 1] or len(token) >= _LONG else None

    def tokens(self, text: str) -> tuple[str, ...]:
        """The text's words as :func:`tokens_of` gives them, with words that were run together parted."""
        return tuple(part for token in tokens_of(text) for part in self._parted(token))

    def _uncached_parted(self, token: str) -> tuple[str, ...]:
        numbered = _NUMBERED.fullmatch(token)
        if numbered and token not in self._known and numbered[1] in self._known:
            return numbered[1], numbered[2]  # "CPT2"
        if len(token) < _MIN_FUZZY_LETTERS or token.isdigit() or self.resolve(token) is not None:
            return (token,)
        letters = token.replace("1", "I")
        for cut in range(2, len(letters) - 1):
            parts = letters[:cut], letters[cut:]
            if all(part in self._known for part in parts) and not _RUN_TOGETHER.isdisjoint(parts):
                return parts
        return (token,)

    def meaning_of(self, text: str) -> Meaning | None:
        """What a label's text means. What stands in brackets ("if different from above") counts only if nothing else does."""
        return self._meaning_of(text)

    def _uncached_meaning_of(self, text: str) -> Meaning | None:
        outer = self.meaning(self.tokens(_BRACKETS.sub(" ", text)))
        whole = self._taught_meaning(self.tokens(text)) or self.meaning(self.tokens(text))
        if whole is not None and outer is not None and outer.owner is not None and not outer.attributes:
            # "Refer to (specialist / facility)" asks who, and "Requesting MD (if not PCP)" for no PCP.
            hinted = tuple(name for name in whole.attributes if name != "facility")
            return replace(whole, owner=outer.owner, attributes=hinted)
        if whole is None or outer is None or not outer.attributes:
            return whole
        if outer.attributes[0] == "dx_text" and whole.attributes[:1] == ("dx_code",):
            return whole  # "Diagnosis (ICD-10)" asks for the code.
        quality = max(whole.quality, outer.quality)
        return replace(whole, attributes=outer.attributes, owner=outer.owner or whole.owner, quality=quality)

    def meaning(self, tokens: Iterable[str]) -> Meaning | None:
        """What the tokens mean together, or ``None`` when they name neither an attribute nor an owner."""
        raw = list(tokens)
        taught = self._taught_meaning(raw)
        if taught is not None:
            return taught
        words = [self.resolve(token) for token in raw]
        present = {word for word in words if word is not None}
        owner_pattern = self._owner(present, words)
        owner = owner_pattern.name if owner_pattern else None
        spoken_for = owner_pattern.words if owner_pattern else frozenset()
        matched = [p for p in within(self._attributes, present) if not p.words <= spoken_for - _ATTRIBUTE_TOO]
        neutral = bool(present & self._neutral)
        if not matched and owner is None and not neutral:
            return None
        # An item number before the label ("16 TAX ID") says nothing.
        counted = [(t, w) for n, (t, w) in enumerate(zip(raw, words, strict=True)) if n > 0 or not _ITEM.fullmatch(t)]
        letters = sum(len(token) for token, _ in counted)
        understood = sum(len(token) for token, word in counted if word is not None)
        content = [word for word in words if word is not None and word not in ("OF", "THE")]
        return Meaning(
            attributes=best_attributes(matched),
            owner=owner,
            neutral=neutral,
            quality=understood / letters if letters else 0.0,
            weak=len(content) <= 1 and all(word in self._weak for word in content),
        )

    def _taught_meaning(self, tokens: Sequence[str]) -> Meaning | None:
        """What the site has taught of these very words, with or without an item's number before them."""
        if not self._taught:
            return None
        words = tuple(self.resolve(token) or token for token in tokens)
        found = self._taught.get(words) or (self._taught.get(words[1:]) if words and words[0].isdigit() else None)
        if found is None:
            return None
        attribute, owner = found
        return Meaning((attribute,), owner, neutral=False, quality=1.0, weak=len(words) == 1)

    def _owner(self, present: set[str], words: list[str | None]) -> Pattern | None:
        matched = (p for p in within(self._owners, present) if adjacent(p.words, words))
        return max(matched, key=owner_strength, default=None)


def tokens_of(text: str) -> tuple[str, ...]:
    """A text as upper-case words without punctuation; ``#`` and ``No.`` are the word NUMBER.

    >>> tokens_of("Member's ID#: (if known)")
    ('MEMBER', 'ID', 'NUMBER', 'IF', 'KNOWN')
    """
    plain = re.sub(r"[’']S\b|[’']", "", text.upper())
    return tuple(_SAME.get(word, word) for word in _SPLIT.findall(re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)))


def _shape(word: str) -> str:
    """The word with one letter for those that look the same in small print: l, I and 1, O and 0."""
    return word.translate(_LOOKS_THE_SAME)


_in_use: tuple[TaughtLabel, ...] = ()


def use_taught(labels: tuple[TaughtLabel, ...]) -> None:
    """Read with the labels that the site has taught, in this process from now on, beside the shipped ones."""
    global _in_use  # noqa: PLW0603 - one process reads one document at a time, as with the list of procedure codes
    _in_use = labels


def default_lexicon(*, loose: bool = False, typed: bool = False) -> Lexicon:
    """The lexicon of the shipped label data and of what the site has taught, made once for each state of them."""
    return _lexicon(_in_use, loose, typed)


@lru_cache(maxsize=6)
def _lexicon(taught: tuple[TaughtLabel, ...], loose: bool, typed: bool) -> Lexicon:
    return Lexicon(_shipped(), loose=loose, typed=typed, taught=taught)


@lru_cache(maxsize=1)
def _shipped() -> LabelData:
    text = files("extraction").joinpath("data/labels.yaml").read_text(encoding="utf-8")
    return LabelData.model_validate(yaml.safe_load(text))


def lexicon_for(page: Page) -> Lexicon:
    """The lexicon for a page: a looser one where many of its words are doubtful, a stricter one where none was read from ink."""
    typed = all(word.method is not Method.OCR for word in page.words)
    return default_lexicon(loose=_is_doubtful(page), typed=typed)


def with_known_words(page: Page) -> Page:
    """The page with misread words of labels as those words; the page itself where it was read well.

    For telling what kind of page it is. Values may be changed too, so none is taken from it.
    """
    if not _is_doubtful(page):
        return page
    lexicon = default_lexicon(loose=True)
    return replace(page, words=tuple(replace(word, text=lexicon.mended(word.text)) for word in page.words))


def _is_doubtful(page: Page) -> bool:
    read = [word.confidence for word in page.words if word.method is Method.OCR]
    return sum(confidence < _DOUBTFUL for confidence in read) > _DOUBTFUL_SHARE * len(read)
