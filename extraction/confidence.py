"""How sure a reading is: its evidence as a probability.

A logistic model for values that were read, and one for fields where nothing was read. The weights are shared by all kinds of
fields; each kind has its own bias and its own deviations where the labelled data is rich enough to tell them. They are fitted by
``python -m benchmarks.calibration`` and stored, with their provenance, in ``data/confidence.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from math import exp, log, log1p

import yaml

from extraction.evidence import changes_in_context, with_context
from models.evidence import Evidence, Origin, SecondLook
from models.page import Page
from models.reading import AmendmentReading, FieldReading

MODELS = ("read", "reread", "absent")
"""The models of the data file."""

_GROUPS: dict[str, tuple[str, ...]] = {
    "member_names": ("last_name", "first_name"),
    "provider_names": ("name", "contact"),
    "facilities": ("facility",),
    "ids": ("member_id", "authorization_number"),
    "npi": ("npi",),
    "tin": ("tin",),
    "phones": ("phone", "fax"),
    "dates": ("date_of_birth", "requested_on", "signed_on"),
    "service_dates": ("from_date", "to_date"),
    "modifiers": ("modifiers",),
    "units": ("units",),
    "kind": ("kind",),
    "choices": ("urgency", "sex", "present"),
    "text": ("description",),
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
_CODES = {"diagnoses": "icd10", "services": "procedures"}
# A word confidence of 1 says no more than one of 0.997.
_SOFT = 0.003
_MOST_COUNTED = 3
_MOST_UNCLAIMED = 5
# As dark as a spot with letters in it: 77 of 83 blank places of faxes without a word stay under two thirds of it.
_DARK = 0.3
# No labelled form tells what a stroke is worth: until one does, a value beside it is no better than a guess.
_GUESS = 0.5
# A label that asks for something else and only may mean the field, such as the number of a facility for that of its provider.
_BORROWED = 0.5
# A rival with this share of the winner's score is as good.
_TIE = 0.95
# What one person has one of: of 11 such readings with a rival as good on eight seen sets, 6 were the other provider's.
_ONE_EACH = frozenset({"npi", "tin", "phones"})


def group_of(path: str) -> str:
    """The kind of field at a path of the record: fields of one kind err alike."""
    head, _, rest = path.partition(".")
    name = rest.rpartition(".")[2]
    if head == "amendments":
        return "amendments"
    return _CODES[head] if name in ("code", "") else _GROUP_OF[name]


def judged_with(path: str, evidence: Evidence) -> str:
    """The group whose weights judge a reading: its kind of field; where nothing was read, the field itself.

    Values of a kind are misread alike, but each field is left blank or asked for by habits of its own: most forms have a contact's
    telephone number and few a contact's name.
    """
    if evidence.origin is not Origin.ABSENT:
        return group_of(path)
    head, _, rest = path.partition(".")
    return f"{head}.{rest.rpartition('.')[2]}" if rest else head


def features(evidence: Evidence) -> dict[str, float]:
    """The evidence as the numbers that the model weighs; all of them 0 for the plainest reading there is."""
    return _absent_features(evidence) if evidence.origin is Origin.ABSENT else _read_features(evidence)


def _doubt(confidence: float) -> float:
    """0 for certainty, 1 for a confidence of 0.95, 2 for none: engines tell 0.99 from 0.95 better than 0.5 from 0.4."""
    return log((1.0 - confidence + _SOFT) / _SOFT) / log((1.0 + _SOFT) / _SOFT) * 2.0


def _read_features(e: Evidence) -> dict[str, float]:
    found = {
        "place": -log(max(e.place, 0.05)),
        "label": 1.0 - e.label,
        "target": 1.0 - e.target,
        "coverage": 1.0 - e.coverage,
        "untitled": float(not e.titled),
        "rival": min(e.rival, 1.0),
        "has_rival": float(e.rival > 0.0),
        "tied": float(e.rival > _TIE),
        "supported": float(min(e.supported, _MOST_COUNTED)) / _MOST_COUNTED,
        "unfit": 1.0 - e.fit,
        "odd": float(e.odd),
        "invalid": float(not e.valid),
        "implausible": float(not e.plausible),
        "ambiguous": float(e.ambiguous),
        "empty": float(e.empty),
        "empty_ambiguous": float(e.empty and e.ambiguous),
        "undescribed": 1.0 - e.described if e.described is not None else 0.0,
        "described": float(e.described is not None),
        f"direction_{e.direction or 'none'}": 1.0,
        f"origin_{e.origin}": 1.0,
        "several_words": float(e.words > 1),
        "strays": float(min(e.strays, _MOST_COUNTED)) / _MOST_COUNTED,
        "unfilled": float(min(e.unfilled, _MOST_COUNTED)) / _MOST_COUNTED,
        "unread": float(min(e.unread, _MOST_COUNTED)) / _MOST_COUNTED,
        **_unclaimed(e),
        "siblings": e.siblings,
        "repaired_exact" if e.exact else "repaired": float(e.repaired),
    }
    return found if e.exact else found | _letter_features(e)


def _unclaimed(e: Evidence) -> dict[str, float]:
    """Values that belong to nothing; on a fax some of them are its noise."""
    share = min(e.unclaimed, _MOST_UNCLAIMED) / _MOST_UNCLAIMED
    return {"unclaimed_exact" if e.exact else "unclaimed": share, "several_unclaimed": float(e.unclaimed > 1)}


def _letter_features(e: Evidence) -> dict[str, float]:
    """What makes letters doubtful that an engine has read."""
    weakest = _doubt(e.weakest)
    found = {
        "read": 1.0,
        "weakest": weakest,
        "weakest_squared": weakest * weakest,
        "mean": _doubt(e.mean),
        "letters": log1p(e.letters) / log(10.0),
        "page_mean": _doubt(e.page_mean),
        "page_doubtful": e.page_doubtful,
        "peers": _doubt(e.peers),
        "peers_weakest": _doubt(e.peers) * weakest,
    }
    if e.second is SecondLook.NOT_ASKED:
        return found
    again = _doubt(e.again)
    return found | {
        f"second_{e.second}": 1.0,
        f"second_{e.second}_weakest": weakest,
        f"second_{e.second}_again": again,
        "witnessed": float(e.witnessed),
        "switched": float(e.switched),
    }


def _absent_features(e: Evidence) -> dict[str, float]:
    return {
        "labelled": float(e.labelled),
        "untitled": float(not e.titled),
        "inked": float(e.labelled) * min(e.ink * 20.0, 1.0),
        "dark_spot": float(e.labelled) * min(e.peak / _DARK, 1.0),
        "worded": float(e.words > 0),
        "leftover": float(min(e.leftover, _MOST_COUNTED)) / _MOST_COUNTED,
        "siblings": e.siblings,
        "strays": float(min(e.strays, _MOST_COUNTED)) / _MOST_COUNTED,
        "unfilled": float(min(e.unfilled, _MOST_COUNTED)) / _MOST_COUNTED,
        "unread": float(min(e.unread, _MOST_COUNTED)) / _MOST_COUNTED,
        **_unclaimed(e),
        "filled": float(e.filled),
        "asked": float(e.asked),
        "asked_unlabelled": float(e.asked and not e.labelled),
        "asked_leftover": float(e.asked and e.leftover > 0),
        "labelled_siblings": float(e.labelled) * e.siblings,
        "unasked_exact": float(e.exact and not e.asked),
        "nothing_left_exact": float(e.exact and e.leftover == 0),
        "read": float(not e.exact),
        "page_mean": 0.0 if e.exact else _doubt(e.page_mean),
        "page_doubtful": 0.0 if e.exact else e.page_doubtful,
        "labelled_doubtful": 0.0 if e.exact else float(e.labelled) * e.page_doubtful,
        "ambiguous": float(e.ambiguous),
        f"origin_{'labelled' if e.labelled else 'unlabelled'}": 1.0,
    }


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the log-odds that a reading is right. ``groups`` are what a kind of field adds; the key ``bias`` is a constant."""

    weights: Mapping[str, float]
    groups: Mapping[str, Mapping[str, float]]

    def probability(self, group: str, found: Mapping[str, float]) -> float:
        """The probability that a reading with these features is right."""
        own = self.groups.get(group, {})
        score = self.weights.get("bias", 0.0) + own.get("bias", 0.0)
        score += sum(value * (self.weights.get(name, 0.0) + own.get(name, 0.0)) for name, value in found.items())
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


