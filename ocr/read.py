"""Read one page: which engine looks at what, and what becomes of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from models.errors import EngineUnavailable
from models.geometry import Box
from models.page import Page, PageProblem, Word
from ocr.cells import cells_of
from ocr.clean import PageImage, clean, ink_of
from ocr.engines import start_engine
from ocr.engines.protocol import Engine, EngineFailed, SeenWord, Sheet
from ocr.images import GreyImage, Mask
from ocr.ink import ink_map
from ocr.marks import PixelRect, drawn_boxes, box_frames
from ocr.merge import MergedWord, merged
from ocr.options import ReadingOptions
from ocr.orientation import is_upside_down
from ocr.rules import LineMasks, line_masks, rules_of, segments_of, without_lines
from ocr.source import PageSource


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
class Looked:
    """A page image with what was measured on it."""

    cleaned: PageImage
    ink: Mask
    masks: LineMasks
    frames: list[PixelRect]

    @classmethod
    def at(cls, cleaned: PageImage) -> Looked:
        """Measure ink, lines and frames."""
        ink = ink_of(cleaned.image)
        return cls(cleaned, ink, line_masks(ink, cleaned.dpi), box_frames(ink, cleaned.dpi, cleaned.noise))

    def sheet(self) -> Sheet:
        """What an engine gets to see."""
        bare = self.cleaned.image.copy()
        bare[without_lines(self.ink, self.masks) > 0] = 255
        walls = self.masks.vertical.copy()
        for rect in self.frames:
            # A check-box is read as a letter otherwise, and holds together what stands on both sides of it.
            bare[rect.y - 1 : rect.y + rect.h + 1, rect.x - 1 : rect.x + rect.w + 1] = 255
            walls[max(0, rect.y - rect.h // 2) : rect.y + rect.h + rect.h // 2, rect.x : rect.x + rect.w] = 255
        return Sheet(self.cleaned.image, bare, walls, self.cleaned.dpi)


def read_page(source: PageSource, options: ReadingOptions) -> tuple[Page, GreyImage | None]:
    """The page as read and its clean image; no image where it could not be decoded."""
    if source.image is None:
        return Page(source.number, 1.29, problems=source.problems), None
    cleaned = clean(source, source.image)
    if source.digital:
        looked = Looked.at(cleaned)
        return _page(source, looked, source.words, None, ()), cleaned.image
    readers = Readers.started(options)
    problems: list[PageProblem] = []
    try:
        if is_upside_down(cleaned.image, cleaned.dpi, readers.first):
            cleaned = replace(cleaned, image=np.ascontiguousarray(cleaned.image[::-1, ::-1]), turns=(cleaned.turns + 2) % 4)
    except EngineFailed as error:
        problems.append(_problem(source.number, error))
    looked = Looked.at(cleaned)
    words = _words(looked, readers, source.number, problems)
    header = _header(cleaned, readers)
    return _page(source, looked, (*words, *source.words), header, tuple(problems)), cleaned.image


def _words(looked: Looked, readers: Readers, number: int, problems: list[PageProblem]) -> tuple[Word, ...]:
    sheet = looked.sheet()
    readings: list[tuple[SeenWord, ...]] = []
    for engine in (readers.first, readers.second):
        try:
            readings.append(engine.read_page(sheet) if engine is not None else ())
        except EngineFailed as error:
            readings.append(())
            problems.append(_problem(number, error))
    height, width = looked.ink.shape
    return tuple(_word(item, width, height) for item in merged(readings[0], readings[1]))


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
    try:
        words = readers.first.read_lines([np.asarray(padded, dtype=np.uint8)], cleaned.dpi)[0]
    except EngineFailed:
        # The strip carries the sender's number only; the page itself reports a failing engine.
        return None
    return " ".join(word.text for word in words) or None


def _page(
    source: PageSource, looked: Looked, words: tuple[Word, ...], header: str | None, problems: tuple[PageProblem, ...]
) -> Page:
    dpi, (height, width) = looked.cleaned.dpi, looked.ink.shape
    horizontal = segments_of(looked.masks.horizontal, dpi)
    vertical = segments_of(np.ascontiguousarray(looked.masks.vertical.T), dpi)
    boxes = drawn_boxes(looked.ink, looked.frames)
    boxes = tuple(b for b in boxes if not any(b.box.overlap(other.box) > 0 for other in source.check_boxes))
    return Page(
        number=source.number,
        aspect=looked.cleaned.aspect,
        words=words,
        rules=rules_of(horizontal, vertical, width, height),
        cells=cells_of(horizontal, vertical, looked.masks.bars, dpi),
        check_boxes=(*source.check_boxes, *boxes),
        fields=source.fields,
        ink=ink_map(looked.ink, looked.masks.lines),
        fax_header=header,
        problems=(*source.problems, *problems),
    )
