"""The evaluation as one HTML file that needs nothing else: tables, calibration plots, and each error beside its crop.

The file holds values and pictures of the documents: keep it where the documents may be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from intake.evaluation.calibration import calibrate, calibrate_fields, read_marks
from intake.evaluation.marks import Mark, Outcome, Part
from intake.evaluation.report.crops import crop_of, page_of, upright_pages
from intake.evaluation.report.plots import Plot, plot_of
from intake.evaluation.score import Evaluation, ScoredDocument
from intake.evaluation.tables import groupings, per_thousand, share
from intake.pipeline import reading_options
from intake.settings import Settings
from models.errors import ConfigurationError, DocumentError
from models.geometry import Box
from ocr.images import GreyImage


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One wrong value, with the crop that it was read from where there is one."""

    mark: Mark
    crop: str | None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a document with errors."""

    number: int
    picture: str


@dataclass(frozen=True, slots=True)
class DocumentErrors:
    """What is wrong with one document. ``trouble`` says why there are no pictures."""

    document: ScoredDocument
    rows: tuple[ErrorRow, ...]
    pages: tuple[PageView, ...]
    trouble: str | None = None

    @property
    def silent(self) -> int:
        """Errors that nobody is asked to look at."""
        return _silent(row.mark for row in self.rows)


def write_report(result: Evaluation, file: Path, settings: Settings) -> None:
    """Write the page.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"share": share, "interval": per_thousand}
    template = environment.from_string(files(__name__).joinpath("page.html").read_text(encoding="utf-8"))
    page = template.render(
        total=result.total(),
        groups=groupings(result),
        fields=result.by_field(Part.FIELD),
        descriptive=result.by_field(Part.INFO),
        plots=_plots(result),
        calibration=calibrate(_marks(result)),
        sureness=calibrate_fields(_marks(result)),
        errors=list(_errors(result, settings)),
        problems=result.problems,
    )
    try:
        file.write_text(page, encoding="utf-8")
    except OSError:
        raise ConfigurationError("The report cannot be written there.") from None


def _marks(result: Evaluation) -> list[Mark]:
    return [mark for request in result.requests for mark in request.marks]


def _plots(result: Evaluation) -> list[Plot]:
    """All readings, then those of each method."""
    marks = read_marks(_marks(result))
    methods = sorted({mark.reading.method for mark in marks if mark.reading})
    plots = [plot_of("all readings", calibrate(marks))]
    if len(methods) > 1:
        plots += [plot_of(name, calibrate(m for m in marks if m.reading and m.reading.method == name)) for name in methods]
    return plots


def _errors(result: Evaluation, settings: Settings) -> Iterator[DocumentErrors]:
    """Documents with errors, those with most silent ones first."""
    found = [(document, tuple(_wrong(document))) for document in result.documents]
    found = [(document, marks) for document, marks in found if marks]
    for document, marks in sorted(found, key=lambda held: -_silent(held[1])):
        yield _with_pictures(document, marks, settings)


def _silent(marks: Iterable[Mark]) -> int:
    """A gap is itself a flag, so that none of them is silent."""
    return sum(mark.silent for mark in marks if mark.part is not Part.GAP)


def _wrong(document: ScoredDocument) -> Iterator[Mark]:
    for request in document.requests:
        yield from (mark for mark in request.marks if not mark.right and mark.part is not Part.INFO)


def _with_pictures(document: ScoredDocument, marks: tuple[Mark, ...], settings: Settings) -> DocumentErrors:
    pages: list[PageView] = []
    crops: dict[int, str] = {}
    wanted = {number for request in document.requests for number in request.label.pages}
    wanted |= {mark.reading.page for mark in marks if mark.reading and mark.reading.page}
    try:
        for number, image in upright_pages(document.path, wanted, settings, reading_options(settings)):
            pages.append(PageView(number, page_of(image)))
            crops |= {at: crop for at, mark in enumerate(marks) if (crop := _crop(mark, number, image))}
    except DocumentError as error:
        return DocumentErrors(document, tuple(ErrorRow(mark, None) for mark in marks), (), str(error))
    return DocumentErrors(document, tuple(ErrorRow(mark, crops.get(at)) for at, mark in enumerate(marks)), tuple(pages))


def _crop(mark: Mark, number: int, image: GreyImage) -> str | None:
    reading = mark.reading
    if reading is None or reading.box is None or reading.page != number or mark.outcome is Outcome.ABSENT:
        return None
    return crop_of(image, Box(*reading.box))
