"""An instruction over a section's title is no value of it, where values stand over their captions."""

from __future__ import annotations

from datetime import date

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Page, Rule, Word


def _words(text: str, left: float, top: float, height: float) -> list[Word]:
    words = []
    for word in text.split():
        words.append(Word(word, Box(left, top, left + 0.0085 * len(word), top + height), 0.99))
        left += 0.0085 * (len(word) + 1)
    return words


def _page() -> Page:
    words = _words("Type or print clearly in black ink.", 0.086, 0.09, 0.009)
    words += _words("Prescriber / Ordering Provider", 0.086, 0.118, 0.012) + _words("Servicing Provider", 0.51, 0.118, 0.012)
    fields = (
        (("Violeta Pettibone", "Provider Name:"), ("Jose Fontaine", "Name of rendering provider:")),
        (("1234567893", "NPI:"), ("1144316001", "Performing provider NPI:")),
        (("(415) 825-7647", "Tel:"), ("(707) 292-2239", "Tel:")),
    )
    rules = [Rule(Box(0.086, 0.107, 0.91, 0.108), horizontal=True)]
    for row, pair in enumerate(fields):
        for left, (value, caption) in zip((0.086, 0.51), pair, strict=True):
            top = 0.15 + 0.042 * row
            words += _words(value, left, top, 0.014) + _words(caption, left, top + 0.017, 0.01)
            rules.append(Rule(Box(left, top + 0.015, left + 0.35, top + 0.0155), horizontal=True))
    return Page(1, 1.294, tuple(words), rules=tuple(rules))


def test_the_title_of_a_left_section_under_an_instruction_is_a_title() -> None:
    found = {r.path: r.value for r in read_request(RequestPages(PageKind.FORM, (_page(),)), date(2026, 3, 10)).readings}
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")
    assert (found["requesting_provider.name"], found["servicing_provider.name"]) == ("Violeta Pettibone", "Jose Fontaine")
