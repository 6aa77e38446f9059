"""Which field of the record a label asks for, and what kind of value belongs there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extraction.lexicon import tokens_of
from extraction.sections import SERVING, UNKNOWN, UNKNOWN_PROVIDER, Owned
from models.values import ValueKind


@dataclass(frozen=True, slots=True)
class Target:
    """A field of the record. ``weight`` below 1 says that another label of the field is to be preferred, 0..1."""

    path: str
    kind: ValueKind
    weight: float = 1.0
    birth: bool = False


_MEMBER = {
    "last_name": ValueKind.PERSON_NAME,
    "first_name": ValueKind.PERSON_NAME,
    "name": ValueKind.PERSON_NAME,
    "date_of_birth": ValueKind.DATE,
    "member_id": ValueKind.MEMBER_ID,
    "sex": ValueKind.SEX,
    "phone": ValueKind.PHONE,
}
_PROVIDER = {
    "last_name": ValueKind.PERSON_NAME,
    "first_name": ValueKind.PERSON_NAME,
    "name": ValueKind.PROVIDER_NAME,
    "npi": ValueKind.NPI,
    "tin": ValueKind.TIN,
    "phone": ValueKind.PHONE,
    "fax": ValueKind.PHONE,
}
_REQUEST = {
    "request_date": ("request.requested_on", ValueKind.DATE),
    "auth_number": ("request.authorization_number", ValueKind.AUTHORIZATION_NUMBER),
    "sign_date": ("signature.signed_on", ValueKind.DATE),
}
# An owner that no section named is less sure.
_GUESSED_OWNER = 0.8
_GUESSED_FIELD = 0.7
# "Requesting MD / NPI" asks who, and by which number; "Requestor's name" may be the office's, and yields to the physician's.
_PROVIDERS_OWN, _NAME_TOO = frozenset({"requesting", "servicing"}), re.compile(r"\w\s*(?:/|&|\band\b)\s*NPI", re.IGNORECASE)
_SENDER, _SENDERS = re.compile(r"^\W*request[oe]r", re.IGNORECASE), 0.7
_BY_WHOM = re.compile(r"^\W*requested by\b", re.IGNORECASE)
# Whoever sent the form in is the contact where another label says who asks.
_SENDERS_CONTACT = 0.5
_BOTH = frozenset({"phone", "fax"})
_SAID_AS = {"phone": re.compile(r"\b(?:tele)?(?:ph|tel)", re.IGNORECASE), "fax": re.compile(r"\b(?:fax|fx|facs)", re.IGNORECASE)}
# Whoever filled the form in works for who asks, in whichever block the line stands.
_WHO_FILLED_IT_IN = re.compile(r"\b(?:completed|completing|prepared|preparer|submitted)\b", re.IGNORECASE)
_OTHERS_BLOCKS = frozenset({"servicing", "member", UNKNOWN, UNKNOWN_PROVIDER})
# The plan's own number is the member's, where the form asks for that of the state or of Medicare too.
_STATES, _STATES_ID = frozenset({"CIN", "INDEX", "CAL", "MEDICAID", "MEDICARE", "MBI", "HICN", "BIC"}), 0.85
# A phone number that follows a contact's name is the contact's own.
_CONTACT_PHONE = 0.6
_PRINTED_NAME = 0.6
# The number of a facility may not be that of the provider who works there.
_FACILITYS = 0.5
# "DOS" among the fields of a member is "DOB" misread more often than not.
_MISREAD = 0.5


# What "Facility NPI" and "Facility address" ask for is no name of a facility; "Facility name / NPI" asks for both.
_OF_FACILITIES = frozenset({"npi", "tin", "phone", "fax", "address", "dea", "email", "taxonomy"})
_NAMED = re.compile(r"\bname\b|/|&|\band\b", re.IGNORECASE)


def targets_of(owned: Owned) -> tuple[Target, ...]:
    """The fields that the label asks for, best first; none for a label that only bounds its neighbours."""
    attributes = owned.label.meaning.attributes
    if not attributes:
        found = _target("name", owned) if owned.label.meaning.owner or owned.label.meaning.neutral else None
        if found is not None and _BY_WHOM.search(owned.label.text):
            contact = Target("requesting_provider.contact", ValueKind.PERSON_NAME, _SENDERS_CONTACT)
            return (replace(found, weight=_SENDERS), contact)
        also = _target("member_id", owned) if owned.owner == "member" else None
        # "Beneficiary ID" with its last word misread still stands before an identifier.
        return tuple(target for target in (found, replace(also, weight=_GUESSED_FIELD) if also else None) if target)
    if attributes[0] in _OF_FACILITIES and not _NAMED.search(owned.label.text):
        attributes = tuple(attribute for attribute in attributes if attribute != "facility")
    if set(attributes) >= _BOTH:
        attributes = tuple(sorted(attributes, key=lambda name: _place_of(name, owned.label.text)))
    if attributes[:1] == ("contact",) and owned.owner in _OTHERS_BLOCKS and _WHO_FILLED_IT_IN.search(owned.label.text):
        return (Target("requesting_provider.contact", ValueKind.PERSON_NAME),)
    if attributes == ("npi",) and owned.label.meaning.owner in _PROVIDERS_OWN and _NAME_TOO.search(owned.label.text):
        attributes = ("npi", "name")
    targets = tuple(target for attribute in attributes if (target := _target(attribute, owned)) is not None)
    if "name" in attributes and targets and _SENDER.search(owned.label.text):
        targets = (*targets, Target("requesting_provider.contact", ValueKind.PERSON_NAME, _SENDERS_CONTACT))
    return targets


def _place_of(attribute: str, text: str) -> int:
    """Where the label says it: of "Phone / Fax" the first number is the telephone's. The others keep their place behind."""
    said = _SAID_AS[attribute].search(text) if attribute in _SAID_AS else None
    return said.start() if said is not None else len(text)


