"""A small OpenID provider over HTTP: enough of one to be signed in at, and to lie in every way that matters."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "desk at the plan"
CLIENT_SECRET = "s3cret:with/marks"


@dataclass(slots=True)
class Provider:
    """``claims`` are said of whoever signs in; ``lies`` replace what its tokens say, and ``key`` what they are signed with."""

    issuer: str = ""
    claims: dict[str, object] = field(default_factory=lambda: {"sub": "u-1", "preferred_username": "Ann", "groups": ["nurses"]})
    lies: dict[str, object] = field(default_factory=dict)
    published: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    key: RSAKey | None = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def sign_in(self, address: str) -> str:
        """What a person does who is sent to ``address``: they agree, and are sent back; gives where to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT_ID, "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def described(self) -> dict[str, object]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def token(self, fields: dict[str, str], known: str) -> dict[str, str] | None:
        """The answer to a code, once; ``None`` where it must not be given."""
        asked = self.codes.pop(fields["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(fields["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if known != f"{CLIENT_ID}:{CLIENT_SECRET}" or asked is None:
            return None
        if challenge != asked["code_challenge"] or fields["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, said | self.lies, self.key or self.published, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers for the provider."""

        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._tell(200, provider.described())
            elif self.path == "/keys":
                self._tell(200, {"keys": [provider.published.as_dict(private=False)]})
            else:
                self._tell(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            known = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
            user, _, password = known.partition(":")
            told = provider.token(fields, f"{unquote(user)}:{unquote(password)}")
            self._tell(400 if told is None else 200, told or {"error": "invalid_grant"})

        def _tell(self, status: int, body: object) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Silent."""

    return Handler


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers until the end of the block."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
