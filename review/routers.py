"""All routes of the desk: one line for each part."""

from __future__ import annotations

from fastapi import APIRouter

from review.access import accounts_page, openid_sign_in, own_account, sign_in, tokens_page, welcome
from review.api import description
from review.html import dashboard, history, labels, letters, lookup, queue, record, reports, second

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    openid_sign_in.router,
    welcome.router,
    own_account.router,
    accounts_page.router,
    tokens_page.router,
    queue.router,
    record.router,
    dashboard.router,
    reports.router,
    second.router,
    labels.router,
    letters.router,
    lookup.router,
    history.router,
    description.whole(),
)
