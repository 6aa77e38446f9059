"""Signing in at an OpenID provider that answers over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy.orm import Session

from intake.desk_openid import openid_settings
from intake.settings import load_settings
from models.errors import ConfigurationError
from models.store import accounts
from models.store.roles import Role
from review.services import OpenIdSettings
from tests.desk.access.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.desk.access.test_sign_in import refusal_of
from tests.desk.desks import HTML, Desk

ROLES = (("chiefs", Role.SUPERVISOR), ("nurses", Role.COORDINATOR))


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as one:
        yield one


@pytest.fixture
def site(desk: Desk, provider: Provider) -> Desk:
    desk.clock.now = datetime.now(UTC)
    return desk.with_settings(openid=OpenIdSettings(provider.issuer, CLIENT_ID, CLIENT_SECRET, ROLES))


def go(client: httpx.Client, onward: str = "/account") -> str:
    """Where the desk sends the browser."""
    answer = client.get("/sign-in/openid", params={"next": onward}, headers=HTML)
    assert answer.status_code == 303
    return answer.headers["location"]


def sign_in(client: httpx.Client, provider: Provider) -> httpx.Response:
    return client.get(provider.sign_in(go(client)), headers=HTML)


def account_named(desk: Desk, name: str) -> accounts.Account | None:
    with Session(desk.services.reading) as session:
        return accounts.named(session, name)


def test_a_person_is_signed_in_with_the_role_that_the_provider_gives(site: Desk, provider: Provider) -> None:
    client = site.visitor()
    answer = sign_in(client, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert client.get("/account", headers=HTML).status_code == 200
    account = account_named(site, "ann")
    assert account is not None
    assert (account.role, account.local, account.issuer) == (Role.COORDINATOR, False, provider.issuer)


def test_the_role_follows_the_provider(site: Desk, provider: Provider) -> None:
    first = site.visitor()
    sign_in(first, provider)
    provider.claims |= {"groups": ["others", "chiefs"], "preferred_username": "married"}
    sign_in(site.visitor(), provider)
    account = account_named(site, "ann")
    assert account is not None
    assert account.role is Role.SUPERVISOR
    assert first.get("/account").status_code == 401


def test_the_page_to_sign_in_shows_the_way_and_keeps_passwords(site: Desk, desk: Desk) -> None:
    assert 'href="/sign-in/openid?next=/queue"' in site.visitor().get("/sign-in?next=/queue", headers=HTML).text
    assert "/sign-in/openid" not in desk.visitor().get("/sign-in", headers=HTML).text
    assert desk.visitor().get("/sign-in/openid").status_code == 404


@pytest.mark.parametrize("groups", [[], "none", None, ["NURSES"]])
def test_nobody_comes_in_without_a_role(site: Desk, provider: Provider, groups: object) -> None:
    provider.claims["groups"] = groups
    answer = sign_in(site.visitor(), provider)
    assert answer.status_code == 403
    assert "gives you a role" in refusal_of(answer)
    assert account_named(site, "ann") is None


def test_an_account_of_this_desk_is_not_taken_over_by_its_name(site: Desk, provider: Provider) -> None:
    site.account("ann", Role.ADMINISTRATOR)
    assert "Somebody else" in refusal_of(sign_in(site.visitor(), provider))


def test_an_account_that_is_switched_off_stays_out(site: Desk, provider: Provider) -> None:
    sign_in(site.visitor(), provider)
    account = account_named(site, "ann")
    assert account is not None
    with Session(site.services.engine) as session, session.begin():
        accounts.disable(session, account, site.clock(), actor="boss")
    assert "switched off" in refusal_of(sign_in(site.visitor(), provider))


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://other.example"},
        {"aud": "another program"},
        {"nonce": "another"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 86_400},
        {"aud": [CLIENT_ID, "another program"], "azp": "another program"},
        {"at_hash": "AAAA"},
    ],
    ids="-".join,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(site: Desk, provider: Provider, lie: dict[str, object]) -> None:
    provider.lies = lie
    assert "not what was asked for" in refusal_of(sign_in(site.visitor(), provider))


def test_a_token_that_another_key_signed_is_refused(site: Desk, provider: Provider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert "not what was asked for" in refusal_of(sign_in(site.visitor(), provider))


def test_a_code_of_another_browser_is_not_even_sent(site: Desk, provider: Provider) -> None:
    attacker = site.visitor()
    back = provider.sign_in(go(attacker))
    victim = site.visitor()
    go(victim)
    answer = victim.get(back, headers=HTML)
    assert "did not sign you in here" in refusal_of(answer)
    assert "/token" not in provider.asked


def test_a_code_is_good_for_one_sign_in(site: Desk, provider: Provider) -> None:
    client = site.visitor()
    back = provider.sign_in(go(client))
    assert client.get(back, headers=HTML).status_code == 303
    assert client.get(back, headers=HTML).status_code == 403


def test_a_person_who_refused_there_is_told(site: Desk, provider: Provider) -> None:
    client = site.visitor()
    state = httpx.URL(go(client)).params["state"]
    answer = client.get("/sign-in/openid/back", params={"error": "access_denied", "state": state}, headers=HTML)
    assert "Start again" in refusal_of(answer)
    assert "/token" not in provider.asked


def test_a_provider_that_is_away_is_told_in_words(site: Desk) -> None:
    away = site.with_settings(openid=OpenIdSettings("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET, ROLES))
    assert "cannot be reached" in refusal_of(away.visitor().get("/sign-in/openid", headers=HTML))


def test_a_provider_that_calls_itself_otherwise_is_refused(site: Desk, provider: Provider) -> None:
    provider.issuer += "/"
    assert "cannot be reached" in refusal_of(site.visitor().get("/sign-in/openid", headers=HTML))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"desk_openid_client_id": None}, "desk_openid_client_id"),
        ({"desk_openid_issuer": "http://login.example"}, "no https address"),
        ({"desk_openid_roles": ["nurses"]}, "um-nurses=coordinator"),
        ({"desk_openid_secret_file": "nowhere"}, "cannot be read"),
        ({"desk_openid_ca_file": "nowhere"}, "names no file"),
    ],
)
def test_settings_that_cannot_be_used_are_told(tmp_path: Path, given: dict[str, object], told: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    whole = {
        "desk_openid_issuer": "https://login.example",
        "desk_openid_client_id": "desk",
        "desk_openid_secret_file": str(secret),
        "desk_openid_roles": ["nurses=coordinator"],
    }
    assert openid_settings(load_settings(whole)) is not None
    with pytest.raises(ConfigurationError, match=told):
        openid_settings(load_settings(whole | given))
