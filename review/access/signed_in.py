"""Who a request comes from: a session's cookie or a token's header."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from models.store import api_tokens, sessions
from models.store.sessions import SessionLimits
from review.access.actor import Actor
from review.access.permissions import PERMISSIONS, Permission
from review.services import DeskServices, DeskSettings

# A request in so short a time after another is not noted: a page that is read should not write.
_TOUCHED_EVERY_S = 60.0


def cookie_name(settings: DeskSettings) -> str:
    """The name of the session's cookie; the prefix has browsers refuse it from another host, path, or without TLS."""
    return "__Host-desk" if settings.secure_cookies else "desk"


def csrf_token(session_token: str) -> str:
    """What forms and scripts of a session send along: another site can have the cookie sent, but cannot know this."""
    return hmac.new(session_token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def limits_of(settings: DeskSettings) -> SessionLimits:
    """How long sessions last."""
    return SessionLimits(settings.idle_s, settings.session_life_s)


def address_of(request: Request) -> str:
    """Where a request comes from; behind a trusted proxy, where it came to the proxy from."""
    return request.client.host[:64] if request.client else "unknown"


def actor_of(request: Request, services: DeskServices, *, background: bool) -> Actor | None:
    """Whoever asks, by token or session; ``background``: a request that a page makes by itself keeps no session alive."""
    bearer = bearer_of(request)
    if bearer is not None:
        return _by_token(bearer, services)
    cookie = request.cookies.get(cookie_name(services.settings))
    return None if cookie is None else _by_session(cookie, services, background=background)


def bearer_of(request: Request) -> str | None:
    """The token of the ``Authorization`` header, where there is one of the kind Bearer."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def still_signed_in(services: DeskServices, actor: Actor) -> bool:
    """Whether the actor's session or token stands: what streams for long asks now and then."""
    now = services.now()
    with Session(services.reading) as session:
        if actor.by_token:
            return api_tokens.stands(session, actor.credential_id, now)
        return sessions.stands(session, actor.credential_id, now, limits_of(services.settings))


def _by_session(cookie: str, services: DeskServices, *, background: bool) -> Actor | None:
    now = services.now()
    with Session(services.reading) as session:
        found = sessions.find(session, cookie, now, limits_of(services.settings))
    if found is None:
        return None
    if not background and _is_long_ago(found.seen_at, now, services.settings.idle_s):
        with Session(services.engine) as session, session.begin():
            sessions.touch(session, found.session_id, now)
    return Actor(
        name=found.name,
        account_id=found.account_id,
        permissions=PERMISSIONS[found.role],
        by_token=False,
        credential_id=found.session_id,
        csrf=csrf_token(cookie),
    )


def _by_token(token: str, services: DeskServices) -> Actor | None:
    now = services.now()
    with Session(services.reading) as session:
        found = api_tokens.find(session, token, now)
    if found is None:
        return None
    if found.used_at is None or _is_long_ago(found.used_at, now, services.settings.idle_s):
        with Session(services.engine) as session, session.begin():
            api_tokens.touch(session, found.token_id, now)
    return Actor(
        name=f"token:{found.name}",
        account_id=None,
        permissions=frozenset(Permission(scope) for scope in found.scopes),
        by_token=True,
        credential_id=found.token_id,
    )


def _is_long_ago(before: datetime, now: datetime, idle_s: float) -> bool:
    return now - before >= timedelta(seconds=min(_TOUCHED_EVERY_S, idle_s / 10))
