"""What an OCR engine is to the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ocr.images import GreyImage, Mask


@dataclass(frozen=True, slots=True)
class SeenWord:
    """One word of an engine: edges in pixels of the image it was given, ``confidence`` 0..1.

    ``printed`` is that of :class:`models.page.Word`.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page looks like to an engine.

    ``image`` is the clean upright page; ``text`` the same with check-boxes and combs left white; ``bare`` is ``text`` with printed
    lines taken out; ``walls`` has ink where upright printed lines stand, which no word crosses. All have one shape. ``dpi``
    holds for both directions.
    """

    image: GreyImage
    text: GreyImage
    bare: GreyImage
    walls: Mask
    dpi: float


class Engine(Protocol):
    """One OCR engine.

    **Finding it.** Each module of :mod:`ocr.engines` with the functions ``why_not(options) -> str | None`` and
    ``start(options) -> Engine`` is one engine, named like the module. Nothing heavy may be imported or loaded before ``start``
    is called, so that a missing dependency is a reason and not a traceback.

    **Process.** An engine lives in the process that started it and is used by one thread at a time. It uses one thread itself:
    the service scales by processes. It never opens a network connection. An engine that runs a program must end it with its
    time-out and read its output whatever noise it makes.

    **Units.** Images are grey, 0 black to 255 white, rows by columns, with square pixels. Edges of words are pixels of the
    image given, the origin in its upper left corner; confidences are 0..1.

    **What breaks.** :class:`models.errors.EngineUnavailable` when the engine cannot start at all; :class:`EngineFailed` when it
    failed on this image (crash, time-out, unreadable output): the page gets a problem and the document goes on. Nothing else
    may come out of it. A white image is no error and gives no words.

    Example of an engine that reads nothing::

        class Blind:
            name = "blind"

            def read_page(self, sheet: Sheet) -> tuple[SeenWord, ...]:
                return ()

            def read_lines(
                self, crops: Sequence[GreyImage], dpi: float, alphabet: str | None = None
            ) -> tuple[tuple[SeenWord, ...], ...]:
                return tuple(() for _ in crops)

        def why_not(options: ReadingOptions) -> str | None:
            return None

        def start(options: ReadingOptions) -> Engine:
            return Blind()
    """

    name: str

    def read_page(self, sheet: Sheet) -> tuple[SeenWord, ...]:
        """All words of a page, in any order."""
        ...

    def read_lines(self, crops: Sequence[GreyImage], dpi: float, alphabet: str | None = None) -> tuple[tuple[SeenWord, ...], ...]:
        """The words of each crop, which holds one line of text; as many answers as crops, empty where there is nothing.

        ``alphabet`` names the only characters that can stand there, besides the space; ``None`` for any.
        """
        ...


ENGINE_CRASHED = "engine_crashed"
ENGINE_TIMEOUT = "engine_timeout"


class EngineFailed(Exception):
    """The engine failed on this image; ``code`` is stable, the message says why and holds nothing from the page."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def surety(words: Sequence[SeenWord]) -> float:
    """The mean confidence of the words' characters, 0..1; 0 where nothing was read."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
