"""One file in a multipart body (RFC 7578), taken from it as it comes: what people hand in rests nowhere but in the inbox."""

from __future__ import annotations

from collections.abc import Iterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

_FIELD = "file"
_LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1


class NoSuchFile(Exception):
    """The body is none with one file in it. The message says why, and holds nothing of it."""


def boundary_of(content_type: str) -> bytes:
    """What separates the parts of a body.

    Raises:
        NoSuchFile: it is no multipart body.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise NoSuchFile("A file is sent as multipart/form-data.")
    return boundary


class FilePart:
    """The file in a body that comes piece by piece.

    Args:
        boundary: what separates the parts.
        body: the body's pieces.
    """

    def __init__(self, boundary: bytes, body: Iterator[bytes]) -> None:
        self._body = body
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._in_file = self._ended = False
        self._files = 0
        self._ready: list[bytes] = []
        self.name = ""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    def open(self) -> str:
        """Read up to where the file begins; gives its name, which may be empty.

        Raises:
            NoSuchFile: there is none.
        """
        while not self._files:
            if not self._more():
                raise NoSuchFile("There is no file in the body; its part is named file.")
        return self.name

    def pieces(self) -> Iterator[bytes]:
        """The file's bytes; at the end the rest of the body has been looked at, too.

        Raises:
            NoSuchFile: the body is cut short, or has more than one file.
        """
        while True:
            yield from self._ready
            self._ready.clear()
            if not self._more():
                return

    def _more(self) -> bool:
        """Parse another piece; false at the body's end."""
        piece = next(self._body, None)
        if piece is None:
            if not self._ended:
                raise NoSuchFile("The body is cut short.")
            return False
        try:
            self._parser.write(piece)
        except FormParserError:
            # Not chained: it tells what stands there.
            raise NoSuchFile("The body is not well formed.") from None
        if self._files > 1:
            raise NoSuchFile("One file at a time.")
        return True

    def _begin(self) -> None:
        self._headers = {}

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._in_file = b"filename" in options or options.get(b"name") == _FIELD.encode()
        if self._in_file:
            self._files += 1
            self.name = options.get(b"filename", b"").decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file and self._files == 1:
            self._ready.append(data[start:end])

    def _end(self) -> None:
        self._in_file = False

    def _finish(self) -> None:
        self._ended = True
