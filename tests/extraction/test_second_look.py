"""What a second look does to a doubtful reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.fields import RequestReading
from extraction.second_look import look_again
from models.evidence import Evidence, SecondLook
from models.geometry import Box
from models.page import Method, Word
from models.reading import FieldReading

TODAY = date(2026, 3, 10)
BOX = Box(0.3, 0.3, 0.5, 0.32)
DOUBTFUL = FieldReading(
    "requesting_provider.npi",
    "1234567890",
    "1234567890",
    0.6,
    1,
    BOX,
    Method.OCR,
    evidence=Evidence(weakest=0.7, mean=0.7, letters=10, place=0.95, fit=0.9, valid=False, page_mean=0.95, peers=0.95),
)


class Crop:
    """Answers every second look with the same text, and counts them."""

    def __init__(self, text: str, confidence: float = 0.98) -> None:
        self._words = tuple(Word(each, BOX, confidence) for each in text.split())
        self.asked: list[str] = []

    def __call__(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
        assert page == 1
        assert BOX.inside_share(box) == 1.0
        self.asked.append(kind)
        return self._words


def looked(reading: FieldReading, crop: Crop, doubt: float = 0.02) -> FieldReading:
    [after] = look_again(RequestReading((reading,)), crop, TODAY, lambda path: doubt if path == reading.path else 1.0).readings
    return after


def test_agreement_is_surer_than_disagreement() -> None:
    agreed, differed = looked(DOUBTFUL, Crop("1234567890")), looked(DOUBTFUL, Crop("1284567891", 0.5))
    assert (agreed.value, agreed.evidence.second) == ("1234567890", SecondLook.AGREED)
    assert differed.evidence.second is SecondLook.DIFFERED
    assert agreed.confidence > differed.confidence


def test_a_reading_with_the_right_check_digit_stands_and_the_first_one_is_its_rival() -> None:
    after = looked(DOUBTFUL, Crop("1234567893"))
    assert (after.value, after.evidence.valid, after.evidence.switched) == ("1234567893", True, True)
    assert [candidate.value for candidate in after.candidates] == ["1234567890"]


def test_a_worse_second_reading_is_only_a_rival() -> None:
    valid = replace(DOUBTFUL, value="1234567893", text="1234567893", evidence=replace(DOUBTFUL.evidence, fit=1.0, valid=True))
    after = looked(valid, Crop("1234567890"))
    assert after.value == "1234567893"
    assert [candidate.value for candidate in after.candidates] == ["1234567890"]


def test_the_letters_of_a_name_are_confirmed_or_not() -> None:
    name = replace(DOUBTFUL, path="member.last_name", text="O'Brien", value="O'Brien")
    assert looked(name, Crop("OBRIEN")).evidence.second is SecondLook.AGREED
    assert looked(name, Crop("OBriem")).evidence.second is SecondLook.DIFFERED
    assert looked(name, Crop("OBriem")).value == "O'Brien"


def test_sure_lost_and_typed_readings_are_not_looked_at_again() -> None:
    crop = Crop("1234567890")
    for reading in (
        replace(DOUBTFUL, confidence=0.99),
        replace(DOUBTFUL, confidence=0.001),
        replace(DOUBTFUL, method=Method.PDF_TEXT),
        replace(DOUBTFUL, path="services.0.description"),
        replace(DOUBTFUL, text="", value=None),
    ):
        assert looked(reading, crop) == reading
    assert crop.asked == []


def test_a_policy_that_fears_errors_more_looks_at_more() -> None:
    crop = Crop("1234567890")
    looked(replace(DOUBTFUL, confidence=0.985), crop, doubt=0.02)
    looked(replace(DOUBTFUL, confidence=0.985), crop, doubt=0.01)
    assert crop.asked == ["npi"]
