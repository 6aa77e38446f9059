"""The targets with their first inputs, which are made here: small files, and texts of the kinds that faxes hold."""

from __future__ import annotations

import io
import json

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.extraction import typed_pages
from tests.fuzz import targets
from tests.fuzz.targets import Target
from tests.hostile import pdfs, rasters

_DATES = (
    "03/04/2026 3-4-26 4.3.2026 March 4, 2026 4 Mar 2026 2026-03-04",
    "DOB: 02/29/1960 O2/29/l960 09/31/1935 12/25/54",
    "0 3 / 0 4 / 2 0 2 6 03042026 3 /4/ 26 Mar. 4th, '26",
)
_CODES = (
    "NPI 1234567893 TIN 12-3456789 (831) 555-0142 +44 20 7946 0958",
    "M54.16 M54,16 MS4.16 G56.01 S72.001A 72148 97110-59 J1745 A0428 x 4 units",
    "91234567A 1EG4-TE5-MK73 2509-281864 | 1 | 2 | 3 | 4 | 5 |",
)
_NAMES = (
    "Reyes, Ana Maria  Dr. John O'Neill-Smith Jr., MD, FACS  Delta Imaging Center, Inc.",
    "DE LA CRUZ JUAN  Nguyễn Thị Hà  van der Berg  ?? none n/a same as above",
)
_SENTENCES = (
    "Please change the end date of 97110 from 3/1/2026 to 4/15/2026 and add 4 units.",
    "Replace CPT 72148 with 72149. Do not remove modifier 59. We never asked to cancel it.",
    "Extend the authorization 2509-281864 through June 30, 2026; 12 more visits, please.",
    "Instead of Dr. Ann Lee (NPI 1234567893) the service will be done by Delta Imaging Center.",
)
_HEADERS = (
    "03/04/2026 09:31 AM  VALLEY ORTHO  18315550142  P.002/005",
    "FROM: 8315550142 TO: 18005550111 Mar-04-26 21:05 Pg 1 of 3",
)
_FORM = """
           PRIOR AUTHORIZATION REQUEST FORM
Member name: Reyes, Ana        DOB: 09/12/1954   Sex: F
Member ID: 91234567A           Phone: (831) 555-0142
Requesting provider: Ann Lee, MD   NPI: 1234567893   TIN: 12-3456789
Fax: (831) 555-0199   Contact: Jo
Servicing provider: Delta Imaging Center   NPI: 1487793048
Diagnosis: M54.16 Radiculopathy, lumbar region
CPT: 72148   Units: 1   From: 03/20/2026   To: 04/20/2026
[X] Routine  [ ] Urgent
Signature: ______________  Date: 03/09/2026
"""
_CHANGE = """
          AUTHORIZATION CHANGE REQUEST
Authorization number: 2509-281864
Member: Reyes, Ana   DOB: 09/12/1954
            Current          Change to
CPT code    72148            72149
Units       4                8
End date    03/01/2026       04/15/2026
Comments: please also add modifier 59
"""


def all_targets() -> tuple[Target, ...]:
    """Every target."""
    return (
        Target("file", targets.try_file, (*_tiffs(), *_pictures(), *_pdfs())),
        Target("tiff", targets.try_tiff, _tiffs()),
        Target("pdf", targets.try_pdf, _pdfs()),
        Target("dates", targets.try_dates, _texts(*_DATES)),
        Target("codes", targets.try_codes, _texts(*_CODES)),
        Target("names", targets.try_names, _texts(*_NAMES)),
        Target("sentences", targets.try_sentences, _texts(*_SENTENCES)),
        Target("header", targets.try_header, _texts(*_HEADERS)),
        Target("page", targets.try_page, _texts(_FORM, _CHANGE, typed_pages.COVER, typed_pages.NOTES, *_SENTENCES)),
        Target("sidecar", targets.try_sidecar, _sidecars()),
        Target("answer", targets.try_answer, (b'{"code":"damaged_file","reason":"r"}', b'{"records":[]}')),
    )


def _texts(*texts: str) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


def _tiffs() -> tuple[bytes, ...]:
    pages = [Image.effect_noise((40, 50), 90).convert("1") for _ in range(2)]
    found = [rasters.white_fax(64, 80), rasters.many_directories(3)]
    for compression in ("group3", "group4", "tiff_lzw", "raw"):
        buffer = io.BytesIO()
        pages[0].save(buffer, "TIFF", compression=compression, save_all=True, append_images=pages[1:], dpi=(204, 196))
        found.append(buffer.getvalue())
    return tuple(found)


def _pictures() -> tuple[bytes, ...]:
    found = []
    for form in ("PNG", "JPEG"):
        buffer = io.BytesIO()
        Image.effect_noise((40, 50), 90).save(buffer, form)
        found.append(buffer.getvalue())
    return tuple(found)


def _pdfs() -> tuple[bytes, ...]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 200))
    canvas.drawString(10, 100, "Prior authorization request")
    canvas.acroForm.textfield(name="member", value="48213907", x=20, y=50, width=80, height=20)
    canvas.acroForm.checkbox(name="urgent", checked=True, x=20, y=20)
    canvas.save()
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (x) /Rect [9 9 99 99] >>"
    note = b"<< /Type /Annot /Subtype /FreeText /Contents (Reyes) /Rect [9 9 99 99] >>"
    return (pdfs.one_page(), pdfs.annotated([widget, note]), buffer.getvalue())


def _sidecars() -> tuple[bytes, ...]:
    notes: tuple[dict[str, object], ...] = (
        {"received_at": "2026-03-01T09:30:00-05:00", "sender_number": "+18315550142"},
        {"received_at": "2026-03-01T09:30:00", "other": [1, {"deep": None}]},
        {"received_at": 1772375400},
    )
    return tuple(json.dumps(note).encode() for note in notes)
