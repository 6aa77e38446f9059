"""Documents full of values that stand nowhere else, and the search for them."""

from __future__ import annotations

import io
import os
import urllib.parse
from collections.abc import Iterable, Mapping

import pypdfium2
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

LINES = (
    "PRIOR AUTHORIZATION REQUEST",
    "Member Last Name: Quagmarch",
    "Member First Name: Zebulonia",
    "Date of Birth: 03/14/1961",
    "Member ID: 83519462Q",
    "Member Phone: (831) 555-0142",
    "Requesting Provider: Ottoline Brackwater",
    "NPI: 1234567893",
    "Diagnosis Code (ICD-10): M54.50",
    "CPT Code: 97110    Units: 12",
    "From: 03/02/2026    To: 05/29/2026",
    "Comments: Xylorimba playing made it worse",
)
VALUES = (
    "Quagmarch",
    "Zebulonia",
    "83519462",
    "5550142",
    "555-0142",
    "Ottoline",
    "Brackwater",
    "Xylorimba",
    "03/14/1961",
    "1961-03-14",
)
SIDECAR = b'{"sender_number": "+18315550142"}'


def digital(password: str | None = None) -> bytes:
    """The form as a PDF with a text layer."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, encrypt=StandardEncryption(password) if password else None)
    for number, line in enumerate(LINES):
        canvas.drawString(60, 740 - 26 * number, line)
    canvas.save()
    return buffer.getvalue()


def fax() -> bytes:
    """The form as a fax: one page of black and white."""
    pdf = pypdfium2.PdfDocument(digital())
    try:
        page = pdf[0].render(scale=200 / 72).to_pil().convert("1", dither=Image.Dither.NONE)
    finally:
        pdf.close()
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression="group4", dpi=(200, 200))
    return buffer.getvalue()


def documents() -> Mapping[str, bytes]:
    """By name: what can be read, what cannot, and names that are trouble. The names are PHI too."""
    return {
        "Quagmarch Zebulonia.tif": fax(),
        "83519462Q.pdf": digital(),
        "Quagmarch encrypted.pdf": digital("Brackwater"),
        "Quagmarch broken.pdf": b"%PDF-1.4\nQuagmarch Zebulonia 83519462Q\n" + b"obj <<" * 50 + b"\n%%EOF\n",
        "Quagmarch broken.tif": fax()[:-200],
        "Quagmarch text.txt": b"Quagmarch Zebulonia 83519462Q",
        "Quagmarch empty.pdf": b"",
        "Quagmarch\n83519462Q\x1b[31m.pdf": b"%PDF-1.4\n%%EOF\n",
        "Quagmarch %s {0} ${HOME} `id`.pdf": b"%PDF-1.4\nx\n%%EOF\n",
        os.fsdecode(b"Quagmarch \xff.pdf"): b"%PDF-1.4\ny\n%%EOF\n",
        "Q" * 180 + "uagmarch.pdf": b"%PDF-1.4\nz\n%%EOF\n",
    }


def forms_of(value: str) -> Iterable[bytes]:
    """How a value may look after it went through a program."""
    for text in (value, value.lower(), value.upper(), urllib.parse.quote(value), value.replace("/", "\\/")):
        yield text.encode()
        yield text.encode("utf-16-le")


def seen(places: Mapping[str, bytes]) -> list[str]:
    """Which values stand in which places."""
    return [
        f"{value} in {place}"
        for place, content in places.items()
        for value in VALUES
        for form in forms_of(value)
        if form in content
    ]
