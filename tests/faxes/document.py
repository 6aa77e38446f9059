"""One labelled document: requests and other pages painted, sent through a condition, and its label."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from tests.faxes import changes, degrade, gaps, render, style, transmission, truth
from tests.faxes.content import Case, case
from tests.faxes.degrade import Condition
from tests.faxes.layouts import others, plan
from tests.faxes.layouts.change import ChangePainter
from tests.faxes.layouts.form import FormPainter
from tests.faxes.layouts.letter import draw_letter
from tests.faxes.sheet import Sheet
from tests.faxes.style import Style

Json = dict[str, Any]
KINDS = ("new", "amendment", "extension", "cancellation", "change", "letter", "packet", "double", "none")
_GAP_SHARE = 0.33


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. The same order gives the same label, and on one machine the same bytes.

    ``struck`` is the share of full forms on which a value is struck out and corrected.
    """

    name: str
    kind: str
    condition: Condition
    seed: str
    struck: float = 0.0

    def rng(self, what: str) -> Random:
        """A stream of random numbers of its own for content, look or damage."""
        return Random(f"{self.seed}/{what}")


class _Painter:
    """Paints a document's pages into a PDF and gathers the labels of its requests."""

    def __init__(self, order: Order, path: Path) -> None:
        self.content, self._look = order.rng("content"), order.rng("look")
        self._fillable = order.condition is Condition.ACROFORM
        self._hand = order.condition is not Condition.DIGITAL and self.content.random() < 0.25
        self.style = self._new_style()
        self._sheet = Sheet(path, self.style, self._look, self._fillable)
        self._used = False
        self.requests: list[Json] = []
        self.forms: list[str] = []
        self.by_hand = False
        self._strikes, self._struck_share = order.rng("struck"), order.struck

    def _new_style(self) -> Style:
        return style.draw(self._look, self._hand, self._fillable)

    def _start_page(self) -> int:
        if self._used:
            self._sheet.new_page()
        self._used = True
        return self._sheet.pages

    def other(self, name: str, of: Case, pages: int = 2) -> int:
        """A page that is no request; returns its number."""
        page = self._start_page()
        if name == "cover":
            others.draw_cover(self._sheet, of, self._look, pages)
        elif name == "notes":
            others.draw_notes(self._sheet, of, self._look)
        elif name == "denial":
            others.draw_denial(self._sheet, of, self._look)
        elif name == "instructions":
            others.draw_instructions(self._sheet, self._look)
        else:
            others.draw_junk(self._sheet, self._look)
        return page

    def form(self, of: Case, attached: list[int]) -> Case:
        """A full form; returns the request as it stands on it."""
        rng = self.content
        questions = plan.draw(rng, of.kind, of.urgency)
        filled = plan.asked(gaps.leave_blanks(rng, of), questions)
        struck = not self._fillable and self._strikes.random() < self._struck_share
        if of.kind == "amendment":
            filled = replace(filled, changes=changes.stated_beside_form(rng, filled))
            told = " ".join(changes.sentence(rng, change, self.style, False) for change in filled.changes)
            filled = filled if struck else replace(filled, comment=told)
        elif rng.random() < _GAP_SHARE:
            filled = gaps.spoil_form(rng, filled)
        filled = self._signed(filled)
        first = self._start_page()
        self._sheet.corrections = changes.struck_out(self._strikes, filled, self.style) if struck else {}
        FormPainter(self._sheet, filled, questions, self._look).draw()
        if struck and of.kind == "amendment":
            filled = changes.as_corrected(filled, self._sheet.corrected, self.style)
        self.requests.append(truth.of_form(filled, list(range(first, self._sheet.pages + 1)), attached))
        self.forms.append(f"form_{self.style.look}")
        self.by_hand = self.style.hand
        return filled

    def change_form(self, of: Case, attached: list[int]) -> Case:
        """A change form."""
        rng = self.content
        questions = plan.draw(rng, of.kind, of.urgency)
        filled = self._short(
            plan.asked(gaps.leave_blanks(rng, replace(of, urgency="urgent" if of.urgency == "urgent" else "routine")), questions),
            True,
        )
        first = self._start_page()
        ChangePainter(self._sheet, filled, questions, self._look).draw()
        self.requests.append(truth.of_change_form(filled, list(range(first, self._sheet.pages + 1)), attached))
        self.forms.append(f"change_{self.style.look}")
        self.by_hand = self.style.hand
        return filled

    def letter(self, of: Case, attached: list[int]) -> Case:
        """A letter."""
        filled = self._short(gaps.leave_blanks(self.content, of), False)
        first = self._start_page()
        draw_letter(self._sheet, filled, self._look)
        self.requests.append(truth.of_letter(filled, list(range(first, self._sheet.pages + 1)), attached))
        self.forms.append("letter")
        return filled

    def _short(self, of: Case, in_columns: bool) -> Case:
        rng = self.content
        if of.kind == "amendment":
            of = replace(of, changes=changes.amendments(rng, of, in_columns))
        elif of.kind == "extension":
            of = replace(of, changes=changes.extension(rng, of))
        return self._signed(gaps.spoil_short(rng, of) if rng.random() < _GAP_SHARE else of)

    def _signed(self, of: Case) -> Case:
        if self.content.random() < 0.06:
            return replace(of, signed=False, signed_on=None)
        return of

    def restyle(self) -> None:
        """The next request comes on another form."""
        self.style = self._new_style()
        self._sheet.restyle(self.style)

    def save(self) -> int:
        """Write the PDF; returns the number of pages."""
        self._sheet.save()
        return self._sheet.pages


