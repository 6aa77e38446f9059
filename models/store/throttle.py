"""Failed sign-ins, counted in the database, for all workers together. Each one makes the next wait longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.store.account_tables import SignInFailureRow
from models.store.secrets import digest

_LONGEST_S = 900.0
_FORGOTTEN_AFTER = timedelta(days=1)
# 2 to the power of this is more than the longest wait.
_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """What attempts are counted for: an account's name or an address, and how many of them cost no wait."""

    subject: str
    free: int

    @property
    def key(self) -> str:
        """What is stored of it: what is typed as a name may be a password."""
        return digest(self.subject)


def attempt(session: Session, counted: Sequence[Counted], now: datetime) -> float:
    """Count an attempt as failed until :func:`forgive` is called; attempts made at the same time cannot go before each other.

    Returns:
        0, or the seconds to wait, and then nothing was counted.
    """
    rows = [_row(session, one, now) for one in counted]
    wait_s = max((row.blocked_until - now).total_seconds() for row in rows)
    if wait_s > 0:
        return wait_s
    for row, one in zip(rows, counted, strict=True):
        if now - row.blocked_until > _FORGOTTEN_AFTER:
            row.failures = 0
        row.failures += 1
        over = row.failures - one.free
        row.blocked_until = now if over < 0 else now + timedelta(seconds=min(_LONGEST_S, 2.0 ** min(over, _DOUBLINGS)))
    return 0.0


def forgive(session: Session, counted: Sequence[Counted], now: datetime) -> None:
    """Forget the failures: the right password was given. Those of others that are a day old go by the way."""
    old = SignInFailureRow.blocked_until < now - _FORGOTTEN_AFTER
    theirs = SignInFailureRow.subject.in_([one.key for one in counted])
    session.execute(delete(SignInFailureRow).where(or_(theirs, old)))


def _row(session: Session, one: Counted, now: datetime) -> SignInFailureRow:
    query = select(SignInFailureRow).where(SignInFailureRow.subject == one.key).with_for_update()
    row = session.scalar(query)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(SignInFailureRow(subject=one.key, failures=0, blocked_until=now))
    except IntegrityError:
        # Another worker was first to count for it.
        session.expire_all()
    return session.scalars(query).one()
