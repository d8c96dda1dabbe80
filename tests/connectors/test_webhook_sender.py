"""Posting to strangers' servers: never to one near us, and properly to the others."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from arrears.connectors.public_address import is_public
from arrears.connectors.webhook_sender import MOST_BYTES, PublicWebhookSender, resolve
from tests.connectors.hostile_urls import NAMES, hostile_urls

PUBLIC = "93.184.215.14"
HOST = "hooks.example.com"
HEADERS = {"Content-Type": "application/json", "X-Debitura-Signature": "t=1,v1=ab"}


@dataclass
class Internet:
    """Records every address that is connected to; all of them are the same local server, or refuse."""

    port: int | None = None
    dialled: list[tuple[str, int]] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)

    async def dial(self, address: str, port: int) -> httpcore2.AsyncNetworkStream:
        self.dialled.append((address, port))
        if self.port is None or address in self.refusing:
            raise httpcore2.ConnectError("refused")
        return await httpcore2.AnyIOBackend().connect_tcp("127.0.0.1", self.port, timeout=5)


def known_names(host: str, port: int) -> Sequence[str]:
    """The names of the tests; numbers go to this machine's own resolver, which knows how to read them."""
    if host in NAMES:
        return NAMES[host]
    if host.endswith(".example") or host == HOST:
        return [PUBLIC]
    if not set(host) <= set("0123456789abcdefxABCDEFX.:"):
        raise socket.gaierror("unknown")
    return resolve(host, port)


URLS = hostile_urls()


def test_the_corpus_is_large() -> None:
    assert len(set(URLS)) >= 300


def test_no_hostile_url_leads_to_a_connection() -> None:
    internet = Internet()
    sender = PublicWebhookSender(resolve=known_names, dial=internet.dial)
    for url in URLS:
        reply = sender.send(url, HEADERS, b"{}")
        assert reply.category in ("refused address", "dns"), url
        assert reply.status is None
        assert sender.check(url), url
    assert internet.dialled == []


def test_the_recorder_would_have_seen_one() -> None:
    internet = Internet()
    sender = PublicWebhookSender(resolve=known_names, dial=internet.dial)
    assert sender.send(f"https://{HOST}/hook", HEADERS, b"{}").category == "connection"
    assert internet.dialled == [(PUBLIC, 443)]
    assert sender.check(f"https://{HOST}/hook") == ""


@pytest.mark.parametrize("host", [str(int(ipaddress.IPv4Address(PUBLIC))), PUBLIC, "0x5d.0xb8.0xd7.14"])
def test_a_public_number_is_judged_by_what_it_means(host: str) -> None:
    internet = Internet()
    PublicWebhookSender(resolve=known_names, dial=internet.dial).send(f"https://{host}/", HEADERS, b"{}")
    assert internet.dialled == [(PUBLIC, 443)]


def test_the_address_connected_to_is_the_one_that_was_checked() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    internet = Internet()
    sender = PublicWebhookSender(resolve=rebinding, dial=internet.dial)
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").category == "connection"
    assert internet.dialled == [(PUBLIC, 443)]
    assert asked == [HOST]
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").category == "refused address"
    assert internet.dialled == [(PUBLIC, 443)]


def test_what_our_resolver_knows_is_not_told() -> None:
    sender = PublicWebhookSender(resolve=known_names, dial=Internet().dial)
    assert "10.96" not in sender.check("https://kubernetes.default.svc/")


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    waiting = threading.Event()

    def hangs(host: str, port: int) -> Sequence[str]:
        waiting.wait(10)
        return [PUBLIC]

    sender = PublicWebhookSender(resolve=hangs, dial=Internet().dial, deadline=0.2)
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").category == "timeout"
    assert "in time" in sender.check(f"https://{HOST}/")
    waiting.set()


# --- A real server, with a certificate for its name ------------------------------------------------------


