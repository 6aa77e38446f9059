"""Which edits cannot be kept, and why."""

from __future__ import annotations

from models.circumstances import Link, LinkTopic
from models.link_answers import TOPIC_OF_NOTICE, asked_about, topic_of
from models.notices import PATH, notice_code
from models.record import ReferralRecord, Status
from models.store.desk_edits import Edit
from models.store.desk_tables import EditAction
from review.work.apply import ANSWERS, Rules
from review.work.changes import ChangeEntry, change
from review.work.entries import AS_STATED, kept
from review.work.errors import Refused
from review.work.fields import LISTS, Choice, Field, field_at

_LONGEST = 500


def refuse(edit: Edit, record: ReferralRecord, rules: Rules, *, can_undo: bool) -> None:
    """Let an edit pass that fits the record.

    Args:
        edit: what a person entered.
        record: as it stands with what was entered before.
        rules: for the day of receipt.
        can_undo: whether something was entered before.

    Raises:
        Refused: it does not fit, and the message says why.
    """
    if edit.action in ANSWERS:
        link_of(edit, record)
    elif edit.action is EditAction.UNDO:
        if not can_undo:
            raise Refused("There is nothing to undo.")
    elif edit.action is EditAction.BY_HAND:
        if record.status not in (Status.NO_REQUEST, Status.UNREADABLE):
            raise Refused("This request was read; enter what is wrong.")
    elif record.status in (Status.NO_REQUEST, Status.UNREADABLE):
        raise Refused("No request was read in this fax; key it by hand first.")
    elif edit.action is EditAction.REMOVE_ROW:
        _refuse_row(edit.path or "", record)
    elif edit.action is EditAction.ACCEPT:
        _refuse_acceptance(edit.path or "", record)
    elif edit.action is EditAction.SET:
        _refuse_value(edit, record, rules)
    else:
        raise Refused("That is done by a command of its own.")


def link_of(edit: Edit, record: ReferralRecord) -> Link:
    """The link that an answer is about: the one that it names, else the one that is asked about.

    Raises:
        Refused: there is no such link.
    """
    topic = TOPIC_OF_NOTICE.get(notice_code(edit.path) or "")
    name = edit.value
    link = None if topic is None or not isinstance(name, str | None) else asked_about(record, topic, name or None)
    if link is None:
        raise Refused("There is no such link to answer for; look again at the record.")
    return link


def refuse_late_denial(edit: Edit, link: Link, read: ReferralRecord) -> None:
    """Let a denial pass but that of a reply whose answers another request has.

    Raises:
        Refused: it is such a one.
    """
    if edit.action is not EditAction.DENY or topic_of(link) is not LinkTopic.REPLY:
        return
    if any(one.sure and one.kind is link.kind and one.record_id == link.record_id for one in read.related.links):
        raise Refused("What it answers was taken into that request; correct it there.")


def _refuse_acceptance(path: str, record: ReferralRecord) -> None:
    code = notice_code(path)
    named = [gap.field for gap in record.gaps] if code is None else [f"{PATH}.{notice.code}" for notice in record.notices]
    if path not in record.readings and path not in named:
        raise Refused("There is nothing to accept here.")


def _refuse_row(path: str, record: ReferralRecord) -> None:
    head, _, position = path.partition(".")
    if head not in LISTS or not position.isdecimal() or int(position) >= len(getattr(record, head)):
        raise Refused("There is no such row.")


def _refuse_value(edit: Edit, record: ReferralRecord, rules: Rules) -> None:
    field = None if edit.path is None else field_at(edit.path, rules.plans)
    if field is None:
        raise Refused("There is no such field.")
    head, _, rest = field.path.partition(".")
    if head in LISTS and int(rest.partition(".")[0]) > len(getattr(record, head)):
        raise Refused("There is no such row.")
    if field.kind is Choice.CHANGE:
        _refuse_change(edit, rules)
    else:
        _refuse_text(field, edit, rules)


def _refuse_change(edit: Edit, rules: Rules) -> None:
    try:
        entered = ChangeEntry.model_validate(edit.value)
    except ValueError:
        raise Refused("A change needs what it does, to which field, and the values.") from None
    told, problem = change(entered, rules.today)
    if told is None:
        raise Refused(problem or "That is no change.")


def _refuse_text(field: Field, edit: Edit, rules: Rules) -> None:
    text = edit.value.get(AS_STATED, edit.value) if isinstance(edit.value, dict) else edit.value
    if not isinstance(text, str | None):
        raise Refused("A value is sent as it is typed.")
    if len(text or "") > _LONGEST:
        raise Refused("That is too long.")
    read = kept(field, edit.value, rules.today)
    if read.refused:
        raise Refused(read.problem or "That is no value of this field.")
