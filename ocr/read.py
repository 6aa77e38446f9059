"""Read one page: which engine looks at what, and what becomes of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from models.errors import EngineUnavailable
from models.geometry import Box
from models.page import CheckBox, Comb, Method, Page, PageProblem, Word
from ocr.blanks import blank_ends, is_ring_on_rule, ticked_blanks, without_marks
from ocr.brackets import BracketBox, as_check_box, bracket_boxes
from ocr.clean import PageImage, clean
from ocr.combread import comb_words, combed
from ocr.combs import comb_of
from ocr.engines import start_engine
from ocr.engines.protocol import Engine, EngineFailed, SeenWord, Sheet
from ocr.header import is_header, split_header
from ocr.images import GreyImage, Mask
from ocr.ink import ink_map
from ocr.layout import Layout, layout_of, shades_of
from ocr.lonely import lonely_words
from ocr.marks import drawn_boxes
from ocr.options import ReadingOptions
from ocr.orientation import is_upside_down
from ocr.pagesource import PageSource
from ocr.ringed import ringed_box
from ocr.rings import ringed_words
from ocr.rules import rules_of
from ocr.snug import snug_words
from ocr.strays import stray_words
from ocr.strikes import with_struck
from ocr.typed import typed_boxes, with_ink

_LETTER_ASPECT = 11 / 8.5
_LONGEST_MARK = 3
# A cell with more than this share of itself in a comb, and less than this share of the comb's width, is a piece of it.
_OF_COMB, _WHOLE_COMB = 0.7, 0.9
# How many times as high as wide a letter is read where only an upright line stands, and the letters that may be as narrow.
_LINE_HEIGHTS = 3.2
_SURE = 0.95
_UPRIGHT = frozenset("1lIiJjtfr!|/()[]{}:;.,'`")
_LETTER_SHARE = 0.6
# A rule to tick on has no letters of the text layer over more than this share of the place above it.
_PRINT_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Readers:
    """The engines that are here: ``first`` reads the pages; ``second`` is asked where ``first`` fails or doubts a value."""

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


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as read, with the pixels for a second look: the clean image and the ink of its printed lines.

    ``image`` is ``None`` where the page could not be decoded; ``lines`` where there is only a text layer to look at.
    """

    page: Page
    image: GreyImage | None = None
    lines: Mask | None = None
    dpi: float = 200.0


def read_page(source: PageSource, options: ReadingOptions) -> ReadPage:
    """Read one page.

    Raises:
        EngineUnavailable: the page needs an engine and none can be started.
    """
    if source.image is None:
        return ReadPage(Page(source.number, _LETTER_ASPECT, problems=source.problems))
    cleaned = clean(source, source.image)
    if source.digital:
        return _digital(source, cleaned, options)
    readers = Readers.started(options)
    problems: list[PageProblem] = []
    try:
        header = _header(cleaned, readers)
        if cleaned.header is not None and header is None:
            cleaned = clean(source, source.image, cut=False)
        if is_upside_down(cleaned.image, cleaned.dpi, readers.first):
            cleaned = replace(cleaned, image=np.ascontiguousarray(cleaned.image[::-1, ::-1]), turns=(cleaned.turns + 2) % 4)
    except EngineFailed as error:
        header = None
        problems.append(_problem(source.number, error))
    layout = layout_of(cleaned)
    text = _text(layout, readers, source.number, problems)
    if header is None:
        header, words = split_header(text.words)
        text = replace(text, words=words)
    text = replace(text, words=(*_outside_fields(text.words, source), *source.words), header=header)
    page = _page(source, layout, text, tuple(problems))
    return ReadPage(page, cleaned.image, layout.removable, cleaned.dpi)


def _digital(source: PageSource, cleaned: PageImage, options: ReadingOptions) -> ReadPage:
    """A page with a text layer; what stands in pictures on it is read from them."""
    layout = layout_of(cleaned)
    problems: list[PageProblem] = []
    words = source.words
    if source.pictures:
        text = _text(layout, Readers.started(options), source.number, problems)
        words = (*words, *(word for word in text.words if _is_in_picture(word, source)))
    header, words = split_header(words)
    typed, words = typed_boxes(words, cleaned.aspect)
    page = _page(source, layout, _Text(combed(words, layout), typed=typed, header=header), tuple(problems))
    return ReadPage(page, cleaned.image)


