"""The settings: read once, frozen, and closed to unknown names.

A value given on the command line wins over the environment (``PAR_*``), which wins over ``par-intake.toml``, which wins over
the defaults below. ``PAR_CONFIG`` names another file than ``par-intake.toml`` in the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from intake.age import moment_before
from models.errors import ConfigurationError

PREFIX = "PAR_"
CONFIG_VARIABLE = "PAR_CONFIG"
DEFAULT_CONFIG = Path("par-intake.toml")

_MAY_BE_EMPTY = (
    "database_url",
    "worker_name",
    "workers",
    "webhook_url",
    "webhook_secret",
    "webhook_secret_file",
    "webhook_ca_file",
    "second_engine",
    "tesseract",
    "policy",
    "deadlines",
    "plan_files",
    "procedure_codes",
    "forms",
    "letter_template",
    "archive_keys",
    "purge_after",
    "rater_seed",
    "desk_openid_issuer",
    "desk_openid_client_id",
    "desk_openid_secret_file",
    "desk_openid_ca_file",
)


class Settings(BaseSettings):
    """Everything that a site can set. Units stand in the names: ``_s`` is seconds."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX)
    config_file: ClassVar[Path | None] = None

    time_zone: str = Field("America/Los_Angeles", description="Time zone of the site: of fax header times, arrivals and deadlines.")

    inbox: Path = Field(Path("inbox"), description="The watched folder.")
    outbox: Path = Field(Path("outbox"), description="Where records are delivered, one JSON file each.")
    outbox_readers: Literal["owner", "group"] = Field(
        "owner", description="Who may read the outbox: the service's own user alone, or also the folder's group."
    )
    data: Path = Field(Path("data"), description="Database, work in hand, and the archives done/ and failed/.")
    database_url: str | None = Field(
        None, description="SQLAlchemy address of a PostgreSQL database for several machines; without it, SQLite in the data folder."
    )
    worker_name: str | None = Field(
        None, description="Stable name of this service among those on one database; without it, the host name (SQLite: local)."
    )

    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    port: int = Field(8600, ge=0, le=65535, description="Port that the service listens on; 0 takes any free one.")

    desk_hosts: tuple[str, ...] = Field(
        (), description="Names that people reach the desk by, besides this machine's own; without them, from this machine alone."
    )
    desk_secure_cookies: bool = Field(False, description="Whether people reach the desk by https; cookies then need it.")
    desk_trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses or networks of proxies that are believed when they say where a request comes from."
    )
    desk_idle_s: float = Field(900.0, ge=60, description="Seconds without a request after which a session at the desk ends.")
    desk_session_life_s: float = Field(43_200.0, ge=60, description="Seconds after which a session at the desk ends in any case.")
    desk_openid_issuer: str | None = Field(
        None, description="OpenID provider that people sign in at; without it, by passwords alone."
    )
    desk_openid_client_id: str | None = Field(None, description="Name of the desk at the OpenID provider.")
    desk_openid_secret_file: Path | None = Field(None, description="A file with the desk's secret at the OpenID provider.")
    desk_openid_role_claim: str = Field("groups", description="Claim whose values give people their role.")
    desk_openid_roles: tuple[str, ...] = Field(
        (), description="Which value of that claim gives which role, such as um-nurses=coordinator; the first that fits counts."
    )
    desk_openid_name_claim: str = Field("preferred_username", description="Claim that holds the user name.")
    desk_openid_ca_file: Path | None = Field(
        None, description="Certificates (PEM) to trust for the OpenID provider, in place of the system's."
    )

    at_risk_hours: int = Field(24, ge=1, le=8760, description="Hours before its deadline from which a request is at risk.")
    at_risk_until_decided: bool = Field(
        False, description="Whether a request is at risk until its decision is brought in; else, until it is completed here."
    )

    rater_share: float = Field(
        0.0, ge=0, le=1, description="Share of the ended records that a second person reads blind, such as 0.05; 0 for none."
    )
    rater_seed: SecretStr | None = Field(
        None, description="Secret that these records are drawn by; without it, who knows a record's id can tell whether it is one."
    )

    scan_interval_s: float = Field(2.0, gt=0, description="Seconds between two scans of the inbox.")
    stability_s: float = Field(3.0, ge=0, description="Seconds that size and time of a file must stay the same before it is taken.")
    whole_grace_s: float = Field(
        30.0, ge=0, description="Seconds that an unchanged file may lack its end before it is taken as damaged."
    )
    lone_sidecar_s: float = Field(
        3600.0, ge=0, description="Seconds that a sidecar waits for its fax before it is set aside by itself."
    )

    workers: int | None = Field(None, ge=1, description="Documents read at the same time; without it, one for each core.")
    max_file_bytes: int = Field(200_000_000, ge=1, description="Largest file that is read, in bytes.")
    max_pages: int = Field(300, ge=1, description="Most pages of one document.")
    max_pixels: int = Field(60_000_000, ge=1, description="Most pixels of one page.")
    max_memory_bytes: int = Field(
        4_000_000_000, ge=1_500_000_000, description="Memory that each reading process may have, as address space, in bytes."
    )
    engine_timeout_s: float = Field(120.0, gt=0, description="Seconds that an engine may take for one page.")
    page_timeout_s: float = Field(300.0, gt=0, description="Seconds that reading one page, or one request on its pages, may take.")
    document_timeout_s: float = Field(1800.0, gt=0, description="Seconds that reading one document may take.")
    stop_timeout_s: float = Field(60.0, ge=0, description="Seconds that documents in hand may take when the service is stopped.")
    max_attempts: int = Field(3, ge=1, description="Times that a document may stop its reader before it is set aside.")
    retry_first_s: float = Field(5.0, gt=0, description="Seconds before the first new try after transient trouble; doubles.")
    retry_longest_s: float = Field(300.0, gt=0, description="Longest wait between two tries, in seconds.")

    delivery_threads: int = Field(4, ge=1, le=64, description="Deliveries made at the same time to one target.")
    delivery_attempts: int = Field(60, ge=1, description="Times that a target may fail a delivery before it is parked.")
    delivery_longest_s: float = Field(3600.0, gt=0, description="Longest wait of a delivery between two attempts, in seconds.")
    webhook_url: str | None = Field(None, description="Address that records are posted to; without it, nothing leaves the machine.")
    webhook_secret: SecretStr | None = Field(None, description="Secret that signs what is posted; the environment is its place.")
    webhook_secret_file: Path | None = Field(None, description="A file with the secret, in place of webhook_secret.")
    webhook_ca_file: Path | None = Field(None, description="Certificates (PEM) to trust for the webhook, in place of the system's.")
    webhook_timeout_s: float = Field(30.0, gt=0, description="Seconds that the webhook may take for one whole answer.")

    first_engine: str = Field("tesseract", description="OCR engine that reads every page.")
    second_engine: str | None = Field("ppocr", description="OCR engine for doubtful crops and lost pages; empty for none.")
    tesseract: Path | None = Field(None, description="The Tesseract program, where the search for it should not decide.")

    policy: Path | None = Field(None, description="A completeness policy of the plan's own, in place of the default one.")
    deadlines: str | None = Field(
        None, description="A deadline rule set, by its name or as a .yaml file, in place of the one that this policy names."
    )
    plans: tuple[str, ...] = Field(
        (), description="The plans that this site works for, by their ids; without them, one policy holds for all that comes."
    )
    plan_files: Path | None = Field(None, description="A folder of plan files of the site's own, beside those that are shipped.")
    delegated_groups: tuple[str, ...] = Field(
        (),
        description="Delegated groups that this site decides for, as the member roster names them; without them, it is the plan.",
    )
    procedure_codes: Path | None = Field(
        None, description="A list of CPT and HCPCS codes, one a line; without it, shape alone counts."
    )

    forms: Path | None = Field(
        None,
        description="The folder of known forms, perhaps under version control; without it, forms/ in the data folder.",
    )
    labels: Path | None = Field(
        None,
        description="The file of labels that this site has taught the reader; without it, labels.yaml in the data folder.",
    )

    letter_template: Path | None = Field(
        None, description="The words of letters to offices, a YAML file; without it, those that come with the product."
    )
    letter_release: Literal["held", "automatic"] = Field(
        "held", description="Whether a letter waits for a person's release, or goes as soon as its record is completed."
    )

    archive_keys: str | None = Field(
        None,
        description="Where the keys stand that archived sources are encrypted with: a file, or env:NAME; without it, they are not.",
    )

    purge_after: str | None = Field(
        None, description="Age at which final documents are purged, once a day, such as 7y or 90d; without it, none ever is."
    )

    log_format: Literal["console", "json"] = Field("console", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least severe log line written.")

    @field_validator(*_MAY_BE_EMPTY, mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """Neither TOML nor the environment can say ``None``."""
        return None if value == "" else value

    @field_validator("purge_after")
    @classmethod
    def _an_age(cls, value: str | None) -> str | None:
        if value is not None:
            moment_before(datetime.now(UTC), value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone; use a name such as America/New_York") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def worker_count(self) -> int:
        """Documents read at the same time."""
        return self.workers or len(os.sched_getaffinity(0))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=_config_path(os.environ))


def load_settings(given: Mapping[str, object] | None = None) -> Settings:
    """The settings in force.

    Args:
        given: values from the command line; those that are ``None`` were not given.

    Raises:
        ConfigurationError: an unknown name, a value out of range, or a file that cannot be read.
    """
    _refuse_unknown_variables(os.environ)
    config = _config_path(os.environ)
    if CONFIG_VARIABLE in os.environ and not config.is_file():
        raise ConfigurationError(f"{CONFIG_VARIABLE} names no file.")
    try:
        return Settings.model_validate({name: value for name, value in (given or {}).items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError(_in_words(error)) from error
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{config} is no readable TOML file: {error}.") from error


def _config_path(environment: Mapping[str, str]) -> Path:
    return Path(environment.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise ConfigurationError(f"Unknown setting in the environment: {', '.join(unknown)}.")


def _in_words(error: ValidationError) -> str:
    parts = [f"{'.'.join(str(step) for step in item['loc']) or 'settings'}: {item['msg']}" for item in error.errors()]
    return f"Wrong setting: {'; '.join(parts)}."
