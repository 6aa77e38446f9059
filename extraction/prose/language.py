"""The spaCy pipeline: sentences, acts, and NegEx over the acts.

A blank English pipeline, because faxed requests are short directives full of codes: what counts is a closed set of wordings
(data) and typed values, not parts of speech. negspacy runs twice, once for denial and once for what is past or only possible,
each with terms of our own: its scopes, bounded by terms too, are what such sentences need.

Importing spaCy takes two seconds, so this module is imported when the first letter or comment is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

import negspacy.negation  # noqa: F401 - registers "negex"
from spacy.lang.en import English, EnglishDefaults
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans

from extraction.prose.cues import prose_data
from extraction.prose.items import Item, ItemKind, Sentence
from extraction.prose.values import values_in

_ACTS = "acts"
_ENDS = frozenset(".?!")
_ABBREVIATIONS = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "no",
        "nos",
        "inc",
        "jr",
        "sr",
        "ext",
        "dept",
        "approx",
        "eff",
        "auth",
        "ave",
        "ste",
        "ph",
        "tel",
        "vs",
        "dx",
        "pt",
        "appt",
        "assoc",
    }
)
_PASSIVE = frozenset({"be", "is", "are", "was", "were", "being", "been", "get", "gets"})
_PARTICLE_WITHIN = 8
_STATING = ("state", "use", "submitted", "keep")
_LACKING = frozenset({"missing", "omitted", "off", "out"})
"""Ends of phrases for what an authorization lacks; what is lacking stands before them."""
_CONDITIONS = frozenset({"if", "should", "when", "once", "unless", "provided"})
_FUTURE = frozenset({"will", "would", "may", "might", "can", "could", "shall"})
_PLEASE = frozenset({"please", "kindly", "pls", "plz"})
_AGENTS = frozenset(
    {"plan", "payer", "insurer", "insurance", "reviewer", "we", "they", "she", "he", "you", "i", "physician", "doctor", "who"}
)
"""Who has done what a past participle right behind says."""
_PHRASES = (ItemKind.FIELD, ItemKind.ACT)
_NAMING = ("add", "remove", "extend")
_WISHING = ("use", "submitted")
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")
_QUOTED_WORDS = 4
"""Words from which what stands between quotation marks is somebody's saying, and not one value."""
_WAS = frozenset({"was", "were"})
_DETERMINERS = ["the", "this", "that", "our", "a", "an", "to", "from", "your", "all"]


@Language.component("par_intake_sentences")
def _mark_sentences(doc: Doc) -> Doc:
    """A sentence ends at a full stop before a capital or a number, and at the end of a line."""
    for token in doc[:-1]:
        following = doc[token.i + 1]
        ends = token.is_space and "\n" in token.text
        if token.text in _ENDS and (token.whitespace_ or following.is_space):
            before = doc[token.i - 1] if token.i else token
            whole = len(before) > 1 or (before.is_digit and following.is_title)
            ends = before.lower_ not in _ABBREVIATIONS and whole and not following.is_lower
        following.is_sent_start = ends
    return doc


class _RequestDefaults(EnglishDefaults):
    """English, with arrows that stand between codes without a space: 97110->97140."""

    infixes = [*(EnglishDefaults.infixes or []), r"[-=](?=>)", r"(?<=[-=\d])>", "→"]  # noqa: RUF012 - spaCy's own name


class _RequestEnglish(English):  # type: ignore[no-untyped-call] # spaCy registers its languages so
    """A blank pipeline, as ``spacy.blank("en")``."""

    Defaults = _RequestDefaults


