"""Fields of forms that pages post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

_FORM = "application/x-www-form-urlencoded"


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; none where the body is something else. Files are not posted by forms, but as plain bodies."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return {}
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Form = Annotated[Mapping[str, str], Depends(form_of)]


async def lists_of(request: Request) -> Mapping[str, tuple[str, ...]]:
    """The fields of a posted form, each with all its values."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return {}
    sent = (await request.form()).multi_items()
    return {name: tuple(value for other, value in sent if other == name and isinstance(value, str)) for name, _ in sent}


FormLists = Annotated[Mapping[str, tuple[str, ...]], Depends(lists_of)]
