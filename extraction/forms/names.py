"""The names that a zone's fields can have, and the kind of value that each holds.

They are the record's paths, with four more that the record takes apart: ``member.name`` and a provider's ``last_name`` and
``first_name``; ``code`` and ``description`` are those of a diagnosis or of a service, as the code itself tells.
"""

from __future__ import annotations

from models.values import ValueKind

_PROVIDER = {
    "name": ValueKind.PROVIDER_NAME,
    "last_name": ValueKind.PERSON_NAME,
    "first_name": ValueKind.PERSON_NAME,
    "npi": ValueKind.NPI,
    "tin": ValueKind.TIN,
    "phone": ValueKind.PHONE,
    "fax": ValueKind.PHONE,
}
SCALARS: dict[str, ValueKind] = {
    "member.name": ValueKind.PERSON_NAME,
    "member.last_name": ValueKind.PERSON_NAME,
    "member.first_name": ValueKind.PERSON_NAME,
    "member.member_id": ValueKind.MEMBER_ID,
    "member.date_of_birth": ValueKind.DATE,
    "member.sex": ValueKind.SEX,
    "member.phone": ValueKind.PHONE,
    **{f"{who}.{name}": kind for who in ("requesting_provider", "servicing_provider") for name, kind in _PROVIDER.items()},
    "requesting_provider.contact": ValueKind.PERSON_NAME,
    "servicing_provider.facility": ValueKind.PROVIDER_NAME,
    "request.requested_on": ValueKind.DATE,
    "request.authorization_number": ValueKind.AUTHORIZATION_NUMBER,
    "signature.signed_on": ValueKind.DATE,
}
# The attribute of the label data that each field of a list has.
LISTS: dict[str, str] = {
    "diagnoses.code": "dx_code",
    "diagnoses.description": "dx_text",
    "services.code": "proc_code",
    "services.description": "proc_text",
    "services.modifiers": "modifier",
    "services.units": "units",
    "services.from_date": "from_date",
    "services.to_date": "to_date",
    "code": "code",
    "description": "description",
}
CHOICES = ("request.kind", "request.urgency", "member.sex")
SIGNED = "signature.present"
FIELDS = frozenset({*SCALARS, *LISTS, *CHOICES, SIGNED})
BY_ATTRIBUTE = {attribute: field for field, attribute in LISTS.items()}
