"""Finds the codes of our own letters on the pages of an answer."""

from __future__ import annotations

from collections.abc import Iterable

from extraction.lines import lines_of
from models.page import Page
from models.reply_code import codes_in


def reply_codes(pages: Iterable[Page]) -> tuple[str, ...]:
    """The codes that the pages quote, anywhere on them, each once and in the order of the pages."""
    found = (code for page in pages for line in lines_of(page) for code in codes_in(line.text))
    return tuple(dict.fromkeys(found))
