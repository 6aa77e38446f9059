"""When a request was received: the moment that its clocks run from, whatever comes of the same request later."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.circumstances import ClockEventKind
from models.record import ReferralRecord
from validation.deadlines.rules import DeadlineSet


def received_at(record: ReferralRecord, rules: DeadlineSet) -> datetime:
    """The earliest of what tells of it: the transport, the fax header, and the same request where it came before.

    The time of sending in the header counts where it is a little earlier than the transport's. A request that is faxed again
    resets no clock.
    """
    received = record.source.received_at
    sent = record.source.fax.sent_at if record.source.fax else None
    if sent is not None and sent.tzinfo is not None:
        waited = received - sent
        if timedelta(0) < waited <= timedelta(days=rules.fax_header_within_days):
            received = sent
    before = [event.at for event in record.events if event.kind is ClockEventKind.FIRST_RECEIVED]
    return min([received, *before])
