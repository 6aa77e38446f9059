"""From a recogniser's probabilities to words."""

from __future__ import annotations

import numpy as np

from ocr.engines.ctc import Alphabet, decoded
from ocr.images import GreyImage

ALPHABET = Alphabet.of(tuple("0123456789Tel:"))
WIDTH, HEIGHT, STEP = 400, 40, 10


def line(text: str, places: list[int]) -> tuple[np.ndarray, GreyImage]:
    """The probabilities of a line and its picture: a stroke for each letter, at these steps of ten pixels."""
    probabilities = np.full((WIDTH // STEP, len(ALPHABET.characters)), 0.001, dtype=np.float32)
    probabilities[:, 0] = 0.9
    crop = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    for letter, place in zip(text, places, strict=True):
        probabilities[place] = 0.001
        probabilities[place, ALPHABET.characters.index(letter)] = 0.99
        crop[5:35, place * STEP + 1 : place * STEP + 9] = 0
    return probabilities, crop


def words(text: str, places: list[int]) -> list[str]:
    probabilities, crop = line(text, places)
    return [word.text for word in decoded(probabilities, crop, ALPHABET)]


def test_a_value_and_the_next_label_are_parted_by_the_white_between_them() -> None:
    assert words("8903Tel:", [1, 2, 3, 4, 8, 9, 10, 11]) == ["8903", "Tel:"]


def test_letters_set_far_apart_stay_one_word() -> None:
    assert words("8903Tel:", [1, 4, 7, 10, 13, 16, 19, 22]) == ["8903Tel:"]


def test_a_gap_in_a_number_is_none_between_words_until_it_is_wider() -> None:
    assert words("890325", [1, 2, 3, 6, 7, 8]) == ["890325"]
    assert words("890325", [1, 2, 3, 9, 10, 11]) == ["890", "325"]
