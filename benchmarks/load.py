"""What the service itself costs for each document when a few or very many are dropped at once.

::

    python -m benchmarks.load --counts 100 1000 10000

Reading is replaced by one that takes no time: what is measured is claiming, the workflow, the store, delivery and archiving. When a
tenth of the backlog is worked off, one fax is put into the inbox and one into its folder for urgent ones; the report says how many
others were finished from then on before each of them. The CPU time of starting and stopping, measured by a run without documents,
is taken off.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.intake.harness import Site, fax
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.services import Service

_LOOK_S = 1.0
_URGENT, _ROUTINE = "urgent.pdf", "routine.pdf"


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog. Memory is the service's own process, in MB, when a tenth and when nine tenths were done; times are seconds."""

    documents: int
    cpu_s: float
    wall_s: float
    early_mb: float
    late_mb: float
    before_urgent: int
    before_routine: int
    lost: int
    doubled: int


def measure(documents: int) -> Run:
    """Work off a backlog."""
    with tempfile.TemporaryDirectory(prefix="par-load-") as root:
        site, ledger = Site(Path(root), {"PAR_SCAN_INTERVAL_S": "2", "PAR_STABILITY_S": "1"}), Ledger()
        for number in range(documents):
            ledger.enter(Fax(f"{number}.pdf"))
            site.drop(f"{number}.pdf", fax(str(number)))
        (site.inbox / "urgent").mkdir()
        before_cpu_s, began_s = _cpu_s(), time.monotonic()
        service = Service(site, "load", "--drain")
        watch = _Watch(site, service, ledger, documents)
        while service.process.poll() is None:
            watch.look()
            time.sleep(_LOOK_S)
        verdict = ledger.check(site)
        return Run(
            documents,
            _cpu_s() - before_cpu_s,
            time.monotonic() - began_s,
            watch.early_mb,
            watch.late_mb,
            _finished_before(site, _URGENT) - watch.done_at_drop if documents else 0,
            _finished_before(site, _ROUTINE) - watch.done_at_drop if documents else 0,
            len(verdict.lost),
            len(verdict.doubled),
        )


class _Watch:
    """Looks at the service from outside, and drops the two late faxes when a tenth is done."""

    def __init__(self, site: Site, service: Service, ledger: Ledger, documents: int) -> None:
        self._site, self._service, self._ledger, self._documents = site, service, ledger, documents
        self.early_mb = self.late_mb = 0.0
        self.done_at_drop = 0

    def look(self) -> None:
        """Note what is to be noted now."""
        done = _done(self._site)
        memory_mb = _memory_mb(self._service.process.pid)
        if self._documents and not self.early_mb and done >= self._documents // 10 and memory_mb:
            self.early_mb, self.done_at_drop = memory_mb, done
            for name, folder in ((_URGENT, self._site.inbox / "urgent"), (_ROUTINE, self._site.inbox)):
                self._ledger.enter(Fax(name))
                hidden = folder / f".{name}"
                hidden.write_bytes(fax(name))
                hidden.rename(folder / name)
        if done <= self._documents * 9 // 10:
            self.late_mb = memory_mb


def _done(site: Site) -> int:
    folder = site.data / "done"
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def _finished_before(site: Site, name: str) -> int:
    """How many documents were noted as done before the one of this name."""
    done = site.query(
        "SELECT d.file_name FROM audit_events a JOIN documents d ON d.document_id = a.document_id "
        "WHERE a.action = 'done' ORDER BY a.event_id"
    )
    return [found for (found,) in done].index(name)


def _memory_mb(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 10_000])
    given = parser.parse_args()
    empty = measure(0)
    print(f"start and stop: {empty.cpu_s:.1f} CPU s")
    print("documents | CPU ms each | documents/s | MB early | MB late | before urgent | before routine | lost | doubled")
    for count in given.counts:
        run = measure(count)
        each_ms = 1000 * (run.cpu_s - empty.cpu_s) / count
        rate = count / (run.wall_s - empty.wall_s)
        print(
            f"{count} | {each_ms:.1f} | {rate:.1f} | {run.early_mb:.0f} | {run.late_mb:.0f} | {run.before_urgent} | "
            f"{run.before_routine} | {run.lost} | {run.doubled}"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
