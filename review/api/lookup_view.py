"""A history as it is told: of a member, a provider or an authorization."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.circumstances import ClockEventKind
from models.record import ReferralRecord
from models.store import authorizations, lookup, lookup_granted, lookup_office, rater_samples, roster
from models.store.desk_keys import folded, words_of
from models.store.desk_queue import Cursor, View
from models.store.desk_queue import cursor_of as place_of
from models.store.desk_tables import DeskItemRow, KeyKind
from models.store.letter_tables import LetterRow
from models.store.lookup import About, Identity, Sought
from models.store.lookup_around import Around, Unseen, around, unseen
from models.store.lookup_granted import Granted
from models.store.report_tables import DecisionRow
from review.access.actor import Actor
from review.api.authorizations import Authorization
from review.api.cursors import packed
from review.api.decisions import DecisionShown
from review.api.letters import Letter
from review.api.lookup_models import (
    AuthorizationHistory,
    FieldLacking,
    FoundBy,
    GrantedShown,
    Happened,
    History,
    Lacking,
    LaterLink,
    MemberHistory,
    ProviderHistory,
    RequestKnown,
    What,
)
from review.api.models import Item
from review.api.rosters import MemberShown, ProviderShown
from review.services import DeskServices


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for, and which part of its requests."""

    sought: Sought
    limit: int
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A history, and the records that it shows."""

    history: History
    items: tuple[DeskItemRow, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells histories to one person: nothing of what that person reads a second time now."""

    session: Session
    services: DeskServices
    actor: Actor
    unseen: Unseen

    @classmethod
    def of(cls, session: Session, services: DeskServices, actor: Actor) -> Teller:
        """For whoever asks."""
        return cls(session, services, actor, unseen(session, rater_samples.hidden_from(session, actor.name)))

    def told(self, page: Page) -> Told:
        """The history that is asked for."""
        told = {About.MEMBER: self._member, About.PROVIDER: self._provider, About.AUTHORIZATION: self._authorization}
        return told[page.sought.about](page)

    def _member(self, page: Page) -> Told:
        identity = lookup.identified(self.session, page.sought, self.unseen.ids)
        rows, onward = self._rows(page, lookup.of_member(identity))
        granted = lookup_granted.of_member(self.session, identity, self.unseen)
        history = MemberHistory(
            members=[MemberShown.of(span, self.services.today()) for span in identity.spans],
            authorizations=self._granted(lookup_granted.standing(self.session, granted, self.unseen)),
            requests=[self._request(one, _by_member(one.record, identity)) for one in around(self.session, rows, self.unseen)],
            next=onward,
        )
        return Told(history, rows)

    def _provider(self, page: Page) -> Told:
        sought = page.sought
        rows, onward = self._rows(page, lookup.of_provider(sought))
        places = (
            roster.providers_by_npi(self.session, {sought.npi})
            if sought.npi
            else roster.providers_by_fax(self.session, lookup.fax_number(sought.fax))
        )
        lacked = lookup_office.lacking(self.session, sought, self.unseen.ids)
        history = ProviderHistory(
            providers=[ProviderShown.of(place) for place in places],
            lacking=Lacking(
                requests=lacked.requests,
                incomplete=lacked.incomplete,
                fields=[FieldLacking(field=field, requests=count) for field, count in lacked.fields],
            ),
            requests=[self._request(one, _by_provider(one.record, sought)) for one in around(self.session, rows, self.unseen)],
            next=onward,
        )
        return Told(history, rows)

    def _authorization(self, page: Page) -> Told:
        number = page.sought.authorization_number
        numbered = authorizations.with_number(self.session, number)
        tied = {row.record_id for row in numbered if row.record_id is not None}
        granted = tuple(row for row in numbered if not self.unseen.hides(row))
        rows, onward = self._rows(page, lookup.of_authorization(self.session, number, tied, self.unseen.ids))
        history = AuthorizationHistory(
            authorizations=self._granted(lookup_granted.standing(self.session, granted, self.unseen)),
            requests=[self._request(one, _by_number(one, number, tied)) for one in around(self.session, rows, self.unseen)],
            next=onward,
        )
        return Told(history, rows)

    def _rows(self, page: Page, sources: list[lookup.Places]) -> tuple[tuple[DeskItemRow, ...], str | None]:
        """The requests of a page, and the cursor of those behind them."""
        found = lookup.newest(self.session, sources, self.unseen.ids, page.limit + 1, page.after)
        rows = found[: page.limit]
        return rows, packed(place_of(rows[-1], View.ALL), View.ALL) if len(found) > page.limit else None

    def _granted(self, granted: tuple[Granted, ...]) -> list[GrantedShown]:
        return [
            GrantedShown(
                authorization=Authorization.of(one.row).model_copy(update={"record_id": one.record_id}),
                stands=one.stands,
                changed_by=one.changed_by,
            )
            for one in granted
        ]

    def _request(self, one: Around, found_by: list[FoundBy]) -> RequestKnown:
        item, record = one.item, one.record
        return RequestKnown(
            **dict(Item.of(item, self.actor.name, self.services.now())),
            found_by=found_by,
            plan=record.coverage.plan,
            line_of_business=record.coverage.line_of_business,
            stands=one.stands,
            changed_by=one.changed_by,
            before=one.before,
            after=one.after,
            links=list(one.links),
            linked_from=[LaterLink(**{name: getattr(later, name) for name in LaterLink.model_fields}) for later in one.linked_from],
            authorizations=[Authorization.of(row) for row in one.authorizations],
            decisions=[_decision(row) for row in one.decisions],
            letters=[self._letter(row) for row in one.letters],
            notes=one.notes,
            happened=sorted(_happened(one), key=lambda event: event.at),
        )

    def _letter(self, row: LetterRow) -> Letter:
        """A letter; that a reply is hidden or was purged leaves its time alone."""
        shown = Letter.of(row, self.services.letters.number(self.session, row))
        if row.answered_by is None or (row.answered_by not in self.unseen.ids and self._is_there(row.answered_by)):
            return shown
        return shown.model_copy(update={"answered_by": None})

    def _is_there(self, record_id: str) -> bool:
        return self.session.get(DeskItemRow, record_id) is not None


