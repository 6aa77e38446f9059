"""A PDF page's own text: whether it can be trusted, and its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from models.geometry import Box
from models.page import Method, Word
from ocr.images import GreyImage
from ocr.pdfframe import PdfFrame

_FEWEST_CHARACTERS = 40
# A page of the smallest print has a tenth of it; what has more was not made to be read, and takes minutes to go through.
_MOST_CHARACTERS = 200_000
_SCAN_SHARE = 0.7
_GARBAGE_SHARE = 0.05
_UPRIGHT_SHARE = 0.7
_INSIDE_SHARE = 0.9
_VOWEL_SHARE = 0.6
_PICTURE_SHARE = 0.03
_WORD_GAP_PT = 1.5
_KERN_EM = 0.1
_BRACKET_EM = 0.25
_LINE_SLACK_PT = 2.0
_DESCENT = 0.21
_LEAN = math.radians(10)
_SYMBOLS = re.compile(r"dingbat|wingding|webding|symbolmt", re.IGNORECASE)
_VOWELS = frozenset("aeiouyAEIOUY")
_FONT_NAME_BYTES = 128
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True)
class Letter:
    """One character of the text layer. Lengths are points from the left and upper edge of the upright page.

    ``symbol`` says that it is a drawing of a symbol font; ``mapped`` that its font says which character it is; ``ends_word`` that
    a blank stands behind it, or that PDFium saw a gap or a line's end there.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    upright: bool
    symbol: bool
    mapped: bool
    ends_word: bool


def letters_of(page: pypdfium2.PdfPage, frame: PdfFrame) -> tuple[Letter, ...]:
    """The characters of a page, in the order in which they were written; blanks of the text among them.

    None for a page with more of them than a page can hold.
    """
    text = page.get_textpage()
    try:
        return tuple(_letters(text, frame)) if pdfium.FPDFText_CountChars(text) <= _MOST_CHARACTERS else ()
    finally:
        text.close()


def _letters(text: pypdfium2.PdfTextPage, frame: PdfFrame) -> Iterator[Letter]:
    rect, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), c_double(), c_double()
    width, height = frame.shown_width, frame.shown_height
    count = pdfium.FPDFText_CountChars(text)
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, byref(rect)):
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, byref(x), byref(y))
        pdfium.FPDFText_GetMatrix(text, index, byref(matrix))
        (a, b), (c, d) = frame.point(rect.left, rect.bottom), frame.point(rect.right, rect.top)
        baseline = frame.point(x.value, y.value)[1] * height
        em = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        turned = (pdfium.FPDFText_GetCharAngle(text, index) + math.radians(frame.turn)) % math.tau
        upright = min(turned, math.tau - turned) < _LEAN
        code = pdfium.FPDFText_GetUnicode(text, index)
        yield Letter(
            text=chr(code) if _is_character(code) else _UNKNOWN,
            left=min(a, c) * width,
            # An em high, whatever the font says of itself: what fonts state as their ascent differs more than their letters do.
            top=baseline - (1 - _DESCENT) * em if upright else min(b, d) * height,
            right=max(a, c) * width,
            bottom=baseline + _DESCENT * em if upright else max(b, d) * height,
            baseline=baseline,
            upright=upright,
            symbol=_is_symbols(_font_name(text, index)),
            mapped=_is_character(code) and pdfium.FPDFText_HasUnicodeMapError(text, index) != 1,
            ends_word=index + 1 < count and _is_blank(text, index + 1),
        )


def _is_blank(text: pypdfium2.PdfTextPage, index: int) -> bool:
    return pdfium.FPDFText_IsGenerated(text, index) == 1 or chr(pdfium.FPDFText_GetUnicode(text, index) % 0x110000).isspace()


def _is_character(code: int) -> bool:
    """Whether the number is one of Unicode's characters: half of a pair, or nothing, is none."""
    return 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF


def _font_name(text: pypdfium2.PdfTextPage, index: int) -> bytes:
    name, flags = create_string_buffer(_FONT_NAME_BYTES), c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, _FONT_NAME_BYTES, byref(flags))
    return name.value


@lru_cache(maxsize=256)
def _is_symbols(font_name: bytes) -> bool:
    return bool(_SYMBOLS.search(font_name.decode("latin-1")))


def is_trusted(letters: Sequence[Letter], pictures: Sequence[Box], frame: PdfFrame) -> bool:
    """Whether the page was written, not scanned, and its text makes sense.

    A scan with an OCR layer is read anew: the layer's maker is unknown and its confidence lost. A font without a character
    table, letters off the page, and text that runs sideways are not what a reader sees. The strips of a scan that was cut up count
    together.
    """
    seen = [letter for letter in letters if letter.text.strip()]
    if len(seen) < _FEWEST_CHARACTERS or sum(box.area for box in pictures) > _SCAN_SHARE:
        return False
    garbage = sum(1 for letter in seen if _is_garbage(letter))
    upright = sum(1 for letter in seen if letter.upright)
    inside = sum(1 for letter in seen if _is_inside(letter, frame))
    if garbage > _GARBAGE_SHARE * len(seen) or upright < _UPRIGHT_SHARE * len(seen) or inside < _INSIDE_SHARE * len(seen):
        return False
    return _reads_like_words("".join(letter.text for letter in letters))