class _ActMarker:
    """Puts the acts where NegEx looks for them, the longest phrase at a place."""

    def __init__(self, nlp: Language) -> None:
        data = prose_data()
        self._phrases = _matcher(nlp, data.acts.model_dump())
        self._right = Matcher(nlp.vocab)
        # As in: the correct code is, new end date followed by a colon.
        middle = {"LOWER": {"NOT_IN": _DETERMINERS}, "IS_PUNCT": False, "IS_DIGIT": False, "OP": "{1,3}"}
        self._right.add("state", [[{"LOWER": {"IN": list(data.right)}}, middle, {"LOWER": {"IN": ["is", "are", ":", "="]}}]])

    def __call__(self, doc: Doc) -> Doc:
        found = [*self._phrases(doc), *self._right(doc), *_separable(doc)]
        spans = filter_spans([Span(doc, start, end, label=label) for label, start, end in found])
        begins = {span.start for span in spans if span.label_ not in _STATING}
        ends = {span.end for span in spans if span.label_ in _NAMING}
        # In "should be added" the act is to add; "should be" only makes it a wish. So does "requested" in "extension requested".
        doc.spans[_ACTS] = [
            span
            for span in spans
            if not (span.label_ == "state" and span.end in begins) and not (span.label_ in _WISHING and span.start in ends)
        ]
        return doc


def _separable(doc: Doc) -> Iterator[tuple[int, int, int]]:
    """Verbs whose particle stands behind the object."""
    verbs = prose_data().separable
    label = doc.vocab.strings["remove"]
    for token in doc:
        particles = verbs.get(token.lower_, ())
        if any(other.lower_ in particles for other in doc[token.i + 1 : token.i + _PARTICLE_WITHIN]):
            yield label, token.i, token.i + 1


@Language.factory("par_intake_acts")
def _make_act_marker(nlp: Language, name: str) -> _ActMarker:
    del name
    return _ActMarker(nlp)


class _Reader:
    """The pipeline and the matchers of all other cues, on one vocabulary."""

    def __init__(self) -> None:
        data = prose_data()
        self.nlp = _RequestEnglish()
        self.nlp.add_pipe("par_intake_sentences")
        self.nlp.add_pipe("par_intake_acts")
        for name, scope in (("negated", data.negated), ("historical", data.historical)):
            config = {"neg_termset": scope.model_dump(), "extension_name": name, "span_keys": [_ACTS]}
            self.nlp.add_pipe("negex", name=name, config=config)
        groups: dict[ItemKind, Mapping[str, Iterable[str]]] = {
            ItemKind.FIELD: {**data.fields, "other_provider": _with_npi(data.other_provider)},
            ItemKind.ROLE: data.roles.model_dump(),
            ItemKind.MORE: {"more": data.more},
            ItemKind.JOIN: {"and": ("and", "&", "or", "plus")},
            ItemKind.BREAK: {"break": (",", ";", "but", "then", "because")},
        }
        self._matchers = [(kind, _matcher(self.nlp, phrases)) for kind, phrases in groups.items()]

    def read(self, text: str, written_on: date | None) -> tuple[Sentence, ...]:
        """The sentences of the text."""
        doc = self.nlp(text)
        cues = [*_acts(doc), *self._cues(doc)]
        return tuple(_sentence(sentence, cues, written_on) for sentence in doc.sents if sentence.text.strip())

    def _cues(self, doc: Doc) -> Iterator[Item]:
        for kind, matcher in self._matchers:
            spans = [Span(doc, start, end, label=label) for label, start, end in matcher(doc)]
            for span in filter_spans(spans):
                yield Item(kind, span.label_, span.start_char, span.end_char, span.text)


def _matcher(nlp: Language, groups: Mapping[str, Iterable[str]]) -> PhraseMatcher:
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for name, phrases in groups.items():
        matcher.add(name, [nlp.make_doc(phrase) for phrase in phrases])
    return matcher


def _with_npi(providers: Iterable[str]) -> list[str]:
    """Also "requesting provider NPI", which is not the servicing provider's "provider NPI"."""
    return [phrase for provider in providers for phrase in (provider, f"{provider} npi", f"{provider}'s npi")]


def _acts(doc: Doc) -> Iterator[Item]:
    for span in doc.spans[_ACTS]:
        before = doc[span.start - 1] if span.start else None
        passive = _takes_back(span) or span[0].lower_ in _PASSIVE or (before is not None and before.lower_ in _PASSIVE)
        told = span[0].lower_ not in _PASSIVE and (not passive or (before is not None and before.lower_ in _WAS)) and _reports(span)
        barred = (
            bool(span._.negated or span._.historical)
            or _is_noun(span, before)
            or told
            or _only_states(span)
            or _is_conditional(span)
        )
        yield Item(ItemKind.ACT, span.label_, span.start_char, span.end_char, span.text, barred=barred, passive=passive)


