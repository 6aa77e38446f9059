"""Letters of ours as an office sends them back: drawn, answered, and faxed over a bad line."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from letters.content import Letter
from letters.pdf import render
from letters.template import letter_template
from models.record import Gap, GapReason, Member, ReferralRecord, RequestingProvider, Service, Severity, Source, Status
from models.reply_code import code_of
from tests.faxes import degrade
from tests.faxes.content import person
from tests.faxes.degrade import Condition
from tests.faxes.values import authorization_number, birth_date, member_id

_DPI = 300
_POINTS = 72.0
# Where an answer stands on the letter: right of this edge, or so far below its heading; in points.
_BOX, _TABLE_ROW = 246.0, 24.0
_ASKED = (
    ("requesting_provider.npi", "Please send us the requesting provider's NPI; it was not on the request that we received."),
    ("servicing_provider.npi", "The servicing provider's NPI fails its check digit; please send us the correct number."),
    ("diagnoses", "Please send us at least one ICD-10-CM diagnosis code; it was not on the request that we received."),
    ("member.date_of_birth", "Please send us the member's date of birth again; we could not read it on the fax that we received."),
    ("request.authorization_number", "Please send us the authorization number that the request refers to."),
    ("services.0.from_date", "Please send us the start date of service line 1; it was not on the request that we received."),
)


def a_gap(path: str, message: str) -> Gap:
    """A blocking gap."""
    return Gap(field=path, reason=GapReason.MISSING, severity=Severity.BLOCKING, message=message)


def a_letter(seed: str) -> Letter:
    """A letter about a made-up request that lacks some of what it should have."""
    rng = Random(seed)
    who = person(rng)
    record = ReferralRecord(
        record_id=f"PAR-{rng.randrange(16**10):016X}",
        status=Status.NEEDS_REVIEW,
        source=Source(file_name="a.pdf", sha256="aa", received_at=datetime(2026, 11, rng.randrange(1, 21), 17, tzinfo=UTC)),
        member=Member(last_name=who.last, first_name=who.first, member_id=member_id(rng), date_of_birth=_born(rng)),
        requesting_provider=RequestingProvider(name=f"{person(rng).first} {person(rng).last}", fax="+18315550142"),
        services=[Service(code=rng.choice(("97110", "70553", "E0601", "45378")), code_system="CPT")],
        gaps=[a_gap(path, message) for path, message in rng.sample(_ASKED, rng.randrange(1, 5))],
    )
    record = record.model_copy(update={"request": record.request.model_copy(update={"authorization_number": _number(rng)})})
    return Letter(f"LTR-{seed}", code_of(f"LTR-{seed}"), record, "+18315550142", date(2026, 11, 22))


def _born(rng: Random) -> date:
    day = birth_date(rng)
    return date(day.year, day.month, day.day)


def _number(rng: Random) -> str | None:
    return authorization_number(rng) if rng.random() < 0.5 else None


def pages_of(pdf: bytes) -> list[Image.Image]:
    """The pages in grey, as a printer prints them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=_DPI / _POINTS, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def answered(pdf: bytes, answers: Mapping[str, str]) -> list[Image.Image]:
    """The pages with answers written into the boxes beside these words, or in a table (no colon) into the first row under them.

    Raises:
        AssertionError: the letter does not say so.
    """
    pages = pages_of(pdf)
    font = ImageFont.load_default(size=44)
    for label, text in answers.items():
        number, left, top = _place_of(pdf, label)
        x, y = (_BOX, top) if label.endswith(":") else (left, top + _TABLE_ROW)
        ImageDraw.Draw(pages[number]).text((x * _DPI / _POINTS, (y - 2) * _DPI / _POINTS), text, fill=0, font=font)
    return pages


def _place_of(pdf: bytes, label: str) -> tuple[int, float, float]:
    """Page, left edge and upper edge of the last place where these words stand, in points from the upper left corner."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document):
            words = page.get_textpage()
            searcher, last = words.search(label), None
            while (found := searcher.get_next()) is not None:
                last = found
            if last is not None:
                words.count_rects(*last)
                left, _, _, top = words.get_rect(0)
                return number, left, page.get_height() - top
    finally:
        document.close()
    raise AssertionError(f"nothing on the letter says {label}")


def fax(pages: list[Image.Image], condition: Condition, seed: str) -> bytes:
    """The pages as they arrive: a TIFF, or a PDF of a scan."""
    rng = Random(seed)
    damage = degrade.draw(rng, condition)
    kept = io.BytesIO()
    if condition is Condition.SCAN:
        scans = [degrade.scanned_page(page, damage, "", rng) for page in pages]
        scans[0].save(kept, "PDF", save_all=True, append_images=scans[1:], resolution=_DPI, quality=60)
        return kept.getvalue()
    sent = [degrade.fax_page(page, damage, "FROM: 831 555 0142   11/23/2026 09:12   P. 1", rng) for page in pages]
    images = [image for image, _ in sent]
    images[0].save(kept, "TIFF", save_all=True, append_images=images[1:], compression="group4", dpi=sent[0][1])
    return kept.getvalue()


def a_faxed_letter(seed: str, condition: Condition, folder: Path) -> tuple[Path, str]:
    """A letter that was faxed back as it came, in a file of the folder; and its code."""
    letter = a_letter(seed)
    path = folder / f"{seed.replace('/', '-')}.{'pdf' if condition is Condition.SCAN else 'tif'}"
    path.write_bytes(fax(pages_of(render(letter, letter_template())), condition, seed))
    return path, letter.reply_code
