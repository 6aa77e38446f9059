"""Whom a letter is about: the reference block (RE, DOB, Member ID, Authorization) and the same things said in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from extraction.classify import normal
from extraction.prose.cues import any_of, prose_data
from extraction.prose.readings import reading, value_reading
from extraction.prose.text import Passage
from models.reading import FieldReading
from models.values import ValueKind, ValueReading, find_values, is_organization, split_person_name

_AFTER_LABEL = re.compile(r"[\s.]*(?:numbers?|nos?\b\.?|id|#)?[\s.#:=(’'\-–]*(?:is|of|was|on)?[\s:#(]*", re.IGNORECASE)
_REACH = 46
"""Letters after its label in which a value is looked for."""
_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx)\.?\s+)?(?P<name>[^\W\d_][\w'’.\-]*(?:,?[ ]+[^\W\d_][\w'’.\-]*){1,4})",
)
_NO_NAME = re.compile(
    r"(?:authorizations?|auth|request|extension|amendment|cancell?ation|prior|change|letter|patient|member|dob|date|id|the|this|our|above|birth"
    r"|correction|modification|referral|approval|medical|reference|update|continued?|services?|subscriber|health|number|of|to|and|for|review|npi)",
    re.IGNORECASE,
)
_LABELLED_LINE = re.compile(r"^\W*(?P<label>[^\n:]{3,30}):", re.MULTILINE)
_LONG_LABEL = 6
"""Letters of a label that is still known with one of them misread; a shorter one is like too many other words."""
_LABEL_LIKENESS = 82.0
_AS_LETTERS = str.maketrans("01!|58", "oiiisb")
"""A label holds letters: D0B, !D."""
_SAID = re.compile(
    r"\b(?:(?:our|my|the|this|above)\s+(?:mutual\s+)?(?:patient|member|client|beneficiary),?"
    r"|on behalf of|issued (?:for|to)|patient named)\s+",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:for|regarding|about)\s+(?=(?:M[rs]s?\.?\s+)?[A-Z])")
_STOPS = re.compile(
    r"\b(?:DOB|D\.O\.B|ID|Member|Date|Birth|Born|Auth\w*|Subscriber|NPI|Sex|Gender|MRN|CIN|Policy|Phone|Plan|Insurance|Health|Approved|Existing|Medi-?Cal|Medicare|Medicaid|Group|Policy|Address|Age|Ref\w*)\b\.?|[(;/|]"
)


def read_reference(passages: tuple[Passage, ...]) -> tuple[FieldReading, ...]:
    """Readings of ``member.*`` and ``request.authorization_number``, the best of each."""
    found = [each for passage in passages for each in _all(passage)]
    names = _agreed_names([name for passage in passages for name in _names(passage)])
    best: dict[str, FieldReading] = {}
    for each in [*found, *names]:
        if each.path not in best or each.confidence > best[each.path].confidence + 0.001:
            best[each.path] = each
    return tuple(best.values())


def _all(passage: Passage) -> Iterator[FieldReading]:
    cues = prose_data().letter
    wanted = (
        ("member.date_of_birth", cues.birth, ValueKind.DATE),
        ("member.member_id", cues.member_id, ValueKind.MEMBER_ID),
        ("request.authorization_number", cues.authorization, ValueKind.AUTHORIZATION_NUMBER),
        ("member.sex", cues.sex, ValueKind.SEX),
    )
    for path, labels, kind in wanted:
        for found, offset, evidence in _labelled(passage, labels, kind):
            yield value_reading(path, passage, found, evidence, offset)


def _labelled(passage: Passage, labels: tuple[str, ...], kind: ValueKind) -> Iterator[tuple[ValueReading, int, float]]:
    """Values of the kind right after one of the labels; on the next line only where the label's line ends there."""
    exact = [(match.end(), 1.0) for match in any_of(labels).finditer(passage.text)]
    for end, likeness in [*exact, *_misread(passage.text, labels)]:
        gap = _AFTER_LABEL.match(passage.text, end)
        start = gap.end() if gap else end
        piece = passage.text[start : start + _REACH].split("\n", maxsplit=1)[0]
        piece = re.split(r"(?<=\w),\s|\s{3,}", piece)[0] if kind is not ValueKind.DATE else piece
        values = find_values(kind, piece, birth=True) if kind is ValueKind.DATE else find_values(kind, piece)
        value = next((v for v in values if v.value is not None or kind is ValueKind.DATE), None)
        if value is None or value.start > 3 or not _fits(value, kind):
            continue
        marked = any(mark in passage.text[end:start] for mark in ":#")
        # Digits go on after a gap: a letter between them was not read.
        cut = kind is not ValueKind.DATE and re.match(r"[ ]\w*\d", piece[value.end :]) is not None
        yield value, start, (0.97 if marked else 0.9) * likeness * (0.5 if cut else 1.0)


