"""What a form says of itself: whose it is, and what its boxes say of setting, place and notes.

Only what is plain counts: one ticked box among those of a question, and no other that may be ticked. Nothing here is a field that
the coordinator is asked about for its own sake, so a doubt is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from extraction.classify import facts, normal
from extraction.lines import Line, lines_of, runs_of
from extraction.option_words import option_data
from extraction.options import Option, read_options
from extraction.pages import PageKind, RequestPages
from extraction.strikes import without_struck
from extraction.tickrows import tick_rows
from models.circumstances import Coverage, LineOfBusiness
from models.form_facts import FormFacts
from models.geometry import Box
from models.page import MarkState, Page, Word
from models.record import ClinicalNotes, ReferralRecord, Setting
from models.values import ValueKind, find_values

_OPTIONS = "form_options"
_LINE, _SETTING = "coverage.line_of_business", "request.setting"
_PLACE, _NOTES = "request.place_of_service", "request.clinical_notes"
_HEADING, _LETTER_HEADING, _FOOTING = 0.17, 0.34, 0.92
"""Where head and foot of a page end and begin, in shares of its height; a letter's head holds its addressee."""
_TITLES = 0.12
_GOES_ON = 0.03
_BESIDE, _BELOW, _LINE_AWAY = 0.08, 0.03, 2.5
"""How far a question stands from its answers: beside and aside in widths of the page, above or below in heights of its print."""
_BOTH = frozenset({LineOfBusiness.MEDI_CAL.value, LineOfBusiness.MEDICARE.value, LineOfBusiness.DUAL.value})
_INPATIENT = frozenset({"21", "31", "51", "61"})
_OUTPATIENT = frozenset({"11", "12", "22", "23", "24", "65"})
_NO_TITLE = re.compile(r"\d{3}|:|\b(?:other|secondary|id|enrolled)\b", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:other|secondary|additional|supplemental|cob|ohc|previous)\b", re.IGNORECASE)
_ASKS_FOR_PLAN = re.compile(
    r"\b(?:health plan(?: name)?|plan name|name of (?:health )?plan|issuer name|pay[eo]r(?: name)?)\s*[:-]\s*(?P<name>.{3,60})",
    re.IGNORECASE,
)
_ADMISSION = re.compile(
    r"\b(?:admission date|date of admission|admit date|anticipated admission(?: date)?)\s*[:#]?\s*(?P<rest>.{6,24})", re.IGNORECASE
)
_YES = re.compile(r"\byes\b", re.IGNORECASE)
_NOTES_ASKED = re.compile(
    r"(?:\d+\W+)?\b(?:clinicals?|notes|records|documentation)\b.*\b(?:attached|enclosed|included|submitted)\b", re.IGNORECASE
)
_LINES: tuple[tuple[LineOfBusiness, str], ...] = (
    (LineOfBusiness.DUAL, r"\b(?:d snp|dsnp|duals?|cal mediconnect)\b"),
    (LineOfBusiness.MEDI_CAL, r"\bmedi cal\b(?! (?:id|no|number|cin|rx|identification|eligib))"),
    (LineOfBusiness.MEDICARE, r"\bmedicare\b(?! (?:id|no|number|beneficiary))"),
    (LineOfBusiness.COMMERCIAL, r"\b(?:commercial|group care)\b"),
    (LineOfBusiness.MEDICAID_OTHER, r"\bmedicaid\b(?! (?:id|no|number))"),
)


def form_facts(request: RequestPages) -> FormFacts:
    """What the pages of one request say of their form.

    Args:
        request: its pages, with what came with them.
    """
    first = request.pages[0]
    kept, struck = without_struck(request)
    # What looks like a box in a letter is none.
    asking = () if request.kind is PageKind.LETTER else kept.pages
    options = [(page, option) for page in asking for option in read_options(page, option_data(_OPTIONS))]
    where = [one for one in options if _named(one[1], _SETTING) or _named(one[1], _PLACE)]
    place = _sole(where, _PLACE)
    return FormFacts(
        heading=_lines(first, 0.0, _LETTER_HEADING if request.kind is PageKind.LETTER else _HEADING),
        footing=tuple(line for page in request.pages for line in _lines(page, _FOOTING, 1.0)),
        plan_named=tuple(_plans_named(first)),
        line_of_business=_line_of_business(first, options),
        setting=_setting(_sole(where, _SETTING), place),
        place_of_service=place,
        admitted_on=_admitted_on(kept.pages),
        clinical_notes=_clinical_notes(kept, options),
        altered=bool(struck),
    )


def with_facts(record: ReferralRecord, facts: FormFacts, coverage: Coverage) -> ReferralRecord:
    """The record with what its form says of itself, and with whose request it is."""
    told = {
        "setting": facts.setting,
        "place_of_service": facts.place_of_service,
        "admitted_on": facts.admitted_on,
        "clinical_notes": facts.clinical_notes,
    }
    request = record.request.model_copy(update=told)
    source = record.source.model_copy(update={"altered": facts.altered})
    return record.model_copy(update={"request": request, "source": source, "coverage": coverage})


def _lines(page: Page, top: float, bottom: float) -> tuple[str, ...]:
    """The lines of a band of the page, whole and in the parts that wide gaps make, each once."""
    found: tuple[Line, ...] = (*lines_of(page), *runs_of(page))
    return tuple(dict.fromkeys(line.text for line in found if top <= line.box.y <= bottom))


def _plans_named(page: Page) -> Iterator[str]:
    for line in (*lines_of(page), *runs_of(page)):
        match = _ASKS_FOR_PLAN.search(line.text)
        if match is not None and _OTHERS.search(line.text[: match.start()]) is None:
            yield match["name"]


_Options = list[tuple[Page, Option]]


