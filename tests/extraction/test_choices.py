"""What the words of a choice name."""

from __future__ import annotations

import pytest

from extraction.options import option_data


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Re-authorization", "extension"),
        ("Reauth", "extension"),
        ("Recertification request", "extension"),
        ("Initial authorization", "new"),
        ("Change to existing authorization", "amendment"),
        ("Withdraw", "cancellation"),
        ("Extenslon", "extension"),
    ],
)
def test_the_kind_that_an_option_names(words: str, value: str) -> None:
    assert option_data().values(words) == (("request.kind", value),)


@pytest.mark.parametrize("words", ["Re: authorization", "Renée Iyer", "Stanford", "Unauthorized"])
def test_words_that_name_no_kind(words: str) -> None:
    assert [value for path, value in option_data().typed(words) if path == "request.kind"] == []


@pytest.mark.parametrize(("text", "named"), [("EXTENSION", True), ("Renée", False), ("Extenslon", False)])
def test_what_no_label_says_to_be_a_choice_must_be_spelled_out(text: str, named: bool) -> None:
    assert bool(option_data().spelled(text)) is named
