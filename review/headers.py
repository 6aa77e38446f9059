"""What every answer of the desk says to the browser: run only our own files, keep nothing, tell nobody."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.services import DeskSettings

STATIC = "/static/"
# The names of this machine to itself. Any other name is a setting: a page elsewhere could lead a name of its own here.
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: browsers would hide from us, too, which site a form comes from. Other sites are told nothing by either.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR = "public, max-age=31536000, immutable"


def protect(headers: MutableHeaders, path: str, status: int, settings: DeskSettings) -> None:
    """Put the headers on one answer."""
    for name, value in _ALWAYS.items():
        headers[name] = value
    is_file = path.startswith(STATIC) and status < 400
    headers["cache-control"] = _YEAR if is_file else "no-store"
    if settings.secure_cookies:
        headers["strict-transport-security"] = "max-age=31536000"


class Protection:
    """Middleware: only known host names are answered, and every answer has its headers."""

    def __init__(self, app: ASGIApp, settings: DeskSettings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = {host.lower() for host in (*_THIS_MACHINE, *settings.hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), scope["path"], message["status"], self._settings)
            await send(message)

        if _host_of(scope) in self._hosts:
            await self._app(scope, receive, send_protected)
            return
        refusal = PlainTextResponse("The desk does not answer to this host name. Its names are the setting desk_hosts.\n", 400)
        await refusal(scope, receive, send_protected)


def _host_of(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1").lower()
    head, bracket, _ = given.partition("]")
    return head + bracket if bracket else given.partition(":")[0]
