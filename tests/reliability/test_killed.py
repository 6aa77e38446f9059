"""The soak in short: killed at every point of a document's way, and at random moments; nothing is lost and nothing doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.harness import Site, fax
from tests.reliability.killed_service import KILL_AT, kill_points
from tests.reliability.ledger import Fax, Ledger
from tests.reliability.postgres import server_binaries
from tests.reliability.services import Service
from tests.reliability.soak import Plan, soaked

# Where a kill leaves the most to be put in order; the soak takes every point there is.
_POINTS = (
    "after claim write_claim",
    "after claim rename_durably",
    "after step read_document",
    "after step store",
    "after workflow commit",
    "before archive rename_durably",
    "after archive rename_durably",
    "after step finish",
)


@pytest.mark.parametrize("point", _POINTS)
def test_a_kill_at_an_edge_of_a_step_loses_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    assert point in kill_points()
    site, ledger = Site(tmp_path), Ledger()
    for number in range(3):
        ledger.enter(Fax(f"{number}.pdf", 2))
        site.drop(f"{number}.pdf", fax(f"{number} @@requests=2"))
    killed = Service(site, env={KILL_AT: f"{point}#2"})
    killed.process.wait(240)
    assert killed.process.returncode == -9
    assert not ledger.check(site).clean
    assert Service(site, "one", "--drain").drained() == 0
    verdict = ledger.check(site)
    assert verdict.clean, verdict


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_short_soak_loses_and_doubles_nothing(database: str) -> None:
    if database == "postgresql" and server_binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with soaked(Plan(kills=4, services=2 if database == "postgresql" else 1, faxes=3, seed=1), database) as soak:
        verdict = soak.run()
    assert verdict.faxes == 12
    assert verdict.clean, verdict
