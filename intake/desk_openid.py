"""What the settings say of an OpenID provider."""

from __future__ import annotations

from importlib.util import find_spec

from intake.settings import Settings
from models.errors import ConfigurationError
from models.store.roles import Role
from review.access.openid import is_safe
from review.services import OpenIdSettings


def openid_settings(settings: Settings) -> OpenIdSettings | None:
    """Where people sign in that have no password here; ``None`` where nobody does.

    Raises:
        ConfigurationError: something is missing or cannot be used, the packages of the extra among them.
    """
    if settings.desk_openid_issuer is None:
        return None
    if settings.desk_openid_client_id is None or settings.desk_openid_secret_file is None or not settings.desk_openid_roles:
        raise ConfigurationError("desk_openid_issuer needs desk_openid_client_id, desk_openid_secret_file and desk_openid_roles.")
    if not is_safe(settings.desk_openid_issuer):
        raise ConfigurationError("desk_openid_issuer is no https address.")
    if find_spec("authlib") is None or find_spec("joserfc") is None:
        raise ConfigurationError("desk_openid_issuer needs the extra: pip install 'par-intake[oidc]'.")
    try:
        secret = settings.desk_openid_secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("desk_openid_secret_file cannot be read.") from error
    if settings.desk_openid_ca_file is not None and not settings.desk_openid_ca_file.is_file():
        raise ConfigurationError("desk_openid_ca_file names no file.")
    return OpenIdSettings(
        issuer=settings.desk_openid_issuer,
        client_id=settings.desk_openid_client_id,
        client_secret=secret,
        roles=tuple(_pair(one) for one in settings.desk_openid_roles),
        role_claim=settings.desk_openid_role_claim,
        name_claim=settings.desk_openid_name_claim,
        ca_file=settings.desk_openid_ca_file,
    )


def _pair(written: str) -> tuple[str, Role]:
    value, _, role = written.rpartition("=")
    try:
        return value, Role(role)
    except ValueError as error:
        roles = ", ".join(role.value for role in Role)
        raise ConfigurationError(f"desk_openid_roles holds pairs such as um-nurses=coordinator; the roles are {roles}.") from error
