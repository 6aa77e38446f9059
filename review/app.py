"""The desk as a web application."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.staticfiles import StaticFiles

from review.api.feed import Feed
from review.api.listings import Listings
from review.api.work_view import PageSizes
from review.failures import answer_failures
from review.headers import Protection
from review.pages import STATIC, Pages, known_places
from review.routers import ROUTERS
from review.services import DeskServices

# Of all but uploads, whose routes name a limit of their own (max_body_size).
_LARGEST_BODY_BYTES = 1_000_000


def build_desk(services: DeskServices) -> FastAPI:
    """The desk, to be served at the root of its host."""
    app = FastAPI(
        title="par-intake", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=_LARGEST_BODY_BYTES, debug=False
    )
    pages = Pages()
    app.state.services = services
    app.state.pages = pages
    app.state.feed = Feed(services.reading)
    app.state.page_sizes = PageSizes(services.pages)
    app.state.listings = Listings(services)
    app.add_middleware(Protection, settings=services.settings)
    answer_failures(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount(f"/static/{pages.version}", StaticFiles(directory=STATIC))
    pages.places = known_places({str(route.path) for route in iter_route_contexts(app.routes)})
    return app