def _is_in_picture(word: Word, source: PageSource) -> bool:
    inside = any(box.holds(word.box.x, word.box.y) for box in source.pictures)
    return inside and not any(other.box.overlap(word.box) > 0.3 * word.box.area for other in source.words)


def _outside_fields(words: tuple[Word, ...], source: PageSource) -> tuple[Word, ...]:
    """Words that are not a form field's value drawn on the page, which is known better from the field."""
    filled = [field.box for field in source.fields if field.value]
    return tuple(word for word in words if not any(word.box.inside_share(box) > 0.6 for box in filled))


def _text(layout: Layout, readers: Readers, number: int, problems: list[PageProblem]) -> _Text:
    dpi, image = layout.cleaned.dpi, layout.cleaned.image
    try:
        brackets = bracket_boxes(
            layout.ink, image, dpi, lambda crops: [" ".join(w.text for w in line) for line in readers.first.read_lines(crops, dpi)]
        )
        combs = comb_words(layout, readers.first)
    except EngineFailed as error:
        problems.append(_problem(number, error))
        brackets, combs = [], ()
    sheet = layout.sheet([box.rect for box in brackets], blank_ends(layout.ink, dpi))
    seen = _read_by(readers.first, sheet, number, problems) or _read_by(readers.second, sheet, number, problems)
    seen = (*seen, *_alone_in_cells(layout, seen, readers, number, problems))
    height, width = layout.ink.shape
    words = list(snug_words(tuple(_word(word, width, height) for word in seen), _strokes(layout)))
    taken = [comb_of(comb, width, height).box for comb in layout.combs]
    taken.extend(as_check_box(box, width, height).box for box in brackets)
    words = [
        word for word in words if not _is_line(word, height / width) and not any(word.box.inside_share(b) > 0.6 for b in taken)
    ]
    typed, plain = typed_boxes(tuple(words), layout.cleaned.aspect)
    return _Text((*plain, *combs), tuple(brackets), typed)


def _alone_in_cells(
    layout: Layout, seen: tuple[SeenWord, ...], readers: Readers, number: int, problems: list[PageProblem]
) -> tuple[SeenWord, ...]:
    try:
        alone = lonely_words(layout, seen, readers.first)
        return (*alone, *stray_words(layout, (*seen, *alone), readers.first))
    except EngineFailed as error:
        problems.append(_problem(number, error))
        return ()


def _read_by(engine: Engine | None, sheet: Sheet, number: int, problems: list[PageProblem]) -> tuple[SeenWord, ...]:
    if engine is None:
        return ()
    try:
        return engine.read_page(sheet)
    except EngineFailed as error:
        problems.append(_problem(number, error))
        return ()


def _word(seen: SeenWord, width: int, height: int) -> Word:
    box = Box.clipped(seen.left / width, seen.top / height, seen.right / width, seen.bottom / height)
    return Word(seen.text, box, seen.confidence, printed=seen.printed)


def _is_line(word: Word, aspect: float) -> bool:
    """Whether what was read as one letter is a piece of an upright line: no other letter is so narrow, and none is sure."""
    wide = len(word.text) == 1 and _UPRIGHT.isdisjoint(word.text)
    return wide and word.confidence < _SURE and word.box.height * aspect > _LINE_HEIGHTS * word.box.width


def _problem(number: int, error: EngineFailed) -> PageProblem:
    return PageProblem(number, error.code, f"{error} Process the document again, or read the page by eye.")


def _header(cleaned: PageImage, readers: Readers) -> str | None:
    if cleaned.header is None:
        return None
    padded = cv2.copyMakeBorder(cleaned.header, 6, 6, 12, 12, cv2.BORDER_CONSTANT, value=(255,))
    words = readers.first.read_lines([np.asarray(padded, dtype=np.uint8)], cleaned.dpi)[0]
    text = " ".join(word.text for word in words)
    return text if is_header(text) else None


