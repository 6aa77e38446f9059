"""The real service behind a real nginx with the configuration that is delivered, over TLS."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.desk.access.test_commands import asked
from tests.desk.access.test_sign_in import PASSWORD, sign_in
from tests.desk.desks import HTML
from tests.intake.harness import Site, stop

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
OPENSSL = shutil.which("openssl")
CONFIGURATION = Path(__file__).resolve().parents[3] / "deploy" / "par-intake.nginx.conf"
NAME = "desk.plan.example"
ELSEWHERE = "127.0.0.7"
_AROUND = """daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/x; uwsgi_temp_path {folder}/x;
scgi_temp_path {folder}/x;
{inner}
}}
"""
SETTINGS = {
    "PAR_DESK_HOSTS": f'["{NAME}"]',
    "PAR_DESK_SECURE_COOKIES": "true",
    "PAR_DESK_TRUSTED_PROXIES": '["127.0.0.1"]',
}

pytestmark = pytest.mark.skipif(NGINX is None or OPENSSL is None, reason="nginx or openssl is not installed")


@dataclass(frozen=True, slots=True)
class Front:
    """A service behind a proxy: ``port`` of the proxy's TLS, ``plain`` without it, and the certificate to trust."""

    site: Site
    folder: Path
    port: int
    plain: int
    certificate: Path

    def client(self) -> httpx.Client:
        """A browser that finds the desk by its name, on another machine as far as addresses go."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        transport = httpx.HTTPTransport(verify=trusted, local_address=ELSEWHERE)
        return httpx.Client(base_url=f"https://localhost:{self.port}", transport=transport, headers={"host": NAME}, timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate that a test trusts, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = f"subjectAltName=DNS:{NAME},DNS:localhost"
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    told = ("-subj", f"/CN={NAME}", "-addext", names, "-keyout", str(key), "-out", str(certificate))
    subprocess.run([str(OPENSSL), "req", *kind, *told], check=True, capture_output=True)
    return certificate, key


@contextlib.contextmanager
def nginx(folder: Path, service_port: int) -> Iterator[tuple[int, int, Path]]:
    """The proxy with the delivered configuration, on ports of its own."""
    port, plain = free_port(), free_port()
    certificate, key = certificate_in(folder)
    inner = CONFIGURATION.read_text()
    changes = {
        "127.0.0.1:8600": f"127.0.0.1:{service_port}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/ssl/desk/fullchain.pem": str(certificate),
        "/etc/ssl/desk/key.pem": str(key),
        "/var/log/nginx/desk.log": str(folder / "access.log"),
    }
    for before, after in changes.items():
        assert before in inner
        inner = inner.replace(before, after)
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, inner=inner))
    process = subprocess.Popen([str(NGINX), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    try:
        wait_for(port)
        yield port, plain, certificate
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "nginx never listened"
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    site = Site(tmp_path_factory.mktemp("site"), env=SETTINGS)
    assert asked(site, "account", "add", "ann", "--role", "administrator", typed=f"{PASSWORD}\n")[0] == 0
    process = site.start()
    try:
        (line,) = site.wait_for_log("listening")
        folder = tmp_path_factory.mktemp("nginx")
        with nginx(folder, httpx.URL(line["address"]).port or 0) as (port, plain, certificate):
            yield Front(site, folder, port, plain, certificate)
    finally:
        stop(process)


def test_a_person_signs_in_over_tls_and_is_known_by_their_own_address(front: Front) -> None:
    with front.client() as client:
        answer = sign_in(client)
        assert answer.status_code == 303
        assert any(one.startswith("__Host-desk=") for one in answer.headers.get_list("set-cookie"))
        assert "max-age" in answer.headers["strict-transport-security"]
        assert client.get("/account", headers=HTML).status_code == 200
    assert {row[0] for row in front.site.query("SELECT address FROM sessions")} == {ELSEWHERE}


def test_an_address_that_the_browser_makes_up_is_not_believed(front: Front) -> None:
    with front.client() as client:
        client.headers["x-forwarded-for"] = "203.0.113.9"
        sign_in(client)
    assert {row[0] for row in front.site.query("SELECT address FROM sessions")} == {ELSEWHERE}


def test_plain_http_leads_to_tls(front: Front) -> None:
    answer = httpx.get(f"http://localhost:{front.plain}/queue", headers={"host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{NAME}/queue")


@pytest.mark.parametrize("path", ["/metrics", "/health", "/health/live"])
def test_what_monitoring_asks_is_not_shown_outside(front: Front, path: str) -> None:
    with front.client() as client:
        assert client.get(path).status_code == 404


def test_live_updates_pass_at_once(front: Front) -> None:
    with front.client() as client:
        sign_in(client)
        with client.stream("GET", "/api/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert next(stream.iter_bytes())


def test_an_upload_larger_than_a_page_passes(front: Front) -> None:
    with front.client() as client:
        sign_in(client)
        csrf = client.get("/account", headers=HTML).text.partition('name="csrf" content="')[2].partition('"')[0]
        answer = client.post(
            "/api/documents",
            files={"file": ("large.pdf", b"%PDF-1.4\n" + b"x" * 5_000_000 + b"\n%%EOF\n")},
            headers={"x-csrf-token": csrf},
        )
        assert answer.status_code < 300, answer.text


def test_nothing_is_laid_down_on_the_proxys_disk_and_its_log_has_no_queries(front: Front) -> None:
    with front.client() as client:
        client.get("/sign-in?next=/account&code=secret-code", headers=HTML)
    assert "secret-code" not in (front.folder / "access.log").read_text()
    assert [path for name in ("body", "proxy") for path in (front.folder / name).rglob("*") if path.is_file()] == []
    assert "buffered to a temporary file" not in (front.folder / "error.log").read_text()
