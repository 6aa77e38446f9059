"""Progress of long work, on standard error and only where a person watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A bar where standard error is a terminal; elsewhere only what is said."""

    bar: Progress
    task: TaskID

    def advance(self) -> None:
        """One more is done."""
        self.bar.advance(self.task)

    def say(self, text: str) -> None:
        """Write a line above the bar."""
        self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress_of(total: int) -> Iterator[ProgressView]:
    """A view of work on ``total`` files; a single file, or no terminal, gets no bar."""
    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True, disable=total == 1 or not console.is_terminal)
    with bar:
        yield ProgressView(bar, bar.add_task("files", total=total))
