"""The webhook against a real server that fails in every way."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from delivery.sink import DeliveryOptions, Sink, WebhookOptions
from delivery.sinks import webhook
from models.errors import ConfigurationError, DeliveryRefused, TargetUnavailable
from models.record import ReferralRecord, Source, Status
from tests.delivery import receiver as server
from tests.delivery.receiver import SECRET, Receiver, receiving, say, unused_port

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
RECORD = ReferralRecord(
    record_id="PAR-1",
    status=Status.READY,
    source=Source(file_name="Smith, Jos\u00e9.pdf", sha256="aa", received_at=NOW, pages=[1]),
)


def _sink(url: str, timeout_s: float = 20.0, ca_file: Path | None = None, secret: str = SECRET) -> Sink:
    sink = webhook.build(DeliveryOptions(outbox=Path("unused"), webhook=WebhookOptions(url, secret, timeout_s, ca_file)))
    assert sink is not None
    return sink


@pytest.fixture
def target() -> Iterator[tuple[Receiver, str]]:
    with receiving() as running:
        yield running


def test_without_an_address_there_is_no_webhook() -> None:
    assert webhook.build(DeliveryOptions(outbox=Path("unused"))) is None


def test_a_record_comes_signed_with_its_key_and_nothing_of_it_in_the_address(target: tuple[Receiver, str]) -> None:
    receiver, url = target
    _sink(f"{url}?tenant=7").deliver(RECORD.model_copy(update={"revision": 3}))
    ((path, headers, body),) = receiver.requests
    assert path == "/par?tenant=7"
    assert headers["Idempotency-Key"] == headers["Webhook-Id"] == "PAR-1-3"
    assert headers["Content-Type"] == "application/json"
    assert ReferralRecord.model_validate(json.loads(body)).source == RECORD.source
    assert not any("Smith" in value for value in headers.values())


@pytest.mark.parametrize("change", ["body", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature", "secret", "old"])
def test_the_guides_example_refuses_what_was_changed(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body, secret, sent_at = b'{"a": 1}', SECRET.encode(), 1_772_366_400
    monkeypatch.setattr("time.time", lambda: sent_at + (301 if change == "old" else 299))
    headers = webhook.signed_headers(secret, "PAR-1-1", sent_at, body)
    assert change == "old" or server.verify(secret, headers, body) == "PAR-1-1"
    if change == "body":
        body = b'{"a": 2}'
    elif change == "secret":
        secret = b"another secret, as long as that"
    elif change != "old":
        last = headers[change][-2]
        headers[change] = headers[change][:-2] + ("1" if last != "1" else "2") + headers[change][-1]
    with pytest.raises(ValueError, match=r"too old|not signed"):
        server.verify(secret, headers, body)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification, section "Signature scheme".
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - from the specification
    body = b'{"test": 2432232314}'
    sink = _sink("https://um.example.org/par", secret=secret)
    assert isinstance(sink, webhook.Webhook)
    headers = webhook.signed_headers(sink.key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["Webhook-Signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_an_answer_that_may_change_is_trouble_that_passes(target: tuple[Receiver, str], status: int) -> None:
    receiver, url = target
    receiver.turns.append(say(status))
    with pytest.raises(TargetUnavailable, match=str(status)) as caught:
        _sink(url).deliver(RECORD)
    assert caught.value.retry_after_s is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422])
def test_an_answer_that_will_not_change_is_a_refusal(target: tuple[Receiver, str], status: int) -> None:
    receiver, url = target
    receiver.turns.append(say(status))
    with pytest.raises(DeliveryRefused, match=str(status)):
        _sink(url).deliver(RECORD)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(target: tuple[Receiver, str], status: int) -> None:
    receiver, url = target
    with receiving() as (elsewhere, other_url):
        receiver.turns.append(say(status, Location=other_url))
        with pytest.raises(DeliveryRefused, match=str(status)):
            _sink(url).deliver(RECORD)
        assert elsewhere.requests == []
    assert len(receiver.requests) == 1


def test_the_time_that_a_target_names_is_told(target: tuple[Receiver, str]) -> None:
    receiver, url = target
    receiver.turns.append(say(429, Retry_After="120"))
    with pytest.raises(TargetUnavailable) as caught:
        _sink(url).deliver(RECORD)
    assert caught.value.retry_after_s == 120


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("7", 7),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Sun, 01 Mar 99999999999999999999 12:00:00 GMT", None),
    ],
)
def test_a_time_to_come_back_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert webhook.retry_after_s(header, NOW) == seconds


@pytest.mark.parametrize("failure", [server.close_at_once, server.close_in_the_middle, server.talk_nonsense])
def test_a_connection_that_breaks_off_is_trouble_that_passes(target: tuple[Receiver, str], failure: server.Behaviour) -> None:
    receiver, url = target
    receiver.turns.append(failure)
    with pytest.raises(TargetUnavailable, match="breaks off"):
        _sink(url).deliver(RECORD)


@pytest.mark.parametrize("failure", [server.hang, server.trickle, server.take_and_answer_too_late])
def test_a_target_that_never_comes_to_an_end_is_given_up(target: tuple[Receiver, str], failure: server.Behaviour) -> None:
    receiver, url = target
    receiver.turns.append(failure)
    with pytest.raises(TargetUnavailable, match=r"within 0\.3 s"):
        _sink(url, timeout_s=0.3).deliver(RECORD)


def test_a_target_that_took_it_and_answered_too_late_gets_it_again_under_the_same_key(target: tuple[Receiver, str]) -> None:
    receiver, url = target
    receiver.turns.append(server.take_and_answer_too_late)
    with pytest.raises(TargetUnavailable):
        _sink(url, timeout_s=0.3).deliver(RECORD)
    _sink(url).deliver(RECORD)
    (_, first, body), (_, second, body_again) = receiver.requests
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert body == body_again
    assert receiver.taken == ["PAR-1-1"]


def test_an_answer_without_end_is_not_read_to_its_end(target: tuple[Receiver, str]) -> None:
    receiver, url = target
    receiver.turns.append(lambda handler: handler.answer(200, {"Content-Length": "1000000000"}, b"x" * 1_000_000))
    _sink(url).deliver(RECORD)


def test_nobody_there_is_trouble_that_passes() -> None:
    with pytest.raises(TargetUnavailable, match="cannot be connected to") as caught:
        _sink(f"http://127.0.0.1:{unused_port()}/par").deliver(RECORD)
    assert "Smith" not in str(caught.value)


def test_a_proxy_of_the_environment_is_not_used(target: tuple[Receiver, str], monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, url = target
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    _sink(url).deliver(RECORD)
    assert receiver.taken == ["PAR-1-1"]


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's side with a certificate of its own for an address, and the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = folder / f"{name}.key"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return context, file


def test_a_certificate_that_is_trusted_by_the_setting_is_taken(tmp_path: Path) -> None:
    context, file = _certificate(tmp_path, "127.0.0.1")
    with receiving(context) as (receiver, url):
        _sink(url, ca_file=file).deliver(RECORD)
        assert receiver.taken == ["PAR-1-1"]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, _ = _certificate(tmp_path, "127.0.0.1")
    with receiving(context) as (receiver, url):
        with pytest.raises(TargetUnavailable, match="not trusted"):
            _sink(url).deliver(RECORD)
        assert receiver.requests == []


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    context, file = _certificate(tmp_path, "192.0.2.1")
    with receiving(context) as (receiver, url):
        with pytest.raises(TargetUnavailable, match="not trusted"):
            _sink(url, ca_file=file).deliver(RECORD)
        assert receiver.requests == []


def test_a_target_without_tls_where_tls_is_asked_for_is_trouble(target: tuple[Receiver, str]) -> None:
    receiver, url = target
    with pytest.raises(TargetUnavailable, match="not trusted"):
        _sink(url.replace("http:", "https:")).deliver(RECORD)
    assert receiver.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://um.example.org/par",
        "ftp://um.example.org/",
        "um.example.org",
        "https://",
        "https://user:pw@um.example.org/",
        "http://[:::",
    ],
)
def test_an_address_that_would_not_be_safe_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook_url"):
        _sink(url)


@pytest.mark.parametrize("secret", ["", "short", "whsec_notbase64!", "whsec_c2hvcnQ="])
def test_a_secret_that_is_too_short_or_no_base_64_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook_secret") as caught:
        _sink("https://um.example.org/par", secret=secret)
    assert not secret or secret not in str(caught.value)


def test_certificates_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    for file in ("empty.pem", "gone.pem"):
        with pytest.raises(ConfigurationError, match="webhook_ca_file"):
            _sink("https://um.example.org/par", ca_file=tmp_path / file)


def test_the_secret_does_not_show(tmp_path: Path) -> None:
    options = DeliveryOptions(tmp_path, webhook=WebhookOptions("https://um.example.org/", SECRET))
    assert SECRET not in repr(options)
    assert SECRET not in repr(webhook.build(options))
