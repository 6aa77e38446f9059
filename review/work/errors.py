"""Why something cannot be done to a record. No message holds a value from a form."""

from __future__ import annotations


class DeskError(Exception):
    """The root; the message is for the person who asked."""


class UnknownRecord(DeskError):
    """There is no such record, or not any more."""

    def __init__(self) -> None:
        super().__init__("There is no such record.")


class HeldByOther(DeskError):
    """Somebody else works on the record."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} works on this fax. What you entered was not kept; ask {by}, or take the next one.")
        self.by = by


class Refused(DeskError):
    """What was entered cannot be kept."""


class Unsettled(DeskError):
    """The record cannot be completed: some readings were not looked at."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        count = len(paths)
        super().__init__(f"{count} doubtful value{'s are' if count > 1 else ' is'} not settled yet.")
        self.paths = paths


class Changed(DeskError):
    """The record was changed since it was looked at."""

    def __init__(self) -> None:
        super().__init__("The record was changed since you opened it. It is shown as it stands now; please look again.")


class LetterError(DeskError):
    """Why something cannot be done with a letter."""


class NoLetter(LetterError):
    """There is no such letter, and nothing to ask for in one."""

    def __init__(self) -> None:
        super().__init__("There is no such letter, or nothing that a letter could ask for.")


class LetterGone(LetterError):
    """The letter does not wait any more."""

    def __init__(self) -> None:
        super().__init__("This letter was released or withdrawn before.")


class LetterOutdated(LetterError):
    """The request does not lack the same any more."""

    def __init__(self) -> None:
        super().__init__("The request does not lack the same any more. Propose a new letter.")


class NoNumber(LetterError):
    """No fax number of the office is known."""

    def __init__(self) -> None:
        super().__init__("No fax number of the office is known. Enter one to release the letter.")
