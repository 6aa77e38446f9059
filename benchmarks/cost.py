"""CPU seconds a page of one ``par-intake process`` call, against other programs on the same pages in one run.

    python benchmarks/cost.py FOLDER... [--workers N] [--limit N] [--rapidocr] [--long PAGES] [--json]

Each folder is measured by itself: faxes in one, digital documents in another. Every program's time is user plus system time of its
whole process tree with all threads, start-up included. Bare Tesseract is one call a page image, page segmentation 3, one thread.
What is absent is skipped, with the reason. ``--long`` compares the memory of a document of two pages with that of one of so many.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Self

import pypdfium2 as pdfium
from PIL import Image, ImageSequence

SUFFIXES = (".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg")
PAGE_DPI = 200
SAMPLE_EVERY_S = 0.05
RAPIDOCR = "import sys; from rapidocr import RapidOCR; engine = RapidOCR(); [engine(page) for page in sys.argv[1:]]"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one program took for all pages. ``peak_mib`` is the largest memory of any one of its processes."""

    name: str
    cpu_s: float
    wall_s: float
    peak_mib: float
    failed_calls: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A program that was not run, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured on one folder: par-intake first."""

    folder: str
    files: int
    pages: int
    results: tuple[Cost | Skipped, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table for each folder; 1 where one holds no documents."""
    wanted = _arguments(argv)
    runs = []
    for folder in wanted.folders:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)[: wanted.limit]
        if not files:
            sys.stderr.write("A folder holds no PDF, TIFF, PNG or JPEG files.\n")
            return 1
        runs.append(measured_folder(folder.name, files, wanted.workers, with_rapidocr=wanted.rapidocr))
        if wanted.long:
            runs.extend(documents_of_length(files, (2, wanted.long)))
    print(as_json(runs) if wanted.json else "\n\n".join(as_table(run) for run in runs))
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="CPU seconds a page, against other programs on the same pages.")
    parser.add_argument("folders", type=Path, nargs="+", help="documents; labels beside them are passed over")
    parser.add_argument("--workers", type=int, default=1, help="documents that par-intake reads at the same time")
    parser.add_argument("--limit", type=int, default=None, help="only the first N documents of each folder")
    parser.add_argument("--rapidocr", action="store_true", help="also RapidOCR as it comes")
    parser.add_argument("--long", type=int, default=0, metavar="PAGES", help="also a document of so many pages, beside one of two")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(argv)


def measured_folder(name: str, files: Sequence[Path], workers: int, *, with_rapidocr: bool) -> Run:
    """All programs on the documents of a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = list(page_images(files, Path(scratch)))
        results = [par_intake(files, workers), tesseract(pages), ocrmypdf(pages, Path(scratch))]
        if with_rapidocr:
            results.append(rapidocr(pages))
    return Run(name, len(files), len(pages), tuple(results))


def documents_of_length(files: Sequence[Path], lengths: Sequence[int]) -> Iterator[Run]:
    """par-intake on one fax of each length, which repeats the pages of a folder: its memory must not grow with them."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = list(page_images(files, Path(scratch)))
        for length in lengths:
            fax = Path(scratch) / f"long-{length}.tif"
            images = (Image.open(pages[number % len(pages)]).convert("1") for number in range(length))
            next(images).save(fax, save_all=True, append_images=images, compression="group4", dpi=(PAGE_DPI, PAGE_DPI))
            yield Run(f"one document of {length} pages", 1, length, (par_intake([fax], 1),))


# -- what is measured
def measured(name: str, commands: Sequence[Sequence[str | Path]], environment: Mapping[str, str] | None = None) -> Cost:
    """Run commands one after another; the time of their process trees, and the largest memory of any process in them."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), monotonic()
    peak_mib, failed = 0.0, 0
    for command in commands:
        with subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            with PeakMemory(running.pid) as memory:
                failed += running.wait() != 0
            peak_mib = max(peak_mib, memory.peak_mib)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(name, cpu_s, monotonic() - started, peak_mib, failed)


class PeakMemory:
    """Watches a process tree; ``peak_mib`` is the largest resident set of any one process in it (VmHWM of /proc)."""

    def __init__(self, root: int) -> None:
        self._root, self._done, self.peak_mib = root, threading.Event(), 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.is_set():
            for process in process_tree(self._root):
                self.peak_mib = max(self.peak_mib, high_water_mib(process))
            self._done.wait(SAMPLE_EVERY_S)


def process_tree(root: int) -> Iterator[int]:
    """A process and all below it, as far as they still are."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from process_tree(int(child))


