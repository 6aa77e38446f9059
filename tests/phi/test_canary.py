"""Documents full of known values go through everything, errors included; none of the values is seen where it does not belong."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from uuid import uuid4

import pytest

from ocr.engines.tesseract import find_program
from ocr.options import ReadingOptions
from tests.intake.harness import Site, command, environment, fax, stop
from tests.phi.canary import SIDECAR, VALUES, documents, forms_of, seen
from tests.phi.watch import ProcessWatch, wait_for

_KEY = "bm9ib2R5IHNlZXMgdGhpcyBrZXkgYnV0IHRoZSBzdiE="


class _Receiver(BaseHTTPRequestHandler):
    """Refuses once, and tells in its answer all that it was sent."""

    heads: list[bytes]
    refused: list[bool]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heads.append(f"{self.requestline}\n{self.headers}".encode())
        if not self.refused:
            self.refused.append(True)
            self.send_response(500, "cannot take Quagmarch")
            self.send_header("Retry-After", "Quagmarch")
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        del format, args


@contextmanager
def _receiver() -> Iterator[tuple[str, list[bytes]]]:
    heads: list[bytes] = []
    handler = type("Handler", (_Receiver,), {"heads": heads, "refused": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/records", heads
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Bench:
    """A site whose processes carry a mark, and whose own temporary and home folders must stay empty."""

    def __init__(self, root: Path) -> None:
        self.mark = f"CANARY={uuid4()}"
        name, _, value = self.mark.partition("=")
        self.elsewhere = {"TMPDIR": root / "tmp", "HOME": root / "home", "XDG_CACHE_HOME": root / "home" / "cache"}
        for folder in self.elsewhere.values():
            folder.mkdir(parents=True)
        env = {name: value, "SITE_KEYS": _KEY, "PAR_ARCHIVE_KEYS": "env:SITE_KEYS"}
        self.env = env | {name: str(folder) for name, folder in self.elsewhere.items()}
        self.site = Site(root / "site", self.env)

    def ask(self, *arguments: str | os.PathLike[str], standin: bool = False) -> tuple[bytes, bytes]:
        """Run a command; gives standard output and standard error."""
        env = environment({**self.env, "PAR_DATA": str(self.site.data), "PAR_OUTBOX": str(self.site.outbox)}, standin=standin)
        words = command(*(Path(argument) for argument in arguments))
        done = subprocess.run(words, env=env, cwd=self.site.root, capture_output=True, check=False)
        return done.stdout, done.stderr

    def left_elsewhere(self) -> list[Path]:
        """Files outside the folders of the service."""
        cores = [path for path in self.site.root.glob("*core*") if path.is_file()]
        return cores + [path for folder in self.elsewhere.values() for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def _page(address: str, path: str) -> bytes:
    try:
        with urllib.request.urlopen(f"{address}{path}") as answer:  # noqa: S310 - our own service
            return bytes(answer.read())
    except HTTPError as error:
        return error.read()


def _slow_tesseract(root: Path) -> Path:
    """Tesseract, shown for long enough to be looked at on the busiest machine."""
    program = find_program(ReadingOptions())
    assert program is not None
    data = program.parent.parent / "share" / "tessdata"
    told = f"export TESSDATA_PREFIX={data}\n" if data.is_dir() else ""
    script = root / "tesseract"
    script.write_text(f'#!/bin/sh\n{told}sleep 1\nexec {program} "$@"\n')
    script.chmod(0o755)
    return script


def _drop_all(site: Site) -> int:
    for name, content in documents().items():
        (site.inbox / name).write_bytes(content)
    (site.inbox / "Quagmarch Zebulonia.json").write_bytes(SIDECAR)
    (site.inbox / "83519462Q.json").write_bytes(b"{Quagmarch")
    return len(documents())


def test_the_canary_is_seen_where_it_belongs(bench: Bench) -> None:
    """That the search finds what is there: without this, the next tests could not fail."""
    assert seen({"a log": b"... quagmarch ..."}) == ["Quagmarch in a log"]
    assert all(form in b"".join(forms_of(value)) for value in VALUES for form in forms_of(value))
    with ProcessWatch(bench.mark) as watch:
        subprocess.run(["sleep", "1"], env={**os.environ, **bench.env, "NAME": "Quagmarch"}, check=True)  # noqa: S607
    assert watch.programs == {"sleep"}
    assert watch.remotes == set()
    assert "Quagmarch in environ" in seen({"environ": b"".join(watch.shown)})


def test_the_service_shows_no_value_while_it_reads_fails_delivers_and_purges(bench: Bench) -> None:
    site = bench.site
    places: dict[str, bytes] = {}
    count = _drop_all(site)
    with ProcessWatch(bench.mark) as watch, _receiver() as (url, heads):
        settings = {"PAR_WEBHOOK_URL": url, "PAR_WEBHOOK_SECRET": "0123456789abcdef0123456789abcdef"}
        # Tesseract alone: it is a program of its own, and takes its pictures from temporary files.
        settings |= {"PAR_SECOND_ENGINE": "", "PAR_LOG_LEVEL": "debug", "PAR_TESSERACT": str(_slow_tesseract(site.root))}
        service = site.start(env=settings, standin=False)
        address = site.wait_for_log("listening")[0]["address"]
        for event in ("document claimed", "document is read", "document finished"):
            site.wait_for_log(event, count if event != "document is read" else 1)
            places |= {f"/metrics after {event}": _page(address, "/metrics"), f"/health after {event}": _page(address, "/health")}
        wait_for(lambda: len(heads) > len(site.records()) > 0)
        stop(service)
        for arguments in (("status",), ("failed",), ("config",), ("deliveries",), ("purge", "--older-than", "1d", "--dry-run")):
            out, err = bench.ask(*arguments)
            places |= {f"{arguments[0]}, output": out, f"{arguments[0]}, errors": err}

    read = [record for record in site.records().values() if record["member"]["last_name"] == "Quagmarch"]
    assert len(read) == 2, "the values were read, from the text and from the picture"
    assert "tesseract" in watch.programs
    places |= {
        "the log": (site.root / "log").read_bytes(),
        "what processes show": b"\n".join(watch.shown),
        "what is posted, but for its body": b"\n".join(heads),
        "names in the outbox": "\n".join(path.name for path in site.outbox.iterdir()).encode(),
        "the workflow engine's database": b"".join(path.read_bytes() for path in site.data.glob("workflow.sqlite*")),
        "sealed sources": b"".join(path.read_bytes() for path in (site.data / "done").rglob("*.sealed")),
    }
    assert seen(places) == []
    readers = [shown for shown in watch.shown if b"TMPDIR=" in shown and b"/data/tmp/" in shown]
    assert readers
    assert not [shown for shown in readers if _KEY.encode() in shown], "no program that is started gets the keys"
    assert bench.left_elsewhere() == []
    assert [path for path in (site.data / "tmp").rglob("*") if path.is_file()] == []
    _only_in_our_folders(watch, bench)
    assert watch.remotes == set(), "nothing is sent but to this machine"


def _only_in_our_folders(watch: ProcessWatch, bench: Bench) -> None:
    """No file is ever held open in a folder of temporary files that is not ours."""
    strange = [str(folder) for folder in bench.elsewhere.values()]
    shared = [path for path in watch.files if path.startswith(("/tmp/", "/var/tmp/", "/dev/shm/"))]  # noqa: S108
    ours = str(bench.site.root)
    assert not [path for path in shared if not path.startswith(ours) or path.startswith(tuple(strange))]


def test_the_command_shows_no_value_and_leaves_nothing(bench: Bench) -> None:
    folder = bench.site.root / "given"
    folder.mkdir()
    for name, content in documents().items():
        (folder / name).write_bytes(content)
    # The names come from the folder's listing, as a shell gives them: the command line shows what its user wrote, and that alone.
    output, errors = bench.ask("process", *sorted(folder.iterdir()), folder / "Quagmarch gone.pdf")
    assert output.count(b"Quagmarch") > 2
    assert seen({"errors": errors}) == []
    assert errors.count(b"could not be read") >= 5
    assert bench.left_elsewhere() == []


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_goes_wrong_inside_tells_no_value(form: str, bench: Bench) -> None:
    site = bench.site
    for name, content in {
        "Quagmarch fault.pdf": "@fault=Quagmarch",
        "Quagmarch dies.pdf": "@die=83519462Q",
        "Quagmarch prints.pdf": "@print=Quagmarch",
        "Quagmarch slow.pdf": "@sleep=600 Quagmarch",
    }.items():
        (site.inbox / name).write_bytes(fax(content))
    settings = {"PAR_LOG_FORMAT": form, "PAR_LOG_LEVEL": "debug", "PAR_DOCUMENT_TIMEOUT_S": "2", "PAR_MAX_ATTEMPTS": "1"}
    with ProcessWatch(bench.mark) as watch:
        assert site.drain(settings) == 0
    places = {"the log": (site.root / "log").read_bytes(), "what processes show": b"\n".join(watch.shown)}
    assert b"reading stopped by" in places["the log"]
    assert b"RuntimeError at" in places["the log"]
    assert seen(places) == []
    assert bench.left_elsewhere() == []


def test_a_crash_of_the_service_itself_tells_no_value(bench: Bench) -> None:
    site = bench.site
    (site.inbox / "Quagmarch.pdf").write_bytes(fax("Quagmarch @sleep=60"))
    service = site.start()
    site.wait_for_log("document is read")
    service.send_signal(signal.SIGABRT)
    service.communicate()
    assert seen({"the log": (site.root / "log").read_bytes()}) == []
    assert bench.left_elsewhere() == []
