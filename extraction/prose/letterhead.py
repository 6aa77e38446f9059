"""Who writes: name, NPI, TIN, telephone, fax and contact of the requesting provider, from letterhead, text and signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from extraction.lines import Line
from extraction.prose.cues import any_of, prose_data
from extraction.prose.parts import LetterParts, is_recipient
from extraction.prose.readings import reading, value_reading
from extraction.prose.text import Passage
from models.geometry import Box
from models.reading import FieldReading
from models.values import ValueKind, ValueReading, find_values, is_organization, plain_provider_name

_DEGREE = re.compile(
    r"(?<![\w.])(?:M\.?D|D\.?O|D\.?P\.?M|N\.?P|F\.?N\.?P(?:-?B?C)?|P\.?A(?:-C)?|D\.?C|O\.?D|D\.?P\.?T|P\.?T|O\.?T|Ph\.?D|Psy\.?D|L\.?C\.?S\.?W|A\.?P\.?R\.?N"
    r"|D\.?N\.?P|A\.?N\.?P|C\.?N\.?M|C\.?R\.?N\.?A|R\.?N|L\.?M\.?F\.?T|M\.?S\.?N|D\.?D\.?S|M\.?B\.?B\.?S|A\.?R\.?N\.?P|SLP|M\.?S|BCBA)\.?(?![\w])",
)
_PERSON = re.compile(r"(?:Dr\.?\s+)?[^\W\d_][\w'’.\-]*(?:[ ,]+[^\W\d_][\w'’.\-]*){1,6}")
_CONTACT_NAME = re.compile(r"[\s:,.]*(?P<name>[A-Z][\w'’\-]+(?:[ ](?:[A-Z][\w'’\-]+|[A-Z]\b\.?|(?:de|del|la|van|von|der)\b)){0,4})")
_NOT_CONTACT = re.compile(
    r"(?:our|the|us|me|this|my|your|if|at|office|utilization|prior|authorization|medical|referral|member|provider|please|we|i)\b",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 6
_SIGNED_INK = 0.0015
"""Mean darkness (0..1) of the space between closing and name above which something was written there."""


def read_sender(parts: LetterParts) -> tuple[FieldReading, ...]:
    """Readings of ``requesting_provider.*``, the best of each."""
    found = [*_numbers(parts), *_identifiers(parts), *_name(parts), *_contact(parts)]
    best: dict[str, FieldReading] = {}
    for each in found:
        if each.path not in best or each.confidence > best[each.path].confidence + 0.001:
            best[each.path] = each
    return tuple(best.values())


def _numbers(parts: LetterParts) -> Iterator[FieldReading]:
    """Telephone and fax; the plan's own numbers stand in lines that begin with "via fax" or "to"."""
    head = parts.passage(parts.head)
    for label, passage in (("head", head), ("body", parts.passage(parts.body))):
        for found in find_values(ValueKind.PHONE, passage.text):
            if found.value is None or not _on_one_line(passage, found):
                continue
            before = passage.text[max(0, found.start - 24) : found.start]
            path = _number_path(before)
            if path is not None and (label == "head" or not is_recipient(before.strip())):
                yield value_reading(f"requesting_provider.{path}", passage, found, 0.96 if label == "head" else 0.7)
            elif path is None and label == "head":
                yield value_reading("requesting_provider.phone", passage, found, 0.5)


def _on_one_line(passage: Passage, found: ValueReading) -> bool:
    boxes = [word.box for word in passage.words_at(found.start, found.end)]
    return max(box.top for box in boxes) < min(box.bottom for box in boxes)


def _number_path(before: str) -> str | None:
    """The nearest label before a number; a misread "Fax" (Pax, lax) is one too."""
    cues = prose_data().letter
    last = before.rsplit("\n", maxsplit=1)[-1]
    fax = max((match.end() for match in any_of(cues.fax).finditer(last)), default=-1)
    fax = max([fax, *(match.end() for match in re.finditer(r"\b[A-Za-z]ax\b(?!\s*id)", last, re.IGNORECASE))])
    phone = max((match.end() for match in any_of(cues.phone).finditer(last)), default=-1)
    if max(fax, phone) < 0:
        return "phone" if re.search(r"\bat\s*$", last) else None
    return "fax" if fax > phone else "phone"


def _identifiers(parts: LetterParts) -> Iterator[FieldReading]:
    for lines, evidence in ((parts.head, 0.93), (parts.signed, 0.97)):
        passage = parts.passage(lines)
        for found in find_values(ValueKind.NPI, passage.text):
            named = re.search(r"\bN[PF][I1lE]\b\W*(?:no\.?|number|#)?\W*$", passage.text[: found.start], re.IGNORECASE) is not None
            if found.value is not None and (named or (found.valid and found.text.isdigit())):
                yield value_reading("requesting_provider.npi", passage, found, evidence if named else 0.7)
        for match in any_of(prose_data().letter.tin).finditer(passage.text):
            values = find_values(ValueKind.TIN, passage.text[match.end() : match.end() + 22])
            if values and values[0].start <= 4:
                yield value_reading("requesting_provider.tin", passage, values[0], evidence, match.end())


