"""PP-OCRv6 small: the detector and recogniser that come inside the ``rapidocr`` wheel, run by onnxruntime."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.errors import EngineUnavailable
from models.letters import letters_of
from ocr.engines.ctc import Alphabet, decoded
from ocr.engines.detect import text_boxes
from ocr.engines.formwords import Floats, FormWords
from ocr.engines.printed import with_printed
from ocr.engines.protocol import ENGINE_CRASHED, Engine, EngineFailed, SeenWord, Sheet, surety
from ocr.images import GreyImage
from ocr.options import ReadingOptions

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
_MIN_WIDTH = 48
_MAX_WIDTH = 2400
_DOUBTFUL = 0.93
# A caption that is less sure than this is held against the words that forms print.
_SURE = 0.995
_SOFTNESS = 0.8


def why_not(options: ReadingOptions) -> str | None:
    """Why this engine cannot be used here, or ``None``."""
    del options
    if importlib.util.find_spec("onnxruntime") is None:
        return "The package onnxruntime is not installed."
    folder = _model_folder()
    if folder is None:
        return "The package rapidocr is not installed."
    missing = [name for name in (_DETECTOR, _RECOGNISER) if not (folder / name).is_file()]
    return f"The package rapidocr holds no {missing[0]}." if missing else None


def start(options: ReadingOptions) -> Engine:
    """Load both models."""
    return PpOcr(options)


def _model_folder() -> Path | None:
    # The package itself is never imported: it would pull in what its own pipeline needs and this engine does not.
    spec = importlib.util.find_spec("rapidocr")
    return Path(spec.origin).parent / "models" if spec is not None and spec.origin is not None else None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a line, and the probability of each character of the alphabet at each step along it."""

    words: tuple[SeenWord, ...]
    letters: Floats


class PpOcr:
    """Detector and recogniser of PP-OCRv6 small, one thread each."""

    name = "ppocr"

    def __init__(self, options: ReadingOptions) -> None:
        folder = _model_folder()
        if folder is None:
            raise EngineUnavailable(why_not(options) or "PP-OCR is missing.")
        self._detector = _session(folder / _DETECTOR)
        self._recogniser = _session(folder / _RECOGNISER)
        characters = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet = Alphabet.of(characters)
        self._printed = FormWords(options.form_words, self._alphabet)
        # The blank before them and the space after them.
        self._classes = len(characters) + 2

    def read_page(self, sheet: Sheet) -> tuple[SeenWord, ...]:
        """All words of a page, in any order."""
        words: list[SeenWord] = []
        for left, top, right, bottom in text_boxes(self._run_detector, sheet):
            area = (slice(top, bottom), slice(left, right))
            words.extend(
                replace(word, left=word.left + left, top=word.top + top, right=word.right + left, bottom=word.bottom + top)
                for word in self._better(sheet.text[area], sheet.bare[area])
            )
        return tuple(words)

    def _better(self, text: GreyImage, bare: GreyImage) -> tuple[SeenWord, ...]:
        """The words of a crop as it is; where they are doubtful, the surest of several readings.

        Taking printed lines out cuts handwriting that touches them, leaving them in spoils print that stands on them. A fax loses
        dots and rows of strokes, so that ink made one dot higher closes them again; the model learnt from photographs, and a
        softened crop is closer to those than the hard stairs of a two-level fax.
        """
        import cv2

        first = self._reading(text)
        if min((word.confidence for word in first.words), default=1.0) >= _DOUBTFUL:
            return self._named((first,), text.shape[1])
        closed = cv2.erode(text, np.ones((2, 1), np.uint8))
        others = [np.asarray(cv2.GaussianBlur(closed, (0, 0), _SOFTNESS), dtype=np.uint8)]
        if not np.array_equal(text, bare):
            others.append(bare)
        readings = (first, *(self._reading(crop) for crop in others))
        return self._named(readings, text.shape[1])

    def read_lines(self, crops: Sequence[GreyImage], dpi: float, alphabet: str | None = None) -> tuple[tuple[SeenWord, ...], ...]:
        """The words of each crop."""
        del dpi
        known = self._alphabet if alphabet is None else self._alphabet.only(alphabet)
        return tuple(self._read_line(crop, known) for crop in crops)

    def _named(self, readings: Sequence[_Reading], width: int) -> tuple[SeenWord, ...]:
        """The words of the surest reading, with what they say as words of a form by the mean of all readings."""
        words = max(readings, key=lambda reading: surety(reading.words)).words
        if all(word.confidence >= _SURE or self._printed.knows(letters_of(word.text).upper()) for word in words):
            return words
        return with_printed(words, width, np.mean([each.letters for each in readings], axis=0), self._printed)

    def _reading(self, crop: GreyImage) -> _Reading:
        """The words of a line with the probabilities they were told from; crops of one size have as many steps."""
        if crop.shape[0] < 4 or crop.shape[1] < 4:
            return _Reading((), np.zeros((0, len(self._alphabet.characters)), np.float32))
        probabilities = self._recognise(crop)
        return _Reading(decoded(probabilities, crop, self._alphabet), probabilities[:, self._alphabet.columns])

    def _read_line(self, crop: GreyImage, alphabet: Alphabet) -> tuple[SeenWord, ...]:
        if crop.shape[0] < 4 or crop.shape[1] < 4:
            return ()
        return decoded(self._recognise(crop), crop, alphabet)

    def _recognise(self, crop: GreyImage) -> np.typing.NDArray[np.float32]:
        import cv2

        width = min(_MAX_WIDTH, max(_MIN_WIDTH, round(_HEIGHT * crop.shape[1] / crop.shape[0])))
        resized = cv2.resize(crop, (width, _HEIGHT), interpolation=cv2.INTER_LINEAR)
        plane = (resized.astype(np.float32) / 255.0 - 0.5) / 0.5
        return self._run(self._recogniser, np.broadcast_to(plane, (1, 3, _HEIGHT, width))).reshape(-1, self._classes)

    def _run_detector(self, plane: np.typing.NDArray[np.float32]) -> np.typing.NDArray[np.float32]:
        return self._run(self._detector, np.broadcast_to(plane, (1, 3, *plane.shape))).reshape(plane.shape)

    def _run(self, session: InferenceSession, tensor: np.typing.NDArray[np.float32]) -> np.typing.NDArray[np.float32]:
        from onnxruntime.capi import onnxruntime_pybind11_state as ort

        try:
            out = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(tensor)})[0]
        except (ort.Fail, ort.RuntimeException, ort.EPFail, ort.InvalidArgument, MemoryError) as error:
            raise EngineFailed(ENGINE_CRASHED, "The second reader failed on this page.") from error
        return np.asarray(out, dtype=np.float32)


def _session(path: Path) -> InferenceSession:
    # Read when it is loaded; without it, its wheel for Linux notes its use in the home folder and sends that to its maker.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
