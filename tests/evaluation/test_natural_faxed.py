"""Forms that the generator does not draw, after a scanner and a fax machine: what is small print stays readable."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random

from PIL import Image

from intake.evaluation.labels import load_labels
from intake.evaluation.marks import Mark, Outcome, Part
from intake.evaluation.records import load_records
from intake.evaluation.score import evaluate
from tests.faxes import degrade, render
from tests.faxes.degrade import Condition
from tests.intake.harness import command, environment

FOLDER = Path(__file__).parent / "natural"
CONDITIONS = (Condition.SCAN, Condition.FINE_FAX, Condition.STANDARD_FAX)
EVERY = 7
# Measured: 0.935, 8 of 312 silent. Before words' boxes ended with their print, the forms of that time gave 0.896, 6.4 % silent.
LEAST_F1, MOST_SILENT = 0.91, 0.04


def sent(form: Path, condition: Condition, folder: Path) -> Path:
    """The form as it arrives, with its label beside it."""
    rng = Random(f"natural {form.stem}")
    damage = degrade.draw(rng, condition)
    if condition is Condition.SCAN:
        target = folder / form.name
        pages = [degrade.scanned_page(page, damage, "", rng) for page in render.pages(form, 200)]
        pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=200, quality=60)
    else:
        target = folder / f"{form.stem}.tif"
        faxed = [degrade.fax_page(page, damage, "", rng) for page in render.pages(form, 300)]
        images: list[Image.Image] = [image for image, _ in faxed]
        images[0].save(target, "TIFF", save_all=True, append_images=images[1:], compression="group4", dpi=faxed[0][1])
    label = json.loads((FOLDER / f"{form.stem}.truth.json").read_text(encoding="utf-8"))
    label.update(document=target.name, condition=str(condition))
    (folder / f"{form.stem}.truth.json").write_text(json.dumps(label), encoding="utf-8")
    return target


def marks_of(folder: Path) -> list[Mark]:
    forms = sorted(FOLDER.glob("*.pdf"))[::EVERY]
    files = [sent(form, CONDITIONS[n % len(CONDITIONS)], folder) for n, form in enumerate(forms)]
    done = subprocess.run(
        command("process", *files), env=environment(standin=False), cwd=folder, capture_output=True, check=True, timeout=600
    )
    (folder / "records.ndjson").write_bytes(done.stdout)
    records, problems = load_records(folder / "records.ndjson")
    assert problems == ()
    found = evaluate(load_labels(folder), records, problems)
    assert all(document.split_right for document in found.documents)
    requests = (request for document in found.documents for request in document.requests)
    return [mark for request in requests for mark in request.marks if mark.part in (Part.FIELD, Part.AMENDMENT)]


def test_natural_forms_are_read_from_scans_and_faxes(tmp_path: Path) -> None:
    marks = marks_of(tmp_path)
    right = sum(mark.outcome is Outcome.RIGHT for mark in marks)
    given, wanted = sum(mark.given is not None for mark in marks), sum(mark.wanted is not None for mark in marks)
    silent = sum(mark.silent and not mark.right for mark in marks)
    assert 2 * right / (given + wanted) > LEAST_F1
    assert silent < MOST_SILENT * wanted
