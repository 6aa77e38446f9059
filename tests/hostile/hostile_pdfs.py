"""PDF files that a reader could die of, each with what has to come of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial

from tests.hostile import pdfs
from tests.hostile.bombs import deflated
from tests.hostile.sample import BAD, READ, Sample

_GB = 1 << 30
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] "
_ACTION = b"/OpenAction << /S /JavaScript /JS (while\\(1\\){app.alert\\(1\\)}) >> /AA << /WC << /S /Launch /F (/bin/sh) >> >>"
_JBIG2_PAGE = b"\x00\x00\x00\x00\x30\x00\x01\x00\x00\x00\x13" + b"\x7f\xff\xff\xff" * 2 + b"\x00" * 8 + b"\x00\x00\x00"
_JPX_HEAD = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + b"\x00\x0f\xff\xff" * 2 + b"\x00" * 8 + b"\x00\x00\x00\x01" * 2
_JPX = _JPX_HEAD + b"\x00" * 8 + b"\x00\x01\x07\x01\x01"


def hostile_pdfs() -> Iterator[Sample]:
    """All of them."""
    yield from _bombs()
    yield from _structures()
    yield from _loops()
    yield from _boxes()
    yield from _contents()
    yield from _doors()


def _bombs() -> Iterator[Sample]:
    """Streams and pictures that grow."""
    once = pdfs.stream(deflated(4 * _GB, b" "), b"/Filter /FlateDecode")
    yield Sample("content-4-GB", lambda: pdfs.one_page(content_object=once), READ | BAD)
    twice = pdfs.stream(_deflated_again(deflated(8 * _GB, b" ")), b"/Filter [/FlateDecode /FlateDecode]")
    yield Sample("content-8-GB-deflated-twice", lambda: pdfs.one_page(content_object=twice), READ | BAD)
    objects = b"/Type /ObjStm /N 1000000 /First 8000000 /Filter /FlateDecode"
    yield Sample("object-stream-4-GB", lambda: pdfs.one_page(more={6: pdfs.stream(deflated(4 * _GB, b"1"), objects)}), READ | BAD)
    for name, entries, data in (
        (
            "group4",
            b"/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d >>",
            b"\xff",
        ),
        ("flate", b"/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode %% %d\n", deflated(2 * _GB)),
        ("jbig2", b"/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode %% %d\n", _JBIG2_PAGE),
        ("jpx", b"/ColorSpace /DeviceGray /Filter /JPXDecode %% %d\n", _JPX),
    ):
        sized = b"/Width %d /Height %d " % (60000, 60000) + entries % 60000
        yield Sample(f"picture-{name}-3600-megapixels", partial(pdfs.image_on_page, sized, data), READ | BAD)


def _deflated_again(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def _structures() -> Iterator[Sample]:
    """Trees, tables and trailers."""
    yield Sample("pages-5000", lambda: pdfs.pages(5000), {"too_large"})
    yield Sample("tree-100000-deep", lambda: pdfs.deep_tree(100_000), BAD)
    yield Sample("tree-1000-deep", lambda: pdfs.deep_tree(1000), READ | BAD)
    count = pdfs.one_page().replace(b"/Count 1", b"/Count 2147483647")
    yield Sample("count-of-two-thousand-million", lambda: count, READ | BAD)
    yield Sample("count-below-zero", lambda: pdfs.one_page().replace(b"/Count 1", b"/Count -5"), READ | BAD)
    yield Sample("kids-that-are-their-own-parent", lambda: pdfs.one_page().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R 2 0 R]"), BAD)
    yield Sample("arrays-a-million-deep", lambda: pdfs.one_page(b"/X " + b"[" * 1_000_000), READ | BAD)
    yield Sample("dictionaries-200000-deep", lambda: pdfs.one_page(b"/X " + b"<</X " * 200_000), READ | BAD)
    size = b"/Type /XRef /Size 2147483647 /W [1 8 8] /Index [0 2147483647] /Root 1 0 R /Filter /FlateDecode"
    yield Sample("cross-reference-of-4-GB", lambda: _ending_in(pdfs.stream(deflated(4 * _GB), size)), READ | BAD)
    yield Sample("cut-in-the-middle", lambda: pdfs.pages(20)[:2000], READ | BAD)
    yield Sample("no-cross-reference", lambda: pdfs.one_page().partition(b"xref")[0], READ | BAD)
    yield Sample("head-alone", lambda: b"%PDF-1.7\n%%EOF\n", {"damaged_file"})
    yield Sample("zeros-after-the-head", lambda: b"%PDF-1.7\n" + bytes(1_000_000) + b"%%EOF\n", {"damaged_file"})


def _ending_in(cross_reference: bytes) -> bytes:
    body = pdfs.one_page().partition(b"xref")[0]
    return body + b"9 0 obj\n" + cross_reference + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _loops() -> Iterator[Sample]:
    """What leads back to itself, and what doubles at each step."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}
    yield Sample("cross-reference-before-itself", lambda: pdfs.assembled(objects, prev=-1), BAD)
    yield Sample(
        "form-that-draws-itself", lambda: _one_form(b"/Resources << /XObject << /X 6 0 R >> >>", b"/X Do /X Do"), READ | BAD
    )
    yield Sample("forms-ten-to-the-power-of-twelve", lambda: pdfs.laughing_forms(12, 10), READ | BAD)
    yield Sample("forms-two-to-the-power-of-forty", lambda: pdfs.laughing_forms(40, 2), READ | BAD)
    own = b"/BBox [0 0 9 9] /XStep 9 /YStep 9"
    yield Sample("pattern-of-itself", lambda: pdfs.tiling(own, b"/Pattern cs /P scn 0 0 9 9 re f"), READ | BAD)
    dense = b"/BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001"
    yield Sample("pattern-of-a-hundred-thousand-million-tiles", lambda: pdfs.tiling(dense, b"0 0 1 1 re f"), READ | BAD)
    soft = b"/ExtGState << /G << /SMask << /S /Luminosity /G 6 0 R >> >> >>"
    mask = pdfs.stream(b"/G gs 0 0 612 792 re f", _FORM + b"/Group << /S /Transparency >> /Resources << %s >>" % soft)
    yield Sample(
        "mask-of-itself", lambda: pdfs.one_page(content=b"/G gs 0 0 612 792 re f", resources=soft, more={6: mask}), READ | BAD
    )
    glyph = pdfs.stream(b"BT /F2 12 Tf (A) Tj ET")
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /A 7 0 R >> /FirstChar 65"
        b" /LastChar 65 /Widths [9] /Encoding << /Differences [65 /A] >> /Resources << /Font << /F2 5 0 R >> >> >>"
    )
    yield Sample(
        "font-drawn-with-itself", lambda: pdfs.one_page(content=b"BT /F1 9 Tf (AAAA) Tj ET", more={5: font, 7: glyph}), READ | BAD
    )


