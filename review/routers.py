"""All routes of the desk: one line for each part."""

from __future__ import annotations

from fastapi import APIRouter

from review.access import accounts_page, own_account, sign_in, tokens_page, welcome
from review.api import description
from review.html import queue

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    welcome.router,
    own_account.router,
    accounts_page.router,
    tokens_page.router,
    queue.router,
    description.whole(),
)
