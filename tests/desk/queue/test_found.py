"""What a search finds, against going through all records by hand: where few have a word, where many have it, and page by page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store import desk_queue, desk_words
from models.store.database import normalised_url
from models.store.desk_keys import keys_of, signature, words_of
from models.store.desk_queue import Search, View
from models.store.desk_tables import KeyKind
from tests.desk.desks import Desk
from tests.desk.stored import a_record, put
from tests.reliability.postgres import running_postgres, server_binaries

_NAMES = ("Kim", "Kimball", "Kowalczyk", "Odette", "Ode", "H3", "Bo")
_SEARCHES = (
    Search(member="kim"),
    Search(member="kim ode"),
    Search(member="b"),
    Search(provider="kow"),
    Search(provider="kow", member="k o"),
    Search(fax="555-01"),
    Search(fax="831 555 0101"),
    Search(member_id="h3"),
    Search(text="kim"),
    Search(text="kow ode h3"),
    Search(text="h31"),
    Search(text="5550101 k"),
    Search(text="nobody"),
)
_KINDS = (KeyKind.MEMBER, KeyKind.MEMBER_ID, KeyKind.PROVIDER, KeyKind.FAX)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[ReferralRecord]]]:
    """A desk with records whose names, numbers and times are drawn from few, so that many are alike."""
    folder = tmp_path_factory.mktemp("desk")
    if request.param == "sqlite":
        yield from _filled(Desk.of(folder))
    elif server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    else:
        with running_postgres() as server:
            yield from _filled(Desk.of(folder, url=normalised_url(server.new_database())))


def _filled(desk: Desk) -> Iterator[tuple[Desk, list[ReferralRecord]]]:
    draw = random.Random(5)
    yield desk, [put(desk, _drawn(desk, draw, number)) for number in range(60)]
    desk.close()


def _drawn(desk: Desk, draw: random.Random, number: int) -> ReferralRecord:
    first, last, office, its = (draw.choice(_NAMES) for _ in range(4))
    return a_record(
        f"PAR-{number:03}",
        desk.clock() - timedelta(hours=draw.randrange(9)),
        due=timedelta(hours=draw.randrange(9)),
        status=draw.choice((Status.READY, Status.NEEDS_REVIEW)),
        member={"last_name": last, "first_name": first, "member_id": f"H3{draw.randrange(30):02}"},
        requesting_provider={"name": f"{office} {its}", "fax": f"+1831555{draw.randrange(100, 110):04}"},
    )


def _fits(record: ReferralRecord, asked: Search) -> bool:
    """Whether the view holds the record, and each word is the beginning of a key of its kind, or of any kind."""
    keys = keys_of(record)
    words = [{(kind, word)} for kind in _KINDS for word in words_of(kind, getattr(asked, kind.value))]
    words += [{(kind, key) for kind in KeyKind for key in words_of(kind, word)[:1]} for word in asked.text.split()]
    has_all = all(any(kind == one and key.startswith(begin) for kind, key in keys for one, begin in word) for word in words)
    return has_all and (not record.final) in asked.view.waits


def _by_hand(records: list[ReferralRecord], asked: Search) -> list[str]:
    by_deadline = asked.view.by_deadline

    def place(record: ReferralRecord) -> tuple[object, str]:
        due = record.deadline.decision_due_at if record.deadline else None
        return (due if by_deadline else record.source.received_at, record.record_id)

    fitting = [record for record in records if _fits(record, asked)]
    return [record.record_id for record in sorted(fitting, key=place, reverse=not by_deadline)]


def _listed(session: Session, desk: Desk, search: Search) -> list[str]:
    """All pages of a listing."""
    found: list[str] = []
    after = None
    while rows := desk_queue.listed(session, search, 7, desk.clock(), after):
        found += [row.record_id for row in rows]
        after = desk_queue.cursor_of(rows[-1], search.view)
    return found


@pytest.mark.parametrize("few", [5_000, -1])
def test_a_search_finds_the_same_whichever_way_it_goes(
    drawn: tuple[Desk, list[ReferralRecord]], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(desk_words, "_MOST_FEW", few)
    desk, records = drawn
    met = 0
    with Session(desk.services.reading) as session:
        for asked in (replace(search, view=view) for search in _SEARCHES for view in View):
            expected = _by_hand(records, asked)
            met += bool(expected)
            assert _listed(session, desk, asked) == expected, asked
            assert _listed(session, desk, replace(asked, unclaimed=True)) == expected, "with a condition that is no key"
            assert desk_queue.counted(session, asked, desk.clock(), 100) == len(expected)
    assert met > len(_SEARCHES), "most searches find something"


def test_what_is_claimed_next_is_the_first_that_a_search_finds(drawn: tuple[Desk, list[ReferralRecord]]) -> None:
    desk, records = drawn
    for asked in (Search(member="kim"), Search(text="kow")):
        with Session(desk.services.engine) as session:
            row = desk_queue.next_waiting(session, asked, "dana", desk.clock())
            assert row is not None
            assert row.record_id == _by_hand(records, asked)[0]


def test_a_signature_has_what_its_keys_begin_with_and_lacks_most_other_words() -> None:
    draw = random.Random(7)
    names = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randrange(1, 9))) for _ in range(400)]
    taken = 0
    for begin in range(0, len(names), 8):
        keys = [*names[begin : begin + 8], "19500217", "8315550100"]
        signed = signature(keys)
        assert 0 <= signed < 2**63, "it fits into a signed number of eight bytes"
        assert signed == signature(reversed(keys))
        for key in keys:
            for length in range(1, len(key) + 1):
                mask = signature([key[:length]])
                assert signed & mask == mask
        taken += sum(signed & (mask := signature([name])) == mask for name in names if len(name) > 2)
    assert taken < 0.2 * 50 * len(names)