def _is_noun(span: Span, before: Token | None) -> bool:
    """Whether a word that is a noun too stands where a noun stands: "foot drop"."""
    data = prose_data()
    if span.text.lower() not in data.nouns_too or before is None or span[0].is_sent_start:
        return False
    return before.is_alpha and before.lower_ not in data.directives


def _reports(span: Span) -> bool:
    """Whether a past participle tells what was done instead of asking for it: "added 20610 in January"."""
    if span.label_ not in ("add", "remove", "extend") or not span[-1].lower_.endswith("ed"):
        return False
    if span.start and span.doc[span.start - 1].lower_ in _AGENTS:
        return True
    return not any(token.lower_ in prose_data().wishes for token in span.sent)


def _takes_back(span: Span) -> bool:
    """Whether the object stands before the act though it is not passive: "KX is missing", "97110 changed to", "Dr. Cho will do"."""
    following = span.doc[span.end].lower_ if span.end < len(span.doc) else ""
    changed = span.label_ == "replace" and span[-1].lower_.endswith("ed") and following in ("to", "with", "by")
    return changed or (span.label_ == "add" and span[-1].lower_ in _LACKING) or (span.label_ == "use" and span[0].lower_ == "will")


def _is_conditional(span: Span) -> bool:
    """Whether the act is what would follow from a condition: "If she does not improve, we will ask for 8 more visits"."""
    before = [token.lower_ for token in span.doc[span.sent.start : span.start]]
    supposed = bool(before) and before[0] in _CONDITIONS
    return supposed and not _FUTURE.isdisjoint(before[1:]) and _PLEASE.isdisjoint(token.lower_ for token in span.sent)


def _only_states(span: Span) -> bool:
    """Whether "auth thru 3/31" tells what is authorized; it asks for it only where a word of asking stands in the sentence."""
    return (
        span.label_ == "extend"
        and span[0].lower_.startswith("auth")
        and not any(t.lower_ in prose_data().wishes for t in span.sent)
    )


def _sentence(span: Span, cues: list[Item], written_on: date | None) -> Sentence:
    start, end = span.start_char, span.end_char
    inside = [cue for cue in cues if start <= cue.start < end]
    quoted = [(start + match.start(), start + match.end()) for match in _sayings(span.text)]
    inside = [cue for cue in inside if not any(first <= cue.start < last for first, last in quoted)]
    values = tuple(v for v in values_in(span.text, start, written_on) if not any(first <= v.start < last for first, last in quoted))
    # A number or name is no cue: "St. Mary Lab" holds no field, "P2" no role.
    kept = [cue for cue in inside if not any(v.start < cue.end and cue.start < v.end for v in values) and not _within(cue, inside)]
    items = sorted([*kept, *values], key=lambda item: (item.start, -item.end))
    return Sentence(start, end, span.text, tuple(items))


def _sayings(text: str) -> Iterator[re.Match[str]]:
    """What is quoted from somebody: no change that this writer asks for."""
    return (match for match in _QUOTED.finditer(text) if len(match.group().split()) >= _QUOTED_WORDS)


def _within(cue: Item, others: list[Item]) -> bool:
    """Whether a cue is a part of a longer phrase: the "thru" of "thru date", the "given" of "was given"."""
    around = {ItemKind.ROLE: _PHRASES, ItemKind.MORE: _PHRASES, ItemKind.ACT: (ItemKind.ROLE,)}.get(cue.kind, ())
    phrases = (other for other in others if other.kind in around)
    return any(o.start <= cue.start and cue.end <= o.end and o.end - o.start > cue.end - cue.start for o in phrases)


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()


def read_sentences(text: str, written_on: date | None = None) -> tuple[Sentence, ...]:
    """The sentences of a text with what they say; a new line ends a sentence. ``written_on`` is its day, where known."""
    return _reader().read(text, written_on)
