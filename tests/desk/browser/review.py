"""The review page as a person uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.desk.browser.harness import Person


@dataclass(frozen=True, slots=True)
class Review:
    """One person's review page of one record."""

    person: Person
    record_id: str

    @classmethod
    def of(cls, person: Person, record_id: str) -> Review:
        """Open the page of a record, and wait until it is shown."""
        person.page.goto(f"/records/{record_id}")
        review = cls(person, record_id)
        expect(person.page.locator("#facts .tag").first).to_be_visible()
        review.settled_down()
        return review

    @property
    def page(self) -> Page:
        return self.person.page

    def settled_down(self) -> None:
        """Wait until everything that was entered is kept."""
        expect(self.page.locator("#saved")).not_to_have_text("Saving …")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        self.page.keyboard.type(text)

    def field(self, path: str) -> Locator:
        """The field at a path."""
        return self.page.locator(f'#record [data-path="{path}"]')

    def go_to(self, path: str) -> Locator:
        """Put the focus into a field."""
        field = self.field(path)
        field.focus()
        return field

    def focus_path(self) -> str | None:
        """The path of the field that has the focus."""
        path: str | None = self.page.evaluate("document.activeElement.dataset.path ?? null")
        return path

    def expect_focus(self, path: str) -> None:
        """Wait until a field has the focus."""
        expect(self.field(path)).to_be_focused()

    def work(self) -> dict[str, Any]:
        """The record as the desk has it now, with what was entered."""
        self.settled_down()
        answer = self.person.context.request.get(f"/api/records/{self.record_id}/work")
        assert answer.ok, answer.text()
        told: dict[str, Any] = answer.json()
        return told

    def questions(self) -> list[str]:
        """The paths that are asked about, as the desk has them."""
        return [str(one["path"]) for one in self.work()["questions"]]

    def doubtful(self) -> str:
        """A doubtful reading of one field, which has a value and a place on its page."""
        work = self.work()
        fields = {field["path"] for section in work["sections"] for field in section["fields"]}
        found = [
            path
            for path, reading in work["record"]["readings"].items()
            if path in fields and reading["needs_review"] and reading["text"].strip() and reading["box"]
        ]
        assert found, "no doubtful reading to test with"
        return str(found[0])

    def settle_all(self) -> None:
        """Press Enter until nothing is left to settle."""
        for _ in range(80):
            if self.page.locator(".question").count() == 0:
                break
            self.press("Enter")
        expect(self.page.locator(".question")).to_have_count(0)
        self.settled_down()
