"""The entries of a form's sections: request, member, providers, codes."""

from __future__ import annotations

from random import Random

from tests.faxes import values, wordings
from tests.faxes.content import Case, Line, Person, Provider
from tests.faxes.layouts.fields import Entry, Option
from tests.faxes.layouts.plan import Codes, Dates, Plan, Units
from tests.faxes.layouts.tables import Column
from tests.faxes.style import Style
from tests.faxes.values import Day

_KINDS = ("new", "amendment", "extension", "cancellation")
_URGENCIES = ("routine", "urgent", "retroactive")
_ORDINALS = ("Primary", "Secondary", "Tertiary", "Fourth")


def choice(rng: Random, group: str, keys: tuple[str, ...], chosen: str | None, label: str, as_text: bool) -> Entry:
    """A question with one answer, to tick or to write."""
    named = {key: wordings.pick(rng, "labels", f"options/{group}/{key}") for key in keys}
    if as_text:
        return Entry(label, named[chosen] if chosen else "", 0.2)
    return Entry(label, "", 0.2, tuple(Option(named[key], key == chosen) for key in keys))


def request_entries(rng: Random, case: Case, plan: Plan, style: Style, sectioned: bool) -> list[Entry]:
    """Kind, urgency, date, authorization number."""
    entries = []
    if plan.ask_kind:
        keys = tuple(k for k in _KINDS if k in ("new", case.kind) or rng.random() < 0.75)
        entries.append(choice(rng, "kind", keys, case.kind, wordings.label(rng, "request.kind", False), plan.kind_as_text))
    if plan.ask_urgency:
        keys = tuple(k for k in _URGENCIES if k != "retroactive" or k == case.urgency or rng.random() < 0.7)
        entries.append(
            choice(rng, "urgency", keys, case.urgency, wordings.label(rng, "request.urgency", False), plan.urgency_as_text)
        )
    entries.append(Entry(wordings.label(rng, "request.requested_on", sectioned), style.day(case.requested_on), 0.2))
    if case.authorization_number or case.kind != "new" or rng.random() < 0.6:
        entries.append(Entry(wordings.label(rng, "request.authorization_number", sectioned), case.authorization_number or "", 0.26))
    if rng.random() < 0.3:
        entries = entries[2:] + entries[:2]
    return entries


def member_entries(rng: Random, case: Case, plan: Plan, style: Style, sectioned: bool) -> list[Entry]:
    """Who the request is for."""
    member = case.member

    def label(name: str) -> str:
        return wordings.label(rng, f"member.{name}", sectioned)

    who = Person(member.last_name or "", member.first_name or "", member.middle)
    entries: list[Entry] = []
    if plan.split_member or not member.first_name:
        names = [Entry(label("last_name"), who.last, 0.28), Entry(label("first_name"), who.first, 0.24)]
        entries += names if rng.random() < 0.8 else names[::-1]
        if rng.random() < 0.5:
            entries.append(Entry(label("middle"), who.middle, 0.08))
    elif plan.last_first:
        entries.append(Entry(label("full_last_first"), f"{who.last}, {who.first}" + (f" {who.middle}" if who.middle else ""), 0.42))
    else:
        entries.append(
            Entry(
                label("full_first_last"), f"{who.first} {who.middle} {who.last}" if who.middle else f"{who.first} {who.last}", 0.4
            )
        )
    rest = [
        Entry(label("date_of_birth"), style.day(member.date_of_birth), 0.2),
        Entry(label("member_id"), member.member_id or "", 0.27, comb=_comb(plan, member.member_id, 12)),
    ]
    if plan.sex:
        words = {key: wordings.pick(rng, "labels", f"options/sex/{key}") for key in "FM"}
        options = (
            ()
            if plan.sex_as_text
            else tuple(Option(words[key], key == member.sex) for key in (("F", "M") if rng.random() < 0.5 else ("M", "F")))
        )
        rest.append(Entry(label("sex"), words[member.sex] if member.sex and plan.sex_as_text else "", 0.12, options))
    if plan.member_phone:
        rest.append(Entry(label("phone"), style.phone(member.phone), 0.22))
    rng.shuffle(rest)
    if plan.extras:
        extra = rng.choice(("address", "group_number", "mrn"))
        rest.insert(
            rng.randrange(len(rest) + 1), Entry(label(extra), case.extras[f"member.{extra}"], 0.55 if extra == "address" else 0.16)
        )
    return entries + rest


