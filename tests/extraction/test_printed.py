"""Doubtful words that the form may have printed: they become labels, and never change a value."""

from __future__ import annotations

from datetime import date

from extraction.layout import lay_out
from extraction.lexicon import default_lexicon
from extraction.printed import as_printed, with_printed_labels
from models.geometry import Box
from models.page import Page, Word


def word(text: str, left: float, right: float, printed: str | None = None, top: float = 0.2) -> Word:
    return Word(text, Box(left, top, right, top + 0.012), 0.8, printed=printed)


def page(*words: Word) -> Page:
    return Page(1, 1.3, words=words)


def test_a_misread_caption_is_a_label_and_its_value_stays() -> None:
    layout = lay_out(
        page(word("Menbcr", 0.1, 0.16, "Member"), word("1l:", 0.165, 0.18, "ID:"), word("XDD718988244", 0.2, 0.34)),
        default_lexicon(),
        date(2026, 4, 15),
    )
    assert [(owned.label.attribute, owned.label.text) for owned in layout.owned] == [("member_id", "Member ID:")]
    assert [each.text for each in layout.page.words] == ["Member", "ID:", "XDD718988244"]


def test_a_name_that_looks_like_a_word_of_forms_stays_a_name() -> None:
    words = (word("Contact:", 0.1, 0.16), word("Stella", 0.17, 0.21), word("Mal", 0.215, 0.24, "male"))
    found = with_printed_labels(page(*words), default_lexicon())
    assert [each.text for each in found.words] == ["Contact:", "Stella", "Mal"]


def test_words_that_were_read_in_one_or_in_two_are_parted_and_joined() -> None:
    words = (
        word("NatiamalProvider", 0.1, 0.2, "National Provider"),
        word("Authorizat", 0.3, 0.36, "Authorization"),
        word("ion", 0.365, 0.38, ""),
    )
    found = as_printed(page(*words)).words
    assert [each.text for each in found] == ["National", "Provider", "Authorization"]
    edges = [round(edge, 3) for each in found for edge in (each.box.left, each.box.right)]
    assert edges == [0.1, 0.147, 0.153, 0.2, 0.3, 0.38]


def test_a_page_without_such_words_is_the_same_page() -> None:
    plain = page(word("Member", 0.1, 0.16))
    assert with_printed_labels(plain, default_lexicon()) is plain
    assert as_printed(plain) is plain
