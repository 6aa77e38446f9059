"""How notices come into a record and stay in it."""

from __future__ import annotations

from collections.abc import Sequence

from models.circumstances import Notice
from models.record import ReferralRecord

PATH = "notices"
"""``notices.CODE`` is the path by which a person settles a notice."""


def with_notices(record: ReferralRecord, topic: str, found: Sequence[Notice]) -> ReferralRecord:
    """The record with all notices of one topic replaced; what somebody has settled stays so while it says the same.

    Args:
        record: the record.
        topic: the first word of the codes, such as ``member``.
        found: the notices of that topic, as they hold now.
    """
    settled = {(notice.code, notice.message): notice.settled_by for notice in record.notices}
    others = [notice for notice in record.notices if notice.code.partition(".")[0] != topic]
    told = [notice.model_copy(update={"settled_by": settled.get((notice.code, notice.message))}) for notice in found]
    return record.model_copy(update={"notices": others + told})


def notice_code(path: str | None) -> str | None:
    """The code of the notice that a path names; ``None`` where it names something else."""
    head, dot, code = (path or "").partition(".")
    return code if head == PATH and dot else None


def settled(record: ReferralRecord, code: str, actor: str) -> ReferralRecord:
    """The record with the notices of a code settled by a person."""
    told = [
        notice.model_copy(update={"settled_by": actor}) if notice.code == code and notice.settled_by is None else notice
        for notice in record.notices
    ]
    return record.model_copy(update={"notices": told})
