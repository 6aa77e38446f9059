"""Forms that change, extend or cancel an authorization: a table of what is on file and what it should be."""

from __future__ import annotations

from random import Random

from tests.faxes import changes as changing
from tests.faxes import values, wordings
from tests.faxes.content import Case, Change, place
from tests.faxes.layouts import blocks
from tests.faxes.layouts.fields import Entry, Frame, Option, draw_entries, section_title
from tests.faxes.layouts.plan import Plan
from tests.faxes.layouts.tables import Column, draw_table
from tests.faxes.sheet import WIDTH, Sheet


class ChangePainter:
    """Draws one change request."""

    def __init__(self, sheet: Sheet, case: Case, plan: Plan, rng: Random) -> None:
        self._sheet, self._case, self._plan, self._rng = sheet, case, plan, rng
        self._frame = Frame(sheet.style.margin, WIDTH - 2 * sheet.style.margin)

    def draw(self) -> None:
        """The form, on one page."""
        rng, case, plan, style = self._rng, self._case, self._plan, self._sheet.style
        self._head()
        draw_entries(self._sheet, self._frame, self._top(), rng)
        self._title(wordings.pick(rng, "labels", "titles/member"))
        draw_entries(self._sheet, self._frame, blocks.member_entries(rng, case, plan, style, True), rng)
        self._title(wordings.pick(rng, "labels", "titles/requesting"))
        draw_entries(self._sheet, self._frame, blocks.provider_entries(rng, case, plan, style, "requesting", True), rng)
        # more visits have a line of their own: in two columns they could be taken for the new total
        more = tuple(c for c in case.changes if c.action == "add" and c.field == "services.units")
        apart = case.changes if more and all(c.old is None for c in case.changes) else more
        self._table(tuple(c for c in case.changes if c not in apart))
        if apart or rng.random() < 0.4:
            self._extension(apart)
        self._sign()

    def _head(self) -> None:
        sheet, rng = self._sheet, self._rng
        size = rng.uniform(12, 16)
        sheet.y += size
        sheet.text(self._frame.left, sheet.y, place(rng, "plan"), size, bold=True)
        sheet.y += size
        sheet.text(self._frame.left, sheet.y, wordings.pick(rng, "labels", "change/titles"), size * 0.85)
        sheet.paragraph(
            self._frame.left,
            f"Use this form only for an authorization that was already issued. Fax to {sheet.style.phone(values.phone(rng))}.",
            sheet.style.label_size,
            self._frame.width,
        )
        sheet.y += 10

    def _top(self) -> list[Entry]:
        rng, case, style = self._rng, self._case, self._sheet.style
        kinds = blocks.choice(
            rng, "kind", ("amendment", "extension", "cancellation"), case.kind, wordings.label(rng, "request.kind", False), False
        )
        entries = [
            Entry(wordings.label(rng, "request.authorization_number", False), case.authorization_number or "", 0.34),
            Entry(wordings.label(rng, "request.requested_on", True), style.day(case.requested_on), 0.2),
            kinds,
        ]
        if self._plan.ask_urgency:
            entries.append(
                blocks.choice(
                    rng, "urgency", ("routine", "urgent"), case.urgency, wordings.label(rng, "request.urgency", False), False
                )
            )
        return entries

    def _table(self, changes: tuple[Change, ...]) -> None:
        rng, style = self._rng, self._sheet.style
        self._title(wordings.pick(rng, "labels", "change/sections"))
        names = [name for name in changing.REPLACED if name in {c.field for c in changes} or rng.random() < 0.85]
        if rng.random() < 0.3:
            rng.shuffle(names)
        by_field = {change.field: change for change in changes}
        items = tuple(wordings.pick(rng, "labels", f"change/items/{name}") for name in names)
        old = tuple(changing.shown(by_field[name].old, style) if name in by_field else "" for name in names)
        new = tuple(self._after(by_field[name]) if name in by_field else "" for name in names)
        before, after = rng.choice(wordings.groups("labels", "change/columns"))
        if rng.random() < 0.25:
            for item, was, now in zip(items, old, new, strict=True):
                tick = Entry("", "", 0.16, (Option(item, bool(was or now)),))
                draw_entries(self._sheet, self._frame, [tick, Entry(before, was, 0.36), Entry(after, now, 0.36)], rng)
            return
        columns = [
            Column(wordings.pick(rng, "labels", "change/item"), 0.3, items, printed=True),
            Column(before, 0.35, old),
            Column(after, 0.35, new),
        ]
        draw_table(self._sheet, self._frame, columns, len(items))

    def _after(self, change: Change) -> str:
        if change.action == "remove":
            return self._rng.choice(("", "remove", "delete", "none"))
        return changing.shown(change.new, self._sheet.style)

    def _extension(self, changes: tuple[Change, ...]) -> None:
        rng, style = self._rng, self._sheet.style
        self._title(wordings.pick(rng, "labels", "change/extension"))
        by_field = {change.field: change for change in changes}
        end, units = by_field.get("services.to_date"), by_field.get("services.units")
        entries = [
            Entry(wordings.pick(rng, "labels", "change/new_end"), changing.shown(end.new, style) if end else "", 0.35),
            Entry(wordings.pick(rng, "labels", "change/more_units"), changing.shown(units.new, style) if units else "", 0.35),
        ]
        draw_entries(self._sheet, self._frame, entries, rng)

    def _sign(self) -> None:
        sheet, rng, left = self._sheet, self._rng, self._frame.left
        base = sheet.y + 30
        taken = sheet.text(left, base, wordings.label(rng, "sign.signature", False) + ":", sheet.style.label_size) + 6
        if self._case.signed:
            sheet.scribble(left + taken + 8, base, rng.uniform(60, 110))
        sheet.line(left + taken, base + 2, left + self._frame.width * 0.6, base + 2)
        dated = sheet.text(
            left + self._frame.width * 0.65, base, wordings.label(rng, "sign.signed_on", False) + ":", sheet.style.label_size
        )
        sheet.value(left + self._frame.width * 0.65 + dated + 5, base, sheet.style.day(self._case.signed_on), 110)
        sheet.y = base + 12

    def _title(self, text: str) -> None:
        section_title(self._sheet, self._frame, text)
