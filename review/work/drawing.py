"""Drawing records for a second reading, as the site's settings say."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.store.rater_samples import Draw, draw
from review.services import DeskServices


def draw_samples(services: DeskServices) -> int:
    """Settle which of the records that have ended since are read a second time; gives how many were drawn."""
    how = Draw(services.settings.rater_share, services.settings.rater_seed)
    if how.share <= 0:
        return 0
    with Session(services.engine) as session, session.begin():
        return draw(session, how, services.now())
