"""How well requests are linked with those that they repeat or change, on generated histories in a real store.

    python -m benchmarks.matching [--seed held-1] [--count 12000] [--hard] [--without-numbers] [--stories] [--json]

Each arrival of the history (``tests/matching/histories.py``) goes through the step of the service that links it, and into an SQLite
store; the authorizations come in as the plan grants them. A sure link is right where it leads to the same request, truly; the share
of wrong ones is told with the upper end of its 95 % interval (Clopper and Pearson). Seeds that begin with ``held-`` were used for
measuring alone. With ``--hard``, half of the corrections change one character alone, and right values are doubted as often as the
reader does. What a correction truly changed, and its link to the earlier request does not tell, is counted field by field.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from math import lgamma, log
from pathlib import Path
from time import perf_counter

from sqlalchemy.orm import Session

from intake.linking import linked, tied
from matching.differences import differences
from models.circumstances import Difference, Link, LinkKind
from models.record import ReferralRecord
from models.status import set_aside, with_status
from models.store import authorizations, documents
from models.store.database import migrate, open_engine, sqlite_url
from models.store.documents import NewDocument
from models.store.match_keys import number_key
from tests.matching.histories import Arrival, Granted, History, history

_COMMIT_EVERY = 500


@dataclass(frozen=True, slots=True)
class Share:
    """How many arrivals came to what; ``wrong_most`` is the upper end of the 95 % interval of the share of wrong sure links."""

    arrivals: int
    right: int
    wrong: int
    unsure_right: int
    unsure_wrong: int
    none: int
    wrong_share: float
    wrong_most: float

    @classmethod
    def of(cls, counts: Counter[str]) -> Share:
        """From how often each outcome came."""
        sure = counts["right"] + counts["wrong"]
        share = counts["wrong"] / sure if sure else 0.0
        right, wrong = counts["right"], counts["wrong"]
        unsure_right, unsure_wrong, none = counts["unsure_right"], counts["unsure_wrong"], counts["none"]
        arrivals = sum(counts.values())
        return cls(arrivals, right, wrong, unsure_right, unsure_wrong, none, share, upper_limit(wrong, sure))


class Run:
    """One history on its way into a store."""

    def __init__(self, session: Session, of: History) -> None:
        self._session, self._of = session, of
        self._groups: dict[str, str] = {}
        self._numbers = {number_key(one.authorization.number): one.group for one in of.granted}
        self.repeats: dict[str, Counter[str]] = defaultdict(Counter)
        self.changes: dict[str, Counter[str]] = defaultdict(Counter)
        self.aside: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self._meant: dict[str, ReferralRecord] = {}
        self.tied: Counter[str] = Counter()
        self.seconds: list[float] = []

    def go(self, *, numbers: bool) -> None:
        """Let everything arrive, in its order."""
        granted = sorted(self._of.granted, key=lambda one: one.at) if numbers else []
        for n, arrival in enumerate(self._of.arrivals):
            while granted and granted[0].at <= arrival.record.source.received_at:
                self._grant(granted.pop(0))
            self._arrive(arrival)
            if n % _COMMIT_EVERY == 0:
                self._session.commit()
                self._session.expire_all()

    def _grant(self, granted: Granted) -> None:
        rows = authorizations.bring_in(self._session, (granted.authorization,), granted.at)
        tied(self._session, rows)
        for row in rows:
            right = row.record_id is not None and self._groups[row.record_id] == granted.group
            self.tied["none" if row.record_id is None else "right" if right else "wrong"] += 1

    def _arrive(self, arrival: Arrival) -> None:
        record, at = arrival.record, arrival.record.source.received_at
        document = f"D-{record.record_id}"
        documents.register(self._session, NewDocument(document, record.source.sha256, "fax.tif", at, None), at)
        begun = perf_counter()
        placed = with_status(linked(self._session, record, UTC))
        self.seconds.append(perf_counter() - begun)
        documents.add_records(self._session, document, (placed,), (), at + timedelta(seconds=1))
        self._groups[record.record_id] = arrival.group
        self._count(arrival, placed)

    def _count(self, arrival: Arrival, placed: ReferralRecord) -> None:
        links = placed.related.links
        repeat = next((link for link in links if link.kind is not LinkKind.AMENDS), None)
        change = next((link for link in links if link.kind is LinkKind.AMENDS), None)
        self.repeats[arrival.story if arrival.repeats else f"not: {arrival.story}"][self._outcome(repeat, arrival.group)] += 1
        if arrival.amends is not None:
            self.changes[arrival.story][self._outcome(change, arrival.amends)] += 1
        if arrival.repeats:
            self.aside[f"{'differs' if arrival.differs else 'same'}, {'set aside' if set_aside(placed) else 'work'}"] += 1
            self._count_changed(arrival, repeat)
        elif set_aside(placed):
            self.aside["another, set aside"] += 1
        self._meant[placed.record_id] = arrival.meant

    def _count_changed(self, arrival: Arrival, link: Link | None) -> None:
        """Of a sure link, the fields that are truly others than in the request it leads to, and whether it tells them."""
        if link is None or not link.sure or link.record_id is None:
            return
        told = {_field(one) for one in link.differences}
        for name in {_field(one) for one in differences(arrival.meant, self._meant[link.record_id], same_pages=False)}:
            self.changed["told" if name in told else "not told"] += 1

    def _outcome(self, link: Link | None, truth: str) -> str:
        if link is None:
            return "none"
        of = self._groups.get(link.record_id or "") or self._numbers.get(number_key(link.authorization_number or ""))
        right = of == truth
        return ("right" if right else "wrong") if link.sure else ("unsure_right" if right else "unsure_wrong")


def _field(one: Difference) -> str:
    return re.sub(r"\.\d+", "", one.path)


def upper_limit(wrong: int, of: int) -> float:
    """The upper end of the two-sided 95 % interval of a share (Clopper and Pearson 1934), by halving."""
    if of == 0:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, of, middle) > 0.025 else (low, middle)
    return high


def _at_most(wrong: int, of: int, share: float) -> float:
    """The probability of so many wrong ones or fewer."""
    if share >= 1.0:
        return 0.0
    total = 0.0
    for k in range(wrong + 1):
        ways = lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
        total += 2.718281828459045 ** (ways + (k * log(share) if k else 0.0) + (of - k) * log(1.0 - share))
    return total


@contextmanager
def store() -> Iterator[Session]:
    """An empty store in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "store.sqlite"))
        migrate(engine)
        with Session(engine) as session:
            session.connection().exec_driver_sql("PRAGMA cache_size=-200000")
            yield session
        engine.dispose()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default="held-1")
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--hard", action="store_true", help="corrections of one character, and doubted values that are right")
    parser.add_argument("--without-numbers", action="store_true", help="no authorization is ever brought in")
    parser.add_argument("--stories", action="store_true", help="tell each story by itself")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with store() as session:
        run = Run(session, history(wanted.seed, wanted.count, hard=wanted.hard))
        run.go(numbers=not wanted.without_numbers)
    told = _told(run, stories=wanted.stories)
    if wanted.json:
        print(json.dumps({name: asdict(share) for name, share in told.items()}, indent=2))
        return
    print(f"{'':34}{'arrivals':>9}{'right':>8}{'wrong':>7}{'unsure':>8}{'(right)':>8}{'none':>8}   wrong of the sure links")
    for name, one in told.items():
        unsure = one.unsure_right + one.unsure_wrong
        print(
            f"{name:34}{one.arrivals:>9}{one.right:>8}{one.wrong:>7}{unsure:>8}{one.unsure_right:>8}{one.none:>8}"
            f"   {one.wrong_share:.5f} (at most {one.wrong_most:.5f})"
        )
    print("set aside:", dict(sorted(run.aside.items())))
    print("fields that were truly changed:", dict(run.changed))
    print("authorizations tied to requests:", dict(run.tied))
    times = sorted(run.seconds)
    usual, most = (1000 * times[place] for place in (len(times) // 2, -len(times) // 100))
    print(f"a link takes {usual:.1f} ms; one of a hundred takes more than {most:.1f} ms")


def _told(run: Run, *, stories: bool) -> dict[str, Share]:
    def whole(of: dict[str, Counter[str]], *, negative: bool | None = None) -> Counter[str]:
        return sum((each for name, each in of.items() if negative is None or name.startswith("not: ") is negative), Counter())

    told = {
        "requests that came before": whole(run.repeats, negative=False),
        "requests that did not": whole(run.repeats, negative=True),
        "changes": whole(run.changes),
        "all sure links": whole(run.repeats) + whole(run.changes),
    }
    if stories:
        told |= {f"  {name}": counts for part in (run.repeats, run.changes) for name, counts in sorted(part.items())}
    return {name: Share.of(counts) for name, counts in told.items()}


if __name__ == "__main__":
    main()
