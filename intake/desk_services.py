"""What the desk needs of the service around it, made of the service's own settings, folders and store."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from intake.deliveries import sinks_of
from intake.desk_documents import FolderDocuments
from intake.desk_openid import openid_settings
from intake.desk_pages import FolderPages
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.inbox_upload import InboxUpload
from intake.letter_desk import letter_desk
from intake.linking import tied
from intake.placing import placed
from intake.sealing import Keyring
from intake.settings import Settings
from intake.site_labels import labels_file
from intake.site_policy import policies_of
from intake.storage import storage_errors
from models.store.database import normalised_url, open_reading_engine, sqlite_url
from review.services import DeskServices, DeskSettings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The parts of a service that the desk has to do with.

    ``store`` writes; ``sinks`` are the names of the delivery targets; ``announce`` wakes those who deliver, ``wake`` the service's
    own loop; ``keyring`` opens what is sealed.
    """

    store: Engine
    sinks: Collection[str]
    announce: Callable[[], None]
    wake: Callable[[], None]
    keyring: Keyring | None = None


def desk_services(settings: Settings, folders: Folders, around: Surroundings) -> DeskServices:
    """The services of one desk; made once at the start of a service, for it removes uploads that were cut short.

    Raises:
        ConfigurationError: a policy or a plan cannot be read.
        StorageUnavailable: the inbox cannot be read or written.
    """
    uploads = InboxUpload(folders, executor_id_of(settings), settings.max_file_bytes)
    with storage_errors():
        uploads.clear()
    url = sqlite_url(folders.database) if settings.database_url is None else normalised_url(settings.database_url)
    return DeskServices(
        engine=around.store,
        reading=open_reading_engine(url),
        sinks=around.sinks,
        announce=around.announce,
        policies=policies_of(settings),
        placed=partial(placed, own_groups=settings.delegated_groups, zone=settings.zone),
        tied=tied,
        zone=settings.zone,
        pages=FolderPages(folders, around.keyring),
        documents=FolderDocuments(folders, around.keyring, uploads, around.wake),
        labels=labels_file(settings),
        letters=letter_desk(settings, sinks_of(settings, folders)),
        settings=desk_settings(settings),
    )


def desk_settings(settings: Settings) -> DeskSettings:
    """What the settings say of the desk."""
    return DeskSettings(
        hosts=settings.desk_hosts,
        secure_cookies=settings.desk_secure_cookies,
        idle_s=settings.desk_idle_s,
        session_life_s=settings.desk_session_life_s,
        openid=openid_settings(settings),
        rater_share=settings.rater_share,
        rater_seed="" if settings.rater_seed is None else settings.rater_seed.get_secret_value(),
        at_risk=timedelta(hours=settings.at_risk_hours),
        at_risk_until_decided=settings.at_risk_until_decided,
    )