def _paint(order: Order, painter: _Painter) -> Case:
    """The pages of one document; returns the case whose office sent it."""
    rng, kind = painter.content, order.kind
    if kind in ("change", "letter"):
        of = case(rng, rng.choices(("amendment", "extension", "cancellation"), (60, 25, 15))[0])
        return painter.change_form(of, []) if kind == "change" else painter.letter(of, [])
    if kind == "packet":
        return _packet(painter, rng)
    if kind == "double":
        return _double(painter, rng)
    if kind == "none":
        of = case(rng, "new")
        for name in rng.choice((("cover",), ("denial",), ("junk",), ("cover", "notes"), ("notes",))):
            painter.other(name, of)
        return of
    return painter.form(case(rng, kind), [])


def _packet(painter: _Painter, rng: Random) -> Case:
    """Cover sheet, perhaps instructions, the request, chart notes; the form may come after its notes."""
    of = case(rng, rng.choices(("new", "extension", "amendment"), (75, 15, 10))[0])
    before = ["cover"] if rng.random() < 0.75 else []
    before += ["instructions"] if rng.random() < 0.15 else []
    after = ["notes"] * rng.choice((0, 1, 1, 2)) or ([] if before else ["notes"])
    attached = [painter.other(name, of, len(before) + len(after) + 1) for name in before]
    letter = of.kind != "new" and rng.random() < 0.6
    filled = painter.letter(of, attached) if letter else painter.form(of, attached)
    painter.requests[-1]["attached_pages"] = attached + [painter.other(name, filled) for name in after]
    return filled


def _double(painter: _Painter, rng: Random) -> Case:
    """Two requests of one office."""
    first = case(rng, "new")
    attached = [painter.other("cover", first, 3)] if rng.random() < 0.5 else []
    filled = painter.form(first, attached)
    if rng.random() < 0.4:
        painter.restyle()
    second = replace(
        case(rng, rng.choices(("new", "extension"), (80, 20))[0]), requesting=first.requesting, practice=first.practice
    )
    painter.form(second, list(attached))
    return filled


def make(order: Order, folder: Path) -> Path:
    """Write ``NAME.ext`` and ``NAME.truth.json`` into the folder; returns the document's path."""
    with TemporaryDirectory() as scratch:
        drawn = Path(scratch) / "drawn.pdf"
        painter = _Painter(order, drawn)
        sender = _paint(order, painter)
        pages = painter.save()
        sent = _sent_by(order, sender)
        target = _deliver(order, drawn, pages, sent, folder)
    fax = (
        None
        if sent is None
        else {"sender_number": sent.number, "sender_name": sent.name, "sent_at": sent.sent_at.isoformat(timespec="minutes")}
    )
    label = {
        "document": target.name,
        "condition": str(order.condition),
        "form": "+".join(painter.forms) or "no_request",
        "handwritten": painter.by_hand,
        "requests": [{**request, "source": {"fax": fax}} for request in painter.requests],
    }
    (folder / f"{order.name}.truth.json").write_text(json.dumps(label, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def _sent_by(order: Order, sender: Case) -> transmission.Transmission | None:
    rng = order.rng("transmission")
    if order.condition in (Condition.DIGITAL, Condition.ACROFORM):
        return None
    shown = rng.random() < (0.25 if order.condition is Condition.SCAN else 0.9)
    return transmission.draw(rng, sender) if shown and order.condition is not Condition.ROTATED else None


def _deliver(order: Order, drawn: Path, pages: int, sent: transmission.Transmission | None, folder: Path) -> Path:
    rng, condition = order.rng("damage"), order.condition
    if condition in (Condition.DIGITAL, Condition.ACROFORM):
        target = folder / f"{order.name}.pdf"
        target.write_bytes(drawn.read_bytes())
        return target
    damage = degrade.draw(rng, condition)
    lines = [sent.line(n + 1, pages) if sent else "" for n in range(pages)]
    if condition is Condition.SCAN:
        dpi = rng.choice((200, 200, 300))
        scans = [degrade.scanned_page(page, damage, line, rng) for page, line in zip(render.pages(drawn, dpi), lines, strict=True)]
        target = folder / f"{order.name}.pdf"
        scans[0].save(target, "PDF", save_all=True, append_images=scans[1:], resolution=dpi, quality=rng.randrange(40, 70))
        return target
    faxed = [degrade.fax_page(page, damage, line, rng) for page, line in zip(render.pages(drawn, 300), lines, strict=True)]
    target = folder / f"{order.name}.tif"
    _save_tiff([image for image, _ in faxed], faxed[0][1], rng.choice(("group4", "group4", "group3")), target)
    return target


def _save_tiff(images: list[Image.Image], dpi: tuple[float, float], compression: str, target: Path) -> None:
    images[0].save(target, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=dpi)