@lru_cache(maxsize=1)
def models() -> dict[str, Model]:
    """The shipped models by name: ``read``, ``reread`` for values that got a second look, ``absent``."""
    raw = yaml.safe_load(files("extraction").joinpath("data/confidence.yaml").read_text(encoding="utf-8"))
    return {name: Model(raw[name]["weights"], raw[name]["groups"]) for name in MODELS}


def model_of(evidence: Evidence) -> str:
    """The name of the model that judges a reading with this evidence."""
    if evidence.origin is Origin.ABSENT:
        return "absent"
    return "read" if evidence.second is SecondLook.NOT_ASKED else "reread"


def probability(path: str, evidence: Evidence) -> float:
    """How probable it is that the value read for the path is right; where nothing was read, that there is none."""
    found = models()[model_of(evidence)].probability(judged_with(path, evidence), features(evidence))
    return min(found, _GUESS) if _is_guess(path, evidence) else found


def _is_guess(path: str, evidence: Evidence) -> bool:
    """Whether the value stands in its field for want of a better one, however surely it was read."""
    tied = evidence.rival > _TIE and group_of(path) in _ONE_EACH
    # An organization that answers "Place of service" is the facility: 22 of 27 are, and all 17 typed into a text layer.
    borrowed = evidence.target <= _BORROWED and group_of(path) != "facilities"
    return evidence.struck or borrowed or tied


def judge(readings: tuple[FieldReading, ...], pages: tuple[Page, ...]) -> tuple[FieldReading, ...]:
    """The readings of a request with all their evidence and the confidence that follows from it.

    Args:
        readings: all readings of one request, those of nothing too.
        pages: all pages that came with it.
    """
    return tuple(judged(reading) for reading in with_context(readings, pages))


def judge_changes(
    changes: tuple[AmendmentReading, ...], readings: tuple[FieldReading, ...], pages: tuple[Page, ...]
) -> tuple[AmendmentReading, ...]:
    """The stated changes of a request, likewise; ``readings`` are its fields."""
    return tuple(
        replace(change, confidence=probability("amendments", change.evidence))
        for change in changes_in_context(changes, readings, pages)
    )


def judged(reading: FieldReading) -> FieldReading:
    """The reading with the confidence that follows from its evidence."""
    return replace(reading, confidence=probability(reading.path, reading.evidence))
