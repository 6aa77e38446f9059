"""What the check-boxes of one field say together."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.options import Option
from models.page import MarkState


@dataclass(frozen=True, slots=True)
class Choice:
    """What the boxes of one field say. ``value`` is ``None`` where none or several are ticked."""

    path: str
    value: str | None
    also: tuple[str, ...]
    options: tuple[Option, ...]
    doubtful: bool

    @property
    def ticked(self) -> tuple[Option, ...]:
        """The options that are ticked, or may be."""
        return tuple(option for option in self.options if option.box.state is not MarkState.EMPTY)


def choose(options: tuple[Option, ...], path: str) -> Choice | None:
    """The choice for a field; ``None`` where the form has no boxes for it.

    One ticked box is a choice. Two that contradict each other, or one that may be a tick, are a doubt and never a guess.
    """
    mine = tuple(option for option in options if option.path == path)
    if not mine:
        return None
    ticked = [option for option in mine if option.box.state is MarkState.TICKED]
    unclear = [option for option in mine if option.box.state is MarkState.AMBIGUOUS]
    values = {option.value for option in ticked}
    if len(values) == 1:
        return Choice(path, ticked[0].value, ticked[0].also, mine, doubtful=bool(unclear))
    if not values and len({option.value for option in unclear}) == 1:
        return Choice(path, unclear[0].value, unclear[0].also, mine, doubtful=True)
    return Choice(path, None, (), mine, doubtful=bool(ticked or unclear))