def _name(parts: LetterParts) -> Iterator[FieldReading]:
    named = [(line, _degree_name(_text(parts, line))) for line in parts.head]
    heads = [(line, name) for line, name in named if name]
    for line, name, evidence in _signers(parts):
        backed = any(fuzz.token_set_ratio(name.lower(), other.lower()) >= 80 for _, other in heads)
        passage = parts.passage((line,))
        yield reading("requesting_provider.name", passage, _span(passage, name), name, min(0.98, evidence + (0.1 if backed else 0)))
    for line, name in heads:
        passage = parts.passage((line,))
        yield reading("requesting_provider.name", passage, _span(passage, name), name, 0.7)


def _text(parts: LetterParts, line: Line) -> str:
    """The line with lost letters put back."""
    return parts.passage((line,)).text


def _span(passage: Passage, name: str) -> tuple[int, int]:
    """Where the name stands, from its first word to its last; the whole line where it was put together otherwise."""
    words = name.split()
    start = passage.text.find(words[0])
    last = passage.text.find(words[-1], max(start, 0))
    return (start, last + len(words[-1])) if start >= 0 and last >= 0 else (0, len(passage.text))


def _degree_name(text: str) -> str | None:
    """The person of a line such as "Darnell Kim, FNP-C   NPI 1305103859"."""
    before = re.split(r"\b(?:NPI|Lic|License|DEA)\b", text)[0]
    match = _PERSON.match(before.strip())
    if match is None or _DEGREE.search(before) is None:
        return None
    name = plain_provider_name(match.group())
    return name if len(name.split()) >= 2 and not is_organization(name) else None


def _signers(parts: LetterParts) -> Iterator[tuple[Line, str, float]]:
    """Lines under the closing that name a person; a degree or an NPI beside it says that it is the provider."""
    lines = parts.signed[:_SIGNATURE_LINES]
    staff = any_of(prose_data().letter.staff)
    for place, line in enumerate(lines):
        text = re.split(r"\bNPI\b", _text(parts, line))[0]
        match = _PERSON.search(text)
        following = lines[place + 1].text if place + 1 < len(lines) else ""
        if match is None or staff.search(text) or (staff.search(following) and not _DEGREE.search(text)):
            continue
        name = plain_provider_name(match.group())
        words = [word for word in name.split() if len(word.strip(".")) > 1]
        if not 2 <= len(name.split()) <= 6 or len(words) < 2 or is_organization(name) or not name[0].isupper():
            continue
        degree = _DEGREE.search(text) is not None
        beside = "NPI" in line.text.upper() or "NPI" in following.upper()
        # A legible signature stands above the printed name and says the same.
        above = any(fuzz.ratio(name.lower(), _first_words(later.text).lower()) >= 65 for later in lines[place + 1 :])
        yield line, name, 0.95 if degree else 0.85 if beside else 0.4 if above else 0.6


def _first_words(text: str) -> str:
    return re.split(r",|\bNPI\b", text)[0].strip()


def _contact(parts: LetterParts) -> Iterator[FieldReading]:
    """Whom to call: "please call Jennifer Nguyen at"."""
    body = parts.passage((*parts.body, *parts.signed))
    for match in any_of(prose_data().letter.contact).finditer(body.text):
        name = _CONTACT_NAME.match(body.text, match.end())
        if name is None or _NOT_CONTACT.match(name["name"]):
            continue
        after = body.text[name.end() : name.end() + 14]
        sure = re.match(r"\s*(?:at\b|,|\(|can be|\.|with|or)|\s*\d", after) is not None
        yield reading("requesting_provider.contact", body, name.span("name"), name["name"], 0.95 if sure else 0.6)


def read_signature(parts: LetterParts) -> tuple[FieldReading, ...]:
    """Whether the space between closing and printed name holds a signature, and the date where one is stated."""
    if parts.closing is None:
        return ()
    passage = parts.passage(parts.signed) if parts.signed else parts.passage((parts.closing,))
    name = max(_signers(parts), key=lambda signer: (signer[2], signer[0].box.top), default=(None,))[0]
    top, bottom = parts.closing.box.bottom, name.box.top if name else min(1.0, parts.closing.box.bottom + 0.09)
    space = Box.clipped(parts.closing.box.left - 0.02, top + 0.003, parts.closing.box.left + 0.45, max(top + 0.004, bottom - 0.003))
    scribbled = any(line is not name and line.box.bottom <= bottom + 0.01 for line in parts.signed)
    typed = re.search(r"/s/|electronically signed|e-?signed", passage.text, re.IGNORECASE) is not None
    present = scribbled or typed or parts.page.ink.share(space) > _SIGNED_INK
    sure = 0.8 if scribbled or typed else 0.6
    found = [FieldReading("signature.present", "", present, sure, parts.page.number, space, passage.method(0, 1))]
    signed = re.search(r"\bsigned\b[^.\n]{0,40}?\bon\b\s*:?\s*|\bdate(?: signed)?\s*:\s*", passage.text, re.IGNORECASE)
    if signed:
        dates = find_values(ValueKind.DATE, passage.text[signed.end() : signed.end() + 24])
        found += [value_reading("signature.signed_on", passage, value, 0.9, signed.end()) for value in dates[:1]]
    return tuple(found)
