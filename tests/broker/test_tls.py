"""The broker over TLS: by itself with a certificate of one's own authority, and behind HAProxy, set up as docs/broker.md has it."""

from __future__ import annotations

import datetime
import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.broker.test_serving import ISSUE, connect, process, unified
from tests.support.brokers import free_port
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_runtime import Client, Unavailable, UnifiedError

DOCS = Path(__file__).parents[2] / "docs" / "broker.md"


class Authority:
    """A certificate authority of one's own, and a server's certificate by it. `server` holds certificate and key, as HAProxy reads them."""

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


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # old versions are what is tried
def test_the_broker_serves_tls(home: dict[str, str], key: str, server: Loopback, authority: Authority) -> None:
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    with encrypted(home, authority) as url:
        with httpx2.Client(verify=authority.trusting()) as inner, Client(inner, broker=url, key=key):
            assert tasks.get("7").title == "Fix it"
        with Client(broker=url, key=key), pytest.raises(Unavailable, match=r"(?i)certificate"):
            tasks.get("7")  # an authority that nobody was told of
        assert len(server.seen) == 1
        port = int(url.rpartition(":")[2])
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"http://localhost:{port}/health")
        assert _versions(port, authority) == {"TLSv1.2", "TLSv1.3"}


def _versions(port: int, authority: Authority) -> set[str]:
    """The versions of TLS in which a server answers."""
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


# ------------------------------------------------------------------------------------------------ behind a proxy
def documented(authority: Authority, port: int, brokers: list[str]) -> str:
    """The settings of docs/broker.md, with this test's addresses in the place of the example's."""
    found = re.search(r"```haproxy\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    text = found[1]
    for old, new in (
        (":443 ", f"127.0.0.1:{port} "),
        ("/etc/haproxy/broker.pem", str(authority.server)),
        ("10.0.0.11:8320", brokers[0]),
        ("10.0.0.12:8320", brokers[1]),
    ):
        assert old in text, f"the documented settings have no {old}"
        text = text.replace(old, new)
    return text


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="haproxy is not installed (apt-get install haproxy)")
def test_behind_a_proxy_as_documented(home: dict[str, str], key: str, server: Loopback, authority: Authority, tmp_path: Path) -> None:
    """Two brokers behind it: calls go on when one of them is killed; people's cookies are for https alone."""
    config = tmp_path / "broker.toml"
    port = free_port()
    url = f"https://localhost:{port}"
    config.write_text(f'url = "{url}"\nproxies = ["127.0.0.1"]\n')
    with ExitStack() as stack:
        started = [stack.enter_context(process(home, "--config", str(config))) for _ in range(2)]
        settings = tmp_path / "haproxy.cfg"
        settings.write_text(documented(authority, port, [each.removeprefix("http://") for each, _ in started]))
        proxy = subprocess.Popen(["haproxy", "-db", "-f", str(settings)], stderr=subprocess.PIPE)
        stack.callback(_ended, proxy)
        ready(url, authority.trusting(), proxy.poll)
        inner = stack.enter_context(httpx2.Client(verify=authority.trusting()))
        with Client(inner, broker=url, key=key):
            for _ in range(4):
                server.answers(Reply.of(ISSUE))
                assert tasks.get("7").title == "Fix it"
            started[0][1].kill()
            started[0][1].wait(20)
            for _ in range(4):
                server.answers(Reply.of(ISSUE))
                assert tasks.get("7").title == "Fix it"
        link = unified(home, "broker", "login", "ada", "--config", str(config))["link"]
        page, _, word = link.partition("?link=")
        assert page == f"{url}/login"
        answer = inner.post(f"{page}/link", data={"link": word}, headers={"Origin": url})
        assert "secure" in answer.headers["set-cookie"].lower()
        assert len(server.seen) == 8


def _ended(proxy: subprocess.Popen[bytes]) -> None:
    proxy.terminate()
    proxy.wait(20)
    if proxy.stderr is not None:
        proxy.stderr.close()


def test_a_proxys_own_failure_is_no_answer_of_the_broker(home: dict[str, str], server: Loopback) -> None:
    """What stands before a broker answers 502 in its own words, where it cannot reach one."""
    page = Reply(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
    server.answers(page, page, page, page)
    with Client(broker=server.url, key="uak_x"), pytest.raises(UnifiedError) as caught:
        tasks.create(title="x", project_id="1")
    assert "whether the call was made is not known" in caught.value.message
