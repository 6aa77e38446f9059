"""A whole request form: its head, its sections in some order, its signature and what the plan prints around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.faxes import values, wordings
from tests.faxes.content import Case, place
from tests.faxes.layouts import blocks
from tests.faxes.layouts.fields import Entry, Frame, draw_entries, section_title
from tests.faxes.layouts.plan import Codes, Plan
from tests.faxes.layouts.tables import draw_table
from tests.faxes.sheet import WIDTH, Sheet
from tests.faxes.style import Look, Style

_TABLE_ROOM, _SIGNATURE_ROOM = 150.0, 62.0  # points that a table with its title, and a signature, need
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


class FormPainter:
    """Draws one request as one form."""

    def __init__(self, sheet: Sheet, case: Case, plan: Plan, rng: Random) -> None:
        self._sheet, self._case, self._plan, self._rng = sheet, case, plan, rng
        self._style: Style = sheet.style
        self._frame = Frame(self._style.margin, WIDTH - 2 * self._style.margin)
        self._decoys = rng.choice((0.0, 0.0, 0.25, 0.5))
        self._number = 0
        self._entry_number = 0

    def draw(self) -> None:
        """The form, on as many pages as it takes."""
        rng, plan = self._rng, self._plan
        self._head()
        self._sheet.running_head = f"{self._case.member.first_name or ''} {self._case.member.last_name or ''}".strip()
        early = rng.random() < 0.85
        if early:
            self._section(
                "request", blocks.request_entries(rng, self._case, plan, self._style, plan.sectioned), titled=rng.random() < 0.4
            )
        parts: list[Callable[[], None]] = [self._member, self._providers]
        if rng.random() < 0.2:
            parts.reverse()
        joint = plan.diagnoses is Codes.TABLE and plan.services is Codes.TABLE and rng.random() < 0.18
        codes: list[Callable[[], None]] = [self._joint_table] if joint else [self._diagnoses, self._services]
        if rng.random() < 0.2:
            codes.reverse()
        parts = parts + codes if rng.random() < 0.88 else codes + parts
        if plan.pcp:
            parts.insert(rng.randrange(1, len(parts)), self._pcp)
        for part in parts:
            part()
        if not early:
            self._section("request", blocks.request_entries(rng, self._case, plan, self._style, plan.sectioned), titled=True)
        self._comments()
        self._signature()
        if plan.plan_use:
            self._plan_use()
        self._foot()
        self._sheet.running_head = ""

    # -- parts
    def _head(self) -> None:
        sheet, rng, left = self._sheet, self._rng, self._frame.left
        plan_name, title = place(rng, "plan"), wordings.pick(rng, "notices", "titles")
        size, centred = rng.uniform(12, 17), rng.random() < 0.5
        sheet.y += size
        if centred:
            sheet.centred(sheet.y, plan_name, size, bold=True)
            sheet.y += size
            sheet.centred(sheet.y, title, size * 0.8, bold=rng.random() < 0.5)
        elif rng.random() < 0.5:
            sheet.text(left, sheet.y, plan_name, size * 0.85, bold=True, limit=self._frame.width * 0.45)
            width = min(self._frame.width * 0.5, sheet.width(title, size * 0.8, bold=True))
            sheet.text(left + self._frame.width - width, sheet.y, title, size * 0.8, bold=True, limit=width)
        else:
            sheet.text(left, sheet.y, title, size, bold=True)
            sheet.y += size * 0.8
            sheet.text(left, sheet.y, plan_name, size * 0.65)
        self._numbers(centred)
        if rng.random() < 0.7:
            sheet.paragraph(left, wordings.pick(rng, "notices", "instructions"), self._style.label_size, self._frame.width)
        if rng.random() < 0.35:
            sheet.paragraph(
                left, wordings.pick(rng, "notices", "urgent"), self._style.label_size, self._frame.width, bold=rng.random() < 0.4
            )
        sheet.y += 6
        if rng.random() < 0.4:
            sheet.line(left, sheet.y, left + self._frame.width, sheet.y, 1.2)
            sheet.y += 4

    def _numbers(self, centred: bool) -> None:
        """The plan's own telephone and fax numbers."""
        rng, sheet, left = self._rng, self._sheet, self._frame.left
        fax, phone = (self._style.phone(values.phone(rng)) for _ in range(2))
        forms = (
            f"Fax completed form to: {fax}   Questions? {phone}",
            f"FAX: {fax} (Standard) | {phone} (Urgent)",
            f"Return to Utilization Management at {fax}",
            f"UM fax {fax}  -  Tel. {phone}",
        )
        text, size = rng.choice(forms), self._style.label_size + 0.5
        sheet.y += size * 1.6
        if centred:
            sheet.centred(sheet.y, text, size)
        else:
            sheet.text(left, sheet.y, text, size)

    def _member(self) -> None:
        plan = self._plan
        self._section("member", blocks.member_entries(self._rng, self._case, plan, self._style, plan.sectioned))

    def _providers(self) -> None:
        rng, plan, sheet = self._rng, self._plan, self._sheet
        roles = ["requesting", "servicing"] if rng.random() < 0.9 else ["servicing", "requesting"]
        if not plan.side_by_side:
            for role in roles:
                self._section(role, blocks.provider_entries(rng, self._case, plan, self._style, role, plan.sectioned))
            return
        if not sheet.left(200):
            sheet.new_page()
        top, lowest, gap = sheet.y, sheet.y, 12.0
        width = (self._frame.width - gap) / 2
        for n, role in enumerate(roles):
            sheet.y = top
            frame = Frame(self._frame.left + n * (width + gap), width)
            self._section(role, blocks.provider_entries(rng, self._case, plan, self._style, role, True), frame=frame)
            lowest = max(lowest, sheet.y)
        sheet.y = lowest

    def _pcp(self) -> None:
        plan = self._plan
        self._section("pcp", blocks.pcp_entries(self._rng, self._case, self._style, plan.sectioned))

    def _diagnoses(self) -> None:
        rng, plan = self._rng, self._plan
        if plan.diagnoses is not Codes.TABLE:
            self._section("diagnoses", blocks.diagnosis_entries(rng, self._case, plan))
            return
        self._title("diagnoses", room=_TABLE_ROOM)
        columns = blocks.diagnosis_columns(rng, self._case, plan)
        draw_table(self._sheet, self._frame, columns, max(len(self._case.diagnoses), rng.choice((2, 3, 4))))

    def _services(self) -> None:
        rng, plan, case, style = self._rng, self._plan, self._case, self._style
        period = blocks.period_entries(rng, case, plan, style)
        first = bool(period) and rng.random() < 0.4
        if plan.services is Codes.CELL:
            cell = blocks.service_entries(rng, case, plan)
            self._section("services", period + cell if first else cell + period)
            return
        self._title("services", room=_TABLE_ROOM)
        if first:
            draw_entries(self._sheet, self._frame, period, rng)
        columns = blocks.service_columns(rng, case, plan, style)
        if plan.services is Codes.SLOTS:
            for row in range(rng.choice((3, 3, 4))):
                slot = [
                    Entry(f"{c.heading} {row + 1}", c.values[row] if row < len(c.values) else "", c.weight * 1.05)
                    for c in columns
                    if not c.printed
                ]
                draw_entries(self._sheet, self._frame, slot, rng)
        else:
            draw_table(self._sheet, self._frame, columns, max(len(case.services), rng.choice((3, 4, 5))))
        if period and not first:
            draw_entries(self._sheet, self._frame, period, rng)

    def _joint_table(self) -> None:
        """Services and the diagnoses that support them in one table, which need not have as many of each."""
        rng, case, plan, style = self._rng, self._case, self._plan, self._style
        self._title("combined", room=_TABLE_ROOM)
        services = blocks.service_columns(rng, case, plan, style)
        diagnoses = [column for column in blocks.diagnosis_columns(rng, case, plan) if not column.printed]
        columns = services + diagnoses if rng.random() < 0.7 else diagnoses + services
        # "Code" alone would be two columns of one name
        columns = [replace(c, heading="ICD-10") if c in diagnoses and c.heading == "Code" else c for c in columns]
        rows = max(len(case.services), len(case.diagnoses), rng.choice((3, 4)))
        draw_table(self._sheet, self._frame, columns, rows)
        period = blocks.period_entries(rng, case, plan, style)
        if period:
            draw_entries(self._sheet, self._frame, period, rng)

    def _comments(self) -> None:
        rng, sheet, comment = self._rng, self._sheet, self._case.comment
        if not comment or (not self._case.changes and rng.random() < 0.3):
            return
        label, left, width = wordings.label(rng, "request.comments", False), self._frame.left, self._frame.width
        lines = len(sheet.wrapped(self._style.written(comment), self._style.value_size * 0.92, width - 10, value=True))
        height = self._style.label_size + 8 + max(2, lines) * self._style.value_size * 1.3
        if not sheet.left(height + _SIGNATURE_ROOM):
            if not self._case.changes:
                return
            sheet.new_page()
        sheet.y += 4
        top = sheet.y
        sheet.text(left + 3, top + self._style.label_size + 2, label, self._style.label_size, bold=rng.random() < 0.4)
        sheet.y = top + self._style.label_size + 3
        if sheet.fillable:
            sheet.value(left + 4, sheet.y + 16, comment, width - 8, height=16)
        else:
            sheet.prose(left + 5, comment, width - 10)
        if self._style.look in (Look.CELL, Look.ABOVE, Look.BOX, Look.GRID):
            sheet.rect(left, top, width, height)
        sheet.y = top + height + 2

    def _signature(self) -> None:
        rng, sheet, case, left, width = self._rng, self._sheet, self._case, self._frame.left, self._frame.width
        if not sheet.left(_SIGNATURE_ROOM):
            sheet.new_page()
        sheet.y += 3
        if rng.random() < 0.6:
            sheet.paragraph(left, wordings.pick(rng, "notices", "attest"), self._style.label_size, width)
        base = sheet.y + 26
        date_at = left + width * 0.68
        label, dated = wordings.label(rng, "sign.signature", False), wordings.label(rng, "sign.signed_on", False)
        taken = sheet.text(left, base, f"{label}:", self._style.label_size) + 5
        sheet.line(left + taken, base + 2, date_at - 12, base + 2)
        date_taken = sheet.text(date_at, base, f"{dated}:", self._style.label_size) + 5
        sheet.line(date_at + date_taken, base + 2, left + width, base + 2)
        if case.signed and sheet.fillable:
            sheet.value(left + taken + 4, base, f"/s/ {case.requesting.name}", date_at - left - taken - 20)
        elif case.signed:
            sheet.scribble(left + taken + 12, base, rng.uniform(60, 120))
        sheet.value(date_at + date_taken + 3, base, self._style.day(case.signed_on), left + width - date_at - date_taken - 4)
        sheet.y = base + 8

    def _plan_use(self) -> None:
        """A box for the plan, perhaps filled: nothing in it belongs to the request."""
        rng, sheet, left, width = self._rng, self._sheet, self._frame.left, self._frame.width
        if not sheet.left(46):
            return
        names = rng.choice(wordings.groups("notices", "plan_fields"))
        filled = rng.random() < 0.5
        day = self._style.day(self._case.requested_on)
        decoys = (
            values.authorization_number(rng),
            day,
            day if "to" in names[2] else rng.choice(("JRM", "KL", "TB")),
            rng.choice(("Pended", "Approved", "Received")),
        )
        sheet.y += 4
        sheet.rect(left, sheet.y, width, 38)
        sheet.centred(sheet.y + 10, wordings.pick(rng, "notices", "plan_use"), self._style.label_size, bold=True)
        for n, (name, decoy) in enumerate(zip(names, decoys, strict=True)):
            x = left + 6 + n * width / 4
            sheet.text(x, sheet.y + 21, name, self._style.label_size, limit=width / 4 - 8)
            if filled:
                sheet.text(x, sheet.y + 33, decoy, 8.5, limit=width / 4 - 8)
        sheet.y += 42

    def _foot(self) -> None:
        if self._rng.random() < 0.6 and self._sheet.left(18):
            self._sheet.paragraph(self._frame.left, wordings.pick(self._rng, "notices", "footers"), 6.5, self._frame.width)

    # -- helpers
    def _section(self, name: str, entries: list[Entry], titled: bool = True, frame: Frame | None = None) -> None:
        if titled:
            self._title(name, frame)
        if self._decoys and self._rng.random() < self._decoys and frame is None:
            entries = entries + blocks.decoy_entries(self._rng, name, self._style)
        if self._style.numbered_labels:
            entries = [self._numbered(entry) for entry in entries]
        if self._style.star:
            entries = [
                Entry(e.label + "*" if self._rng.random() < 0.6 else e.label, e.value, e.share, e.options, e.comb) for e in entries
            ]
        draw_entries(self._sheet, frame or self._frame, entries, self._rng)

    def _numbered(self, entry: Entry) -> Entry:
        self._entry_number += 1
        return Entry(f"{self._entry_number:02d} {entry.label}", entry.value, entry.share, entry.options, entry.comb)

    def _title(self, name: str, frame: Frame | None = None, room: float = 60) -> None:
        if not self._plan.sectioned and frame is None:
            self._sheet.y += 3
            return
        if not self._sheet.left(room):
            self._sheet.new_page()
        text = wordings.pick(self._rng, "labels", f"titles/{name}")
        section_title(
            self._sheet,
            frame or self._frame,
            self._mark() + (text.upper() if self._style.upper_labels or self._style.look is Look.CELL else text),
        )

    def _mark(self) -> str:
        """The section's number as this form counts."""
        form = self._style.numbering
        if not form:
            return ""
        self._number += 1
        roman, letter = _ROMAN[self._number - 1], "ABCDEFGHIJ"[self._number - 1]
        if "A." in form:
            return form.replace("A.", f"{letter}.")
        if "1" in form:
            return form.replace("1", str(self._number))
        return form.replace("I.", f"{roman}.").replace(" I -", f" {roman} -")
