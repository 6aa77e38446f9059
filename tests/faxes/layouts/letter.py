"""Letters in prose that amend, extend or cancel an authorization."""

from __future__ import annotations

from random import Random

from tests.faxes import changes as changing
from tests.faxes import values, wordings
from tests.faxes.content import Case, address
from tests.faxes.sheet import WIDTH, Sheet


def draw_letter(sheet: Sheet, case: Case, rng: Random) -> None:
    """One letter on one page. Its prose is in the value face, as an office's letters are in one face."""
    style, left = sheet.style, max(sheet.style.margin, 54.0)
    width = WIDTH - 2 * left
    _letterhead(sheet, case, rng, left, width)
    sheet.y += 26
    sheet.text(left, sheet.y, style.day(case.requested_on), 10)
    sheet.y += 18
    for line in (wordings.pick(rng, "letters", "addressees"), f"Via fax {style.phone(values.phone(rng))}"):
        sheet.y += 12.5
        sheet.text(left, sheet.y, line, 10)
    sheet.y += 20
    _reference(sheet, case, rng, left)
    sheet.y += 14
    sheet.text(left, sheet.y, wordings.pick(rng, "letters", "greetings"), 10)
    sheet.y += 6
    for paragraph in _paragraphs(case, rng, sheet):
        sheet.y += 7
        sheet.paragraph(left, paragraph, 10, width)
    sheet.y += 26
    sheet.text(left, sheet.y, wordings.pick(rng, "letters", "closings"), 10)
    sheet.y += 30
    if case.signed:
        sheet.scribble(left + 6, sheet.y, rng.uniform(60, 110))
    who = case.requesting
    for line in (f"{who.name}, {who.credential}" if rng.random() < 0.7 else who.name or "", f"NPI {who.npi}" if who.npi else ""):
        sheet.y += 13
        sheet.text(left, sheet.y, line, 10)


def _letterhead(sheet: Sheet, case: Case, rng: Random, left: float, width: float) -> None:
    style, who = sheet.style, case.requesting
    tin = style.tin(who.tin)
    lines = [address(rng), f"Tel: {style.phone(who.phone)}", f"Fax: {style.phone(who.fax)}"] + ([f"TIN {tin}"] if tin else [])
    sheet.y += 18
    if rng.random() < 0.5:
        sheet.text(left, sheet.y, case.practice, 14, bold=True, limit=width * 0.55)
        for n, line in enumerate(lines):
            size = 8.5
            sheet.text(left + width - sheet.width(line, size), sheet.y + n * 11 - 4, line, size)
        sheet.y += 11 * len(lines)
    else:
        sheet.centred(sheet.y, case.practice, 15, bold=True)
        sheet.y += 14
        sheet.centred(sheet.y, rng.choice((" | ", " - ", "   ")).join(lines), 8.5)
    if rng.random() < 0.7:
        sheet.y += 8
        sheet.line(left, sheet.y, left + width, sheet.y, 1.0)


def _reference(sheet: Sheet, case: Case, rng: Random, left: float) -> None:
    member, style = case.member, sheet.style
    labels = rng.choice(wordings.groups("letters", "references"))
    name = f"{member.last_name}, {member.first_name}" if rng.random() < 0.3 else f"{member.first_name} {member.last_name}"
    shown = (name, style.day(member.date_of_birth), member.member_id or "", case.authorization_number or "")
    if rng.random() < 0.25:
        sheet.paragraph(
            left, "   ".join(f"{label} {value}" for label, value in zip(labels, shown, strict=True) if value), 9.5, WIDTH - 2 * left
        )
        sheet.y += 12
        return
    indent = max(sheet.width(label, 10, bold=True) for label in labels) + rng.uniform(10, 50)
    for label, value in zip(labels, shown, strict=True):
        if value:
            sheet.text(left, sheet.y, label, 10, bold=True)
            sheet.text(left + indent, sheet.y, value, 10)
            sheet.y += 14


def _paragraphs(case: Case, rng: Random, sheet: Sheet) -> list[str]:
    kind, style = case.kind, sheet.style
    name = f"{case.member.first_name} {case.member.last_name}"
    told = [wordings.pick(rng, "letters", f"open_{kind}").format(name=name)]
    told += [changing.sentence(rng, change, style, kind == "extension") for change in case.changes]
    filler = {"extension": "filler_extension", "cancellation": "filler_cancellation"}.get(kind, "filler")
    rest = rng.sample(wordings.words("letters", filler), rng.choice((1, 1, 2)))
    paragraphs = (
        [" ".join(told), " ".join(rest)] if rng.random() < 0.75 else [told[0], " ".join(told[1:]) or rest[0], " ".join(rest)]
    )
    if case.requesting.contact:
        paragraphs.append(
            wordings.pick(rng, "letters", "questions").format(
                contact=case.requesting.contact, phone=style.phone(case.requesting.phone)
            )
        )
    return paragraphs
