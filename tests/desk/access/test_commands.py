"""Accounts and tokens on the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from intake.cli import app
from models.store.account_tables import AccountEventRow
from models.store.database import open_engine, sqlite_url
from tests.desk.access.test_sign_in import PASSWORD
from tests.intake.harness import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def asked(site: Site, *arguments: str, typed: str = "") -> tuple[int, str]:
    """A command's exit code, and what it said; ``typed`` comes by standard input."""
    umask = os.umask(0o077)  # as the program sets it
    try:
        hosts = {"PAR_DESK_HOSTS": '["desk.example"]'}
        done = CliRunner().invoke(app, [*arguments, "--data", str(site.data)], input=typed, env=hosts)
    finally:
        os.umask(umask)
    return (0 if done.exception is None else 1), done.output + str(done.exception or "")


def test_an_account_is_made_before_any_service_has_run(site: Site) -> None:
    assert asked(site, "account", "add", "Ann", "--role", "administrator", typed=f"{PASSWORD}\n") == (0, "")
    assert asked(site, "account", "list")[1].startswith("ann  administrator  password  0 sessions  never")
    assert (site.data / "par-intake.sqlite").stat().st_mode & 0o077 == 0


def test_a_link_leads_to_the_name_that_people_use(site: Site) -> None:
    code, told = asked(site, "account", "add", "ann", "--role", "auditor", "--link")
    assert code == 0
    assert told.startswith("http://desk.example:8600/welcome#")
    assert asked(site, "account", "link", "ann")[1] != told


def test_accounts_are_changed(site: Site) -> None:
    asked(site, "account", "add", "ann", "--role", "administrator", "--link")
    asked(site, "account", "add", "bob", "--role", "auditor", "--link")
    assert asked(site, "account", "role", "bob", "supervisor")[0] == 0
    assert asked(site, "account", "disable", "bob")[0] == 0
    assert "bob  supervisor  switched off" in asked(site, "account", "list")[1]
    assert asked(site, "account", "enable", "bob")[0] == 0
    assert asked(site, "account", "password", "bob", typed=f"{PASSWORD}\n")[0] == 0
    assert "bob  supervisor  password" in asked(site, "account", "list")[1]
    assert asked(site, "account", "end-sessions", "--all") == (0, "0 sessions ended\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("disable", "ann"), "only administrator"),
        (("role", "ann", "auditor"), "only administrator"),
        (("disable", "nobody"), "no account with this name"),
        (("password", "ann"), "12 to 200"),
        (("add", "ann", "--role", "auditor", "--link"), "There is an account"),
        (("end-sessions",), ""),
    ],
)
def test_what_cannot_be_is_told(site: Site, arguments: tuple[str, ...], told: str) -> None:
    asked(site, "account", "add", "ann", "--role", "administrator", "--link")
    code, said = asked(site, "account", *arguments, typed="short\n")
    assert code == 1
    assert told in said


def test_tokens_are_made_listed_and_revoked(site: Site) -> None:
    code, token = asked(site, "token", "add", "ehr", "--scope", "view", "--scope", "work", "--days", "7")
    assert code == 0
    assert token.startswith("par_")
    assert "ehr  view,work  until" in asked(site, "token", "list")[1]
    assert asked(site, "token", "revoke", "ehr")[0] == 0
    assert "revoked" in asked(site, "token", "list")[1]
    assert "revoked before" in asked(site, "token", "revoke", "ehr")[1]
    assert "scopes are" in asked(site, "token", "add", "all", "--scope", "administer")[1]


def test_who_did_it_is_the_systems_account(site: Site) -> None:
    asked(site, "account", "add", "ann", "--role", "auditor", "--link")
    engine = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    with Session(engine) as session:
        events = [(row.actor.partition(":")[0], row.action) for row in session.scalars(select(AccountEventRow))]
    engine.dispose()
    assert events == [("account", "account_added"), ("account", "link_made")]
