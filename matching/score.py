"""How probable it is that two requests are the same, or that one changes the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.facts import Facts
from matching.signs import OTHER, SAME, Signs, agreeing, amends_signs, member_signs, request_signs
from matching.weights import Weights, weights

_SURE = 0.999
_LEVELS = ((_SURE, "sure"), (0.9, "likely"), (0.1, "doubtful"))
_MEMBER_SIGNS = 2
_TELLING = ("member_id", "last_name", "first_name", "date_of_birth", "codes", "from_dates", "changes")


@dataclass(frozen=True, slots=True)
class Scored:
    """A probability, and the signs it follows from. ``contradicted``: a sign speaks so plainly against it that it is never sure."""

    probability: float
    signs: Signs
    contradicted: bool

    @property
    def is_refuted(self) -> bool:
        """Whether a value that says which request it is says that it is another one."""
        return any(self.signs.get(name) == OTHER for name in _TELLING)

    @property
    def because(self) -> list[str]:
        """The signs that agree."""
        return agreeing(self.signs)


def member_level(probability: float) -> str:
    """The probability that two are about the same person, as a level of a sign."""
    return next((level for least, level in _LEVELS if probability >= least), "no")


def same_request(one: Facts, other: Facts, by: Weights) -> Scored:
    """Whether ``one`` is the same request as the earlier ``other``: the same person, and of theirs the same request."""
    member = member_signs(one, other)
    request = request_signs(one, other)
    probability = by.member.probability(member) * by.request.probability(request)
    return Scored(probability, {**member, **request}, _is_another_person(member))


def amends(one: Facts, others: Sequence[Facts], by: Weights) -> list[Scored]:
    """Which of ``others`` a change is about: one of them at most, so that two that fit as well leave each other half."""
    told = []
    for other in others:
        member = member_signs(one, other)
        level = member_level(by.member.probability(member))
        signs = amends_signs(one, other, level)
        told.append((signs, {**member, **signs}, _is_another_person(member)))
    odds = [_odds(by.amends.probability(signs)) for signs, _, _ in told]
    whole = 1.0 + sum(odds)
    return [Scored(own / whole, _shown(signs), against) for own, (_, signs, against) in zip(odds, told, strict=True)]


def granted_for(authorization: Facts, requests: Sequence[Facts], by: Weights | None = None) -> int | None:
    """The place of the one request that an authorization was surely given for: the same person, codes, days and provider.

    ``None`` where there is no such request, or more than one.
    """
    using = by or weights()
    fit = []
    for n, request in enumerate(requests):
        scored = same_request(authorization, request, using)
        agrees = scored.signs["codes"] == SAME and scored.signs["from_dates"] == SAME
        asked = scored.signs["requesting_provider"] in (SAME, "misread", "office")
        if agrees and asked and not scored.contradicted and using.member.probability(member_signs(authorization, request)) >= _SURE:
            fit.append(n)
    return fit[0] if len(fit) == 1 else None


def _odds(probability: float) -> float:
    return probability / max(1.0 - probability, 1e-12)


def _shown(signs: Signs) -> dict[str, str]:
    return {name: level for name, level in signs.items() if name != "member"}


def _is_another_person(signs: Signs) -> bool:
    """Whether too little of the person agrees for a sure link: twins have all but the first name in common, families the number."""
    agree = sum(signs[name] in ("same", "misread") for name in signs)
    return (
        signs["first_name"] == OTHER or agree < _MEMBER_SIGNS or (signs["member_id"] == OTHER and signs["date_of_birth"] == OTHER)
    )