def provider_entries(rng: Random, case: Case, plan: Plan, style: Style, role: str, sectioned: bool) -> list[Entry]:
    """A provider's block; ``role`` is requesting or servicing."""
    who = case.requesting if role == "requesting" else case.servicing

    def label(name: str) -> str:
        return wordings.label(rng, f"{role}.{name}", sectioned)

    rest = [Entry(label("npi"), who.npi or "", 0.2, comb=_comb(plan, who.npi, 10))]
    if plan.tins:
        rest.append(Entry(label("tin"), style.tin(who.tin), 0.18))
    if plan.phones:
        rest.append(Entry(label("phone"), style.phone(who.phone), 0.22))
    rest.append(Entry(label("fax"), style.phone(who.fax), 0.22))
    if role == "requesting" and plan.contact:
        rest.append(Entry(label("contact"), who.contact or "", 0.26))
    if role == "servicing" and plan.facility:
        rest.append(Entry(label("facility"), who.facility or "", 0.42))
    if plan.extras and rng.random() < 0.7:
        extra = rng.choice(("specialty", "address"))
        rest.append(Entry(label(extra), case.extras[f"{role}.{extra}"], 0.5 if extra == "address" else 0.22))
    if rng.random() < 0.5:
        rng.shuffle(rest)
    return _names(plan, style, who, label("name")) + rest


def _names(plan: Plan, style: Style, who: Provider, label: str) -> list[Entry]:
    if plan.split_provider and who.person is not None:
        return [
            Entry(f"{label} - Last", who.person.last, 0.26),
            Entry("First", f"{who.person.first} {who.person.middle}".strip() + ("." if who.person.middle else ""), 0.2),
        ]
    return [Entry(label, style.provider(who, plan.last_first), 0.42)]


def pcp_entries(rng: Random, case: Case, style: Style, sectioned: bool) -> list[Entry]:
    """The primary care provider, whose values are nobody else's."""

    def label(name: str) -> str:
        return wordings.label(rng, f"pcp.{name}", sectioned)

    entries = [Entry(label("name"), case.pcp.name or "", 0.34), Entry(label("npi"), case.pcp.npi or "", 0.2)]
    entries.append(Entry(label("phone"), style.phone(case.pcp.phone), 0.22))
    if rng.random() < 0.4:
        entries.append(Entry(label("fax"), style.phone(case.pcp.fax), 0.22))
    return entries[: rng.randrange(2, len(entries) + 1)]


def decoy_entries(rng: Random, section: str, style: Style) -> list[Entry]:
    """One or two questions whose answers are no part of the record."""
    if section not in wordings.keys("labels", "decoys"):
        return []
    known = wordings.groups("labels", f"decoys/{section}")
    return [_decoy(rng, label, options, style) for label, *options in rng.sample(known, rng.choice((1, 1, 2)))]


def _decoy(rng: Random, label: str, options: list[str], style: Style) -> Entry:
    if options:
        chosen = rng.choice((*options, ""))
        return Entry(label, "", 0.2, tuple(Option(option, option == chosen) for option in options))
    answers = {
        "Facility NPI": values.npi(rng),
        "Facility Tax ID": style.tin(values.tin(rng)),
        "Date of onset": style.day(Day(2025, rng.randrange(1, 13), rng.randrange(1, 29))),
        "Date last seen": style.day(Day(2025, rng.randrange(1, 13), rng.randrange(1, 29))),
        "Language": rng.choice(("English", "Spanish", "Hmong")),
        "DEA #": f"B{rng.choice('ABCDE')}{rng.randrange(1000000, 9999999)}",
        "License #": f"A{rng.randrange(10000, 99999)}",
        "Frequency": rng.choice(("2x/week", "weekly", "once")),
    }
    return Entry(label, answers.get(label, str(rng.randrange(2, 90))), 0.2)


def _comb(plan: Plan, value: str | None, cells: int) -> tuple[int, ...]:
    plain = "".join(c for c in value or "" if c.isalnum())
    return (max(cells, len(plain)),) if plan.combs and plain == (value or "") else ()


# -- codes
def diagnosis_entries(rng: Random, case: Case, plan: Plan) -> list[Entry]:
    """Diagnoses in one cell, or in numbered slots."""
    codes = [code for code, _ in case.diagnoses]
    entries = []
    if plan.diagnoses is Codes.CELL:
        joint = rng.choice((", ", "; ", " / ", " "))
        entries.append(Entry(wordings.label(rng, "diagnoses.codes", False), joint.join(codes), 0.5))
    else:
        form = wordings.pick(rng, "labels", "diagnoses/slot/own")
        for n in range(rng.choice((3, 4, 4))):
            label = form.format(n=n + 1, ordinal=_ORDINALS[n])
            entries.append(Entry(label, codes[n] if n < len(codes) else "", 0.22))
    if plan.descriptions:
        entries.append(
            Entry(wordings.label(rng, "diagnoses.text", False), (case.diagnoses[0][1] or "") if case.diagnoses else "", 0.7)
        )
    return entries


