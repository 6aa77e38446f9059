"""The week's forms: fixed values on a form of a plan, and the way of its pages through a fax line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from tests.faxes import degrade, render, style
from tests.faxes.content import Case, case
from tests.faxes.degrade import Condition
from tests.faxes.fonts import BUILT_IN
from tests.faxes.layouts import others
from tests.faxes.layouts.change import ChangePainter
from tests.faxes.layouts.form import FormPainter
from tests.faxes.layouts.plan import Codes, Dates, Plan, Units
from tests.faxes.sheet import Sheet
from tests.faxes.style import Check, Grid, Look, Mark, Style, Title

_DPI = 300
_QUESTIONS = Plan(
    diagnoses=Codes.TABLE,
    services=Codes.TABLE,
    dates=Dates.LINE,
    units=Units.LINE,
    modifiers=False,
    descriptions=False,
    ask_kind=True,
    ask_urgency=True,
    kind_as_text=False,
    urgency_as_text=False,
    sex_as_text=True,
    last_first=False,
    split_member=True,
    split_provider=False,
    phones=True,
    member_phone=False,
    tins=True,
    contact=True,
    facility=True,
    sex=True,
    pcp=False,
    plan_use=False,
    side_by_side=False,
    sectioned=True,
    combs=False,
    extras=False,
)


def _style(seed: str) -> Style:
    """A plain office's form, typed in a face that every machine has; sizes and wordings are drawn."""
    rng = Random(f"{seed}/style")
    return replace(
        style.draw(rng, False, False),
        print_face=BUILT_IN[0],
        value_face=rng.choice(BUILT_IN),
        look=Look.LINE,
        title=Title.BOLD,
        check=Check.SQUARE,
        mark=Mark.CROSS,
        check_size=1.12,
        grid=Grid.FULL,
        numbered_labels=False,
        upper_values=False,
        date_format="{m:02d}/{d:02d}/{Y}",
        phone_format="{a}-{b}-{c}",
        tin_dash=True,
        credential="none",
    )


def form(of: Case, plan: str, folder: Path, seed: str) -> Path:
    """A request on the form of a plan."""
    path = folder / f"{seed}.pdf"
    sheet = Sheet(path, _style(seed), Random(f"{seed}/hand"))
    with pytest.MonkeyPatch.context() as patched:
        _name(patched, "form", plan)
        painter = FormPainter(sheet, of, _QUESTIONS, Random(f"{seed}/layout"))
        painter._decoys = 0.0  # questions drawn at random, such as a line of business that the member does not have
        painter.draw()
    sheet.save()
    return path


def change_form(of: Case, plan: str, folder: Path, seed: str) -> Path:
    """A change of an authorization on the form of a plan."""
    path = folder / f"{seed}.pdf"
    sheet = Sheet(path, _style(seed), Random(f"{seed}/hand"))
    with pytest.MonkeyPatch.context() as patched:
        _name(patched, "change", plan)
        ChangePainter(sheet, of, _QUESTIONS, Random(f"{seed}/layout")).draw()
    sheet.save()
    return path


def no_request(folder: Path, seed: str) -> Path:
    """A page that came to the wrong number: an advertisement or the like."""
    path = folder / f"{seed}.pdf"
    sheet = Sheet(path, _style(seed), Random(f"{seed}/hand"))
    others.draw_junk(sheet, Random(f"{seed}/layout"))
    sheet.save()
    return path


def _name(patched: pytest.MonkeyPatch, layout: str, plan: str) -> None:
    """Have the form print this plan's name at its head."""

    def place(rng: Random, kind: str) -> str:
        del rng, kind
        return plan

    patched.setattr(f"tests.faxes.layouts.{layout}.place", place)


def faxed(drawn: Path, target: Path, seed: str, sent: datetime, number: str) -> Path:
    """The pages through one transmission: its own skew and specks, and its line at the head of each page."""
    rng = Random(f"{seed}/line")
    damage = degrade.draw(rng, Condition.FINE_FAX)
    blank = list(render.pages(drawn, _DPI))
    lines = (f"{sent:%m/%d/%Y %H:%M}  FROM: {number}  P.{n + 1:02d}/{len(blank):02d}" for n in range(len(blank)))
    pages = [degrade.fax_page(page, damage, line, rng) for page, line in zip(blank, lines, strict=True)]
    first, dpi = pages[0]
    first.save(target, "TIFF", save_all=True, append_images=[page for page, _ in pages[1:]], compression="group4", dpi=dpi)
    return target


def nobody(seed: str) -> Case:
    """A request to be filled with the week's own values."""
    return replace(case(Random(seed), "new"), comment="", extras={})
