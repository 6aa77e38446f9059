"""What the settings say of deliveries, for those who make them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine

from delivery.deliverer import Deliverer
from delivery.pace import Pace
from delivery.registry import build_sinks
from delivery.sink import DeliveryOptions, Sink, WebhookOptions
from intake.folders import Folders
from intake.letter_desk import letter_desk
from intake.service_state import ServiceState
from intake.settings import Settings
from models.errors import ConfigurationError


def sinks_of(settings: Settings, folders: Folders) -> Mapping[str, Sink]:
    """The delivery targets that the settings ask for, by name.

    Raises:
        ConfigurationError: a setting of the webhook cannot be used.
    """
    return build_sinks(
        DeliveryOptions(outbox=folders.outbox, outbox_file_mode=folders.outbox_mode & 0o666, webhook=_webhook(settings))
    )


def deliverer_of(settings: Settings, sinks: Mapping[str, Sink], store: Engine, executor_id: str, state: ServiceState) -> Deliverer:
    """The threads that deliver, not yet started."""
    pace = Pace(settings.retry_first_s, settings.delivery_longest_s, settings.retry_longest_s, settings.delivery_attempts)
    drawn = letter_desk(settings, sinks).outgoing
    return Deliverer(store, sinks, executor_id, pace, state, parallel=settings.delivery_threads, drawn=drawn)


def _webhook(settings: Settings) -> WebhookOptions | None:
    if settings.webhook_url is None:
        return None
    return WebhookOptions(settings.webhook_url, _secret(settings), settings.webhook_timeout_s, settings.webhook_ca_file)


def _secret(settings: Settings) -> str:
    if (settings.webhook_secret is None) == (settings.webhook_secret_file is None):
        raise ConfigurationError("The webhook needs webhook_secret or webhook_secret_file, and not both.")
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    try:
        return str(settings.webhook_secret_file and settings.webhook_secret_file.read_text(encoding="utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("webhook_secret_file cannot be read.") from error
