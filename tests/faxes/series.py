"""Blank forms, and copies of each that other senders filled in: ``python -m tests.faxes.series --out DIR`` (``--help`` tells more).

``DIR/blanks/FORM.pdf`` is the blank; ``DIR/FORM-NN.*`` are its copies with their labels.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.faxes import degrade, gaps, render, style, truth
from tests.faxes.content import Case, case
from tests.faxes.degrade import Condition
from tests.faxes.layouts import plan
from tests.faxes.layouts.form import FormPainter
from tests.faxes.sheet import Sheet
from tests.faxes.style import Style

_FAXED = (Condition.FINE_FAX, Condition.STANDARD_FAX, Condition.POOR_FAX, Condition.SCAN)
_HAND_SHARE, _FILLABLE_SHARE, _GAP_SHARE = 0.25, 0.3, 0.5
_MEMBER_ID_LENGTH = 12
_DPI = 300


class _FormSheet(Sheet):
    """A sheet whose layout does not depend on what is filled in."""

    def value_width(self, text: str) -> float:
        """A width that has nothing to do with the value."""
        del text
        return 110.0


class _BlankSheet(_FormSheet):
    """A sheet on which nothing is filled in."""

    def value(self, x: float, y: float, text: str, width: float, *, height: float = 15.0) -> None:
        """An empty place."""
        del text
        super().value(x, y, "", width, height=height)

    def tick(self, x: float, y: float, ticked: bool) -> float:
        """A box that is not ticked."""
        del ticked
        return super().tick(x, y, False)

    def ring_word(self, x: float, y: float, width: float, size: float) -> None:
        """No word is ringed."""

    def scribble(self, x: float, y: float, width: float) -> None:
        """No signature."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the series; ``seed`` gives its layout, its wordings and its typography."""

    name: str
    seed: str

    @property
    def fillable(self) -> bool:
        """Whether its PDF has fields."""
        return Random(f"{self.seed}/fillable").random() < _FILLABLE_SHARE

    def look(self) -> Style:
        """How it is printed; places are high enough for handwriting."""
        rng = Random(f"{self.seed}/style")
        return replace(style.draw(rng, False, self.fillable), value_size=11.0)

    def blank(self, path: Path) -> None:
        """Write the blank."""
        self._draw(_BlankSheet(path, self.look(), Random(0), self.fillable), self._case(Random(f"{self.seed}/nobody")))

    def copy(self, name: str, condition: Condition, folder: Path) -> Path:
        """Write a copy filled in by another sender, and its label; returns the document's path."""
        rng = Random(f"{self.seed}/{name}")
        look = _by_sender(self.look(), rng, self.fillable)
        with TemporaryDirectory() as scratch:
            drawn = Path(scratch) / "drawn.pdf"
            sheet = _FormSheet(drawn, look, Random(f"{self.seed}/{name}/hand"), self.fillable)
            filled, pages = self._draw(sheet, self._case(rng))
            target = _sent(drawn, folder / name, condition, rng)
        label = {
            "document": target.name,
            "condition": str(condition),
            "form": self.name,
            "handwritten": look.hand,
            "requests": [truth.of_form(filled, list(range(1, pages + 1)), [])],
        }
        (folder / f"{name}.truth.json").write_text(json.dumps(label, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return target

    def _questions(self) -> plan.Plan:
        drawn = plan.draw(Random(f"{self.seed}/plan"), "new", "routine")
        return replace(drawn, split_provider=False, plan_use=False)

    def _case(self, rng: Random) -> Case:
        """A request that needs no more room than the form has."""
        of = case(rng, "new")
        while of.urgency == "retroactive" or not (of.member.member_id or "").isalnum():
            of = case(rng, "new")
        identifier = (of.member.member_id or "")[:_MEMBER_ID_LENGTH]
        of = replace(of, comment="", services=of.services[:3], diagnoses=of.diagnoses[:2])
        of = replace(of, member=replace(of.member, member_id=identifier))
        blanked = gaps.leave_blanks(rng, of) if rng.random() < _GAP_SHARE else of
        return blanked if blanked.services and blanked.diagnoses and blanked.member.first_name else of

    def _draw(self, sheet: Sheet, of: Case) -> tuple[Case, int]:
        questions = self._questions()
        filled = plan.asked(of, questions)
        FormPainter(sheet, filled, questions, Random(f"{self.seed}/layout")).draw()
        sheet.save()
        return filled, sheet.pages


def _by_sender(form: Style, rng: Random, fillable: bool) -> Style:
    """The form as one sender fills it in."""
    own = style.draw(rng, rng.random() < _HAND_SHARE, fillable)
    return replace(
        form,
        value_face=own.value_face,
        hand=own.hand,
        mark=own.mark,
        upper_values=own.upper_values,
        date_format=own.date_format,
        tin_dash=own.tin_dash,
        credential=own.credential,
    )


def _sent(drawn: Path, target: Path, condition: Condition, rng: Random) -> Path:
    """The pages as they arrive."""
    damage = degrade.draw(rng, condition)
    pages = list(render.pages(drawn, _DPI))
    if condition is Condition.SCAN:
        scans = [degrade.scanned_page(page, damage, "", rng) for page in pages]
        path = target.with_suffix(".pdf")
        scans[0].save(path, "PDF", save_all=True, append_images=scans[1:], resolution=_DPI, quality=60)
        return path
    faxed = [degrade.fax_page(page, damage, "", rng) for page in pages]
    path = target.with_suffix(".tif")
    faxed[0][0].save(path, "TIFF", save_all=True, append_images=[p for p, _ in faxed[1:]], compression="group4", dpi=faxed[0][1])
    return path


def main(argv: list[str] | None = None) -> int:
    """Write blanks and copies; 0 when all were written."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faxes.series", description="Writes blank forms and faxed copies of each."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write into; made if it is missing")
    parser.add_argument("--forms", type=int, default=5, help="how many forms")
    parser.add_argument("--copies", type=int, default=4, help="how many copies of each")
    parser.add_argument("--seed", default="1", help="the same seed gives the same labels")
    wanted = parser.parse_args(argv)
    (wanted.out / "blanks").mkdir(parents=True, exist_ok=True)
    for n in range(1, wanted.forms + 1):
        form = Form(f"form-{n:02d}", f"{wanted.seed}/{n}")
        form.blank(wanted.out / "blanks" / f"{form.name}.pdf")
        for k in range(wanted.copies):
            form.copy(f"{form.name}-{k + 1:02d}", _FAXED[k % len(_FAXED)], wanted.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
