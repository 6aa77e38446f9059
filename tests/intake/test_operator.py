"""Reading failed documents again, and what an operator is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.harness import Site, ask, fax


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _ask(site: Site, *arguments: str) -> tuple[int, str]:
    code, output, errors = ask(site, *arguments)
    return code, output.decode() + errors


def test_a_failed_document_is_read_again_as_the_same_arrival(site: Site) -> None:
    cause = site.root / "cause"
    site.drop("smith.pdf", fax(f"@die_until={cause}"))
    site.drop("fine.pdf", fax("fine"))
    assert site.drain() == 0
    code, told = _ask(site, "failed")
    assert code == 0
    (line,) = told.splitlines()
    document_id = line.split()[0]
    assert "smith" not in told
    assert _ask(site, "status")[1].startswith("documents: 1 done, 1 failed")

    cause.touch()
    assert _ask(site, "retry", document_id) == (0, "")
    assert site.drain() == 0
    assert site.archived("done") == {"smith.pdf": 1, "fine.pdf": 1}
    assert _ask(site, "failed") == (0, "")
    smith = [record for record in site.records().values() if record["source"]["file_name"] == "smith.pdf"]
    closed, read = sorted(smith, key=lambda record: record["status"], reverse=True)
    assert (closed["status"], closed["revision"], closed["final"]) == ("unreadable", 2, True)
    assert (read["status"], read["revision"]) == ("ready", 1)
    assert site.query("SELECT max(arrival) FROM documents") == [(1,)]


def test_what_is_no_failed_document_is_told(site: Site) -> None:
    assert site.drain() == 0
    code, told = _ask(site, "retry", "DOC-0123456789ABCDEF012345", "../../etc")
    assert code == 1
    assert told.count("no such document") == 2
    assert _ask(site, "retry")[0] == 2


def test_a_folder_without_a_service_is_told(site: Site) -> None:
    code, told = _ask(site, "status")
    assert code == 2
    assert "no database" in told