def _named(option: Option, path: str) -> list[str]:
    """What an option stands for; one that names Medicare and Medi-Cal is for members of both, and no other names two."""
    values = list(dict.fromkeys(value for named, value in option_data(_OPTIONS).values(option.text) if named == path))
    if len(values) > 1 and path == _LINE and set(values) <= _BOTH:
        return [LineOfBusiness.DUAL.value]
    return values if len(values) == 1 else []


def _sole(options: _Options, path: str) -> str | None:
    """The one value that is ticked among the boxes of a question; none where another may be ticked too, or there is no other."""
    mine = [(option.box.state, _named(option, path)) for _, option in options]
    ticked = {value for state, values in mine for value in values if state is MarkState.TICKED}
    unclear = any(values and state is MarkState.AMBIGUOUS for state, values in mine)
    return next(iter(ticked)) if len(ticked) == 1 and not unclear and len(options) > 1 else None


def _setting(ticked: str | None, place: str | None) -> Setting | None:
    """As it is ticked, else as the place says; where the two disagree, it is not known."""
    by_place = Setting.INPATIENT if place in _INPATIENT else Setting.OUTPATIENT if place in _OUTPATIENT else None
    if ticked is None:
        return by_place
    return Setting(ticked) if by_place in (None, Setting(ticked)) else None


def _line_of_business(first: Page, options: _Options) -> LineOfBusiness | None:
    """The one that is ticked; where the form has no boxes for it, the only one that its title names."""
    own = [(page, option) for page, option in options if _named(option, _LINE) and not _in_row(page, option, _OTHERS)]
    mine = [(page, _whole(page, option)) for page, option in own]
    if mine:
        return None if (ticked := _sole(mine, _LINE)) is None else LineOfBusiness(ticked)
    titles = [normal(text) for text in _lines(first, 0.0, _TITLES) if not _NO_TITLE.search(text)]
    named = {line for line, words in _LINES for title in titles if re.search(words, title)}
    if LineOfBusiness.DUAL in named:
        return LineOfBusiness.DUAL
    return next(iter(named)) if len(named) == 1 else None


def _whole(page: Page, option: Option) -> Option:
    """The option with the words that go on behind it, up to a wide gap or a box: "Medi-Cal / Medicare" is not Medi-Cal."""
    line = next((line for line in lines_of(page) if option.words[-1] in line.words), None)
    if line is None:
        return option
    words = list(option.words)
    for word in line.words[line.words.index(option.words[-1]) + 1 :]:
        left, right = words[-1].box.right, word.box.left
        boxed = any(left <= box.box.x <= right and box.box.y_overlap(word.box) > 0 for box in page.check_boxes)
        if right - left > _GOES_ON or boxed:
            break
        words.append(word)
    return replace(option, words=tuple(words))


def _in_row(page: Page, option: Option, words: re.Pattern[str]) -> bool:
    row = [line for line in lines_of(page) if abs(line.box.y - option.box.box.y) < max(line.box.height, option.box.box.height)]
    return any(words.search(line.text) for line in row)


def _admitted_on(pages: tuple[Page, ...]) -> date | None:
    """The date that stands right behind its label, where all that do are one day."""
    found: set[date] = set()
    for page in pages:
        for run in (*lines_of(page), *runs_of(page)):
            match = _ADMISSION.search(run.text)
            read = find_values(ValueKind.DATE, match["rest"]) if match else []
            found |= {one.value for one in read[:1] if isinstance(one.value, date) and one.valid and not one.repaired}
    return next(iter(found)) if len(found) == 1 else None


def _clinical_notes(request: RequestPages, options: _Options) -> ClinicalNotes | None:
    """Pages that came with the form and are neither cover sheet nor instructions; else what the form says of them."""
    if any(facts(page).kind not in (PageKind.COVER, PageKind.INSTRUCTIONS) for page in request.attached):
        return ClinicalNotes.ATTACHED
    # A question that Yes and No answer is read by its answers.
    notes = [option.box.state for page, option in options if _named(option, _NOTES) and not _in_row(page, option, _YES)]
    marked = MarkState.TICKED in notes or any(_says_yes(page) for page in request.pages)
    return ClinicalNotes.MARKED if marked else None


def _says_yes(page: Page) -> bool:
    """Whether the answer to a question about notes is Yes: before its boxes, or right above or below the first of them."""
    questions = [run for run in (*lines_of(page), *runs_of(page)) if _NOTES_ASKED.search(run.text)]
    if not questions:
        return False
    for row in tick_rows(page):
        answers = [normal(" ".join(word.text for word in row.right(n)[:1])) for n in range(len(row.boxes))]
        for n, (box, answer) in enumerate(zip(row.boxes, answers, strict=True)):
            if answer != "yes" or answers[n + 1 : n + 2] != ["no"] or not any(_asks(run, box.box) for run in questions):
                continue
            if box.state is MarkState.TICKED and row.boxes[n + 1].state is MarkState.EMPTY:
                return True
    return False


def _asks(run: Line, box: Box) -> bool:
    """Whether a question is asked of the box: it ends before it on its line, or begins with it on the line above or below."""
    words = [word for word in run.words if any(letter.isalpha() for letter in word.text)]
    if run.box.on_row_of(box):
        before = [word for word in words if word.box.right <= box.left + 0.01]
        return bool(before) and box.left - before[-1].box.right < _BESIDE and _NOTES_ASKED.search(_text(before)) is not None
    if abs(run.box.y - box.y) > _LINE_AWAY * max(run.box.height, box.height):
        return False
    starts = [n for n, word in enumerate(words) if abs(word.box.left - box.left) < _BELOW]
    return bool(starts) and _NOTES_ASKED.match(_text(words[starts[0] :])) is not None


def _text(words: list[Word]) -> str:
    return " ".join(word.text for word in words)