def _decision(row: DecisionRow) -> DecisionShown:
    names = (name for name in DecisionShown.model_fields if name != "key")
    return DecisionShown(key=row.decision_key, **{name: getattr(row, name) for name in names})


def _by_member(record: ReferralRecord, identity: Identity) -> list[FoundBy]:
    member = record.member
    words = {*words_of(KeyKind.MEMBER, member.last_name or ""), *words_of(KeyKind.MEMBER, member.first_name or "")}
    by_name = any(name.born == member.date_of_birth and words >= {*name.last, *name.first} for name in identity.names)
    by_id = bool(member.member_id) and folded(KeyKind.MEMBER_ID, member.member_id or "") in identity.ids
    return [*([FoundBy.MEMBER_ID] if by_id else []), *([FoundBy.NAME] if by_name else [])]


def _by_provider(record: ReferralRecord, sought: Sought) -> list[FoundBy]:
    asks, serves, header = record.requesting_provider, record.servicing_provider, record.source.fax
    if sought.npi:
        pairs = ((asks.npi, FoundBy.REQUESTING), (serves.npi, FoundBy.SERVICING))
        return [how for npi, how in pairs if npi == sought.npi]
    number = lookup.fax_number(sought.fax)
    sent = None if header is None else header.sender_number
    faxes = ((asks.fax, FoundBy.REQUESTING), (serves.fax, FoundBy.SERVICING), (sent, FoundBy.FAX_HEADER))
    return [how for fax, how in faxes if fax == number]


def _by_number(one: Around, number: str, tied: Collection[str]) -> list[FoundBy]:
    stated = one.record.request.authorization_number
    how = {
        FoundBy.NUMBER: stated is not None and folded(KeyKind.AUTHORIZATION, stated) == folded(KeyKind.AUTHORIZATION, number),
        FoundBy.GRANTED_FOR: one.item.record_id in tied,
        FoundBy.LINKED: bool(one.links),
    }
    return [name for name, holds in how.items() if holds]


def _happened(one: Around) -> Iterator[Happened]:
    """All that happened to a request: what its events, decisions and letters say, each thing once."""
    item = one.item
    yield Happened(at=item.received_at, what=What.RECEIVED)
    if item.completed_at is not None:
        yield Happened(at=item.completed_at, what=What.COMPLETED, by=item.completed_by)
    letters = {row.letter_id for row in one.letters}
    for event in one.events:
        # Decisions and letters are told below, with what is known of them.
        is_letter = event.kind is ClockEventKind.INFORMATION_REQUESTED and event.reason in letters
        if event.kind is not ClockEventKind.DECIDED and not is_letter:
            yield Happened(at=event.at, what=What(event.kind.value), by=event.by, detail=event.reason, record_id=event.record_id)
    for decision in one.decisions:
        by = decision.reviewer or decision.entered_by
        yield Happened(at=decision.decided_at, what=What.DECIDED, by=by, detail=decision.outcome)
    for row in one.authorizations:
        yield Happened(at=row.imported_at, what=What.AUTHORIZED, detail=row.status)
    for letter in one.letters:
        yield from _of_letter(letter, one)


def _of_letter(row: LetterRow, one: Around) -> Iterator[Happened]:
    yield Happened(at=row.created_at, what=What.LETTER_PROPOSED, by=row.created_by, letter_id=row.letter_id)
    if row.released_at is not None:
        yield Happened(at=row.released_at, what=What.LETTER_RELEASED, by=row.released_by, letter_id=row.letter_id)
    if row.sent_at is not None:
        yield Happened(at=row.sent_at, what=What.LETTER_SENT, letter_id=row.letter_id)
    is_told = any(event.kind is ClockEventKind.INFORMATION_RECEIVED and event.record_id == row.answered_by for event in one.events)
    if row.answered_at is not None and not is_told:
        yield Happened(at=row.answered_at, what=What.LETTER_ANSWERED, letter_id=row.letter_id)