def _one_form(entries: bytes, content: bytes) -> bytes:
    form = pdfs.stream(content, _FORM + entries)
    return pdfs.one_page(content=b"/X Do", resources=b"/XObject << /X 6 0 R >>", more={6: form})


def _boxes() -> Iterator[Sample]:
    """Pages of no size that paper has."""
    for name, box in (
        ("kilometres", b"0 0 14400000 14400000"),
        ("beyond-numbers", b"0 0 1e38 1e38"),
        ("nothing", b"0 0 0 0"),
        ("a-point", b"0 0 0.001 0.001"),
        ("a-thread", b"0 0 0.01 100000"),
        ("inside-out", b"612 792 0 0"),
        ("no-numbers", b"/A (b) null [1]"),
        ("far-away", b"1e9 1e9 1000000612 1000000792"),
    ):
        yield Sample(f"box-{name}", partial(pdfs.one_page, b"/MediaBox [%s]" % box), READ | BAD)
    yield Sample("unit-of-a-thousand-million", lambda: pdfs.one_page(b"/UserUnit 1000000000"), READ | BAD)
    yield Sample("turned-by-45-degrees", lambda: pdfs.one_page(b"/Rotate 45"), READ | BAD)
    yield Sample("turned-by-a-huge-number", lambda: pdfs.one_page(b"/Rotate 99999999999999999990"), READ | BAD)


def _contents() -> Iterator[Sample]:
    """Pages with more on them than a page can hold."""
    text = b"BT /F1 1 Tf 0 0 Td " + b"(%s) Tj " % (b"request " * 1000) * 400 + b"ET"
    yield Sample("three-million-letters", lambda: pdfs.one_page(content=text), READ | BAD)
    yield Sample("two-million-saved-states", lambda: pdfs.one_page(content=b"q " * 2_000_000 + pdfs.TEXT), READ | BAD)
    yield Sample("a-million-lines", lambda: pdfs.one_page(content=b"0 0 m 612 792 l S " * 1_000_000), READ | BAD)
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (x) /Rect [9 9 99 99] /Parent %d 0 R >>"
    yield Sample("notes-50000", lambda: pdfs.annotated([widget % (6 + i) for i in range(50_000)]), READ | BAD)
    value = {7: pdfs.stream(deflated(4 * _GB, b"x"), b"/Filter /FlateDecode")}
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V 7 0 R /Rect [9 9 99 99] >>"
    yield Sample("field-of-4-GB", lambda: pdfs.one_page(b"/Annots [6 0 R]", more={6: field, **value}), READ | BAD)
    rect = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (x) /Rect [1e400 nan (a) -1e400] >>"
    yield Sample("field-nowhere", lambda: pdfs.annotated([rect]), READ)
    nested = b"[" * 5000 + b"(x)" + b"]" * 5000
    deep = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V %s /Rect [9 9 99 99] >>" % nested
    yield Sample("field-5000-deep", lambda: pdfs.annotated([deep]), READ)


def _doors() -> Iterator[Sample]:
    """Locked files, files in files, programs, and files that are several things."""
    yield Sample("locked", lambda: pdfs.locked("secret", "master"), {"encrypted_file"})
    yield Sample("locked-for-changes-only", lambda: pdfs.locked("", "master"), READ)
    odd = pdfs.one_page(trailer=b"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /O (a) /U (b) /P -1 >>")
    yield Sample("locked-badly", lambda: odd, {"encrypted_file", "damaged_file"})
    yield Sample("program-at-opening", lambda: pdfs.one_page(catalogue=_ACTION), READ)
    inner = {6: pdfs.stream(b"MZ" + bytes(1000), b"/Type /EmbeddedFile"), 7: b"<< /Type /Filespec /F (x.exe) /EF << /F 6 0 R >> >>"}
    names = b"/Names << /EmbeddedFiles << /Names [(x.exe) 7 0 R] >> >>"
    yield Sample("file-inside", lambda: pdfs.one_page(catalogue=names, more=inner), READ)
    yield Sample("archive-behind", lambda: pdfs.one_page() + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18), READ)
    yield Sample("picture-before", lambda: b"GIF89a\x01\x00\x01\x00\x00\x00\x00;" + pdfs.one_page(), READ | BAD)
    yield Sample("tiff-before", lambda: b"II*\x00" + pdfs.one_page(), {"damaged_file"})
    yield Sample("archive-before", lambda: b"PK\x03\x04" + bytes(200) + pdfs.one_page(), READ | BAD)
