"""Whether the plan that a form prints is known, and what is ticked about line of business and notes is read, on drawn faxes.

    python -m benchmarks.plans [--names 24] [--boxes 36]

Every sixth form of the first set is of a plan that nobody knows. Those of the second set ask questions beside the request's own.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from unittest.mock import patch

from extraction.form_facts import form_facts
from extraction.split import split
from intake.identify import identify
from models.document import Document
from models.form_facts import FormFacts
from ocr.document import DocumentReader
from ocr.options import ReadingOptions
from tests.faxes import document
from tests.faxes.degrade import Condition
from tests.faxes.layouts import blocks, form
from tests.faxes.layouts.fields import Entry
from tests.faxes.style import Style
from validation.plans import other_plans, shipped_plans
from validation.policy_book import default_book

_FAXES = (Condition.FINE_FAX, Condition.STANDARD_FAX, Condition.POOR_FAX)
_ALL = (Condition.DIGITAL, Condition.FINE_FAX, Condition.SCAN, Condition.STANDARD_FAX)
_UNKNOWN = (None, "Valley Orchard Health Plan")
_LINES = {"Medi-Cal": "medi_cal", "Medicare": "medicare", "Commercial": "commercial"}
_MOST_BYTES = 100_000_000


def _facts(path: Path) -> FormFacts:
    content = path.read_bytes()
    arrived = Document(path, path.name, hashlib.sha256(content).hexdigest(), identify(path, _MOST_BYTES), datetime.now(UTC))
    with DocumentReader(arrived, ReadingOptions()) as reader:
        requests = split(tuple(reader.pages()))
    return form_facts(requests[0]) if requests else FormFacts()


def names(count: int, folder: Path) -> Iterator[str]:
    """For each fax whether its plan was known: ``right``, ``none`` or ``wrong``, with whether it printed one that could be."""
    known = [(plan.id, name) for plan in shipped_plans() for name in plan.names]
    known += [(other.id, name) for other in other_plans() for name in other.names]
    rng = Random("plans")  # noqa: S311 - it draws test data
    for n in range(count):
        plan_id, printed = rng.choice(known) if n % 6 else _UNKNOWN
        with patch.object(form, "place", return_value=printed):
            path = document.make(document.Order(f"names-{n:03d}", "new", _FAXES[n % 3], f"packs2-{n}"), folder)
        found = default_book().coverage(_facts(path), None).form_plan
        outcome = "right" if found == plan_id else "none" if found is None else "wrong"
        yield f"plan {'known' if plan_id else 'unknown'}: {outcome}"


def boxes(count: int, folder: Path) -> Iterator[str]:
    """For each fax, what became of the line of business and of the notes that its boxes tell."""
    told: dict[str, str | None] = {}
    drawn = blocks.decoy_entries

    def remembered(rng: Random, section: str, style: Style) -> list[Entry]:
        entries = drawn(rng, section, style)
        told.update({one.label: next((option.text for option in one.options if option.ticked), None) for one in entries})
        return entries

    for n in range(count):
        told.clear()
        order = document.Order(f"boxes-{n:03d}", "new", _ALL[n % 4], f"packs-{n}")
        with patch.object(blocks, "decoy_entries", remembered), patch.object(document, "FormPainter", _Asking):
            path = document.make(order, folder)
        facts = _facts(path)
        yield _outcome("line of business", _LINES.get(told.get("Line of business") or ""), facts.line_of_business)
        said = "marked" if told.get("Clinical notes attached?") == "Yes" else None
        yield _outcome("notes", said, facts.clinical_notes)


class _Asking(form.FormPainter):
    """Asks other questions in every section."""

    def draw(self) -> None:
        """The form."""
        self._decoys = 1.0
        super().draw()


def _outcome(what: str, given: str | None, found: str | None) -> str:
    if given is None:
        return f"{what} not given: {'invented' if found else 'none'}"
    return f"{what} given: {'right' if found == given else 'none' if found is None else 'wrong'}"


def main() -> None:
    """Draw, read, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--names", type=int, default=24)
    parser.add_argument("--boxes", type=int, default=36)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = Counter([*names(wanted.names, Path(folder)), *boxes(wanted.boxes, Path(folder))])
    for what, count in sorted(counts.items()):
        print(f"{what:40} {count}")


if __name__ == "__main__":
    main()
