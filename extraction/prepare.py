"""Small repairs to a page before it is taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extraction.lexicon import Lexicon
from models.geometry import Box
from models.page import Method, Page, Word

# A piece of a box or of an upright line, read as a character, is narrower than any character: width by height.
_STROKES = frozenset("1Il|!/\\[]")
_NARROWEST = 0.13
# "NPI:1080248903", "Fax:(530)281-9750": a label that the engine did not part from its value.
_GLUED = re.compile(r"^(?P<label>[^\d:]{2,}\d?[:;])(?P<value>[^\s:/].*)$")
# "NPI2443568987", "telephone530-390-4894", "Tax1D=77-5013574": the same without its colon, before a number.
_GLUED_NUMBER = re.compile(r"^(?P<label>[A-Za-z][A-Za-z#./*]{2,}|[A-Za-z][A-Za-z0-9]+[=.])(?P<value>[\d(][\d()\-./]{6,})$")

# "562-555-1200Fax:562-555-1201": a number on its line, and the label that begins where the line ends.
_GLUED_BEHIND = re.compile(r"^(?P<value>[\w()./-]*\d)(?P<rest>(?P<label>[A-Z][A-Za-z#]+[:;]).*)$")

# "Z80.3Z15.01Date", "650-555-4400Lab": codes on rules side by side, and a number with the label that begins behind its rule.
_CLOSED_UP = re.compile(r"^(?P<value>[\w().-]*?\d)(?P<rest>(?P<code>[A-TV-Z]\d[0-9A-Z]\.\d.*)|[A-Z][a-z]{2,})$")
# "05/06/2026to", "to07/04/2026": the ends of a range.
_GLUED_RANGE = re.compile(
    r"^(?P<value>\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|to|thru|through)(?P<rest>(?:to|thru|through)(?:\d.*)?|(?<=[ouh])\d.*)$",
    re.IGNORECASE,
)

# "Section.4:": the number of a title with the space before it read as a full stop, or not at all.
_GLUED_TITLE = re.compile(r"^(?P<label>Section|SECTION|Part|PART|Step|STEP)[.,]?(?P<value>(?:\d{1,2}|[A-H])[:.)]?)$")

# "ModifierUnits": two headings that touch; the second begins with a capital.
_GLUED_WORDS = re.compile(r"^(?P<label>[A-Za-z][a-z]{2,})(?P<value>[A-Z][A-Za-z/]+[:*]*)$")

# "PhysicianDr.", "NameFitzgerald": what asks for somebody, and who it is.
_GLUED_NAME = re.compile(
    r"^(?P<label>Name|NAME|Physician|Provider|Prescriber|Clinician|Contact|CONTACT)(?P<value>[A-Z][a-z]+[.,]?)$"
)

# "T 858-555-3000 F 858-555-3001".
_LETTERS_OF_PHONES, _NEAR_PHONE = {"T": "Tel:", "P": "Tel:", "F": "Fax:"}, 0.03
_PHONE = re.compile(r"\(\d{3}\)|\d{3}[-.]\d{3}[-.]\d{4}")

# "ProviderSTONEBRIDGE", "title)SMITH": a label in small letters, or its bracket, before a value in capitals.
_GLUED_CAPITALS = re.compile(r"^(?P<label>[A-Za-z/]*[a-z]{2}[.)]?|[A-Za-z/]{2,}\))(?P<value>[A-Z][A-Z'’&-].*)$")


def with_labels_parted(page: Page, lexicon: Lexicon) -> Page:
    """The page with labels parted from the values that were read in one word with them."""
    parts = [part for word in page.words for part in _parts(word, lexicon)]
    following = [*parts[1:], None]
    return replace(page, words=tuple(_spelled_out(word, behind) for word, behind in zip(parts, following, strict=True)))


def _spelled_out(word: Word, behind: Word | None) -> Word:
    """The letters T and F before a telephone number, as the words that they stand for."""
    said = _LETTERS_OF_PHONES.get(word.text.rstrip(":."))
    if said is None or behind is None or word.method is Method.FORM_FIELD or not _PHONE.match(behind.text):
        return word
    near = 0.0 <= behind.box.left - word.box.right < _NEAR_PHONE and behind.box.on_row_of(word.box)
    return replace(word, text=said) if near else word


def without_strokes(page: Page) -> Page:
    """The page without upright lines that were read as a single character."""
    return replace(page, words=tuple(word for word in page.words if not _is_stroke(word, page.aspect)))


def _is_stroke(word: Word, aspect: float) -> bool:
    thin = word.box.width < _NARROWEST * word.box.height * aspect
    return thin and word.text in _STROKES and word.method is Method.OCR


def _parts(word: Word, lexicon: Lexicon) -> Iterator[Word]:
    behind = _behind(word, lexicon)
    if behind is not None:
        cut = word.box.left + word.box.width * behind.end("value") / len(word.text)
        yield replace(word, text=behind["value"], box=Box(word.box.left, word.box.top, cut, word.box.bottom))
        yield from _parts(replace(word, text=behind["rest"], box=Box(cut, word.box.top, word.box.right, word.box.bottom)), lexicon)
        return
    glued = (
        pattern.match(word.text) for pattern in (_GLUED, _GLUED_NUMBER, _GLUED_CAPITALS, _GLUED_WORDS, _GLUED_NAME, _GLUED_TITLE)
    )
    match = next((found for found in glued if found is not None and _is_parted(found, lexicon)), None)
    if match is None or word.method is Method.FORM_FIELD:
        yield word
        return
    cut = word.box.left + word.box.width * match.end("label") / len(word.text)
    # Nothing but the change of letters says where such a label ends: it is given a colon.
    colon = ":" if match.re in (_GLUED_CAPITALS, _GLUED_NAME) else ""
    yield replace(word, text=match["label"] + colon, box=Box(word.box.left, word.box.top, cut, word.box.bottom))
    yield from _parts(replace(word, text=match["value"], box=Box(cut, word.box.top, word.box.right, word.box.bottom)), lexicon)


def _is_parted(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether the first part is of a label; two words of labels in one ("TaxID") are no label and its value, but two headings."""
    known = all(lexicon.resolve(token) for token in lexicon.tokens(match["value"]))
    if match.re is _GLUED_CAPITALS and known:
        return False
    if match.re is _GLUED_WORDS and not (known and lexicon.tokens(match["value"])):
        return False
    return match.re is _GLUED_TITLE or all(lexicon.resolve(token) for token in lexicon.tokens(match["label"]))


def _behind(word: Word, lexicon: Lexicon) -> re.Match[str] | None:
    """Where a label, the word between two dates, or the next value stands behind a value in one word with it."""
    if word.method is Method.FORM_FIELD:
        return None
    closed = _CLOSED_UP.match(word.text) if word.method is Method.OCR else None
    if closed is not None and (closed["code"] or lexicon.knows(closed["rest"].upper())):
        return closed
    label = _GLUED_BEHIND.match(word.text)
    return label if label is not None and _is_label(label["label"], lexicon) else _GLUED_RANGE.match(word.text)


def _is_label(text: str, lexicon: Lexicon) -> bool:
    meaning = lexicon.meaning_of(text)
    return meaning is not None and bool(meaning.attributes) and all(lexicon.resolve(token) for token in lexicon.tokens(text))
