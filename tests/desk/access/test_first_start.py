"""The real service: how the first administrator comes in, and what its log says of it."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import httpx
import pytest

from tests.desk.access.test_commands import asked
from tests.desk.access.test_links import use
from tests.desk.access.test_sign_in import PASSWORD, sign_in
from tests.desk.desks import HTML
from tests.intake.harness import Site, stop

LINK = re.compile(r"^Nobody has an account yet\..* (http://localhost:(\d+)/welcome#([\w-]+))$", re.MULTILINE)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def offered(site: Site) -> list[tuple[str, str, str]]:
    """The links that were offered so far: each whole, its port, and its secret."""
    return LINK.findall((site.root / "log").read_text())


def test_each_start_offers_a_link_until_one_is_used_and_the_log_keeps_no_secret(site: Site) -> None:
    unused = site.start()
    site.wait_for_log("listening")
    stop(unused)
    process = site.start(env={"PAR_LOG_LEVEL": "debug"})
    try:
        site.wait_for_log("listening", 2)
        (_, _, older), (_, port, secret) = offered(site)
        assert older != secret
        with httpx.Client(base_url=f"http://localhost:{port}") as client, httpx.Client(base_url=client.base_url) as other:
            assert use(client, secret).headers["location"] == "/"
            session = client.cookies["desk"]
            assert client.get("/accounts", headers=HTML).status_code == 200
            assert use(client, older).status_code == 422
            assert sign_in(other, password="wrong words").status_code == 401
            assert other.get("/account", headers={"host": "elsewhere.example"}).status_code == 400
    finally:
        stop(process)
    log = (site.root / "log").read_text()
    assert log.count(secret) == 1
    assert not [line for line in log.splitlines() if line.startswith("{") and secret in line]
    for word in (session, PASSWORD, "wrong words", "argon2"):
        assert word not in log


def test_an_account_that_was_made_before_is_all_that_is_needed_and_who_listens_does_not_disturb_the_end(site: Site) -> None:
    assert asked(site, "account", "add", "ann", "--role", "administrator", typed=f"{PASSWORD}\n")[0] == 0
    process = site.start()
    try:
        (line,) = site.wait_for_log("listening")
        with httpx.Client(base_url=line["address"]) as client:
            assert sign_in(client).status_code == 303
            with client.stream("GET", "/api/events") as stream:
                heard = stream.iter_bytes()
                assert b"retry" in next(heard)
                process.send_signal(signal.SIGTERM)
                # Told to come again, and not cut off: that would be an error here.
                assert b"".join(heard).replace(b": still here\n\n", b"") == b""
    finally:
        stop(process)
    assert offered(site) == []
    assert [line["event"] for line in site.log() if line["level"] == "error"] == []
