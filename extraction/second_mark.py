"""Whether an office says that its request is a second or corrected one: by a stamp, a line, or a ticked box."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from extraction.lines import Line, runs_of
from extraction.pages import RequestPages
from models.page import CheckBox, MarkState, Page

_DATA = Path(__file__).parent / "data" / "second_marks.yaml"
# A box belongs to the words that begin within so many heights of a line to its right, or end so near to its left.
_BOX_HEIGHTS = 2.5


class SecondMarks(BaseModel):
    """The whole of ``data/second_marks.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phrases: tuple[str, ...]
    denials: tuple[str, ...]
    blanks: tuple[str, ...]
    most_words: int
    stating: tuple[str, ...]
    choices: tuple[str, ...]


@lru_cache(maxsize=1)
def _marks() -> SecondMarks:
    return SecondMarks.model_validate(yaml.safe_load(_DATA.read_text(encoding="utf-8")))


@lru_cache(maxsize=4)
def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    body = "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\-", r"[-\s]?") for phrase in ordered)
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])", re.IGNORECASE)


def marked_second(request: RequestPages) -> bool:
    """Whether the pages of a request, or its cover sheet, call it a second or corrected request."""
    return any(_is_mark(run, page) for page in (*request.pages, *request.attached) for run in runs_of(page))


def _is_mark(run: Line, page: Page) -> bool:
    data = _marks()
    match = _any(data.phrases).search(run.text)
    if match is None:
        return False
    before, behind = run.text[: match.start()].casefold(), run.text[match.end() :].casefold()
    blank = re.match(rf"\W*(?:{'|'.join(map(re.escape, data.blanks))})(?!\w)", behind)
    if blank or behind.lstrip().startswith("?") or _any(data.denials).search(_sentence_end(before)):
        return False
    if (box := _box_of(run, match, page)) is not None:
        return box.state is MarkState.TICKED
    if _any(data.choices).search(_beside(run, page)):
        return False
    return len(run.words) <= data.most_words or any(phrase in before for phrase in data.stating)


def _beside(run: Line, page: Page) -> str:
    """All words on the line of a run."""
    height = run.box.height
    return " ".join(word.text for word in page.words if abs(word.box.y - run.box.y) < height)


def _sentence_end(text: str) -> str:
    """What of the words before stands in the same sentence."""
    return re.split(r"[.;!?]\s", text)[-1]


def _box_of(run: Line, match: re.Match[str], page: Page) -> CheckBox | None:
    """The check-box that the phrase is the label of: on its line, right before its first word or right behind its last."""
    first = len(run.text[: match.start()].split())
    last = first + len(match.group().split()) - 1
    words = run.words[first : last + 1] or run.words
    reach = _BOX_HEIGHTS * max(word.box.height for word in words) * page.aspect
    left, right, middle = words[0].box.left, words[-1].box.right, words[0].box.y
    height = words[0].box.height
    beside = [one for one in page.check_boxes if one.box.top <= middle <= one.box.bottom or abs(one.box.y - middle) < height]
    before = [box for box in beside if 0 <= left - box.box.right < reach]
    behind = [box for box in beside if 0 <= box.box.left - right < reach]
    near = max(before, key=lambda box: box.box.right, default=None)
    return near if near is not None else min(behind, key=lambda box: box.box.left, default=None)
