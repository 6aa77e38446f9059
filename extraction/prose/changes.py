"""The changes that sentences ask for: acts, roles and values put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from extraction.prose.cues import any_of, prose_data
from extraction.prose.durations import prolonged
from extraction.prose.groups import FIELDS, changes_of_act, field_of
from extraction.prose.items import Item, ItemKind, Sentence
from extraction.prose.provider_names import with_names
from extraction.prose.resolve import DOUBTFUL, Change, Loose, added_or_removed
from extraction.prose.roles import Placed, Role, place_values

_ON_IT = re.compile(
    r"\s+(?:it|them|both|this|that|these|those)\b|(?:\s+(?:from|to)\s+(?:the|this|our)\s+\w+)?\s*[.!]?\s*$", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\s+(?:(?:the|this|that|our|above|prior|existing|approved|entire|attached|following|referenced)\s+)*"
    r"(?:authorization|auth|request|referral|approval|pa)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\binstead\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"\W*(?:\w+ )?(?:cpt|hcpcs|code|dx|icd[-\w]*|mod|modifier|npi|units|visits|dos)\b[^:=.]{0,20}[:=]", re.IGNORECASE
)
_WAITING = 6
"""How many old values wait for their new one; a letter that lists more is a table."""


def changes_in(sentences: Iterable[Sentence]) -> tuple[Change, ...]:
    """All changes, in order, none twice."""
    changes: list[Change] = []
    waiting: list[Loose] = []
    before: tuple[Placed, ...] = ()
    for sentence in sentences:
        named = with_names(sentence)
        placed = place_values(named)
        found, loose = _in_sentence(named, placed, before)
        found = [_exchanged(change, placed) for change in found]
        found += _set_against(sentence, loose)
        changes, loose = _told_after(changes, loose, any_new=bool(found))
        if not any(change.field == "services.to_date" for change in found):
            found += prolonged(sentence, [*waiting, *loose])
        found, waiting = _paired(found, [*waiting, *loose][-_WAITING:])
        changes += found
        before = () if found else placed
    return _distinct(changes)


def _distinct(changes: list[Change]) -> tuple[Change, ...]:
    seen: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.action, change.field, change.old and change.old.value, change.new and change.new.value)
        if key not in seen:
            seen[key] = change
    full = {(c.field, c.new.value) for c in seen.values() if c.old is not None and c.new is not None}
    return tuple(
        c for c in seen.values() if not (c.action == "replace" and c.old is None and c.new and (c.field, c.new.value) in full)
    )


def _exchanged(change: Change, placed: tuple[Placed, ...]) -> Change:
    """A removal with what is to be used for it in the same sentence as one change: "remove M20.11 and use M20.12"."""
    if change.action != "remove" or change.old is None:
        return change
    used = (each.item for each in placed if each.act is not None and each.act.name == "use" and not each.act.barred)
    fits = (item for item in used if FIELDS.get(item.name) == change.field and item.value != change.old.value)
    new = next((item for item in fits if item.start > change.old.end), None)
    return change if new is None else replace(change, action="replace", new=new, end=max(change.end, new.end))


def _set_against(sentence: Sentence, loose: list[Loose]) -> list[Change]:
    """What was given and what is needed, said in one sentence: "approved for 6 visits and needs 12".

    Of codes, what is needed may be one more; only "instead" says that it is not.
    """
    found: list[Change] = []
    for new in (each for each in loose if each.role is Role.NEW):
        old = next((each for each in loose if each.role is Role.OLD and each.field == new.field), None)
        sure = _INSTEAD.search(sentence.text) is not None
        if old is not None and old.item.value != new.item.value and (sure or new.field == "services.units"):
            start, end = min(old.item.start, new.item.start), max(old.item.end, new.item.end)
            found.append(Change("replace", new.field, old.item, new.item, None, start, end, 0.8 if sure else DOUBTFUL))
    return found


def _told_after(changes: list[Change], loose: list[Loose], *, any_new: bool) -> tuple[list[Change], list[Loose]]:
    """An old value told right after its new one, as in "New DOS: 4/9/26. Old DOS: 4/2/26"."""
    last = changes[-1] if changes and not any_new else None
    old = next((each for each in loose if last is not None and each.role is Role.OLD and each.field == last.field), None)
    if last is None or old is None or last.action != "replace" or last.old is not None or last.new is None:
        return changes, loose
    if old.item.value == last.new.value or any(each.role is Role.NEW for each in loose):
        return changes, loose
    told = replace(last, old=old.item, end=max(last.end, old.item.end), evidence=0.8)
    return [*changes[:-1], told], [each for each in loose if each is not old]


def _paired(found: list[Change], waiting: list[Loose]) -> tuple[list[Change], list[Loose]]:
    """Give a change that names only the new value the old one of an earlier sentence."""
    done: list[Change] = []
    left = list(waiting)
    for change in found:
        old = next((each for each in left if each.field == change.field and each.role is Role.OLD), None)
        fits = change.action == "replace" and change.old is None and change.new is not None and old is not None
        if fits and old is not None and change.new is not None and old.item.value != change.new.value:
            left.remove(old)
            done.append(replace(change, old=old.item, evidence=0.8))
        else:
            done.append(change)
    return done, left


def _in_sentence(sentence: Sentence, placed: tuple[Placed, ...], before: tuple[Placed, ...]) -> tuple[list[Change], list[Loose]]:
    groups: dict[int, list[Placed]] = {}
    for each in placed:
        groups.setdefault(each.act.start if each.act else -1, []).append(each)
    changes: list[Change] = []
    loose: list[Loose] = []
    for act in _acts_on_it(sentence, set(groups)):
        nearby = [each for each in placed if each.item.start < act.start] or before
        meant = [each for each in nearby if each.item.name in ("code", "diagnosis", "modifier") and not _is_done(each, act)]
        changes += [change for each in meant[-1:] for change in added_or_removed(act, FIELDS[each.item.name], [each])]
    if changes:
        return changes, []
    for group in groups.values():
        governing = group[0].act or _arrow(sentence) or _contrast(sentence, group)
        if governing is not None and not governing.barred and not _cancels_all(sentence, governing):
            some, others = changes_of_act(governing, group, placed)
            changes += some
            loose += others
        elif governing is None:
            olds = [(each, field_of(each, None)) for each in group if each.role is Role.OLD]
            loose += [Loose(field, each.item, each.role) for each, field in olds if field]
    return changes, loose


def _acts_on_it(sentence: Sentence, governing: set[int]) -> list[Item]:
    """Acts on what was named before: "please remove it"."""
    return [
        act
        for act in sentence.all(ItemKind.ACT)
        if act.name in ("add", "remove")
        and not act.barred
        and act.start not in governing
        and _ON_IT.match(sentence.text[act.end - sentence.start :])
    ]


def _is_done(placed: Placed, act: Item) -> bool:
    """Whether the value is what an act of its own of the same kind is about: "Modifier KX is missing on 97110, please add"."""
    own = placed.act
    return own is not None and own is not act and not own.barred and own.name == act.name


def _arrow(sentence: Sentence) -> Item | None:
    arrows = prose_data().arrows
    arrow = next((item for item in sentence.all(ItemKind.ROLE) if item.text in arrows), None)
    return None if arrow is None else replace(arrow, kind=ItemKind.ACT, name="state")


def _contrast(sentence: Sentence, group: list[Placed]) -> Item | None:
    """Without a verb, "M17.12 instead of M17.11" says enough; a mere "not" does not."""
    labelled = _LABELLED.match(sentence.text) is not None and len(group) == 2
    marked = any(each.role is Role.CONTRAST and (labelled or each.marker != "not") for each in group)
    roles = (item for item in sentence.all(ItemKind.ROLE, "contrast") if labelled or item.text.lower() != "not")
    return next((replace(item, kind=ItemKind.ACT, name="use") for item in roles), None) if marked else None


def _cancels_all(sentence: Sentence, act: Item) -> bool:
    """Whether the act ends the whole authorization, so that a code beside it only says which one."""
    if act.name != "remove" or any_of(prose_data().letter.cancel).fullmatch(act.text) is None:
        return False
    return _WHOLE.match(sentence.text[act.end - sentence.start :]) is not None
