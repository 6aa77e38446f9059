"""The header line of a fax, as different machines print it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from extraction.prose import fax_header

ZONE = ZoneInfo("America/Los_Angeles")
NUMBER = "+18315550101"
EVENING = (2026, 2, 16, 18, 56)

LINES = [
    ("From:VALLEY ORTHO 831 555 0101 To:8005551212 02/16/2026 18:56 Page 1 of 1", NUMBER, "VALLEY ORTHO", EVENING),
    ("02/16/2026 18:56 FROM: 8315550101 TO: 8005551212 P.01/01", NUMBER, None, EVENING),
    ("Feb-16-2026 18:56 VALLEY ORTHO 831-555-0101 P. 1/2", NUMBER, "VALLEY ORTHO", EVENING),
    ("FEB-16-2026 MON 06:56 PM VALLEY ORTHO FAX NO. 831 555 0101 P. 02", NUMBER, "VALLEY ORTHO", EVENING),
    ("16-Feb-26 06:56p VALLEY ORTHO 8315550101 p.1", NUMBER, "VALLEY ORTHO", EVENING),
    ("Fax from : 18315550101 VALLEY ORTHO 02-16-26 06:56p Pg: 1/3", NUMBER, "VALLEY ORTHO", EVENING),
    ("02/16/2026 06:56PM FROM: VALLEY ORTHO (831) 555-0101 TO: (800) 555-1212 P.01/03", NUMBER, "VALLEY ORTHO", EVENING),
    ("02/16/2026 MON 18:56 FAX 831 555 0101 VALLEY ORTHO @001/003", NUMBER, "VALLEY ORTHO", EVENING),
    ("To: 18005551212 Page: 2 of 5 2026-02-16 18:56 PST 18315550101 From: Valley Ortho", NUMBER, "Valley Ortho", EVENING),
    ("Fr0m:VALLEY ORTHO 831 555 0101 T0:8005551212 02/16/2026 18;56 Page 1 of 4", NUMBER, "VALLEY ORTHO", EVENING),
    ("TO:8005551212 FROM:8315550101 02/16/26 18:56 P 1/1", NUMBER, None, EVENING),
    ("VALLEY ORTHO  (FAX)831 555 0101   P.002/004", NUMBER, "VALLEY ORTHO", None),
    ("02/16/2026 18:56 #1234 P.001/003", None, None, EVENING),
    ("P.02", None, None, None),
    ("ARIZONA STANDARD PRIOR AUTHORIZATION REQUEST FORM", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("text", "number", "name", "moment"), LINES)
def test_each_part_is_found_by_its_shape(text: str, number: str | None, name: str | None, moment: tuple[int, ...] | None) -> None:
    header = fax_header(text, ZONE)
    assert (header.sender_number, header.sender_name) == (number, name)
    assert header.sent_at == (None if moment is None else datetime(*moment[:3], *moment[3:], tzinfo=ZONE))  # type: ignore[misc, arg-type]


def test_the_time_is_in_the_sites_zone() -> None:
    sent = fax_header("02/16/2026 18:56 FROM: 8315550101", ZONE).sent_at
    assert sent is not None
    assert sent.isoformat() == "2026-02-16T18:56:00-08:00"


def test_a_date_that_does_not_exist_gives_no_time() -> None:
    assert fax_header("02/31/2026 18:56 FROM: 8315550101", ZONE).sent_at is None
