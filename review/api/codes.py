"""The code sets, searched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from models.codesets import icd10cm
from review.api.common import Viewer, fails
from review.api.models import Message

router = APIRouter(tags=["codes"])

_MOST = 10


class CodeBody(Message):
    """What is looked for: words of a description, or the beginning of a code."""

    text: Annotated[str, StringConstraints(max_length=200)]


class Code(Message):
    """A code that can be billed; ``score``, 0 to 1, is how near it is to what was looked for."""

    code: str
    description: str
    score: float


@router.post("/codes/icd10", responses=fails(), summary="Search ICD-10-CM")
def icd10(actor: Viewer, body: CodeBody) -> list[Code]:
    """The ICD-10-CM codes that begin so, or whose descriptions are nearest to the words, best first."""
    del actor
    begun = icd10cm.beginning_with(body.text, _MOST)
    if begun:
        return [Code(code=one.code, description=one.description, score=1.0) for one in begun]
    return [Code(code=one.code, description=one.description, score=one.score) for one in icd10cm.search(body.text, _MOST)]
