"""Reply codes: what is one, what is read as one, and what never is."""

from __future__ import annotations

import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.reply_codes import reply_codes
from models.geometry import Box
from models.page import Page, Word
from models.reply_code import ALPHABET, code_of, codes_in, is_code, parted

SEEDS = [f"LTR-{n}" for n in range(300)]
_FAX = {"0": "O", "1": "l", "2": "Z", "5": "S", "8": "B", "9": "g"}


def test_a_code_follows_from_its_seed_and_no_two_are_the_same() -> None:
    codes = [code_of(seed) for seed in SEEDS]
    assert codes == [code_of(seed) for seed in SEEDS]
    assert len(set(codes)) == len(SEEDS)
    assert all(is_code(code) for code in codes)
    assert code_of(SEEDS[0], {codes[0]}) not in codes


@pytest.mark.parametrize("seed", SEEDS[:40])
def test_up_to_three_wrong_characters_never_make_another_code(seed: str) -> None:
    letters = list(code_of(seed).replace("-", ""))
    rng = Random(seed)
    for count in (1, 2, 3):
        for _ in range(40):
            wrong = list(letters)
            for place in rng.sample(range(len(letters)), count):
                wrong[place] = rng.choice([letter for letter in ALPHABET if letter != letters[place]])
            assert not is_code(parted("".join(wrong)))
            assert list(codes_in(parted("".join(wrong)))) == []


@pytest.mark.parametrize("seed", SEEDS[:40])
def test_two_characters_that_changed_places_make_no_code(seed: str) -> None:
    letters = code_of(seed).replace("-", "")
    for at in range(len(letters) - 1):
        swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
        assert swapped == letters or not is_code(parted(swapped))


@pytest.mark.parametrize("seed", SEEDS[:40])
def test_a_code_is_read_however_its_characters_were_taken_for_others_of_their_group(seed: str) -> None:
    code = code_of(seed)
    ways = [code, code.lower(), code.replace("-", " "), code.replace("-", ""), code.replace("-", " - ")]
    ways += [code.replace(digit, letter, 1) for digit, letter in _FAX.items()]
    for written in ways:
        assert list(codes_in(f"Reply code: {written} please")) == [code], written


@given(st.text(alphabet=string.ascii_letters + " -", max_size=60))
def test_words_are_no_code(text: str) -> None:
    assert list(codes_in(text)) == []


def test_a_word_whose_letters_look_like_a_code_is_none() -> None:
    assert list(codes_in("to authorize payment")) == []


@given(st.text(alphabet="0123456789 -().", max_size=60))
def test_numbers_alone_are_no_code(text: str) -> None:
    assert list(codes_in(text)) == []


def test_a_code_is_found_wherever_it_stands_on_the_pages() -> None:
    code = code_of("LTR-1")
    groups = code.split("-")
    words = [Word("Re:", Box(0.1, 0.5, 0.14, 0.52), 0.9)]
    words += [Word(group, Box(0.2 + 0.1 * n, 0.5, 0.27 + 0.1 * n, 0.52), 0.9) for n, group in enumerate(groups)]
    page = Page(2, 1.3, tuple(words))
    assert reply_codes([Page(1, 1.3), page, page]) == (code,)
