"""The changes that an amendment or an extension states, as label, as words and as lines of a change form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.faxes import values, wordings
from tests.faxes.content import Case, Change, Line, provider
from tests.faxes.style import Style
from tests.faxes.values import Day

REPLACED = (
    "services.code",
    "services.modifiers",
    "services.units",
    "services.from_date",
    "services.to_date",
    "diagnoses.code",
    "servicing_provider.name",
    "servicing_provider.npi",
)
ADDED = ("services.code", "services.modifiers", "services.units", "diagnoses.code")
REMOVED = ("services.code", "services.modifiers", "diagnoses.code")


def amendments(rng: Random, case: Case, in_columns: bool = False) -> tuple[Change, ...]:
    """One to three changes of different fields; ``in_columns`` leaves out what two columns cannot say without doubt."""
    changes: list[Change] = []
    for _ in range(rng.choices((1, 2, 3), (55, 35, 10))[0]):
        action = rng.choices(("replace", "add", "remove"), (80, 11, 9) if in_columns else (58, 23, 19))[0]
        name = rng.choice({"replace": REPLACED, "add": ADDED, "remove": REMOVED}[action])
        if name in {change.field for change in changes} or (in_columns and (action, name) == ("add", "services.units")):
            continue
        if not changes or not in_columns or action == "replace":
            changes += _change(rng, case, action, name)
    return tuple(changes) or tuple(_change(rng, case, "replace", "services.to_date"))


def stated_beside_form(rng: Random, case: Case) -> tuple[Change, ...]:
    """Changes told in the comment of a full form, whose other fields hold the request after the change."""
    names = ["servicing_provider.npi", "servicing_provider.name"]
    names += ["diagnoses.code"] if len(case.diagnoses) == 1 else []
    names += ["services.code"] if len(case.services) == 1 else []
    names += (
        ["services.to_date"]
        if case.services and all(line.to_date == case.services[0].to_date for line in case.services) and case.services[0].to_date
        else []
    )
    changes = []
    for name in rng.sample(names, rng.choice((1, 1, 2))):
        held, other = _pair(rng, case, case.services[0], name, "replace")
        changes.append(Change("replace", name, other, held, case.services[0].code))
    return tuple(changes)


def extension(rng: Random, case: Case) -> tuple[Change, ...]:
    """A new end date, more visits, or both."""
    line = _line(rng, case)
    old = line.to_date or line.from_date
    new = _later(old or Day(2026, 9, 1), rng.randrange(28, 120))
    stated = old if rng.random() < 0.45 else None
    end = Change("replace", "services.to_date", stated, new, line.code)
    more = Change("add", "services.units", None, rng.choice((4, 6, 8, 10, 12, 16, 20, 24)), line.code)
    return rng.choices(((end, more), (end,), (more,)), (50, 35, 15))[0]


def _line(rng: Random, case: Case) -> Line:
    return rng.choice(case.services)


def _later(day: Day, days: int) -> Day:
    start = day.real or date(2026, 6, 1)
    return Day.of(start + timedelta(days=days))


def _change(rng: Random, case: Case, action: str, name: str) -> list[Change]:
    line = _line(rng, case)
    old, new = _pair(rng, case, line, name, action)
    found = [Change(action, name, None if action == "add" else old, None if action == "remove" else new, line.code)]
    if name == "servicing_provider.name" and rng.random() < 0.6:
        found.append(Change("replace", "servicing_provider.npi", case.servicing.npi, values.npi(rng), line.code))
    return found


def _pair(rng: Random, case: Case, line: Line, name: str, action: str) -> tuple[str | int | Day | None, str | int | Day | None]:
    """The value before and the value after."""
    if name == "services.code":
        return line.code, _other(
            rng,
            [str(r["code"]) for f in wordings.keys("codes", "family") for r in wordings.rows("codes", f"family/{f}/services")],
            line.code,
        )
    if name == "diagnoses.code":
        held = case.diagnoses[0][0] if case.diagnoses else "I10"
        known = [code for f in wordings.keys("codes", "family") for code, _ in wordings.groups("codes", f"family/{f}/diagnoses")]
        return held, _other(rng, known, held)
    if name == "services.modifiers":
        held = rng.choice(("RT", "LT", "50", "59", "25", "GP", "NU", "RR", "26"))
        return held, {"RT": "LT", "LT": "RT"}.get(held) or _other(rng, ["50", "59", "76", "TC", "GO", "KX"], held)
    if name == "services.units":
        held_units = rng.choice((4, 6, 8, 12))
        return held_units, rng.choice((4, 6, 8, 10)) if action == "add" else held_units + rng.choice((2, 4, 6, 12))
    if name == "servicing_provider.name":
        return case.servicing.name, provider(rng, rng.random() < 0.6).name
    if name == "servicing_provider.npi":
        return case.servicing.npi, values.npi(rng)
    held_day = (line.from_date if name == "services.from_date" else line.to_date) or line.from_date or Day(2026, 8, 3)
    return held_day, _later(held_day, rng.randrange(5, 60))


def _other(rng: Random, choices: list[str], than: str) -> str:
    return rng.choice([c for c in choices if c != than])


# -- as words
def shown(value: str | int | Day | None, style: Style) -> str:
    """A value as this sender writes it."""
    if value is None:
        return ""
    return style.day(value) if isinstance(value, Day) else str(value)


def sentence(rng: Random, change: Change, style: Style, extending: bool) -> str:
    """The change in one sentence."""
    path = f"{change.action}/{change.field}"
    if extending and change.field == "services.to_date":
        path = "extend/services.to_date" if change.old is not None else "extend/services.to_date.open"
    forms = wordings.words("letters", f"sentences/{path}")
    return rng.choice(forms).format(old=shown(change.old, style), new=shown(change.new, style), code=change.code)


def with_changes(case: Case, changes: tuple[Change, ...]) -> Case:
    """The request that states these changes."""
    return replace(case, changes=changes)


# -- as values that were struck out
def struck_out(rng: Random, case: Case, style: Style) -> dict[str, str]:
    """By a value of a full form the old one that is struck out before it: stated changes, else slips of the pen."""
    if case.kind == "amendment":
        return {shown(change.new, style): shown(change.old, style) for change in case.changes}
    slips = {
        case.requesting.npi: values.npi(rng),
        case.servicing.npi: values.npi(rng),
        case.member.member_id: values.member_id(rng),
    }
    return {right: wrong for right, wrong in slips.items() if right is not None}


def as_corrected(case: Case, corrected: set[str], style: Style) -> Case:
    """The request as its form states it: only changes that there was room for are stated; without any they are missing."""
    stated = tuple(change for change in case.changes if shown(change.new, style) in corrected)
    gaps = case.gaps if stated else (*case.gaps, ("amendments", "missing"))
    return replace(case, changes=stated, gaps=gaps)