def high_water_mib(process: int) -> float:
    """The most memory that a process has had resident; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


# -- the programs
def par_intake(files: Sequence[Path], workers: int) -> Cost:
    """One call over all files."""
    return measured("par-intake process", [[sys.executable, "-m", "intake.cli", "process", "--workers", str(workers), *files]])


def tesseract(pages: Sequence[Path]) -> Cost | Skipped:
    """One call a page."""
    program = shutil.which("tesseract")
    if program is None:
        return Skipped("tesseract", "no tesseract in the path")
    commands: list[list[str | Path]] = [[program, page, "-", "--psm", "3", "-l", "eng"] for page in pages]
    return measured("tesseract --psm 3", commands, {"OMP_THREAD_LIMIT": "1"})


def ocrmypdf(pages: Sequence[Path], scratch: Path) -> Cost | Skipped:
    """One call over all pages as one PDF."""
    program = shutil.which("ocrmypdf")
    if program is None:
        return Skipped("ocrmypdf", "no ocrmypdf in the path (Debian package ocrmypdf)")
    source = scratch / "pages.pdf"
    with Image.open(pages[0]) as first:
        rest = (Image.open(page) for page in pages[1:])
        first.save(source, "PDF", save_all=True, append_images=rest, resolution=PAGE_DPI)
    command: list[str | Path] = [
        program,
        "--jobs",
        "1",
        "--force-ocr",
        "--output-type",
        "pdf",
        "--optimize",
        "0",
        source,
        scratch / "out.pdf",
    ]
    return measured("ocrmypdf --jobs 1", [command], {"OMP_THREAD_LIMIT": "1"})


def rapidocr(pages: Sequence[Path]) -> Cost:
    """RapidOCR as it comes, one process over all pages."""
    return measured("rapidocr, as it comes", [[sys.executable, "-c", RAPIDOCR, *pages]])


# -- the pages
def page_images(files: Sequence[Path], scratch: Path) -> Iterator[Path]:
    """Each page as an image with square dots, as the other programs get to see it."""
    for number, file in enumerate(files):
        for index, image in enumerate(_pages(file)):
            target = scratch / f"{number:04d}-{index:03d}.png"
            image.save(target, dpi=(PAGE_DPI, PAGE_DPI))
            yield target


def _pages(file: Path) -> Iterator[Image.Image]:
    if file.suffix.lower() == ".pdf":
        with pdfium.PdfDocument(file) as document:
            document.init_forms()
            for page in document:
                yield page.render(scale=PAGE_DPI / 72, grayscale=True, may_draw_forms=True).to_pil()
        return
    with Image.open(file) as image:
        for frame in ImageSequence.Iterator(image):
            across, down = (float(dpi) or PAGE_DPI for dpi in frame.info.get("dpi", (PAGE_DPI, PAGE_DPI)))
            size = (round(frame.width * PAGE_DPI / across), round(frame.height * PAGE_DPI / down))
            yield frame.convert("L").resize(size)


# -- the table
def as_table(run: Run) -> str:
    """One line a program; ratios are of par-intake's CPU time to the program's."""
    lines = [
        f"{run.folder}: {run.files} files, {run.pages} pages",
        f"{'program':26}{'CPU s/page':>12}{'wall s/page':>13}{'peak MiB':>10}{'par-intake is':>16}",
    ]
    for result in run.results:
        if isinstance(result, Skipped):
            lines.append(f"{result.name:26}skipped: {result.reason}")
            continue
        ratio = _ratio(run, result)
        times = "" if ratio is None else f"{ratio:.2f} times"
        note = f"  {result.failed_calls} calls failed" if result.failed_calls else ""
        lines.append(
            f"{result.name:26}{result.cpu_s / run.pages:12.2f}{result.wall_s / run.pages:13.2f}"
            f"{result.peak_mib:10.0f}{times:>16}{note}"
        )
    return "\n".join(lines)


def _ratio(run: Run, result: Cost) -> float | None:
    ours = run.results[0]
    return ours.cpu_s / result.cpu_s if isinstance(ours, Cost) and result is not ours and result.cpu_s else None


def as_json(runs: Sequence[Run]) -> str:
    """The same as one object."""
    folders = []
    for run in runs:
        programs = []
        for result in run.results:
            program: dict[str, object] = dataclasses.asdict(result)
            if isinstance(result, Cost):
                program["cpu_s_a_page"] = result.cpu_s / run.pages
                program["our_cpu_ratio"] = _ratio(run, result)
            programs.append(program)
        folders.append({"folder": run.folder, "files": run.files, "pages": run.pages, "programs": programs})
    return json.dumps({"folders": folders}, indent=1)


if __name__ == "__main__":
    sys.exit(main())