def _page(source: PageSource, layout: Layout, text: _Text, problems: tuple[PageProblem, ...]) -> Page:
    height, width = layout.ink.shape
    cleaned = layout.cleaned
    check_boxes = _check_boxes(source, layout, text)
    words = without_marks(tuple(word for word in text.words if not _is_mark(word, check_boxes)), check_boxes)
    combs = tuple(comb_of(comb, width, height) for comb in layout.combs)
    strokes = np.asarray(cv2.subtract(layout.ink, layout.masks.horizontal), dtype=np.uint8)
    return Page(
        number=source.number,
        aspect=cleaned.aspect,
        words=with_struck(list(words), strokes, cleaned.dpi, drawn=cleaned.drawn, strokes=cleaned.drawing.strokes),
        rules=rules_of(layout.horizontal, layout.vertical, width, height),
        cells=tuple(cell for cell in layout.cells if not any(_is_of_comb(cell, comb) for comb in combs)),
        check_boxes=check_boxes,
        combs=combs,
        shades=shades_of(layout),
        fields=source.fields,
        ink=ink_map(layout.ink, layout.masks.lines),
        fax_header=text.header,
        problems=(*source.problems, *problems),
    )


def _is_of_comb(cell: Box, comb: Comb) -> bool:
    """Whether a cell is some of a comb's small cells: its value stands in all of them together."""
    return cell.inside_share(comb.box) > _OF_COMB and cell.width < _WHOLE_COMB * comb.box.width


def _strokes(layout: Layout) -> Mask:
    return np.asarray(cv2.subtract(layout.ink, layout.masks.lines), dtype=np.uint8)


def _is_mark(word: Word, check_boxes: tuple[CheckBox, ...]) -> bool:
    """Whether the word is the mark in a check-box, read as a letter."""
    return _may_be_mark(word) and any(box.box.holds(word.box.x, word.box.y) for box in check_boxes)


def _may_be_mark(word: Word) -> bool:
    return len(word.text) <= _LONGEST_MARK and not any(c.isalnum() and c not in "xXvV" for c in word.text)


def _is_printed(box: Box, word: Box) -> bool:
    """Whether what looks like a box is part of a letter, or stands around a text: a number in a circle."""
    return box.inside_share(word) > _LETTER_SHARE or box.holds(word.x, word.y)


def _check_boxes(source: PageSource, layout: Layout, text: _Text) -> tuple[CheckBox, ...]:
    """Those of form fields first: what is drawn in the same place is the same box."""
    height, width = layout.ink.shape
    # A letter of the text layer is no box; but an X may be typed into one, and a box may be a letter of a font of signs.
    printed = [word.box for word in source.words if word.method is Method.PDF_TEXT and not _may_be_mark(word)]
    drawn, strokes = drawn_boxes(layout.ink, layout.frames), _strokes(layout)
    open_boxes = (
        *(box for box in drawn if not any(_is_printed(box.box, word) for word in printed)),
        *(as_check_box(box, width, height) for box in text.brackets),
        *(with_ink(box, layout.ink, exact=bool(source.words)) for box in text.typed),
    )
    blanks = ticked_blanks(layout.horizontal, text.words, layout.ink, layout.cleaned.dpi)
    seen = [
        *(ringed_box(box, strokes) for box in open_boxes if not is_ring_on_rule(box, blanks)),
        *ringed_words(text.words, strokes, layout.cleaned.dpi),
        *(box for box in blanks if not any(box.box.overlap(word) > _PRINT_SHARE * box.box.area for word in printed)),
    ]
    fields = [field.box for field in source.fields]
    known = [*(box.box for box in source.check_boxes), *fields]
    distinct: list[CheckBox] = []
    for box in seen:
        if not any(box.box.overlap(other) > 0 for other in (*known, *(kept.box for kept in distinct))):
            distinct.append(box)
    return (*source.check_boxes, *distinct)
