"""How one form looks and how its sender writes, all drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from tests.faxes import fonts
from tests.faxes.content import Provider
from tests.faxes.fonts import Face
from tests.faxes.values import Day

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Look(StrEnum):
    """Where a label stands beside its value."""

    CELL = "cell"
    ABOVE = "above"
    BELOW = "below"
    LINE = "line"
    GRID = "grid"
    PLAIN = "plain"
    BOX = "box"


class Title(StrEnum):
    """How a section title is set."""

    BAR = "bar"
    GREY = "grey"
    FRAME = "frame"
    BOLD = "bold"
    UNDERLINE = "underline"


class Check(StrEnum):
    """What is drawn for the sender to tick."""

    SQUARE = "square"
    BRACKET = "bracket"
    PAREN = "paren"
    CIRCLE = "circle"
    BLANK = "blank"
    WORD = "word"


class Mark(StrEnum):
    """What the sender put there; ``ring`` and ``underline`` are drawn at the word."""

    TICK = "tick"
    CROSS = "cross"
    FILL = "fill"
    LETTER = "letter"
    SLASH = "slash"
    SCRIBBLE = "scribble"
    DOT = "dot"
    SWEEP = "sweep"
    RING = "ring"
    UNDERLINE = "underline"


class Grid(StrEnum):
    """How a table is ruled."""

    FULL = "full"
    ROWS = "rows"
    NONE = "none"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Style:
    """One form's look and one sender's habits; sizes in points, ``check_size`` in heights of the label's print."""

    look: Look
    title: Title
    check: Check
    mark: Mark
    check_size: float
    check_gap: float
    grid: Grid
    print_face: Face
    value_face: Face
    hand: bool
    label_size: float
    value_size: float
    row_height: float
    line_width: float
    numbering: str
    numbered_labels: bool
    upper_labels: bool
    colon: bool
    star: bool
    check_first: bool
    margin: float
    upper_values: bool
    date_format: str
    phone_format: str
    tin_dash: bool
    credential: str

    def day(self, day: Day | None) -> str:
        """A date in the sender's way."""
        if day is None:
            return ""
        form = self.date_format
        if day.year > 2027 and "{y:" in form:
            form = form.replace("{y:02d}", "{Y}")
        month = _MONTHS[day.month - 1]
        return form.format(Y=day.year, y=day.year % 100, m=day.month, d=day.day, M=month, b=month[:3])

    def phone(self, number: str | None) -> str:
        """A telephone number in the sender's way."""
        if not number:
            return ""
        ten = number[2:]
        return self.phone_format.format(a=ten[:3], b=ten[3:6], c=ten[6:])

    def tin(self, number: str | None) -> str:
        """A tax number with or without its dash."""
        return (number or "") if self.tin_dash else (number or "").replace("-", "")

    def provider(self, who: Provider, last_first: bool) -> str:
        """A provider's name with the title as this sender puts it."""
        if who.person is None:
            return who.name or ""
        name = (
            f"{who.person.last}, {who.person.first}" + (f" {who.person.middle}." if who.person.middle else "")
            if last_first
            else who.name or ""
        )
        if self.credential == "before" and not last_first and "P" not in who.credential.replace("DPM", ""):
            return f"Dr. {name}"
        return f"{name}, {who.credential}" if self.credential == "after" else name

    def written(self, text: str) -> str:
        """Upper case where the sender writes so."""
        return text.upper() if self.upper_values else text