def is_misread_birth(owned: Owned) -> bool:
    """Whether "DOS" stands among the fields of a member, who has a date of birth ("DOB"), and no date of service."""
    letters = "".join(c for c in owned.label.text.upper() if c.isalnum())
    return letters == "DOS" and owned.owner == "member" and owned.title is not None


def _target(attribute: str, owned: Owned) -> Target | None:
    owner = owned.owner
    if attribute in _REQUEST and (owner not in ("plan", "pcp", "pharmacy", "other") or _is_past_pcp(owned)):
        path, kind = _REQUEST[attribute]
        return Target(path, kind)
    if is_misread_birth(owned):
        return Target("member.date_of_birth", ValueKind.DATE, _MISREAD, birth=True)
    if owner == "member" and attribute in _MEMBER:
        weight = _STATES_ID if attribute == "member_id" and not _STATES.isdisjoint(tokens_of(owned.label.text)) else 1.0
        return Target(f"member.{attribute}", _MEMBER[attribute], weight, birth=attribute == "date_of_birth")
    if owner == UNKNOWN:
        return _unowned(attribute)
    if owner == SERVING:
        return _provider("name" if attribute == "facility" else attribute, "servicing", after_contact=False, neutral=False)
    if owner == "facility" and attribute in ("facility", "name"):
        return Target("servicing_provider.facility", ValueKind.PROVIDER_NAME)
    if owner in ("requesting", "servicing", UNKNOWN_PROVIDER):
        found = _provider(attribute, owner, owned.after_contact, owned.label.meaning.neutral)
        if found is not None and attribute == "name" and _SENDER.search(owned.label.text):
            found = replace(found, weight=found.weight * _SENDERS)
        facilitys = found is not None and owned.label.meaning.owner == "facility" and attribute in ("npi", "tin")
        return replace(found, weight=found.weight * _FACILITYS) if found is not None and facilitys else found
    return None


def _is_past_pcp(owned: Owned) -> bool:
    """Whether the label only follows fields of a PCP, with no title over them: a PCP has no request and no authorization."""
    return owned.owner == "pcp" and owned.title is None and owned.label.meaning.owner is None


def _provider(attribute: str, owner: str, after_contact: bool, neutral: bool) -> Target | None:
    group = "servicing_provider" if owner == "servicing" else "requesting_provider"
    weight = _GUESSED_OWNER if owner == UNKNOWN_PROVIDER else 1.0
    if _names_the_provider(attribute, neutral):
        attribute = "name"
    if attribute == "printed_name":
        return Target(f"{group}.name", ValueKind.PROVIDER_NAME, _PRINTED_NAME)
    if attribute == "facility":
        # Where a requesting block names a facility, it is the place of the service all the same.
        return Target("servicing_provider.facility", ValueKind.PROVIDER_NAME, weight if owner == "servicing" else 0.6)
    if attribute == "place_of_service":
        return Target("servicing_provider.facility", ValueKind.PROVIDER_NAME, 0.5) if owner == "servicing" else None
    if attribute == "contact":
        return Target("requesting_provider.contact", ValueKind.PERSON_NAME, weight) if owner != "servicing" else None
    if attribute not in _PROVIDER:
        return None
    if attribute in ("phone", "fax") and after_contact:
        weight *= _CONTACT_PHONE
    return Target(f"{group}.{attribute}", _PROVIDER[attribute], weight)


def _names_the_provider(attribute: str, neutral: bool) -> bool:
    """Whether a label such as "Provider / Facility" or "Provider requesting service" asks who, not where or what."""
    return neutral and attribute in ("facility", "proc_text")


def _unowned(attribute: str) -> Target | None:
    """A label outside every section: a person's name is the member's; a phone or fax there is the plan's own."""
    if attribute in ("last_name", "first_name", "name"):
        return Target(f"member.{attribute}", ValueKind.PERSON_NAME, _GUESSED_OWNER)
    if attribute == "contact":
        return Target("requesting_provider.contact", ValueKind.PERSON_NAME, _GUESSED_OWNER)
    return None