@dataclass
class Receiver:
    """An HTTPS server and what it was sent. `status` and `headers` are its answer."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"thanks"
    dribble: threading.Event | None = None
    names: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def certificate_for(host: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(HOST, tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Receiver]:
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.requests.append((self.path, dict(self.headers.items()), body))
            with contextlib.suppress(OSError):
                self.send_response(here.status)
                for name, value in here.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(here.body)
                while here.dribble is not None and not here.dribble.wait(0.02):
                    self.wfile.write(b"x")

        def log_message(self, *_: object) -> None: ...

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: here.names.append(name or "")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield here
    finally:
        if here.dribble is not None:
            here.dribble.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def sender_to(
    receiver: Receiver, certificates: ssl.SSLContext | None, deadline: float = 10.0
) -> tuple[PublicWebhookSender, Internet]:
    internet = Internet(receiver.port)
    sender = PublicWebhookSender(
        resolve=known_names, dial=internet.dial, certificates=certificates, deadline=deadline
    )
    return sender, internet


def test_a_public_server_gets_the_body_under_its_own_name(
    receiver: Receiver, trusting: ssl.SSLContext
) -> None:
    sender, internet = sender_to(receiver, trusting)
    reply = sender.send(f"https://{HOST}:8443/a/b?c=%20d", HEADERS, b'{"id": 1}')
    assert (reply.status, reply.error, reply.category) == (200, "", "")
    assert internet.dialled == [(PUBLIC, 8443)]
    assert receiver.names == [HOST]
    path, headers, body = receiver.requests[0]
    assert (path, body) == ("/a/b?c=%20d", b'{"id": 1}')
    assert headers["Host"] == f"{HOST}:8443"
    assert headers["X-Debitura-Signature"] == "t=1,v1=ab"


def test_the_next_address_is_tried_when_one_refuses(receiver: Receiver, trusting: ssl.SSLContext) -> None:
    internet = Internet(receiver.port, refusing={"2606:4700::1111"})
    sender = PublicWebhookSender(
        resolve=lambda *_: ["2606:4700::1111", PUBLIC], dial=internet.dial, certificates=trusting
    )
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").status == 200
    assert [address for address, _ in internet.dialled] == ["2606:4700::1111", PUBLIC]
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://127.0.0.1/", "http://169.254.169.254/latest", "/elsewhere"])
def test_redirects_are_not_followed(
    receiver: Receiver, trusting: ssl.SSLContext, status: int, to: str
) -> None:
    receiver.status, receiver.headers = status, {"Location": to}
    sender, internet = sender_to(receiver, trusting)
    reply = sender.send(f"https://{HOST}/", HEADERS, b"{}")
    assert (reply.status, reply.category) == (status, "http")
    assert internet.dialled == [(PUBLIC, 443)]
    assert len(receiver.requests) == 1


def test_no_proxy_is_used(
    receiver: Receiver, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    sender, internet = sender_to(receiver, trusting)
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").status == 200
    assert internet.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_other_answers_are_failures_with_their_status(
    receiver: Receiver, trusting: ssl.SSLContext, status: int
) -> None:
    receiver.status = status
    sender, _ = sender_to(receiver, trusting)
    reply = sender.send(f"https://{HOST}/", HEADERS, b"{}")
    assert (reply.status, reply.category) == (status, "http")
    assert str(status) in reply.error


@pytest.mark.parametrize("host", ["other.example", HOST])
def test_a_certificate_that_is_for_another_or_untrusted_gets_nothing(
    receiver: Receiver, trusting: ssl.SSLContext, host: str
) -> None:
    sender, _ = sender_to(receiver, trusting if host != HOST else None)
    reply = sender.send(f"https://{host}/", HEADERS, b"{}")
    assert (reply.status, reply.category) == (None, "tls")
    assert receiver.requests == []


def test_an_endless_answer_is_dropped(receiver: Receiver, trusting: ssl.SSLContext) -> None:
    receiver.body = b"x" * (MOST_BYTES + 1)
    receiver.dribble = threading.Event()
    sender, _ = sender_to(receiver, trusting)
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").status == 200


def test_an_answer_that_trickles_in_cannot_outlive_the_deadline(
    receiver: Receiver, trusting: ssl.SSLContext
) -> None:
    receiver.dribble = threading.Event()
    sender, _ = sender_to(receiver, trusting, deadline=0.5)
    assert sender.send(f"https://{HOST}/", HEADERS, b"{}").category == "timeout"
    assert len(receiver.requests) == 1


def test_a_server_that_speaks_no_tls_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        internet = Internet(listening.getsockname()[1])
        sender = PublicWebhookSender(resolve=known_names, dial=internet.dial)
        assert sender.send(f"https://{HOST}/", HEADERS, b"{}").category == "tls"
        thread.join()


def test_for_development_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heads: list[bytes] = []

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                heads.append(connection.recv(10_000))
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        assert PublicWebhookSender(anywhere=True).check(url) == ""
        assert PublicWebhookSender(anywhere=True).send(url, HEADERS, b"{}").status == 204
        thread.join()
    assert heads[0].startswith(b"POST /hook HTTP/1.1\r\n")
    assert PublicWebhookSender().check(url) == "The address must begin with https://."


def test_the_stand_in_for_the_internet_is_public() -> None:
    assert is_public(ipaddress.ip_address(PUBLIC))
