"""What it takes to settle flagged faxes: a scripted coordinator does so through the real review page, by keys alone.

::

    python -m benchmarks.keystrokes FOLDER [--limit N] [--read FOLDER] [--out FILE]

reads the labelled faxes of a folder with the real service, then goes through every question of every record that waits: a value
that is as the label says, but for capitals and punctuation, is accepted; any other one is chosen where the page offers it, and else
typed as the label has it, a date by its digits alone. It prints a table of keystrokes and seconds, and with ``--each`` every wrong
value's field with its keys. A key with Ctrl or Alt held counts as one. What is asked again, because the desk had refused it, counts
with its first answer. The seconds are those of the page, from the first key of an answer until the next question has the focus;
nobody thinks in between.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect, sync_playwright  # noqa: A004 - playwright's own

from tests.desk.browser.harness import NO_CHROMIUM, WAIT_MS, Desk, Person, launched
from tests.intake.harness import Site

_MOST_QUESTIONS = 150
_PATIENCE_MS = 4000
_LISTS = ("diagnoses", "services", "amendments")


@dataclass(frozen=True, slots=True)
class Answer:
    """One question that was settled: ``typed`` are the characters of the value, ``keys`` all keys that were pressed."""

    path: str
    right: bool
    keys: int
    typed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Fax:
    """One record that was settled; ``seconds`` from its first question to that of the next."""

    answers: tuple[Answer, ...]
    seconds: float


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="labelled faxes: NAME.ext beside NAME.truth.json")
    parser.add_argument("--limit", type=int, default=12, help="how many faxes, in the order of their names")
    parser.add_argument("--out", type=Path, help="a file to write the table to")
    parser.add_argument("--read", type=Path, help="a folder that keeps what was read, for the next run")
    parser.add_argument("--each", action="store_true", help="print the field and the keys of every wrong value, too")
    given = parser.parse_args()
    labels = sorted(given.folder.glob("*.truth.json"))[: given.limit]
    with tempfile.TemporaryDirectory() as folder:
        faxes = _measured(labels, given.read or Path(folder) / "read", Path(folder))
    table = "\n".join(_table(faxes))
    print(table)
    for one in (answer for fax in faxes for answer in fax.answers if given.each and (not answer.right or answer.keys > 1)):
        print(f"{one.path}: {one.keys} keys, {one.typed} of them the value's own")
    if given.out:
        given.out.write_text(table + "\n", encoding="utf-8")
    return 0


def _measured(labels: list[Path], read: Path, folder: Path) -> list[Fax]:
    told = {label: json.loads(label.read_text(encoding="utf-8")) for label in labels}
    if not read.exists():
        site = Site(read)
        for label, one in told.items():
            site.drop(one["document"], (label.parent / one["document"]).read_bytes())
        site.start("--drain", standin=False).communicate()
    truths = {one["document"]: one["requests"] for one in told.values()}
    desk = Desk.started(read, folder / "desk")
    try:
        with sync_playwright() as playwright:
            browser = launched(playwright)
            if browser is None:
                sys.exit(NO_CHROMIUM)
            expect.set_options(timeout=WAIT_MS)
            person = Person.at(desk, browser, "coordinator")
            return list(_settled(desk, person, truths))
    finally:
        desk.close()


def _settled(desk: Desk, person: Person, truths: dict[str, list[dict[str, Any]]]) -> Iterator[Fax]:
    page = person.page
    waiting = desk.waiting()
    if not waiting:
        return
    page.goto(f"/records/{waiting[0]}")
    for _ in waiting:
        _wait_for_question(page)
        began = time.monotonic()
        record_id = page.url.rpartition("/")[2].partition("?")[0]
        read = desk.newest(record_id)
        truth = _label_of(read, truths)
        if truth is None:
            page.keyboard.press("Alt+x")
            page.keyboard.press("Enter")
            answers: tuple[Answer, ...] = ()
        else:
            answers = tuple(_answers(page, read, truth))
            page.keyboard.press("Control+Enter")
        page.wait_for_function("id => !location.pathname.endsWith(id)", arg=record_id)
        if page.url.endswith("/queue"):
            yield Fax(answers, time.monotonic() - began)
            return
        _wait_for_question(page)
        yield Fax(answers, time.monotonic() - began)


def _wait_for_question(page: Page) -> None:
    expect(page.locator("#facts .tag").first).to_be_visible()


def _label_of(read: dict[str, Any], truths: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
    """The labelled request that a record is of: that with which it shares most pages."""
    pages = set(read["source"]["pages"])
    found = [(len(pages & set(one["pages"])), one) for one in truths[read["source"]["file_name"]]]
    best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def _answers(page: Page, read: dict[str, Any], truth: dict[str, Any]) -> list[Answer]:
    """Answer whatever has the focus until nothing is asked any more."""
    answers: dict[str, Answer] = {}
    for _ in range(_MOST_QUESTIONS):
        if page.locator(".question").count() == 0:
            break
        path: str | None = page.evaluate("document.activeElement.dataset.path ?? null")
        if path is None:
            page.keyboard.press("Control+ArrowDown")
            continue
        now, before = _answer(page, path, _wanted(path, read, truth)), answers.get(path)
        if before is not None:
            now = replace(before, keys=before.keys + now.keys, seconds=before.seconds + now.seconds)
        answers[path] = now
    return list(answers.values())


def _answer(page: Page, path: str, wanted: str | None) -> Answer:
    shown = "" if path in _LISTS else page.evaluate("document.activeElement.value ?? ''")
    right = wanted is None or _plain(wanted) == _plain(shown)
    began = time.monotonic()
    keys, typed = 1, 0
    if right:
        page.keyboard.press("Enter")
    elif choice := _choice(page, wanted):
        page.keyboard.press(f"Alt+{choice}")
    elif not wanted:
        page.keyboard.press("Control+Delete")
    else:
        page.keyboard.type(wanted)
        page.keyboard.press("Enter")
        keys, typed = 1 + len(wanted), len(wanted)
    try:
        page.wait_for_function("path => document.activeElement.dataset.path !== path", arg=path, timeout=_PATIENCE_MS)
    except TimeoutError:
        # What the label gives is no value of the field: the form has it so, and it stays a gap.
        page.keyboard.press("Enter")
        page.wait_for_function("path => document.activeElement.dataset.path !== path", arg=path)
        keys += 1
    return Answer(path, right, keys, typed, time.monotonic() - began)


def _choice(page: Page, wanted: str | None) -> int | None:
    """The number at which the page offers a value."""
    offered = page.locator("#choices .choice").evaluate_all("all => all.map(one => one.dataset.choice)")
    found = [number for number, text in enumerate(offered, start=1) if wanted and _plain(text) == _plain(wanted)]
    return found[0] if found else None


def _wanted(path: str, read: dict[str, Any], truth: dict[str, Any]) -> str | None:
    """What the label has at a path, as it is typed; ``None`` where it does not say, or what is shown is as good."""
    value: Any = truth
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    if path in _LISTS:
        # The code of a row that was not read is typed; nothing else of that row is asked.
        missing = value[len(read[path]) :] if path != "amendments" else []
        return str(missing[0]["code"]) if missing else None
    return _written(value)


def _written(value: object) -> str:
    if value is None:
        return ""
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value)):
        return f"{day[2]}{day[3]}{day[1]}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).removeprefix("+1") if str(value).startswith("+1") else str(value)


def _plain(text: str) -> str:
    """A value without how it is written: Doe, J. and doe j are one, and so are 02/17/2026 and 02172026."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _table(faxes: list[Fax]) -> Iterator[str]:
    answers = [one for fax in faxes for one in fax.answers]
    yield f"{len(faxes)} records settled, {len(answers)} questions."
    yield "| answers | how many | keys, mean | keys, most | keys beside the value's own, most | s, median | s, 95 % |"
    yield "|---|---|---|---|---|---|---|"
    for title, some in (("right", [a for a in answers if a.right]), ("wrong", [a for a in answers if not a.right])):
        if some:
            beside = max(one.keys - one.typed for one in some)
            seconds = sorted(one.seconds for one in some)
            late = seconds[min(len(seconds) - 1, round(0.95 * len(seconds)))]
            keys = [one.keys for one in some]
            yield (
                f"| {title} | {len(some)} | {statistics.mean(keys):.1f} | {max(keys)} | {beside} | "
                f"{statistics.median(seconds):.2f} | {late:.2f} |"
            )
    per_fax = sorted(fax.seconds for fax in faxes)
    yield f"A whole record, with completing it and the next one open: {statistics.median(per_fax):.1f} s in the median."


if __name__ == "__main__":
    sys.exit(main())