_DATES = (
    "{m:02d}/{d:02d}/{Y}",
    "{m:02d}/{d:02d}/{Y}",
    "{m}/{d}/{Y}",
    "{m}/{d}/{y:02d}",
    "{m:02d}/{d:02d}/{y:02d}",
    "{m:02d}-{d:02d}-{Y}",
    "{m:02d}-{d:02d}-{y:02d}",
    "{b} {d}, {Y}",
    "{M} {d}, {Y}",
    "{m:02d}.{d:02d}.{Y}",
    "{d:02d}-{b}-{Y}",
    "{Y}-{m:02d}-{d:02d}",
    "{m:02d} {d:02d} {Y}",
)
_PHONES = (
    "({a}) {b}-{c}",
    "({a}) {b}-{c}",
    "{a}-{b}-{c}",
    "{a}-{b}-{c}",
    "({a}){b}-{c}",
    "{a}.{b}.{c}",
    "{a}{b}{c}",
    "{a}/{b}-{c}",
    "{a} {b} {c}",
    "1-{a}-{b}-{c}",
)


def draw(rng: Random, hand: bool, fillable: bool) -> Style:
    """A random style; a fillable form keeps to faces that PDF readers have."""
    looks = (Look.ABOVE, Look.BOX, Look.LINE) if fillable else tuple(Look)
    print_face = fonts.typed(rng)
    value_face = fonts.BUILT_IN[rng.randrange(3)] if fillable else fonts.typed(rng)
    hand_face = fonts.handwritten(rng) if hand and not fillable else None
    drawn = Style(
        look=rng.choice(looks),
        title=rng.choice(tuple(Title)),
        check=Check.SQUARE
        if fillable
        else rng.choice((Check.SQUARE, Check.SQUARE, Check.SQUARE, Check.BRACKET, Check.PAREN, Check.CIRCLE, Check.BLANK)),
        mark=rng.choice((Mark.TICK, Mark.CROSS, Mark.FILL, Mark.LETTER))
        if hand_face is None
        else rng.choice((Mark.TICK, Mark.CROSS)),
        check_size=1.12,
        check_gap=3.0,
        grid=Grid.CELLS if fillable else rng.choice((Grid.FULL, Grid.FULL, Grid.ROWS, Grid.NONE, Grid.CELLS)),
        print_face=print_face,
        value_face=hand_face or value_face,
        hand=hand_face is not None,
        label_size=rng.uniform(6.5, 9.0),
        value_size=rng.uniform(9.0, 11.0) if hand_face is None else rng.uniform(12.0, 14.5),
        row_height=rng.uniform(23.0, 29.0) + (3 if hand_face else 0),
        line_width=rng.choice((0.4, 0.6, 0.8, 1.2)),
        numbering=rng.choice(("", "", "", "I. ", "1. ", "1 ", "A. ", "Section A. ", "SECTION I - ", "Part 1: ")),
        numbered_labels=rng.random() < 0.1,
        upper_labels=rng.random() < 0.15,
        colon=rng.random() < 0.55,
        star=rng.random() < 0.15,
        check_first=rng.random() < 0.75,
        margin=rng.uniform(34, 58),
        upper_values=rng.random() < 0.3,
        date_format=rng.choice(_DATES),
        phone_format=rng.choice(_PHONES),
        tin_dash=rng.random() < 0.75,
        credential=rng.choice(("none", "none", "after", "after", "before")),
    )
    return drawn if fillable else _with_own_ticks(Random(drawn.margin), drawn)


def _with_own_ticks(rng: Random, drawn: Style) -> Style:
    """A share of the forms with boxes of another size, words to be ringed, and less tidy marks."""
    style = replace(drawn, check_size=rng.uniform(0.9, 1.5), check_gap=rng.uniform(1.8, 6.0)) if rng.random() < 0.4 else drawn
    if rng.random() < 0.08:
        return replace(style, check=Check.WORD, mark=rng.choice((Mark.RING, Mark.RING, Mark.UNDERLINE)))
    return replace(style, mark=rng.choice(_untidy(style.check))) if rng.random() < 0.3 else style


def _untidy(check: Check) -> tuple[Mark, ...]:
    """Marks that hands make in such a place."""
    marks = (Mark.SLASH, Mark.SCRIBBLE, Mark.SWEEP, Mark.RING)
    return (*marks, Mark.DOT) if check in (Check.CIRCLE, Check.SQUARE, Check.PAREN) else marks
