"""How well the layout code pairs labels with values on FUNSD, forms of another kind that no rule here was made for.

    python benchmarks/funsd.py FOLDER [--pages]

FOLDER holds ``images/NAME.png`` and ``annotations/NAME.json`` of FUNSD (Jaume, Ekenel and Thiran, 2019; its licence allows
research only, so nothing of it is kept here). The words, and which of them are questions, answers and others, are given; printed
lines and cells are found in the image as on any page. A question is a label, its value is what stands in its first filled slot,
and a link is right where the annotation has the same pair of question and answer.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydantic import BaseModel

from extraction.labels import Label
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Page, Word
from ocr.clean import PageImage, square_pixels
from ocr.images import GreyImage
from ocr.layout import layout_of
from ocr.rules import rules_of

_PAGE_WIDTH_IN = 8.5

Link = tuple[int, int]


class GivenWord(BaseModel):
    """A word with its box: left, top, right, bottom in pixels."""

    box: tuple[int, int, int, int]
    text: str


class Entity(BaseModel):
    """Words that belong together. ``label`` is question, answer, header or other; ``linking`` are pairs of entities."""

    id: int
    label: str
    words: list[GivenWord]
    linking: list[tuple[int, int]]


class Annotation(BaseModel):
    """One annotation file."""

    form: list[Entity]


@dataclass(frozen=True, slots=True)
class Tally:
    """Links found, links annotated, and links that are both."""

    found: int
    annotated: int
    right: int

    @classmethod
    def of(cls, found: AbstractSet[Link], annotated: AbstractSet[Link]) -> Tally:
        """Count the links of one page."""
        return cls(len(found), len(annotated), len(found & annotated))

    @classmethod
    def over(cls, pages: Iterable[Tally]) -> Tally:
        """Count the links of all pages together."""
        each = tuple(pages)
        return cls(sum(t.found for t in each), sum(t.annotated for t in each), sum(t.right for t in each))

    @property
    def precision(self) -> float:
        """Share of the links found that are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the annotated links that were found."""
        return self.right / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.annotated) if self.found + self.annotated else 0.0

    def line(self, name: str) -> str:
        """The tally as a line of the table."""
        return f"{name:16}{self.annotated:8}{self.found:8}{self.precision:11.3f}{self.recall:8.3f}{self.f1:8.3f}"


@dataclass(frozen=True, slots=True)
class Score:
    """One page: all links, and those of questions that have at most one answer, which leaves out the headings of columns."""

    every: Tally
    single: Tally


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 where the folder holds no annotations."""
    parser = argparse.ArgumentParser(description="Label-to-value linking on FUNSD with the given words.")
    parser.add_argument("folder", type=Path, help="a folder with images/ and annotations/")
    parser.add_argument("--pages", action="store_true", help="also a line for each page, the worst first")
    wanted = parser.parse_args(argv)
    files = sorted((wanted.folder / "annotations").glob("*.json"))
    if not files:
        sys.stderr.write("The folder holds no annotations/*.json.\n")
        return 1
    scores = {file.stem: score(file, wanted.folder / "images" / f"{file.stem}.png") for file in files}
    print(f"{'page':16}{'links':>8}{'found':>8}{'precision':>11}{'recall':>8}{'F1':>8}")
    if wanted.pages:
        for name, page in sorted(scores.items(), key=lambda item: item[1].every.f1):
            print(page.every.line(name))
    print(Tally.over(page.every for page in scores.values()).line("all links"))
    print(Tally.over(page.single for page in scores.values()).line("one answer"))
    return 0


def score(annotation: Path, image: Path) -> Score:
    """Compare the links found on one page with those annotated."""
    form = Annotation.model_validate_json(annotation.read_bytes()).form
    label = {entity.id: entity.label for entity in form}
    annotated = {(a, b) for entity in form for a, b in entity.linking if (label[a], label[b]) == ("question", "answer")}
    pixels = cv2.imread(str(image), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise SystemExit(f"{image.name} cannot be read.")
    found = links_of(form, np.asarray(pixels, dtype=np.uint8))
    answers = Counter(question for question, _ in annotated)
    single = Tally.of({link for link in found if answers[link[0]] < 2}, {link for link in annotated if answers[link[0]] < 2})
    return Score(Tally.of(found, annotated), single)


def links_of(form: Sequence[Entity], image: GreyImage) -> set[Link]:
    """Which answers stand in the slots of which questions; an answer counts where half its words stand there."""
    height, width = image.shape
    words = {entity.id: tuple(_word(word, width, height) for word in entity.words) for entity in form if entity.words}
    page = page_of(image, tuple(word for group in words.values() for word in group))
    kind = {entity.id: entity.label for entity in form}
    questions = {number: Label.given(group) for number, group in words.items() if kind[number] == "question"}
    printed = tuple(word for number, group in words.items() if kind[number] in ("header", "other") for word in group)
    finder = SlotFinder(page, tuple(questions.values()), printed=printed)
    links: set[Link] = set()
    for number, question in questions.items():
        slot = finder.filled(question)
        held = {id(word) for word in slot.words} if slot is not None else set()
        for answer, group in words.items():
            if kind[answer] == "answer" and 2 * sum(id(word) in held for word in group) >= len(group):
                links.add((number, answer))
    return links


def page_of(image: GreyImage, words: tuple[Word, ...]) -> Page:
    """A page with the given words, and the lines and cells found in its image; it is not straightened, as the words are not."""
    height, width = image.shape
    dpi = width / _PAGE_WIDTH_IN
    square, dpi = square_pixels(image, dpi, dpi)
    layout = layout_of(PageImage(square, dpi, height / width))
    rules = rules_of(layout.horizontal, layout.vertical, square.shape[1], square.shape[0])
    return Page(1, height / width, words, rules, layout.cells)


def _word(given: GivenWord, width: int, height: int) -> Word:
    left, top, right, bottom = given.box
    return Word(given.text, Box.clipped(left / width, top / height, right / width, bottom / height), 1.0)


if __name__ == "__main__":
    sys.exit(main())
