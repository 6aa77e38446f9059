"""Who serves, where a form asks for a facility with numbers of its own and for no servicing provider."""

from __future__ import annotations

from dataclasses import replace

from extraction.sections import SERVING, Owned

_WHO = frozenset({"name", "npi"})


def serving_facilities(pages: tuple[tuple[Owned, ...], ...]) -> tuple[tuple[Owned, ...], ...]:
    """The owned labels of the pages of a request, those of the facility as the servicing provider's where it is the only one.

    An admission names the hospital, with its NPI, and nobody else who serves.
    """
    every = [owned for page in pages for owned in page]
    serving = any(o.owner == "servicing" and not _WHO.isdisjoint(o.label.meaning.attributes) for o in every)
    numbered = any(o.owner == "facility" and o.label.attribute == "npi" for o in every)
    if serving or not numbered:
        return pages
    return tuple(tuple(replace(o, owner=SERVING) if o.owner == "facility" else o for o in page) for page in pages)
