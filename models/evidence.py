"""What speaks for a reading and against it: the facts that its confidence is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """How a value came to its field."""

    LABEL = "label"
    CHOICE = "choice"
    WRITTEN_CHOICE = "written_choice"
    IMPLIED = "implied"
    PROSE = "prose"
    ABSENT = "absent"


class SecondLook(StrEnum):
    """What a second look at the value's place said."""

    NOT_ASKED = "not_asked"
    AGREED = "agreed"
    DIFFERED = "differed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for one reading.

    Shares and qualities are 0..1. Of the letters: ``exact`` says that they were typed into a text layer or a form field; else
    ``weakest`` and ``mean`` are the confidences of its ``words`` words (``letters`` letters and digits in all), ``second`` what a
    second look said, ``again`` its own least confidence, ``switched`` that its value stands in place of the first one, and
    ``witnessed`` whether another engine read the same there.

    Of the place: ``place`` is how sure it is by itself, ``direction`` where it lies from its label, ``label`` how well the label
    was understood, ``target`` how directly the label asks for the field, ``coverage`` the share of the place that the value
    fills, ``titled`` whether label or section title names the owner, ``rival`` the score of the best other value as a share of
    its own, ``supported`` how many other places say the same.

    Of the value: ``fit``, ``repaired`` and ``valid`` as in :class:`models.values.ValueReading`; ``odd`` says that a name has a form
    that names seldom have; ``described`` is how near the
    form's own description is to the code's, ``None`` where there is none; ``plausible`` is false for a date out of order;
    ``ambiguous`` says that check-boxes do not choose clearly, ``empty`` that what stands there is no value of the field,
    ``struck`` that a value beside it was struck out, and the stroke may have been meant for this one.

    Of the page: ``page_mean`` is the mean confidence of its words, ``page_doubtful`` the share of words that are hardly read.

    Of the request: ``peers`` is the mean over its other values of how surely each was read, which tells handwriting from print;
    ``siblings`` is the share of the same owner's fields that were read, ``strays`` how many telling numbers on the
    pages belong to no field, ``unfilled`` how many labels have words in their place that fit nothing, ``unread`` how many answers
    stand behind captions that nobody knows, ``unclaimed`` how many short runs of words look like values and belong to nothing.

    Of a field that nothing was read for (``Origin.ABSENT``): ``labelled`` says that a label asks for it, ``ink`` how dark its
    place is, ``peak`` how dark the darkest spot of it, ``words`` how many words stand there, ``leftover`` how many values of its
    kind on the pages belong to no field, ``filled`` says of a list that it has rows, ``asked`` that the pages ask for anything of
    whom the field is about, and ``titled`` is false in a letter, which has no labels.
    """

    origin: Origin = Origin.LABEL
    exact: bool = False
    weakest: float = 1.0
    mean: float = 1.0
    words: int = 1
    letters: int = 1
    second: SecondLook = SecondLook.NOT_ASKED
    again: float = 0.0
    switched: bool = False
    witnessed: bool = False
    place: float = 1.0
    direction: str = ""
    label: float = 1.0
    target: float = 1.0
    coverage: float = 1.0
    titled: bool = True
    rival: float = 0.0
    supported: int = 0
    fit: float = 1.0
    odd: bool = False
    repaired: bool = False
    valid: bool = True
    described: float | None = None
    plausible: bool = True
    ambiguous: bool = False
    empty: bool = False
    struck: bool = False
    page_mean: float = 1.0
    page_doubtful: float = 0.0
    labelled: bool = False
    ink: float = 0.0
    peak: float = 0.0
    leftover: int = 0
    peers: float = 1.0
    siblings: float = 0.0
    strays: int = 0
    unfilled: int = 0
    unread: int = 0
    unclaimed: int = 0
    filled: bool = False
    asked: bool = False


PLAIN = Evidence()
"""A reading of which nothing is known that speaks against it."""
