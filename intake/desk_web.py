"""The coordinator's desk as the service serves it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from fastapi import FastAPI
from sqlalchemy import Engine

from intake.folders import Folders
from intake.settings import Settings
from models.store.database import normalised_url, open_reading_engine, sqlite_url
from review.app import build_desk
from review.services import DeskServices, DeskSettings, PageView
from validation.policies import completeness_policy


def desk_of(settings: Settings, folders: Folders, store: Engine, sinks: Collection[str], announce: Callable[[], None]) -> FastAPI:
    """The desk over a service's store; ``announce`` wakes those who deliver."""
    url = sqlite_url(folders.database) if settings.database_url is None else normalised_url(settings.database_url)
    services = DeskServices(
        engine=store,
        reading=open_reading_engine(url),
        sinks=sinks,
        announce=announce,
        policy=completeness_policy(),
        zone=settings.zone,
        pages=_NoPages(),
        documents=_NoDocuments(),
        labels=folders.data / "labels.yaml",
        settings=desk_settings(settings),
    )
    return build_desk(services)


def desk_settings(settings: Settings) -> DeskSettings:
    """What the settings say of the desk."""
    return DeskSettings(
        hosts=settings.desk_hosts,
        secure_cookies=settings.desk_secure_cookies,
        idle_s=settings.desk_idle_s,
        session_life_s=settings.desk_session_life_s,
    )


class _NoPages:
    """Until documents can be looked at."""

    def count(self, document_id: str) -> int:
        """None."""
        del document_id
        return 0

    def page(self, document_id: str, number: int) -> PageView | None:
        """None."""
        del document_id, number
        return None


class _NoDocuments:
    """Until documents can be had."""

    def source(self, document_id: str) -> tuple[str, Iterator[bytes]] | None:
        """None."""
        del document_id
        return None

    def read_again(self, document_id: str) -> bool:
        """Never."""
        del document_id
        return False

    def upload(self, name: str, pieces: Iterator[bytes]) -> None:
        """Nothing is taken."""
        del name, pieces
