"""Words that forms print, told from probabilities of letters and on a drawn page of a poor fax."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from extraction.fields import read_request
from extraction.form_words import form_words
from extraction.split import split
from models.document import MediaType
from ocr.document import DocumentReader
from ocr.engines.ctc import Alphabet
from ocr.engines.formwords import Floats, FormWords
from ocr.engines.printed import with_printed
from ocr.engines.protocol import SeenWord
from ocr.options import ReadingOptions
from tests.extraction.test_strikes import TODAY
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.ocr.drawing import document

_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:.-"
ALPHABET = Alphabet.of(tuple(_CHARACTERS))
WORDS = FormWords((("NUMBER", 9), ("PHONE", 5), ("FAX", 5), ("PATIENT", 5), ("NAME", 5), ("ADDRESS", 2)), ALPHABET)
_STEP = 10


def line(*steps: str) -> Floats:
    """Probabilities of a line with a blank behind each step; of two letters the first is seen likelier, of none the blank."""
    rows = []
    for seen in steps:
        for letters in (seen, ""):
            row = np.full(len(ALPHABET.characters), 1e-4, dtype=np.float32)
            row[0] = 0.01 if letters else 0.99
            for letter, share in zip(letters, (0.6, 0.35) if len(letters) > 1 else (0.98,), strict=False):
                row[ALPHABET.characters.index(letter)] = share
            rows.append(row)
    return np.stack(rows)


def words_of(*steps: str) -> list[str | None]:
    return [span.word for span in WORDS.spans(line(*steps))]


def test_letters_that_are_nearly_as_likely_make_a_word_of_a_form() -> None:
    assert words_of("FP", "ih", "o", "n", "e", " ", "N", "u", "rm", "b", "e", "r") == ["PHONE", "NUMBER"]


def test_a_name_is_no_word_of_a_form() -> None:
    assert words_of("S", "u", "n", "i", "t", "a", " ", "H", "o") == [None, None]


def test_a_word_is_not_cut_out_of_another() -> None:
    assert words_of("S", "u", "r", "n", "a", "m", "e") == [None]


def test_words_that_were_run_together_are_parted_and_a_colon_parts_them_from_a_value() -> None:
    assert words_of("P", "a", "t", "i", "e", "n", "t", "n", "a", "m", "e", ":", "H", "o") == ["PATIENT", "NAME", None]


def test_a_doubled_letter_needs_a_blank_between() -> None:
    parted, joined = line("a", "d", "d", "r", "e", "s", "s"), line("a", "d", "d", "r", "e", "s", "s")
    joined[[3, 11]] = joined[[2, 12]]
    assert [WORDS.spans(letters)[0].word for letters in (parted, joined)] == ["ADDRESS", None]


def test_without_words_nothing_is_told() -> None:
    assert FormWords((), ALPHABET).spans(line("F", "a", "x")) == ()


def seen(text: str, start: int, end: int) -> SeenWord:
    return SeenWord(text, 2.0 * start * _STEP, 0.0, 2.0 * end * _STEP - _STEP, 20.0, 0.8)


@pytest.mark.parametrize(
    ("words", "steps", "printed"),
    [
        ((("14.Fav:", 0, 7),), ("1", "4", ".", "F", "a", "vx", ":"), ["14 Fax:"]),
        ((("Pho", 0, 3), ("na:", 4, 7)), ("P", "h", "o", " n", "n", "ae", ":"), ["Phone:", ""]),
        ((("Fax:", 0, 4), ("Suni", 5, 9)), ("F", "a", "x", ":", " ", "S", "u", "n", "i"), [None, None]),
    ],
)
def test_what_a_word_says_as_one_of_a_form(
    words: tuple[tuple[str, int, int], ...], steps: tuple[str, ...], printed: list[str | None]
) -> None:
    letters = line(*steps)
    found = with_printed(tuple(seen(*word) for word in words), _STEP * len(letters), letters, WORDS)
    assert [word.printed for word in found] == printed
    assert [word.text for word in found] == [text for text, _, _ in words]


def test_a_caption_of_a_poor_fax_is_read_by_the_words_that_forms_print(tmp_path: Path) -> None:
    path = make(Order("fax", "new", Condition.POOR_FAX, "poor-b/8"), tmp_path)
    label = json.loads((tmp_path / "fax.truth.json").read_text(encoding="utf-8"))["requests"][0]
    wanted = label["requesting_provider"]["npi"]
    given = []
    for known in ((), form_words()):
        with DocumentReader(document(path, MediaType.TIFF), ReadingOptions(form_words=known)) as reader:
            reading = read_request(split(tuple(reader.pages()))[0], TODAY)
        given.append(next(each.value for each in reading.readings if each.path == "requesting_provider.npi"))
    assert given == [None, wanted]
