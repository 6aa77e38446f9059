"""A real HTTP server that takes records as docs/delivery.md tells receivers to, and fails in every way that it is asked to."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

SECRET = "a secret of more than sixteen bytes"  # noqa: S105 - of a server in this process
_GUIDE = Path(__file__).resolve().parents[2] / "docs" / "delivery.md"

Behaviour = Callable[["Handler"], None]


def _documented_verify() -> Callable[[bytes, Mapping[str, str], bytes], str]:
    """The example of the guide itself."""
    (example,) = re.findall(r"```python\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, str(_GUIDE), "exec"), names)  # noqa: S102 - our own page
    return cast(Callable[[bytes, Mapping[str, str], bytes], str], names["verify"])


verify = _documented_verify()


class Handler(BaseHTTPRequestHandler):
    """Answers one request as its turn says."""

    server: Server

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receiver.came(self)

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        del format, args


class Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        del request, client_address  # a client that went away is what some of the tests are about


class Receiver:
    """What came, and what is done with what comes next: the next of ``turns``, or else ``by_default``."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.turns: deque[Behaviour] = deque()
        self.by_default: Behaviour = take
        self.released = threading.Event()
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        self.keys: list[str] = []
        self.taken: list[str] = []
        self.records: dict[str, dict[str, Any]] = {}

    def came(self, handler: Handler) -> None:
        key = verify(SECRET.encode(), dict(handler.headers), handler.body)
        with self.lock:
            self.requests.append((handler.path, dict(handler.headers), handler.body))
            self.keys.append(key)
            behaviour = self.turns.popleft() if self.turns else self.by_default
        behaviour(handler)

    def keep(self, handler: Handler) -> None:
        """Store the record, once for each idempotency key."""
        with self.lock:
            key = handler.headers["Idempotency-Key"]
            if key not in self.records:
                self.records[key] = json.loads(handler.body)
                self.taken.append(key)


def take(handler: Handler) -> None:
    """Store it and say so."""
    handler.server.receiver.keep(handler)
    handler.answer(204)


def say(status: int, **headers: str) -> Behaviour:
    """Answer with a status, and store nothing."""
    return lambda handler: handler.answer(status, {name.replace("_", "-"): value for name, value in headers.items()})


def hang(handler: Handler) -> None:
    """Answer nothing until released."""
    handler.server.receiver.released.wait()


def take_and_answer_too_late(handler: Handler) -> None:
    """Store it, and answer when nobody listens any more."""
    handler.server.receiver.keep(handler)
    handler.server.receiver.released.wait()
    handler.answer(204)


def close_at_once(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def close_in_the_middle(handler: Handler) -> None:
    """Promise an answer of a thousand bytes, and close after ten."""
    handler.answer(200, {"Content-Length": "1000"}, b"0123456789")
    handler.connection.shutdown(socket.SHUT_RDWR)


def talk_nonsense(handler: Handler) -> None:
    """Answer in no known form."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    handler.connection.shutdown(socket.SHUT_RDWR)


def trickle(handler: Handler) -> None:
    """Send a header a byte at a time, without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.receiver.released.wait(0.02):
        handler.wfile.write(b"x")


@contextmanager
def receiving(tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[tuple[Receiver, str]]:
    """A receiver that runs, and its address."""
    server = Server(("127.0.0.1", port), Handler)
    server.receiver = Receiver()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver, f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}/par"
    finally:
        server.receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
