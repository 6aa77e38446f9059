"""Known forms: a page that matches a registered blank is aligned with it and read by zone.

A form is proposed from its blank (:func:`propose`), kept as a file that a person can edit (:func:`as_yaml`, :func:`parse_form`),
found again on a page by its printed words (:func:`place`), and read by its zones (:func:`read_by_zone`).
"""

from extraction.forms.file import as_yaml, parse_form
from extraction.forms.known import FormPage, KnownForm, Zone, ZoneKind
from extraction.forms.match import Placement, place
from extraction.forms.merge import read_by_zone
from extraction.forms.propose import propose

__all__ = [
    "FormPage",
    "KnownForm",
    "Placement",
    "Zone",
    "ZoneKind",
    "as_yaml",
    "parse_form",
    "place",
    "propose",
    "read_by_zone",
]
