"""Every target holds on its seeds, on mutations of them, and on what the fuzzer once found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import all_targets
from tests.fuzz.targets import Target, try_record
from tests.validation.requests import COMPLETE

TARGETS = all_targets()
BY_NAME = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
TEXT = st.text(max_size=30)


@BY_NAME
def test_a_target_holds_on_its_seeds(target: Target) -> None:
    assert target.seeds
    for seed in target.seeds:
        target.run(seed)


@BY_NAME
def test_a_target_holds_on_damaged_seeds(target: Target) -> None:
    draw = random.Random(target.name)
    for seed in target.seeds:
        for _ in range(4):
            data = bytearray(seed)
            for _ in range(draw.randint(1, 6)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            target.run(bytes(data[: draw.randint(1, len(data))]))


@BY_NAME
@settings(max_examples=15, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_a_target_holds_on_anything(target: Target, data: bytes) -> None:
    target.run(data)


def test_a_page_whose_change_table_ends_before_its_first_item_is_read() -> None:
    """Found by fuzzing: fields stood in the columns beside the first item, and no item was left."""
    page = (
        b"Pl\xa9TATease chang~rod 4 u\n      =   AUTHORIZATION CHANGE REQUEST\nAuthor"
        b"ization number: 2509-281864\nMember: Reyes, Ana   DOB: 09/12/1954\n     "
        b"    nits.   Current          Change to\nCPT code    72148          \x00\x00\x00\x00"
        b"\x00\x00\x00\x06Units     \xe0\xdd4                8\nEnd date    03/01/2026       04/15/"
        b"2026\nomments: please also add m\xefdifier 59\n"
    )
    (target,) = [target for target in TARGETS if target.name == "page"]
    target.run(page)


@given(texts=st.lists(TEXT, min_size=6, max_size=6), numbers=st.lists(st.integers(0, 10**9), min_size=2, max_size=2))
def test_a_record_of_any_values_comes_back_as_it_was(texts: list[str], numbers: list[int]) -> None:
    record = COMPLETE.model_copy(
        update={
            "source": COMPLETE.source.model_copy(update={"file_name": texts[0], "pages": numbers}),
            "member": COMPLETE.member.model_copy(update={"last_name": texts[1], "member_id": texts[2]}),
            "requesting_provider": COMPLETE.requesting_provider.model_copy(update={"name": texts[3], "contact": texts[4]}),
            "services": [COMPLETE.services[0].model_copy(update={"units": numbers[0], "description": texts[5]})],
        }
    )
    try_record(record)
