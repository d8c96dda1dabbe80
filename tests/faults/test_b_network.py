"""B13–B15: encryption that cannot be trusted, names that cannot be found, and being sent elsewhere."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from arrears.bridge.models import ImportRun
from arrears.bridge.retry_import import retry_import
from arrears.connectors import transport
from arrears.connectors.message import Request, Response
from arrears.connectors.transport import Transport
from arrears.core.submission import State
from arrears.ports import OutcomeUnknown, Remedy
from tests.debitura.server import KEY
from tests.debitura.transport import FakeTransport, serve_answers
from tests.faults.catalogue import fault
from tests.faults.test_b_lost_and_late import OPEN
from tests.faults.world import World


class HalfReal(FakeTransport):
    """Reads go to the stand-in; what opens a case goes over a line of its own."""

    def __init__(self, world: World, line: Transport) -> None:
        super().__init__(world.fake)
        self.line = line

    async def _exchange(self, request: Request) -> Response:
        if request.effects:
            return await self.line._exchange(request)
        return await super()._exchange(request)


# --- B13 ----------------------------------------------------------------------------------------------------


def _certificate(
    folder: Path, name: str, host: str, days: int, issuer: tuple[Any, Any] | None
) -> tuple[Path, Any, Any]:
    """A certificate and its key in one file; signed by itself where there is no issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(dt.datetime.now(dt.UTC) + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(issuer[1] if issuer else key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + secret)
    return path, built, key


@contextlib.contextmanager
def _impostor(pem: Path, *, old: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """Answers anything over TLS with this certificate; gives its port and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    if old:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1"):
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    told: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                talk, _ = listener.accept()
                talk.settimeout(2)
                with talk, context.wrap_socket(talk, server_side=True) as line:
                    told.append(line.recv(65_536))
                    line.sendall(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], told
    finally:
        over.set()
        thread.join(5)
        listener.close()


def checks_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(*_: Any, **__: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    monkeypatch.setattr(httpx2, "create_ssl_context", trusting)


@fault("B13", checks_no_certificates)
def test_b13_the_encryption_cannot_be_trusted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent to whoever cannot prove to be the right one, and the import says that it is so."""
    ca, ca_certificate, ca_key = _certificate(tmp_path, "ca", "ca.example", 30, None)
    ours = (ca_certificate, ca_key)
    stranger = _certificate(tmp_path, "stranger", "stranger.example", 30, None)
    kinds = {
        "expired": (_certificate(tmp_path, "expired", "localhost", -1, ours)[0], False),
        "another host": (_certificate(tmp_path, "other", "elsewhere.example", 30, ours)[0], False),
        "unknown issuer": (_certificate(tmp_path, "unknown", "localhost", 30, stranger[1:])[0], False),
        "old protocol": (_certificate(tmp_path, "good", "localhost", 30, ours)[0], True),
    }
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    certificates = transport._certificates.__wrapped__
    for number, (kind, (pem, old)) in enumerate(kinds.items(), 1):
        monkeypatch.setattr(transport, "_certificates", functools.cache(certificates))
        with _impostor(pem, old=old) as (port, told):
            line = Transport("Debitura", f"https://localhost:{port}", deadline=5)
            world.over(lambda line=line: HalfReal(world, line))  # type: ignore[misc]
            world.invoice(str(number), code=f"D{number}")
            world.start(str(number))
            world.work()
            assert told == [], kind
        row = world.row(str(number))
        assert row.state == State.INTENT, (kind, row.state, row.message)
        assert row.message, kind
    world.over(lambda: FakeTransport(world.fake))
    world.settle()
    world.assert_opened_once("1", "2", "3", "4")


# --- B14 ----------------------------------------------------------------------------------------------------


def takes_everything_for_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with a request that opens a case, it may have arrived."""

    def lost(self: Transport, request: Request, sent: bool, error: Exception) -> Remedy:
        return OutcomeUnknown(f"The answer of {self.name} was lost.")

    monkeypatch.setattr(Transport, "_failure", lost)


@fault("B14", takes_everything_for_lost)
def test_b14_the_name_cannot_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that cannot be found, now or ever, means that nothing was sent: no look-up, and soon again."""
    real = socket.getaddrinfo
    troubles: list[int] = []

    def getaddrinfo(host: Any, *told: Any, **more: Any) -> Any:
        if host in (b"localhost", "localhost") and troubles:
            trouble = troubles.pop(0)
            if trouble == _SLOW:
                stopped.wait(1.0)
            else:
                raise socket.gaierror(trouble, "stub")
        return real(host, *told, **more)

    stopped = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with serve_answers(world.fake.answer) as url:
        line = Transport("Debitura", url.replace("127.0.0.1", "localhost"), deadline=5, connect=0.3)
        world.over(lambda: HalfReal(world, line))
        world.invoice("1")
        world.start("1")
        for trouble in (socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL, _SLOW, socket.EAI_NONAME):
            troubles.append(trouble)
            world.wait(_A_MINUTE)
            row = world.row("1")
            assert (row.state, row.lookups) == (State.INTENT, 0), (trouble, row.state, row.message)
            assert row.message
        assert world.opens() == 0
        world.wait(_A_MINUTE)
        world.collector.close()
    stopped.set()
    world.assert_opened_once("1")
    assert world.opens() == 1


_SLOW = 0
_A_MINUTE = dt.timedelta(minutes=1)


# --- B15 ----------------------------------------------------------------------------------------------------


def follows_redirects(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Transport._open

    def following(self: Transport) -> httpx2.AsyncClient:
        client = opened(self)
        client.follow_redirects = True
        return client

    monkeypatch.setattr(Transport, "_open", following)


@fault("B15", follows_redirects)
def test_b15_sent_elsewhere(world: World) -> None:
    """Nobody is followed anywhere: the key stays here, and the import stops and says what to do."""
    strangers: list[Request] = []

    def stranger(request: Request) -> Response:
        strangers.append(request)
        return Response(200, {"content-type": "application/json"}, b"{}")

    with serve_answers(stranger) as elsewhere:
        for number, code in enumerate((301, 302, 303, 307, 308), 1):
            led = Response(code, {"location": f"{elsewhere}/cases"})

            def astray(request: Request, led: Response = led) -> Response:
                return led if request.method == "POST" else world.fake.answer(request)

            with serve_answers(astray) as url:
                line = Transport("Debitura", url, deadline=5)
                world.over(lambda line=line: HalfReal(world, line))  # type: ignore[misc]
                world.invoice(str(number), code=f"D{number}")
                run = world.start(str(number))
                world.work()
                world.collector.close()
            assert [one for one in strangers if KEY in one.headers.values()] == []
            assert strangers == [], code
            run.refresh_from_db()
            assert run.stage == ImportRun.Stage.FAILED, code
            assert run.problem
            world.over(lambda: FakeTransport(world.fake))
            retry_import(run)
            world.settle()
            world.assert_opened_once(str(number))
    assert len(world.fake.ledger.calls_to(OPEN)) == 5