def text_words(letters: Sequence[Letter], frame: PdfFrame) -> tuple[Word, ...]:
    """The words of the text layer in page fractions, without the signs of symbol fonts, which are drawings."""
    width, height = frame.shown_width, frame.shown_height
    words = []
    for group in _groups(letter for letter in letters if not letter.symbol):
        box = Box.clipped(
            min(letter.left for letter in group) / width,
            min(letter.top for letter in group) / height,
            max(letter.right for letter in group) / width,
            max(letter.bottom for letter in group) / height,
        )
        if box.area > 0:
            words.append(Word("".join(letter.text for letter in group), box, 0.99, Method.PDF_TEXT))
    return tuple(words)


def _groups(letters: Iterator[Letter]) -> Iterator[list[Letter]]:
    """Letters of one word each.

    Letters are taken in the order in which they were written, so that a text that runs over another stays whole; pieces that touch
    on one line are one word even so, as a tick that was put into its brackets later.
    """
    pieces: list[list[Letter]] = [[]]
    for letter in letters:
        if not letter.text.strip():
            pieces.append([])
        elif pieces[-1] and not _goes_on(pieces[-1][-1], letter):
            pieces.append([letter])
        else:
            pieces[-1].append(letter)
    for line in _lines(piece for piece in pieces if piece):
        word: list[Letter] = []
        for piece in line:
            if word and not _touch(word[-1], piece[0]):
                yield word
                word = []
            word = [*word, *piece]
        yield word


def _lines(pieces: Iterable[list[Letter]]) -> Iterator[list[list[Letter]]]:
    """Pieces on one baseline, left to right."""
    line: list[list[Letter]] = []
    for piece in sorted(pieces, key=lambda each: each[0].baseline):
        if line and piece[0].baseline - line[0][0].baseline > _LINE_SLACK_PT:
            yield sorted(line, key=lambda each: each[0].left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=lambda each: each[0].left)


def _goes_on(left: Letter, right: Letter) -> bool:
    """Whether a letter continues the word of the letter written before it."""
    in_line = abs(right.baseline - left.baseline) <= _LINE_SLACK_PT and right.left >= left.left
    return in_line and not left.ends_word and right.left - left.right <= _WORD_GAP_PT


def _touch(left: Letter, right: Letter) -> bool:
    """Whether two pieces stand so close that they are one word: parts of a name that was kerned, or a tick in its brackets."""
    em, gap = left.bottom - left.top, right.left - left.right
    bracketed = left.text in _OPENING or right.text in _CLOSING
    kerned = left.text.isalnum() and right.text.isalnum() and not left.ends_word
    limit = _BRACKET_EM if bracketed else _KERN_EM if kerned else 0.0
    return abs(gap) < limit * em


def seen_words(words: tuple[Word, ...], image: GreyImage) -> tuple[Word, ...]:
    """The words that can be seen on the page as drawn: hidden text stands where nothing is."""
    height, width = image.shape
    seen = []
    for word in words:
        view = image[
            int(word.box.top * height) : int(word.box.bottom * height) + 1,
            int(word.box.left * width) : int(word.box.right * width) + 1,
        ]
        if view.size and int(np.ptp(view)) > 24:
            seen.append(word)
    return tuple(seen)


def pictures_of(page: pypdfium2.PdfPage, frame: PdfFrame) -> tuple[Box, ...]:
    """The pictures on a page in page fractions."""
    boxes = []
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        holder = picture.container
        while holder is not None:
            left, bottom, right, top = holder.get_matrix().on_rect(left, bottom, right, top)
            holder = holder.container
        boxes.append(frame.box(left, bottom, right, top))
    return tuple(boxes)


def all_drawn(page: pypdfium2.PdfPage) -> bool:
    """Whether every picture on a page can be decoded."""
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        try:
            picture.get_bitmap().close()
        except pypdfium2.PdfiumError:
            return False
    return True


def large(pictures: Sequence[Box]) -> tuple[Box, ...]:
    """The pictures that can hold a part of a form."""
    return tuple(box for box in pictures if box.area >= _PICTURE_SHARE)


def _is_garbage(letter: Letter) -> bool:
    return not letter.mapped or letter.text == _UNKNOWN or "\ue000" <= letter.text <= "\uf8ff"


def _is_inside(letter: Letter, frame: PdfFrame) -> bool:
    x, y = (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2
    return 0 <= x <= frame.shown_width and 0 <= y <= frame.shown_height


def _reads_like_words(text: str) -> bool:
    """Whether most words have a vowel: a font with a wrong character table gives letters, but no words."""
    tokens = re.findall(r"[A-Za-z]{4,}", text)
    return len(tokens) < 20 or sum(1 for token in tokens if _VOWELS & set(token)) >= _VOWEL_SHARE * len(tokens)
