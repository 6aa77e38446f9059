"""The webhook: each record, and each letter, is posted as JSON to one address, signed as Standard Webhooks 1.0 describes.

The signature is HMAC-SHA256 over ``ID.TIMESTAMP.BODY`` (https://www.standardwebhooks.com). The address is the same for every
record, so that no value from a form stands in it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from delivery.letter_note import PostedLetter
from delivery.sink import DeliveryOptions, Sink, WebhookOptions
from models.errors import ConfigurationError, DeliveryRefused, TargetUnavailable
from models.letter import OutgoingLetter
from models.record import ReferralRecord

NAME = "webhook"

_SECRET_PREFIX = "whsec_"  # noqa: S105 - a mark of the format, no secret
_SHORTEST_KEY_BYTES = 16
_LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
# Answers that RFC 9110, RFC 6585 and RFC 8470 give for a request that may succeed later.
_PASSING = frozenset({408, 425, 429})
_LONGEST_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts records and letters. ``timeout_s`` is for one whole exchange, from the connection to the end of the answer."""

    url: str
    key: bytes = field(repr=False)
    timeout_s: float
    trust: ssl.SSLContext

    def deliver(self, record: ReferralRecord) -> None:
        """Post one revision.

        Raises:
            TargetUnavailable: no answer, or one that says to come back.
            DeliveryRefused: the target will not have this revision.
        """
        self._send(f"{record.record_id}-{record.revision}", record.model_dump_json().encode())

    def deliver_letter(self, letter: OutgoingLetter) -> None:
        """Post a letter with its PDF.

        Raises:
            TargetUnavailable: no answer, or one that says to come back.
            DeliveryRefused: the target will not have this letter.
        """
        self._send(letter.letter_id, PostedLetter.of(letter).model_dump_json().encode())

    def _send(self, message_id: str, body: bytes) -> None:
        headers = signed_headers(self.key, message_id, int(time.time()), body)
        # One deadline over everything: the client's own limits are for each read, and a target may send a byte at a time.
        status, retry_after = asyncio.run(self._post(headers, body))
        if status in range(200, 300):
            return
        if status in _PASSING or status >= 500:
            raise TargetUnavailable(f"The webhook answers {status}.", retry_after_s(retry_after, datetime.now(UTC)))
        # A redirect among them: where records go is said by the settings alone.
        raise DeliveryRefused(f"The webhook answers {status}.")

    async def _post(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str | None]:
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._exchange(headers, body)
        except TimeoutError as error:
            raise TargetUnavailable(f"The webhook gives no whole answer within {self.timeout_s:g} s.") from error
        except httpx.ConnectError as error:
            raise TargetUnavailable(_why_no_connection(error)) from error
        except httpx.TransportError as error:
            raise TargetUnavailable("The webhook breaks off the connection, or answers in no known form.") from error

    async def _exchange(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str | None]:
        # trust_env: neither a proxy nor a certificate from the environment, for the settings alone say where records go.
        async with (
            httpx.AsyncClient(verify=self.trust, timeout=None, trust_env=False, follow_redirects=False) as client,  # noqa: S113
            client.stream("POST", self.url, content=body, headers=headers) as answer,
        ):
            # An answer that breaks off was perhaps never meant: it is read, and thrown away.
            read = 0
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read > _LONGEST_ANSWER_BYTES:
                    break
            return answer.status_code, answer.headers.get("retry-after")


def _why_no_connection(error: httpx.ConnectError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "The webhook's certificate is not trusted, or TLS fails."
        cause = cause.__cause__ or cause.__context__
    return "The webhook cannot be connected to."


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a request; ``timestamp`` is in seconds since 1970, UTC."""
    signature = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "User-Agent": "par-intake",
        "Idempotency-Key": message_id,
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """The seconds that a ``Retry-After`` header asks for: a number, or a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        named = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    named = named if named.tzinfo is not None else named.replace(tzinfo=UTC)
    return max(0.0, (named - now).total_seconds())


def build(options: DeliveryOptions) -> Sink | None:
    """The webhook, where an address is set.

    Raises:
        ConfigurationError: the address, the secret or the certificates cannot be used.
    """
    if options.webhook is None:
        return None
    given = options.webhook
    _check_address(given.url)
    return Webhook(given.url, _key(given.secret), given.timeout_s, _trust(given))


def _check_address(text: str) -> None:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ConfigurationError("webhook_url is no address.") from error
    if not url.host or url.userinfo or url.fragment:
        raise ConfigurationError("webhook_url must be an address with a host, and without a user name or a fragment.")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _LOCAL_HOSTS):
        raise ConfigurationError("webhook_url must begin with https://; http:// is for this machine alone.")


def _key(secret: str) -> bytes:
    encoded = secret.startswith(_SECRET_PREFIX)
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True) if encoded else secret.encode()
    except binascii.Error as error:
        raise ConfigurationError("webhook_secret begins with whsec_, and its rest is no base 64.") from error
    if len(key) < _SHORTEST_KEY_BYTES:
        raise ConfigurationError(f"webhook_secret must have at least {_SHORTEST_KEY_BYTES} bytes.")
    return key


def _trust(given: WebhookOptions) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=given.ca_file)
    except OSError as error:  # a certificate that cannot be parsed is one too
        raise ConfigurationError("webhook_ca_file holds no certificates that can be read.") from error
