"""The service and the command with the real reading, on a small digital form."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.intake.harness import Site, command, environment

_LINES = (
    "PRIOR AUTHORIZATION REQUEST",
    "Member Last Name: Alder    First Name: June    Date of Birth: 03/14/1961",
    "Member ID: 91234567A",
    "Requesting Provider: Ina Brook    NPI: 1234567893",
    "Diagnosis Code (ICD-10): M54.50",
    "CPT Code: 97110    Units: 12    From: 03/02/2026    To: 05/29/2026",
)


def _form() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for number, line in enumerate(_LINES):
        canvas.drawString(60, 740 - 24 * number, line)
    canvas.save()
    return buffer.getvalue()


def test_service_and_command_read_the_same(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drop("form.pdf", _form())
    done = site.start("--drain", standin=False)
    done.communicate(timeout=300)
    assert done.returncode == 0
    (served,) = site.records().values()
    assert site.archived("done") == {"form.pdf": 1}

    (tmp_path / "form.pdf").write_bytes(_form())
    read = subprocess.run(
        command("process", tmp_path / "form.pdf"), env=environment(standin=False), capture_output=True, check=True, timeout=300
    )
    assert len(list((site.data / "done").glob("*/.intake/pages/*.page"))) == 1, "the service keeps the page"
    assert not (tmp_path / ".intake").exists(), "the command keeps none"
    (line,) = read.stdout.splitlines()
    processed = json.loads(line)
    assert processed["member"]["last_name"] == "Alder"
    for record in (served, processed):
        # What follows from the time of arrival, which differs.
        del record["source"]["received_at"], record["deadline"], record["clocks"]
    assert served == processed
