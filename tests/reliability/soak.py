"""Kills the service again and again, and counts what was lost and what was doubled.

::

    python -m tests.reliability.soak --kills 200 --database sqlite
    python -m tests.reliability.soak --kills 200 --database postgresql --services 2

The service is the real one, with its processes, folders and databases; only reading is replaced by one that takes no time, so that
kills fall into everything else. Every other kill comes at a random moment from outside; the rest come from inside, at the edges of
the steps, of their commits and of every rename and write.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.intake.harness import Site, fax
from tests.reliability.killed_service import KILL_AT, kill_points
from tests.reliability.ledger import Fax, Ledger, Verdict
from tests.reliability.postgres import running_postgres
from tests.reliability.services import Service, SiteElsewhere

# One kill in four at random may fall into the start; the others come when there is work in hand.
_IN_THE_START = 0.25
_START_S = (0.3, 3.0)
_LIFE_S = (0.0, 3.0)
_POINT_LIMIT_S = 90.0
_LOOK_S, _QUIET_LOOKS = 0.5, 4
_DRAIN_LIMIT_S = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: how many kills, of how many services at a time, with how many new faxes before each, from which seed.

    One kill in ``random_every`` comes at a random moment, the others at ``points``, one after another.
    """

    kills: int
    services: int
    faxes: int
    seed: int
    inbox: Path | None = None
    random_every: int = 2
    points: tuple[str, ...] = field(default_factory=kill_points)


@dataclass
class Soak:
    """One site that is fed and killed."""

    site: Site
    plan: Plan
    ledger: Ledger = field(default_factory=Ledger)
    deaths: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.plan.seed)
        (self.site.inbox / "urgent").mkdir(exist_ok=True)

    def run(self) -> Verdict:
        """Feed and kill, then let it come to an end, and compare."""
        for kill in range(self.plan.kills):
            self._feed(kill)
            self._live_and_die(kill)
        self._drain()
        return self.ledger.check(self.site)

    def _feed(self, turn: int) -> None:
        for number in range(self.plan.faxes):
            name = f"{turn}-{number}.pdf"
            kind = self._rng.random()
            requests = self._rng.randint(1, 2)
            self.ledger.enter(Fax(name, 1, "failed") if kind < 0.05 else Fax(name, requests))
            content = b"" if kind < 0.05 else fax(f"{name if kind < 0.9 else 'sent again'} @@requests={requests}")
            if kind > 0.8:
                self.site.drop(f"{turn}-{number}.json", b'{"sender_number": "+18315550142"}')
            if 0.5 < kind < 0.6:
                (self.site.inbox / "urgent" / name).write_bytes(content)
            else:
                self.site.drop(name, content)

    def _live_and_die(self, turn: int) -> None:
        at_points, at_random = turn - turn // self.plan.random_every - 1, turn % self.plan.random_every == 0
        point = None if at_random else self.plan.points[at_points % len(self.plan.points)]
        services = [self._start(number, point if number == 0 else None) for number in range(self.plan.services)]
        if point is None:
            self._let_live(services[-1])
        elif self._is_reached(services[0]):
            self.deaths["at a step, a commit, a rename or a write"] += 1
        else:
            self.deaths["at a random moment, a point not being reached"] += 1
        for service in services:
            service.kill()

    def _is_reached(self, service: Service) -> bool:
        """Wait for the service to kill itself; in vain where all is done before, or where it takes too long."""
        deadline, quiet = time.monotonic() + _POINT_LIMIT_S, 0
        while quiet < _QUIET_LOOKS and time.monotonic() < deadline:
            if service.ended_within(_LOOK_S):
                return True
            waiting = [*self.site.inbox.rglob("*.pdf"), *(self.site.data / "work").glob("*")]
            quiet = quiet + 1 if "listening" in service.log and not waiting else 0
        return False

    def _let_live(self, service: Service) -> None:
        if self._rng.random() < _IN_THE_START:
            time.sleep(self._rng.uniform(*_START_S))
            self.deaths["at a random moment of the start"] += 1
        else:
            service.wait_for_log("listening", limit_s=_DRAIN_LIMIT_S)
            time.sleep(self._rng.uniform(*_LIFE_S))
            self.deaths["at a random moment of work"] += 1

    def _start(self, number: int, point: str | None) -> Service:
        env = {} if point is None else {KILL_AT: f"{point}#{self._rng.randint(1, 3)}"}
        return Service(self.site, f"worker-{number}", env=env)

    def _drain(self) -> None:
        # Each by its own name: what a worker left in hand is its own until it is silent for long.
        for number in range(self.plan.services):
            last = Service(self.site, f"worker-{number}", "--drain")
            if not last.ended_within(_DRAIN_LIMIT_S) or last.process.returncode != 0:
                last.kill()
                raise SystemExit("the service did not come to an end: " + last.log[-2000:])


@contextmanager
def soaked(plan: Plan, database: str) -> Iterator[Soak]:
    """A site on a database of its own; both are gone after the block."""
    server = running_postgres(durable=True) if database == "postgresql" else nullcontext()
    with tempfile.TemporaryDirectory(prefix="par-soak-") as root, server as postgres:
        env = {} if postgres is None else {"PAR_DATABASE_URL": postgres.url}
        if plan.inbox is None:
            yield Soak(Site(Path(root), env), plan)
        else:
            with tempfile.TemporaryDirectory(prefix="par-soak-", dir=plan.inbox) as inbox:
                yield Soak(SiteElsewhere(Path(root), env, inbox=Path(inbox)), plan)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how often to kill")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--services", type=int, default=1, help="services at a time; more than one needs postgresql")
    parser.add_argument("--faxes", type=int, default=3, help="new faxes before each kill")
    parser.add_argument("--inbox-on", type=Path, help="a folder on another file system for the inbox, such as /dev/shm")
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    if given.services > 1 and given.database != "postgresql":
        parser.error("several services need --database postgresql")
    began_s = time.monotonic()
    with soaked(Plan(given.kills, given.services, given.faxes, given.seed, given.inbox_on), given.database) as soak:
        verdict = soak.run()
    kills, took_s = given.kills * given.services, time.monotonic() - began_s
    lines = [f"database {given.database}, {given.services} service(s): {kills} processes killed in {took_s:.0f} s"]
    lines += [f"  {count:4} times {how}" for how, count in sorted(soak.deaths.items())]
    lines += [f"faxes {verdict.faxes}, lost {len(verdict.lost)}, doubled {len(verdict.doubled)}"]
    lines += [f"  {line}" for line in (*verdict.lost, *verdict.doubled, *verdict.left_behind)]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(0 if verdict.clean else 1)


if __name__ == "__main__":
    main()
