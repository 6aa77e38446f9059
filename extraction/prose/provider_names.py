"""Provider names in running text: the words after "to", "from" or "provider" up to where the name must end."""

from __future__ import annotations

import re

from extraction.prose.cues import prose_data
from extraction.prose.items import Item, ItemKind, Sentence
from models.values import is_organization, plain_provider_name

_TOKEN = re.compile(r"[ \t]*(?P<word>[^\s,;()]+)")
_LINKS = frozenset({"&", "of", "the", "and", "at", "for", "de", "la", "del", "los", "las"})
_NOT_FIRST = re.compile(
    r"(?:cpt|hcpcs|icd\S*|npi|tin|code|codes|modifiers?|authorization|auth|the|a|an|our|your|this|please|units?|visits?|end|start|dates?"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|read|include|reflect|servicing|rendering|provider)",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"\s*,\s*(?=(?:MD|M\.D\.|DO|D\.O\.|NP|PA|PA-C|FNP|FNP-C|DPM|DPT|PT|OT|LLC|Inc|INC|PhD|OD|DC|RN|LCSW|Inc\.)\b)")
_ABBREVIATED = re.compile(r"(?:Dr|St|Mt|Ft|Jr|Sr|Inc|Assoc|Ctr|Med|Hosp|Dept|[A-Z]|[A-Z]\.[A-Z])\.", re.IGNORECASE)
_TITLED = re.compile(r"\s*(?:Dr|Doctor)\b", re.IGNORECASE)
_SHOUTED = 0.7
_MOST_WORDS = 10


def with_names(sentence: Sentence) -> Sentence:
    """The sentence with the provider names it holds as values; only one that speaks of a provider is searched."""
    if not _speaks_of_provider(sentence):
        return sentence
    names: list[Item] = []
    if _TITLED.match(sentence.text):
        first = _name_at(sentence, 0)
        names += [first] if first is not None else []
    for item in sentence.items:
        if item.kind in (ItemKind.ROLE, ItemKind.FIELD) or (
            item.kind is ItemKind.ACT and item.name in ("state", "replace", "move", "use")
        ):
            name = _name_at(sentence, item.end - sentence.start)
            if name is not None and not any(name.start < other.end and other.start < name.end for other in names):
                names.append(name)
    kept = [item for item in sentence.items if not any(n.start <= item.start < n.end for n in names)]
    items = sorted([*kept, *names], key=lambda item: (item.start, -item.end))
    return Sentence(sentence.start, sentence.end, sentence.text, tuple(items))


def _speaks_of_provider(sentence: Sentence) -> bool:
    if any(item.name == "servicing_provider.name" for item in sentence.all(ItemKind.FIELD)):
        return True
    text = sentence.text.lower()
    return any(re.search(rf"\b{re.escape(move)}\b", text) for move in prose_data().moves)


def _name_at(sentence: Sentence, place: int) -> Item | None:
    text = sentence.text
    lead = re.match(r"[\s:\"“'=]*", text[place:])
    start = place + (lead.end() if lead else 0)
    end = _end(text, start, shouted=_is_shouted(text))
    raw = text[start:end].rstrip(" ,.&\"”'")
    name = plain_provider_name(raw)
    words = name.split()
    titled = re.match(r"(?:dr|doctor)\b", raw, re.IGNORECASE) is not None
    if not words or _NOT_FIRST.fullmatch(raw.split()[0]) or not (len(words) >= 2 or titled or is_organization(name)):
        return None
    offset = sentence.start
    return Item(ItemKind.VALUE, "name", offset + start, offset + start + len(raw), raw, name, 0.85)


def _is_shouted(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > _SHOUTED * max(1, len(letters))


def _end(text: str, start: int, *, shouted: bool) -> int:
    """Where the run of name words that begins at ``start`` ends."""
    stops = set(prose_data().name_stops) - (set() if shouted else _LINKS)
    place = end = start
    for _ in range(_MOST_WORDS):
        match = _TOKEN.match(text, place)
        if match is None:
            break
        word = match["word"]
        bare = word.strip(".\"”'").lower()
        linked = word.lower() in _LINKS and _goes_on(text, match.end(), stops) and end > start
        if (bare in stops and not linked) or re.search(r"\d{3}", word) or not (word[0].isupper() or linked):
            break
        place = match.end()
        if not linked:
            end = place
        if word.endswith(".") and not _ABBREVIATED.fullmatch(word):
            break
        degree = _DEGREE.match(text, place)
        place = degree.end() if degree else place
    return end


def _goes_on(text: str, place: int, stops: set[str]) -> bool:
    match = _TOKEN.match(text, place)
    return match is not None and match["word"][0].isupper() and match["word"].strip(".").lower() not in stops
