"""An NPI whose check digit fails."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import AmendmentField, GapReason
from models.values import has_check_digit
from validation.rules.registry import Context, Finding, rule
from validation.wording import called, sentence

_MESSAGE = "{item} fails its check digit; please confirm all ten digits with the NPI registry and send us the correct number."


@rule("npi.check_digit", "45 CFR 162.406(a): ten digits, the last of which is a check digit")
def npi_check_digit(context: Context) -> Iterator[Finding]:
    """The requesting and servicing provider's NPI, and one that a change asks for."""
    record = context.record
    given = [
        ("requesting_provider.npi", record.requesting_provider.npi),
        ("servicing_provider.npi", record.servicing_provider.npi),
        *(
            (f"amendments.{position}.new", str(amendment.new))
            for position, amendment in enumerate(record.amendments)
            if amendment.field is AmendmentField.SERVICING_NPI and amendment.new
        ),
    ]
    for path, npi in given:
        if npi and not has_check_digit(npi):
            item = "the servicing provider's new NPI" if path.startswith("amendments") else called(path)
            yield Finding(path, GapReason.INVALID, _MESSAGE.format(item=sentence(item)))
