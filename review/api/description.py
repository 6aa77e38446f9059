"""What the API is, for programs: its OpenAPI description, and the record's JSON Schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from models.record import SCHEMA_VERSION, ReferralRecord
from review.access.needs import CSRF_HEADER
from review.api import (
    at_risk,
    authorizations,
    changes,
    clock,
    codes,
    decisions,
    documents,
    filters,
    history,
    labels,
    letters,
    links,
    lookup,
    notes,
    records,
    reports,
    rosters,
    second,
    work,
)
from review.api.common import Viewer, fails

router = APIRouter(tags=["description"])

PREFIX = "/api"
_PARTS = (
    records.router,
    rosters.router,
    work.router,
    notes.router,
    clock.router,
    at_risk.router,
    links.router,
    lookup.router,
    authorizations.router,
    decisions.router,
    reports.router,
    second.router,
    history.router,
    documents.router,
    changes.router,
    codes.router,
    filters.router,
    labels.router,
    letters.router,
)
_PROBLEM = "application/problem+json"


@router.get("/openapi.json", responses=fails(), summary="This description")
def openapi(actor: Viewer) -> JSONResponse:
    """The description of the API in OpenAPI 3.1."""
    del actor
    return JSONResponse(description())


class SchemaResponse(JSONResponse):
    """A JSON Schema."""

    media_type = "application/schema+json"


@router.get("/schema", response_class=SchemaResponse, responses=fails(), summary="The record's JSON Schema")
def schema(actor: Viewer) -> SchemaResponse:
    """The JSON Schema of a record, as it is delivered and as records/RECORD_ID gives it."""
    del actor
    return SchemaResponse(ReferralRecord.model_json_schema(mode="serialization"))


def whole() -> APIRouter:
    """All routes of the API."""
    api = APIRouter(prefix=PREFIX)
    for part in (*_PARTS, router):
        api.include_router(part)
    return api


@cache
def description() -> dict[str, Any]:
    """The description, with each failure in the form that it has."""
    told = get_openapi(
        title="par-intake",
        version=SCHEMA_VERSION,
        summary="Prior authorization requests as they were read, and the work on them.",
        routes=whole().routes,
    )
    for path in told["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "400" and "content" in answer:
                    answer["content"] = {_PROBLEM: next(iter(answer["content"].values()))}
    told["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "desk"},
        "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
    }
    told["security"] = [{"token": []}, {"session": [], "csrf": []}]
    return told