def diagnosis_columns(rng: Random, case: Case, plan: Plan) -> list[Column]:
    """Diagnoses as a table."""
    columns = [Column(wordings.pick(rng, "labels", "columns/icd"), 0.2, tuple(code for code, _ in case.diagnoses))]
    if plan.descriptions:
        columns.append(
            Column(wordings.pick(rng, "labels", "columns/icd_text"), 0.7, tuple(words or "" for _, words in case.diagnoses))
        )
    if rng.random() < 0.3:
        columns.reverse()
    if rng.random() < 0.35:
        columns.insert(
            0, Column(wordings.pick(rng, "labels", "columns/number"), 0.06, tuple(f"{n}." for n in range(1, 7)), printed=True)
        )
    return columns


def service_cell(line: Line, units: bool) -> str:
    """One service as it stands in a cell with others."""
    code = f"{line.code}-{line.modifiers[0]}" if line.modifiers else line.code
    return f"{code} x {line.units}" if units and line.units is not None else code


def service_entries(rng: Random, case: Case, plan: Plan) -> list[Entry]:
    """Services in one cell."""
    joint = rng.choice((", ", "; ", ", "))
    cell = joint.join(service_cell(line, plan.units is Units.LINE) for line in case.services)
    entries = [Entry(wordings.label(rng, "services.codes", False), cell, 0.62)]
    if plan.descriptions and case.services:
        entries.append(Entry(wordings.label(rng, "services.text", False), case.services[0].description or "", 0.5))
    return entries


def service_columns(rng: Random, case: Case, plan: Plan, style: Style) -> list[Column]:
    """Services as a table, or as the columns of numbered slots."""

    def column(name: str, weight: float, values: list[str]) -> Column:
        return Column(wordings.pick(rng, "labels", f"columns/{name}"), weight, tuple(values))

    lines = case.services
    columns = [column("code", 0.15, [line.code for line in lines])]
    if plan.modifiers:
        columns.append(column("modifiers", 0.1, [", ".join(line.modifiers or ()) for line in lines]))
    if plan.units is Units.LINE:
        columns.append(column("units", 0.09, ["" if line.units is None else str(line.units) for line in lines]))
    if plan.descriptions:
        columns.insert(rng.choice((0, 1, len(columns))), column("text", 0.38, [line.description or "" for line in lines]))
    if plan.dates is Dates.LINE:
        columns.append(column("from_date", 0.17, [style.day(line.from_date) for line in lines]))
        columns.append(column("to_date", 0.17, [style.day(line.to_date) for line in lines]))
    elif plan.dates is Dates.LINE_RANGE:
        joint = rng.choice((" - ", " to ", " thru "))
        columns.append(column("dates", 0.3, [date_range(style, line, joint) for line in lines]))
    if rng.random() < 0.15:
        columns.append(column("frequency", 0.12, []))
    if rng.random() < 0.25:
        columns = columns[1:2] + columns[:1] + columns[2:]
    if rng.random() < 0.3:
        columns.insert(
            0, Column(wordings.pick(rng, "labels", "columns/number"), 0.05, tuple(f"{n}" for n in range(1, 8)), printed=True)
        )
    return columns


def date_range(style: Style, line: Line, joint: str) -> str:
    """Both dates of a line in one place."""
    return joint.join(text for text in (style.day(line.from_date), style.day(line.to_date)) if text)


def period_entries(rng: Random, case: Case, plan: Plan, style: Style) -> list[Entry]:
    """Dates and units that the form asks for once."""
    line = case.services[0] if case.services else Line("", None, (), None, None, None)
    entries = []
    if plan.dates in (Dates.REQUEST, Dates.START_ONLY):
        entries.append(Entry(wordings.label(rng, "request.from_date", False), style.day(line.from_date), 0.24))
        if plan.dates is Dates.REQUEST:
            entries.append(Entry(wordings.label(rng, "request.to_date", False), style.day(line.to_date), 0.24))
    elif plan.dates is Dates.REQUEST_RANGE:
        entries.append(
            Entry(
                wordings.label(rng, "request.date_range", False),
                date_range(style, line, rng.choice((" - ", " to ", " thru "))),
                0.4,
            )
        )
    if plan.units is Units.REQUEST:
        entries.append(Entry(wordings.label(rng, "request.units", False), "" if line.units is None else str(line.units), 0.2))
    return entries