def _misread(text: str, labels: tuple[str, ...]) -> Iterator[tuple[int, float]]:
    """Where a line begins with something like one of the labels and a colon: "orn: 06-07-82", "Insurance !D:"."""
    for match in _LABELLED_LINE.finditer(text):
        head = normal(match["label"].translate(_AS_LETTERS))
        if head and normal(match["label"]) not in labels:
            found = process.extractOne(head, labels, scorer=fuzz.ratio, score_cutoff=_LABEL_LIKENESS)
            if found is not None:
                yield match.end("label"), 0.85


def _fits(value: ValueReading, kind: ValueKind) -> bool:
    """An identifier has digits; a date or telephone number is none."""
    if kind not in (ValueKind.MEMBER_ID, ValueKind.AUTHORIZATION_NUMBER):
        return True
    digits = sum(c.isdigit() for c in value.text)
    return digits >= 4 and value.fit > 0.3 and not re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}", value.text)


def _names(passage: Passage) -> Iterator[FieldReading]:
    """The member's name, twice over: last and first."""
    for pattern, evidence in ((any_of(prose_data().letter.subject), 0.95), (_SAID, 0.9), (_FOR, 0.75)):
        for match in pattern.finditer(passage.text):
            gap = _AFTER_LABEL.match(passage.text, match.end())
            start = gap.end() if gap else match.end()
            if pattern is not _SAID and pattern is not _FOR and ":" not in passage.text[match.end() : start]:
                continue
            yield from _name_at(passage, start, evidence)
    long = tuple(label for label in prose_data().letter.subject if len(label) >= _LONG_LABEL)
    for end, likeness in _misread(passage.text, long):
        gap = _AFTER_LABEL.match(passage.text, end)
        yield from _name_at(passage, gap.end() if gap else end, 0.95 * likeness)


def _name_at(passage: Passage, start: int, evidence: float) -> Iterator[FieldReading]:
    piece = passage.text[start : start + _REACH].split("\n", maxsplit=1)[0]
    stop = _STOPS.search(piece)
    match = _NAME.match(piece[: stop.start()] if stop else piece)
    if match is None:
        return
    words = _name_words(match["name"])
    text = " ".join(words).strip(" ,.-")
    if len(words) < 2 or _NO_NAME.fullmatch(words[0].strip(",.")) or is_organization(text):
        return
    name = split_person_name(text, last_first=None)
    span = (start + match.start("name"), start + match.start("name") + len(text))
    if name.last_name and name.first_name:
        yield reading("member.last_name", passage, span, name.last_name, evidence)
        yield reading("member.first_name", passage, span, name.first_name, evidence)


_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "van", "von", "der", "den", "da", "di", "dos", "du", "le", "el", "al", "bin", "y", "st"}
)


# With a full stop these end no sentence; Vo, Ng and Li do.
_ABBREVIATED = frozenset({"jr", "sr", "st", "dr", "mr", "ms", "wm"})


def _name_words(text: str) -> list[str]:
    """The words of a name up to one that cannot be of it: a small letter, or the end of a sentence."""
    words: list[str] = []
    given = 0
    for word in text.split():
        plain = word.strip(",.").lower()
        if not word[0].isupper() and plain not in _PARTICLES:
            break
        if given > 2:
            break
        words.append(word)
        given += bool(given) or word.endswith(",")  # words since the comma, of which a name has no more than two
        if word.endswith(".") and len(plain) > 1 and plain not in _ABBREVIATED:
            break
    while words and words[-1].strip(",.").lower() in _PARTICLES:
        words.pop()
    return words


def _agreed_names(names: list[FieldReading]) -> list[FieldReading]:
    """The names with the one that stands more than once first; a name said twice is the person's."""
    counts: dict[tuple[str, str], int] = {}
    for each in names:
        key = (each.path, str(each.value).lower())
        counts[key] = counts.get(key, 0) + 1
    return sorted(names, key=lambda each: (-each.confidence, -counts[(each.path, str(each.value).lower())]))
