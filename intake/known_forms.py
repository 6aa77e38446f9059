"""The site's registered forms: the folder that holds them, and the reading and drawing of a form for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageFont

from extraction.forms import KnownForm, Placement, Zone, ZoneKind, as_yaml, parse_form, place, propose
from intake.identify import digest_of, identify
from intake.settings import Settings
from models.document import Document
from models.errors import ConfigurationError
from models.geometry import Box
from models.page import Method, Page
from ocr.document import DocumentReader
from ocr.options import ReadingOptions

SUFFIX = ".form.yaml"
_DPI = 110
_FAX_DPI = 200
_COLOURS = {
    ZoneKind.TEXT: (0, 90, 200),
    ZoneKind.COMB: (0, 130, 130),
    ZoneKind.CHECK_BOX: (190, 0, 130),
    ZoneKind.TABLE: (0, 130, 0),
    ZoneKind.SIGNATURE: (200, 90, 0),
}
_NOBODYS = (130, 130, 130)
_TEXT_SIZE = 11


def folder_of(settings: Settings) -> Path:
    """Where the forms lie."""
    return settings.forms or settings.data / "forms"


def registered(settings: Settings) -> tuple[KnownForm, ...]:
    """All registered forms, by file name; a file that was changed is read again.

    Raises:
        ConfigurationError: a file is no form.
    """
    folder = folder_of(settings)
    if not folder.is_dir():
        return ()
    return tuple(_form(path, path.stat().st_mtime_ns) for path in sorted(folder.glob(f"*{SUFFIX}")))


@lru_cache(maxsize=256)
def _form(path: Path, changed_ns: int) -> KnownForm:
    del changed_ns  # only tells one state of the file from another
    return read_form(path)


def read_form(path: Path) -> KnownForm:
    """The form in a file.

    Raises:
        ConfigurationError: the file cannot be read, or is no form.
    """
    try:
        return parse_form(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as a form.") from error


def path_of(name: str, settings: Settings) -> Path:
    """The file of a form by its name."""
    return folder_of(settings) / f"{name}{SUFFIX}"


def add(blank: Path, name: str, settings: Settings, options: ReadingOptions, *, anew: bool) -> Path:
    """Propose a form from its blank and write its file.

    Raises:
        ConfigurationError: a form of that name is there already and ``anew`` is false, or the blank prints no words.
        DocumentError: the blank cannot be read.
    """
    target = path_of(name, settings)
    if target.exists() and not anew:
        raise ConfigurationError(f"A form named {name} is there already: {target}. --replace writes it anew.")
    form = propose(name, read_blank(blank, settings, options))
    if not form.pages:
        raise ConfigurationError("The blank prints no words to know it by.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(as_yaml(form), encoding="utf-8")
    return target


def read_blank(blank: Path, settings: Settings, options: ReadingOptions) -> tuple[Page, ...]:
    """The pages of a blank: words and form fields from its own text where it has one, drawn places as a fax would show them.

    Raises:
        DocumentError: the blank cannot be read.
    """
    with DocumentReader(_document(blank, settings), options) as reader, TemporaryDirectory() as folder:
        return tuple(_as_faxed(page, reader, Path(folder), settings, options) for page in reader.pages())


def _as_faxed(page: Page, reader: DocumentReader, folder: Path, settings: Settings, options: ReadingOptions) -> Page:
    if not any(word.method is Method.PDF_TEXT for word in page.words):
        return page
    picture = folder / f"{page.number}.png"
    Image.fromarray(reader.image(page.number, _FAX_DPI)).save(picture, "PNG", dpi=(_FAX_DPI, _FAX_DPI))
    with DocumentReader(_document(picture, settings), options) as pictured:
        seen = next(iter(pictured.pages()))
    boxes = page.check_boxes if page.fields else seen.check_boxes
    return replace(page, rules=seen.rules, cells=seen.cells, combs=seen.combs, shades=seen.shades, check_boxes=boxes)


def _document(path: Path, settings: Settings) -> Document:
    media_type = identify(path, settings.max_file_bytes)
    return Document(path, path.name, digest_of(path), media_type, datetime.now(UTC))


def draw(form: KnownForm, file: Path | None, settings: Settings, options: ReadingOptions) -> Image.Image:
    """The zones of the form, page under page: on the pages of a file that match, or on an empty sheet with the printed words.

    Raises:
        ConfigurationError: no page of the file is a page of the form.
        DocumentError: the file cannot be read.
    """
    if file is None:
        return _stacked([_drawn(_sheet(form, n), Placement(page)) for n, page in enumerate(form.pages)])
    with DocumentReader(_document(file, settings), options) as reader:
        drawn = [_drawn(_image(reader, page), placement) for page, placement in _placed(form, reader)]
    if not drawn:
        raise ConfigurationError(f"No page of the file is a page of the form {form.name}.")
    return _stacked(drawn)


def _placed(form: KnownForm, reader: DocumentReader) -> Iterator[tuple[Page, Placement]]:
    for page in tuple(reader.pages()):
        placements = [found for own in form.pages if (found := place(own, page)) is not None]
        if placements:
            yield page, max(placements, key=lambda found: found.share)


def _image(reader: DocumentReader, page: Page) -> Image.Image:
    return Image.fromarray(reader.image(page.number, _DPI)).convert("RGB")


def _sheet(form: KnownForm, number: int) -> Image.Image:
    """An empty sheet with the words that the form prints."""
    page = form.pages[number]
    width = round(8.5 * _DPI)
    sheet = Image.new("RGB", (width, round(width * page.aspect)), "white")
    pen = ImageDraw.Draw(sheet)
    for word in page.words:
        left, top, _, bottom = _pixels(word.box, sheet)
        pen.text((left, top), word.text, fill=(90, 90, 90), font=ImageFont.load_default(max(6.0, 0.85 * (bottom - top))))
    return sheet


def _drawn(image: Image.Image, placement: Placement) -> Image.Image:
    pen = ImageDraw.Draw(image)
    for zone in placement.form.zones:
        _outline(pen, zone, placement, image)
    return image


def _outline(pen: ImageDraw.ImageDraw, zone: Zone, placement: Placement, image: Image.Image) -> None:
    ours = bool(zone.fields or any(column.field for column in zone.columns))
    colour = _COLOURS[zone.kind] if ours else _NOBODYS
    left, top, right, bottom = _pixels(placement.box(zone.box), image)
    pen.rectangle((left, top, right, bottom), outline=colour, width=2)
    font = ImageFont.load_default(_TEXT_SIZE)
    caption = ", ".join(zone.fields) + (f" = {zone.values[0]}" if zone.values else "")
    pen.text((left + 3, top), caption or ("-" if not ours else ""), fill=colour, font=font)
    for column in zone.columns:
        box = Box.clipped(column.left, zone.box.top, column.right, zone.box.bottom)
        edges = _pixels(placement.box(box), image)
        pen.rectangle(edges, outline=colour)
        pen.text((edges[0] + 3, edges[1]), column.field or "-", fill=colour, font=font)
    for row in zone.rows:
        edges = _pixels(placement.box(Box.clipped(zone.box.left, row.top, zone.box.right, row.bottom)), image)
        pen.rectangle(edges, outline=colour)


def _pixels(box: Box, image: Image.Image) -> tuple[float, float, float, float]:
    return box.left * image.width, box.top * image.height, box.right * image.width, box.bottom * image.height


def _stacked(images: list[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (max(i.width for i in images), sum(i.height for i in images)), "white")
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole
