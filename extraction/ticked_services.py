"""Services that a form prints and a requester ticks: "[x] Lumbar spine without contrast (72148)"."""

from __future__ import annotations

from extraction.codecells import ServiceLine, services_in
from extraction.lists import Lists
from extraction.tickrows import TickRow, tick_rows
from models.page import MarkState, Page

# A list of services offers several; one code beside one box may be an example in a sentence.
_FEWEST = 2
_TICKED, _POSSIBLE = 0.9, 0.5


def ticked_services(page: Page) -> Lists:
    """The services whose boxes are ticked, on a page that prints codes behind two boxes or more; a doubtful tick is a guess."""
    offered = [(row, n, line) for row in tick_rows(page) for n in range(len(row.boxes)) if (line := _offered(row, n, page))]
    if len(offered) < _FEWEST:
        return Lists()
    return Lists(services=tuple(line for row, n, line in offered if row.boxes[n].state is not MarkState.EMPTY))


def _offered(row: TickRow, n: int, page: Page) -> ServiceLine | None:
    """The one service that the caption of a box names."""
    place = _TICKED if row.boxes[n].state is MarkState.TICKED else _POSSIBLE
    lines = [line for line in services_in(row.right(n), page.number, place) if line.code.valid and line.code.fit >= _TICKED]
    return lines[0] if len(lines) == 1 else None
