"""The zones of a blank form, proposed from what the general reader knows of labels and from the fields of a fillable PDF.

What is proposed is a draft: a person looks at it with ``par-intake form check`` and corrects the file.
"""

from __future__ import annotations

from dataclasses import replace

from extraction.forms.blank import BlankPage, read_blank
from extraction.forms.known import FormPage, KnownForm, Zone, ZoneColumn, ZoneKind, ZoneRow
from extraction.forms.names import BY_ATTRIBUTE, FIELDS, SIGNED
from extraction.forms.pairing import Side
from extraction.forms.places import Place
from extraction.forms.printed import printed_words
from extraction.options import Option
from extraction.sections import PLAN, Owned
from extraction.tables import Row, Table
from extraction.targets import targets_of
from models.geometry import Box
from models.page import Page

_SAME_PLACE = 0.6
_SIGNATURE_HEIGHTS = 1.0
_BESIDE_SIGNATURE = 0.03
_TOP = 0.5
_LETTERS = 3
# A table without rows takes at most this much of the page's height; what stands so near its headings belongs to them.
_MOST_OPEN, _BELOW_HEADING = 0.25, 0.004
_MIN_SIDE = 0.004
_NOT_OURS = frozenset({PLAN, "pcp", "pharmacy"})


def propose(name: str, pages: tuple[Page, ...]) -> KnownForm:
    """The known form that a blank's pages make.

    Args:
        name: the site's name for the form.
        pages: the pages of the blank as read.
    """
    return KnownForm(name, tuple(_page(page) for page in pages if page.words))


def _page(page: Page) -> FormPage:
    blank = read_blank(page)
    zones = [_check_box(option) for option in blank.options]
    zones += [_table(table, page) for table in blank.tables]
    owned = {id(each.label): each for each in blank.owned}
    zones += [zone for p in blank.places if (zone := _text(p, owned.get(id(p.caption.label)), blank)) is not None]
    return FormPage(page.aspect, printed_words(page), _once(zones))


def _check_box(option: Option) -> Zone:
    return Zone(option.text, (option.path,), ZoneKind.CHECK_BOX, option.box.box, (option.value, *option.also))


def _table(table: Table, page: Page) -> Zone:
    names = _resolved([BY_ATTRIBUTE.get(column.attribute) for column in table.columns])
    columns = tuple(ZoneColumn(name, c.left, c.right) for name, c in zip(names, table.columns, strict=True))
    bottom = max(label.box.bottom for label in table.labels)
    left = max(0.0, min(*(c.left for c in columns), table.box.left))
    right = max(*(c.right for c in columns), table.box.right)
    box = Box.clipped(
        left, bottom, right, table.box.bottom if table.rows else _next_print(Box.clipped(left, bottom, right, 1.0), page)
    )
    rows = tuple(ZoneRow(row.box.top, row.box.bottom) for row in table.rows if not _prints(row))
    return Zone(" | ".join(label.text for label in table.labels), (), ZoneKind.TABLE, box, columns=columns, rows=rows)


def _next_print(area: Box, page: Page) -> float:
    """Where a table that is not ruled ends: at the next words that the blank prints below its headings."""
    tops = [word.box.top for word in page.words if word.box.top > area.top + _BELOW_HEADING and word.box.x_overlap(area) > 0]
    return min([*tops, area.top + _MOST_OPEN, 1.0])


def _resolved(names: list[str | None]) -> list[str | None]:
    """Where one column of codes says whose it is, another that does not is the other list's."""
    other = {"diagnoses.code": "services.code", "services.code": "diagnoses.code"}
    told = [name for name in names if name in other]
    if len(told) != 1 or names.count("code") != 1:
        return names
    return [other[told[0]] if name == "code" else name for name in names]


def _prints(row: Row) -> bool:
    """Whether the blank prints words in the row, more than its number: it is no row to fill in."""
    return any(sum(c.isalpha() for c in word.text) >= _LETTERS for cell in row.cells for word in cell)


def _text(place: Place, owned: Owned | None, blank: BlankPage) -> Zone | None:
    """The zone of a place; without fields where nobody of ours is asked, or nobody knows what is asked."""
    area, label = place.box, place.caption.label
    if min(area.width, area.height) < _MIN_SIDE or (owned is None and place.side is Side.GAP):
        return None
    if label is not None and label.attribute in ("kind", "urgency", "sex") and _holds_option(area, blank):
        return None
    fields = _fields(owned, blank) if owned is not None else ()
    if fields and any(option.path == fields[0] for option in blank.options):
        return None
    if fields == (SIGNED,):
        taller = Box.clipped(area.left, area.top - _SIGNATURE_HEIGHTS * place.caption.box.height, area.right, area.bottom)
        return Zone(place.caption.text, fields, ZoneKind.SIGNATURE, taller)
    combs = [comb.box for comb in blank.page.combs if comb.box.inside_share(area) > _SAME_PLACE]
    return Zone(place.caption.text, fields, ZoneKind.COMB if combs else ZoneKind.TEXT, area)


def _holds_option(area: Box, blank: BlankPage) -> bool:
    return any(area.holds(option.box.box.x, option.box.box.y) for option in blank.options)


def _fields(owned: Owned, blank: BlankPage) -> tuple[str, ...]:
    label, attribute = owned.label, owned.label.attribute
    if owned.owner in _NOT_OURS:
        return ()
    if attribute == "signature":
        return (SIGNED,)
    if attribute in ("kind", "urgency"):
        return (f"request.{attribute}",)
    if attribute == "date":
        signed = any(o.label.attribute == "signature" and abs(o.label.box.y - label.box.y) < _BESIDE_SIGNATURE for o in blank.owned)
        return ("signature.signed_on",) if signed else (("request.requested_on",) if label.box.y < _TOP else ())
    if attribute in BY_ATTRIBUTE:
        return (BY_ATTRIBUTE[attribute],)
    targets = targets_of(owned)
    best = [target.path for target in targets if target.path in FIELDS and target.weight >= max(t.weight for t in targets)]
    return tuple(dict.fromkeys(best))


def _once(zones: list[Zone]) -> tuple[Zone, ...]:
    """Two labels of one place are one zone with the fields of both."""
    kept: list[Zone] = []
    for zone in zones:
        same = next((n for n, other in enumerate(kept) if _is_same(zone, other)), None)
        if same is None:
            kept.append(zone)
        elif kept[same].kind is not ZoneKind.TABLE:
            fields = _told_by_code(tuple(dict.fromkeys((*kept[same].fields, *zone.fields))))
            kept[same] = replace(kept[same], fields=fields)
    return tuple(sorted(kept, key=lambda zone: (round(zone.box.y, 2), zone.box.left)))


def _told_by_code(fields: tuple[str, ...]) -> tuple[str, ...]:
    """A code and its description in one place: what is left beside the code is taken for the description anyway."""
    coded = {field.split(".")[0] for field in fields if field.endswith(".code")}
    return tuple(field for field in fields if not (field.endswith(".description") and field.split(".")[0] in coded))


def _is_same(one: Zone, other: Zone) -> bool:
    if ZoneKind.CHECK_BOX in (one.kind, other.kind):
        return False
    return one.box.inside_share(other.box) > _SAME_PLACE and (
        other.kind is ZoneKind.TABLE or other.box.inside_share(one.box) > _SAME_PLACE
    )
