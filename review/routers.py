"""All routes of the desk: one line for each part."""

from __future__ import annotations

from fastapi import APIRouter

from review.access import own_account, sign_in

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    own_account.router,
)
