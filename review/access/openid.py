"""Signing in at an OpenID provider: authorization code with PKCE, ``state`` and ``nonce`` (OpenID Connect Core 1.0, RFC 7636).

Authlib and joserfc come with the extra ``par-intake[oidc]`` and are imported when somebody signs in this way.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import quote, urlsplit

import httpx
import structlog

from models.errors import AccountRefused
from models.store.roles import Role
from models.store.secrets import new_secret
from review.services import OpenIdSettings

_log = structlog.get_logger(__name__)

_TIMEOUT_S = 10.0
_LEEWAY_S = 60
_ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_AWAY = "The OpenID provider cannot be reached, or does not answer as it should. Try again, or ask your administrator."
_NOT_PROVED = "The OpenID provider's answer is not what was asked for. Start again from the page to sign in."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser keeps while its person is at the provider; each is random and good for one sign-in."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> Attempt:
        """A new one."""
        return cls(new_secret(), new_secret(), new_secret())


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider has proved. ``role`` is ``None`` where nothing that it says of the person gives one."""

    subject: str
    name: str
    role: Role | None


class Provider:
    """The provider that the settings name. What it says of itself is asked anew each time: keys change, and sign-ins are rare.

    Every method raises AccountRefused, with words for the person, where the provider is away or its answer does not hold.
    """

    def __init__(self, settings: OpenIdSettings) -> None:
        self._settings = settings

    def address(self, attempt: Attempt, back: str) -> str:
        """Where to send the browser, which comes ``back`` from there."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - of the extra
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        with self._http() as http:
            endpoint = self._endpoint(self._described(http), "authorization_endpoint")
        return str(
            prepare_grant_uri(
                endpoint,
                self._settings.client_id,
                "code",
                redirect_uri=back,
                scope="openid profile email",
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    def person(self, attempt: Attempt, code: str, back: str, now: datetime) -> Person:
        """Whom the code stands for, by an identity token whose signature and claims were checked."""
        with self._http() as http:
            described = self._described(http)
            told = self._exchange(http, described, attempt, code, back)
            keys = _json(http.get(self._endpoint(described, "jwks_uri")))
        claims = self._claims(told, keys, attempt.nonce, now)
        name = claims.get(self._settings.name_claim)
        if not isinstance(name, str) or not name:
            raise AccountRefused("The OpenID provider does not tell your user name. Ask your administrator.")
        return Person(str(claims["sub"]), name, self._role(claims.get(self._settings.role_claim)))

    @contextmanager
    def _http(self) -> Iterator[httpx.Client]:
        trusted = ssl.create_default_context(cafile=self._settings.ca_file) if self._settings.ca_file else True
        try:
            with httpx.Client(timeout=_TIMEOUT_S, verify=trusted) as http:
                yield http
        except httpx.HTTPError as error:
            # Its words may hold addresses with a code in them.
            _log.warning("the OpenID provider does not answer", reason=type(error).__name__)
            raise AccountRefused(_AWAY) from error

    def _described(self, http: httpx.Client) -> Mapping[str, object]:
        described = _json(http.get(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"))
        if described.get("issuer") != self._settings.issuer:
            raise AccountRefused(_AWAY)
        return described

    def _endpoint(self, described: Mapping[str, object], name: str) -> str:
        endpoint = described.get(name)
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            raise AccountRefused(_AWAY)
        return endpoint

    def _exchange(
        self, http: httpx.Client, described: Mapping[str, object], attempt: Attempt, code: str, back: str
    ) -> Mapping[str, object]:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
        endpoint = self._endpoint(described, "token_endpoint")
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if isinstance(ways, list) and "client_secret_basic" in ways:
            # The specification has both parts percent-encoded (RFC 6749, 2.3.1).
            known = (quote(self._settings.client_id, safe=""), quote(self._settings.client_secret, safe=""))
            return _json(http.post(endpoint, data=fields, auth=known))
        fields |= {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        return _json(http.post(endpoint, data=fields))

    def _claims(self, told: Mapping[str, object], keys: Mapping[str, object], nonce: str, now: datetime) -> Mapping[str, object]:
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - of the extra
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet, KeySetSerialization  # noqa: PLC0415

        token = told.get("id_token")
        must_be = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        asked = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": told.get("access_token")}
        try:
            decoded = jwt.decode(str(token), KeySet.import_key_set(cast(KeySetSerialization, keys)), algorithms=list(_ASYMMETRIC))
            claims = CodeIDToken(decoded.claims, decoded.header, must_be, asked)
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise AccountRefused(_NOT_PROVED) from error
        return dict(claims)

    def _role(self, told: object) -> Role | None:
        values = told if isinstance(told, list) else [told]
        return next((role for value, role in self._settings.roles if value in values), None)


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _json(response: httpx.Response) -> Mapping[str, object]:
    response.raise_for_status()
    try:
        told = response.json()
    except ValueError as error:
        raise AccountRefused(_AWAY) from error
    if not isinstance(told, dict):
        raise AccountRefused(_AWAY)
    return told
