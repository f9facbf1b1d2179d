"""TLS served by the broker, with a certificate of a private authority."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.broker.test_broker_command import ISSUE, connect, unified
from tests.support.brokers import free_port
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_runtime import Client, Unavailable, using


class Authority:
    """Private certificate authority, and a server's certificate issued by it. `server` holds certificate and key, as proxies read them."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of one's own")])
        self._certificate = _signed(name, name, key, key, x509.BasicConstraints(ca=True, path_length=0))
        self.root = folder / "root.pem"
        self.root.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        own = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        made = _signed(subject, name, own, key, names, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
        self.certificate, self.key, self.server = folder / "server.crt", folder / "server.key", folder / "server.pem"
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.server.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    own: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for extension in (
        *extensions,
        x509.SubjectKeyIdentifier.from_public_key(own.public_key()),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()),
    ):
        built = built.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return built.sign(by, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def key(home: dict[str, str], server: Loopback) -> str:
    connect(home, server)
    made = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")
    return str(made["key"])


def ready(url: str, context: ssl.SSLContext, alive: Callable[[], object]) -> None:
    for _ in range(400):
        assert alive() is None
        try:
            if httpx2.get(f"{url}/ready", verify=context).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail(f"{url} does not become ready")


# ------------------------------------------------------------------------------------------------ by itself
@contextmanager
def encrypted(home: dict[str, str], authority: Authority) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "unified_platform.cli", "broker", "serve", "--port", str(port), "--inside", "127.0.0.1"]
    command += ["--host", "0.0.0.0", "--certificate", str(authority.certificate), "--certificate-key", str(authority.key)]
    running = subprocess.Popen(command, env=home, stderr=subprocess.DEVNULL)
    try:
        ready(f"https://localhost:{port}", authority.trusting(), running.poll)
        yield f"https://localhost:{port}"
    finally:
        running.terminate()
        running.wait(40)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # old versions are the subject of the test
def test_the_broker_serves_tls(home: dict[str, str], key: str, server: Loopback, authority: Authority) -> None:
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    with encrypted(home, authority) as url:
        with httpx2.Client(verify=authority.trusting()) as inner, using(Client(inner, broker=url, key=key)):
            assert tasks.get("7").title == "Fix it"
        with using(Client(broker=url, key=key)), pytest.raises(Unavailable, match=r"(?i)certificate"):
            tasks.get("7")  # an unknown authority
        assert len(server.seen) == 1
        port = int(url.rpartition(":")[2])
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"http://localhost:{port}/health")
        assert _versions(port, authority) == {"TLSv1.2", "TLSv1.3"}


def _versions(port: int, authority: Authority) -> set[str]:
    """Return the versions of TLS that a server accepts."""
    found = set()
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = authority.trusting()
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        try:
            with socket.create_connection(("127.0.0.1", port)) as raw, context.wrap_socket(raw, server_hostname="localhost") as secured:
                found.add(str(secured.version()))
        except (ssl.SSLError, ConnectionError):
            continue
    return found
