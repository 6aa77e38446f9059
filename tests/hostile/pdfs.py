"""PDF files written by hand, object by object, so that they can be wrong in any way."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

LINES = [f"Line {number} of a request for prior authorization of services" for number in range(12)]
TEXT = b"BT /F1 12 Tf 14 TL 72 700 Td " + b" ".join(b"(%s) Tj T*" % line.encode() for line in LINES) + b" ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def assembled(objects: Mapping[int, bytes], trailer: bytes = b"", prev: int | None = None) -> bytes:
    """A PDF with a cross-reference table; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    before = b"" if prev is None else b" /Prev %d" % (start if prev < 0 else prev)
    out += b"trailer\n<< /Size %d /Root 1 0 R%s %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, before, trailer, start)
    return bytes(out)


def one_page(
    page: bytes = b"",
    content: bytes = TEXT,
    more: Mapping[int, bytes] | None = None,
    *,
    catalogue: bytes = b"",
    resources: bytes = b"",
    content_object: bytes | None = None,
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one page: objects 1 to 5 are catalogue, tree, page, content and font."""
    box = b"" if b"/MediaBox" in page else b"/MediaBox [0 0 612 792]"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R %s /Resources << /Font << /F1 5 0 R >> %s >> /Contents 4 0 R %s >>"
        % (box, resources, page),
        4: stream(content) if content_object is None else content_object,
        5: FONT,
        **(more or {}),
    }
    return assembled(objects, trailer)


def pages(count: int) -> bytes:
    """A PDF of many pages of text."""
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents 3 0 R >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        3: stream(TEXT),
        4: FONT,
        **{5 + number: page for number in range(count)},
    }
    return assembled(objects)


def deep_tree(depth: int) -> bytes:
    """A page under ``depth`` nodes of the page tree."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, 2 + depth):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    objects[2 + depth] = b"<< /Type /Page /MediaBox [0 0 612 792] >>"
    return assembled(objects)


def image_on_page(entries: bytes, data: bytes) -> bytes:
    """A page that is one picture."""
    picture = stream(data, b"/Type /XObject /Subtype /Image " + entries)
    return one_page(content=b"q 612 0 0 792 0 0 cm /Im Do Q", resources=b"/XObject << /Im 6 0 R >>", more={6: picture})


def laughing_forms(depth: int, calls: int) -> bytes:
    """Forms that each draw the next one several times: ``calls ** depth`` drawings."""
    more = {}
    for level in range(depth):
        inside = b" ".join([b"/X Do"] * calls) if level + 1 < depth else b"0 0 1 1 re f"
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X %d 0 R >> >>" % (7 + level)
        more[6 + level] = stream(inside, entries)
    return one_page(content=b"/X Do", resources=b"/XObject << /X 6 0 R >>", more=more)


def tiling(entries: bytes, inside: bytes) -> bytes:
    """A page filled with a pattern, object 6."""
    head = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /Resources << /Pattern << /P 6 0 R >> >> "
    return one_page(
        content=b"/Pattern cs /P scn 0 0 612 792 re f",
        resources=b"/Pattern << /P 6 0 R >>",
        more={6: stream(inside, head + entries)},
    )


def locked(user: str, owner: str) -> bytes:
    """A page behind passwords; an empty user password lets everybody read."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user, ownerPassword=owner, canPrint=0))
    for row, line in enumerate(LINES):
        canvas.drawString(72, 700 - 14 * row, line)
    canvas.save()
    return buffer.getvalue()


def annotated(annotations: Sequence[bytes]) -> bytes:
    """A page with annotations, from object 6 on."""
    refs = b" ".join(b"%d 0 R" % (6 + index) for index in range(len(annotations)))
    more = {6 + index: body for index, body in enumerate(annotations)}
    return one_page(b"/Annots [%s]" % refs, more=more, catalogue=b"/AcroForm << /Fields [%s] >>" % refs)
