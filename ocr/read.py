"""Read one page: which engine looks at what, and what becomes of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from models.errors import EngineUnavailable
from models.geometry import Box
from models.page import CheckBox, Page, PageProblem, Word
from ocr.blanks import ticked_blanks
from ocr.brackets import BracketBox, as_check_box, bracket_boxes
from ocr.clean import PageImage, clean
from ocr.combread import comb_words, combed
from ocr.combs import comb_of
from ocr.engines import start_engine
from ocr.engines.protocol import Engine, EngineFailed, SeenWord
from ocr.images import GreyImage
from ocr.ink import ink_map
from ocr.layout import Layout, layout_of, shades_of
from ocr.marks import drawn_boxes
from ocr.merge import MergedWord, merged
from ocr.options import ReadingOptions
from ocr.orientation import is_upside_down
from ocr.rules import rules_of
from ocr.source import PageSource
from ocr.typed import typed_boxes, with_ink


@dataclass(frozen=True, slots=True)
class Readers:
    """The engines that are here: ``first`` reads every page, ``second`` is its witness."""

    first: Engine
    second: Engine | None

    @classmethod
    def started(cls, options: ReadingOptions) -> Readers:
        """Start what can be started; one engine is enough.

        Raises:
            EngineUnavailable: none can be.
        """
        found: list[Engine] = []
        reason: EngineUnavailable | None = None
        for name in (options.second_engine, options.first_engine):
            if name is None:
                continue
            try:
                found.append(start_engine(name, options))
            except EngineUnavailable as error:
                reason = error
        if not found:
            raise reason or EngineUnavailable("No OCR engine is named in the settings.")
        return cls(found[0], found[1] if len(found) > 1 else None)


@dataclass(frozen=True, slots=True)
class _Text:
    """What was read of a page."""

    words: tuple[Word, ...]
    brackets: tuple[BracketBox, ...] = ()
    typed: tuple[CheckBox, ...] = ()
    header: str | None = None


def read_page(source: PageSource, options: ReadingOptions) -> tuple[Page, GreyImage | None]:
    """The page as read and its clean image; no image where it could not be decoded."""
    if source.image is None:
        return Page(source.number, 1.29, problems=source.problems), None
    cleaned = clean(source, source.image)
    if source.digital:
        layout = layout_of(cleaned)
        typed, words = typed_boxes(source.words, cleaned.aspect)
        return _page(source, layout, _Text(combed(words, layout), typed=typed), ()), cleaned.image
    readers = Readers.started(options)
    problems: list[PageProblem] = []
    try:
        if is_upside_down(cleaned.image, cleaned.dpi, readers.first):
            cleaned = replace(cleaned, image=np.ascontiguousarray(cleaned.image[::-1, ::-1]), turns=(cleaned.turns + 2) % 4)
    except EngineFailed as error:
        problems.append(_problem(source.number, error))
    layout = layout_of(cleaned)
    text = _text(layout, readers, source.number, problems)
    text = replace(text, words=(*text.words, *source.words))
    return _page(source, layout, text, tuple(problems)), cleaned.image


def _text(layout: Layout, readers: Readers, number: int, problems: list[PageProblem]) -> _Text:
    dpi, image = layout.cleaned.dpi, layout.cleaned.image
    try:
        brackets = bracket_boxes(
            layout.ink, image, dpi, lambda crops: [" ".join(w.text for w in line) for line in readers.first.read_lines(crops, dpi)]
        )
        header = _header(layout.cleaned, readers)
        combs = comb_words(layout, readers.first, readers.second)
    except EngineFailed as error:
        problems.append(_problem(number, error))
        brackets, header, combs = [], None, ()
    sheet = layout.sheet([box.rect for box in brackets])
    readings: list[tuple[SeenWord, ...]] = []
    for engine in (readers.first, readers.second):
        try:
            readings.append(engine.read_page(sheet) if engine is not None else ())
        except EngineFailed as error:
            readings.append(())
            problems.append(_problem(number, error))
    height, width = layout.ink.shape
    words = [_word(item, width, height) for item in merged(readings[0], readings[1])]
    taken = [comb_of(comb, width, height).box for comb in layout.combs]
    taken.extend(as_check_box(box, width, height).box for box in brackets)
    words = [word for word in words if not any(word.box.inside_share(box) > 0.6 for box in taken)]
    typed, plain = typed_boxes(tuple(words), layout.cleaned.aspect)
    return _Text((*plain, *combs), tuple(brackets), typed, header)


def _word(item: MergedWord, width: int, height: int) -> Word:
    seen = item.word
    box = Box.clipped(seen.left / width, seen.top / height, seen.right / width, seen.bottom / height)
    return Word(seen.text, box, seen.confidence, agreed=item.agreed, alternative=item.alternative)


def _problem(number: int, error: EngineFailed) -> PageProblem:
    return PageProblem(number, error.code, f"{error} Process the document again, or read the page by eye.")


def _header(cleaned: PageImage, readers: Readers) -> str | None:
    if cleaned.header is None:
        return None
    padded = cv2.copyMakeBorder(cleaned.header, 6, 6, 12, 12, cv2.BORDER_CONSTANT, value=(255,))
    words = readers.first.read_lines([np.asarray(padded, dtype=np.uint8)], cleaned.dpi)[0]
    return " ".join(word.text for word in words) or None


def _page(source: PageSource, layout: Layout, text: _Text, problems: tuple[PageProblem, ...]) -> Page:
    height, width = layout.ink.shape
    return Page(
        number=source.number,
        aspect=layout.cleaned.aspect,
        words=text.words,
        rules=rules_of(layout.horizontal, layout.vertical, width, height),
        cells=layout.cells,
        check_boxes=_check_boxes(source, layout, text),
        combs=tuple(comb_of(comb, width, height) for comb in layout.combs),
        shades=shades_of(layout),
        fields=source.fields,
        ink=ink_map(layout.ink, layout.masks.lines),
        fax_header=text.header,
        problems=(*source.problems, *problems),
    )


def _check_boxes(source: PageSource, layout: Layout, text: _Text) -> tuple[CheckBox, ...]:
    """Those of form fields first: what is drawn in the same place is the same box."""
    height, width = layout.ink.shape
    seen = [
        *drawn_boxes(layout.ink, layout.frames),
        *(as_check_box(box, width, height) for box in text.brackets),
        *(with_ink(box, layout.ink) for box in text.typed),
        *ticked_blanks(layout.horizontal, text.words, layout.ink, layout.cleaned.dpi),
    ]
    fields = [field.box for field in source.fields]
    known = [*(box.box for box in source.check_boxes), *fields]
    distinct: list[CheckBox] = []
    for box in seen:
        if not any(box.box.overlap(other) > 0 for other in (*known, *(kept.box for kept in distinct))):
            distinct.append(box)
    return (*source.check_boxes, *distinct)
