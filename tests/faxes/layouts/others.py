"""Pages that are no request: cover sheets, chart notes, denials, junk."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.faxes import values, wordings
from tests.faxes.content import Case, full_name, person, place
from tests.faxes.sheet import WIDTH, Sheet
from tests.faxes.values import Day


def draw_cover(sheet: Sheet, case: Case, rng: Random, pages: int) -> None:
    """A cover sheet; its sender is an office, and its contact stands on no other page."""
    style, left = sheet.style, max(sheet.style.margin, 54.0)
    sheet.y += 34
    sheet.text(left, sheet.y, wordings.pick(rng, "notices", "cover_titles"), rng.uniform(18, 26), bold=True)
    sheet.y += 30
    rows = [
        ("TO:", place(rng, "plan")),
        ("FAX:", style.phone(values.phone(rng))),
        ("FROM:", case.practice),
        ("PHONE:", style.phone(values.phone(rng))),
        ("DATE:", style.day(case.requested_on)),
        ("PAGES:", f"{pages} including cover"),
        ("RE:", wordings.pick(rng, "notices", "cover_subjects")),
    ]
    for label, value in rows:
        sheet.text(left, sheet.y, label if rng.random() < 0.95 else label.title(), 11, bold=True)
        sheet.value(left + 90, sheet.y, value, 300)
        sheet.y += 22
    sheet.y += 20
    if rng.random() < 0.6:
        sheet.rect(left, sheet.y, WIDTH - 2 * left, 90)
        sheet.text(left + 5, sheet.y + 12, "Comments:", 9)
        sheet.y += 110
    sheet.paragraph(left, wordings.text("notices", "confidential"), 8, WIDTH - 2 * left)


def _past(rng: Random, case: Case) -> Day:
    asked = (case.requested_on.real if case.requested_on else None) or date(2026, 1, 5)
    return Day.of(asked - timedelta(days=rng.randrange(20, 700)))


def _slots(rng: Random, case: Case, sheet: Sheet) -> dict[str, str]:
    """Codes of other conditions, which the request does not ask for."""
    family = rng.choice([f for f in wordings.keys("codes", "family") if f != case.family])
    code, words = rng.choice(wordings.groups("codes", f"family/{family}/diagnoses"))
    service = rng.choice(wordings.rows("codes", f"family/{family}/services"))
    return {
        "dx": words,
        "dxcode": code,
        "svc": str(service["text"]).lower(),
        "svccode": str(service["code"]),
        "past": sheet.style.day(_past(rng, case)),
        "auth": values.authorization_number(rng),
    }


def draw_notes(sheet: Sheet, case: Case, rng: Random) -> None:
    """Chart notes with codes that were ruled out, resolved, considered or belong to the family."""
    style, left = sheet.style, max(sheet.style.margin, 50.0)
    width, member = WIDTH - 2 * left, case.member
    sheet.y += 18
    sheet.text(left, sheet.y, case.practice, 13, bold=True)
    sheet.text(
        left + width * 0.62, sheet.y, rng.choice(("Office visit", "Progress note", "Chart note", "History and physical")), 11
    )
    sheet.y += 8
    sheet.line(left, sheet.y, left + width, sheet.y)
    sheet.y += 8
    who = f"Patient: {member.last_name or ''}, {member.first_name or ''}   DOB: {style.day(member.date_of_birth)}"
    head = f"{who}   Visit date: {style.day(_past(rng, case))}   MRN: {rng.randrange(100000, 999999)}"
    sheet.paragraph(left, head, 9.5, width)
    parts = (
        ("Chief complaint", "complaint", 1),
        ("History", "history", 3),
        ("Medications", "medications", 1),
        ("Exam", "exam", 1),
        ("Assessment", "assessment", 2),
    )
    for title, key, count in parts:
        forms = rng.sample(wordings.words("notices", f"notes/{key}"), count)
        text = " ".join(form.format(**_slots(rng, case, sheet)) for form in forms)
        sheet.y += 8
        sheet.paragraph(left, f"{title}: {text}", 9.5, width)
    sheet.y += 26
    sheet.text(
        left,
        sheet.y,
        f"Electronically signed by {full_name(person(rng))}, MD on {style.day(_past(rng, case))}   NPI {values.npi(rng)}",
        9,
    )


def draw_denial(sheet: Sheet, case: Case, rng: Random) -> None:
    """A plan's denial, which mentions a service and a member and asks for nothing."""
    left = 58.0
    width = WIDTH - 2 * left
    sheet.y += 20
    sheet.text(left, sheet.y, place(rng, "plan"), 14, bold=True)
    sheet.y += 30
    sheet.text(left, sheet.y, wordings.pick(rng, "notices", "denial/titles"), 13, bold=True)
    sheet.y += 22
    for line in (
        f"Member: {case.member.first_name} {case.member.last_name}",
        f"Member ID: {case.member.member_id}",
        f"Date: {sheet.style.day(case.requested_on)}",
    ):
        sheet.text(left, sheet.y, line, 10)
        sheet.y += 13
    for form in rng.sample(wordings.words("notices", "denial/body"), 4):
        sheet.y += 8
        sheet.paragraph(left, form.format(**_slots(rng, case, sheet)), 10, width)


def draw_junk(sheet: Sheet, rng: Random) -> None:
    """An advertisement or a notice."""
    title, *lines = rng.choice(wordings.groups("notices", "junk/pages"))
    sheet.y += 60
    sheet.centred(sheet.y, title, 22, bold=True)
    sheet.y += 30
    for line in (*lines, f"Tel. {sheet.style.phone(values.phone(rng))}"):
        sheet.y += 12
        sheet.paragraph(70, line, 12, WIDTH - 140)


def draw_instructions(sheet: Sheet, rng: Random) -> None:
    """The page of instructions that some offices send with the form."""
    left = 54.0
    sheet.y += 24
    sheet.text(left, sheet.y, "Instructions for completing the request form", 14, bold=True)
    sheet.y += 12
    for key in ("instructions", "urgent", "attest", "footers"):
        for text in rng.sample(wordings.words("notices", key), 2):
            sheet.y += 7
            sheet.paragraph(left, text, 10, WIDTH - 2 * left)
