"""The broker behind HAProxy and nginx, configured as in docs/how-to/broker.md."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.broker import test_broker_command, test_files, test_tls
from tests.broker.test_broker_command import ISSUE, process, unified
from tests.broker.test_files import BrokerBench
from tests.broker.test_tls import Authority, ready
from tests.support.brokers import free_port
from tests.transfers.conftest import QUICK, noise
from tests.unit.runtime.server import Loopback, Reply
from unified import files, tasks
from unified_platform.broker.limits import Limits
from unified_runtime import Client, UnifiedError, using

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "broker.md"
EXAMPLES = ("10.0.0.11:8320", "10.0.0.12:8320")
MIB = 1024 * 1024

bench, carrier, vendor = test_files.bench, test_files.carrier, test_files.vendor
authority, key, server = test_tls.authority, test_tls.key, test_broker_command.server


def documented(language: str, changed: dict[str, str]) -> str:
    """Return the settings of docs/how-to/broker.md, with this test's names instead of the example's."""
    found = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    text = found[1]
    for old, new in changed.items():
        assert old in text, f"the documented settings have no {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def haproxy(authority: Authority, folder: Path, *brokers: str) -> Iterator[str]:
    port, settings = free_port(), folder / "haproxy.cfg"
    changed = {":443 ": f"127.0.0.1:{port} ", "/etc/haproxy/broker.pem": str(authority.server), **dict(zip(EXAMPLES, brokers, strict=True))}
    settings.write_text(documented("haproxy", changed))
    with _running(["haproxy", "-db", "-f", str(settings)], authority, port) as url:
        yield url


@contextmanager
def nginx(authority: Authority, folder: Path, *brokers: str) -> Iterator[str]:
    """Its messages are in `error.log`, from warnings on."""
    port, settings = free_port(), folder / "nginx.conf"
    changed = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "broker.example.com;": "localhost;",
        "/etc/nginx/broker.crt": str(authority.certificate),
        "/etc/nginx/broker.key": str(authority.key),
        **dict(zip(EXAMPLES, brokers, strict=True)),
    }
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = [f"{kind}_temp_path {folder / kind};" for kind in kinds] + ["access_log off;", documented("nginx", changed)]
    text = [f"pid {folder / 'pid'};", f"error_log {folder / 'error.log'} warn;", "daemon off;", "events {}", "http {", *own, "}"]
    settings.write_text("\n".join(text))
    with _running(["nginx", "-e", str(folder / "error.log"), "-c", str(settings)], authority, port) as url:
        yield url


@contextmanager
def _running(command: list[str], authority: Authority, port: int) -> Iterator[str]:
    url = f"https://localhost:{port}"
    proxy = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        ready(url, authority.trusting(), proxy.poll)
        yield url
    finally:
        proxy.terminate()
        proxy.wait(20)


Start = Callable[..., object]
PROXIES = [
    pytest.param(
        start, id=name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed (servers/install.sh)")
    )
    for name, start in (("haproxy", haproxy), ("nginx", nginx))
]


@pytest.mark.parametrize("start", PROXIES)
def test_behind_a_proxy_as_documented(
    start: Start,
    home: dict[str, str],
    key: str,
    server: Loopback,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """Two brokers behind it: calls continue when one of them is killed; users' cookies are for https only."""
    config = tmp_path / "broker.toml"
    config.write_text('url = "https://broker.example.com"\nproxies = ["127.0.0.1"]\n')
    with ExitStack() as stack:
        started = [stack.enter_context(process(home, "--config", str(config))) for _ in range(2)]
        url = stack.enter_context(start(authority, tmp_path, *(each.removeprefix("http://") for each, _ in started)))
        inner = stack.enter_context(httpx2.Client(verify=authority.trusting()))
        with using(Client(inner, broker=url, key=key)):
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
        assert page == "https://broker.example.com/login"
        response = inner.post(f"{url}/login/link", data={"link": word}, headers={"Origin": "https://broker.example.com"})
        assert "secure" in response.headers["set-cookie"].lower()
        assert len(server.seen) == 8


@pytest.mark.parametrize("start", PROXIES)
def test_a_rejected_call_leaves_the_connection_open(start: Start, home: dict[str, str], authority: Authority, tmp_path: Path) -> None:
    """The broker responds to a call without a key before its body arrives; the proxy does not close the connection for that."""
    config = tmp_path / "broker.toml"
    config.write_text('url = "https://broker.example.com"\nproxies = ["127.0.0.1"]\n')
    with ExitStack() as stack:
        broker = stack.enter_context(process(home, "--config", str(config)))[0].removeprefix("http://")
        url = stack.enter_context(start(authority, tmp_path, broker, broker))
        port = int(url.rpartition(":")[2])
        plain = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        connection = stack.enter_context(authority.trusting().wrap_socket(plain, server_hostname="localhost"))
        connection.sendall(b"POST /v1/call HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n")
        time.sleep(0.2)  # time for a response before the body
        connection.sendall(b"{}")
        assert _status(connection) == 401
        connection.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert _status(connection) == 200


def _status(connection: socket.socket) -> int:
    """Read the next response of a connection, and return its status."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status


@pytest.mark.parametrize("start", PROXIES)
def test_contents_pass_a_proxy_as_they_come(
    start: Start,
    bench: BrokerBench,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """Complete, and without a temporary file of nginx: it logs a warning for each."""
    bench.client()
    behind = bench.url.removeprefix("http://")
    data = noise(20 * MIB + 1)
    with (
        start(authority, tmp_path, behind, behind) as url,
        httpx2.Client(verify=authority.trusting()) as inner,
        using(Client(inner, broker=url, key=bench.key, settings=QUICK)),
    ):
        made = files.upload(data, name="a.bin")
        assert files.download(made.id).read() == data
    log = tmp_path / "error.log"
    assert not log.exists() or "temporary file" not in log.read_text()


@pytest.mark.parametrize("start", PROXIES[1:])
def test_nginx_bounds_bodies_no_narrower_than_the_broker(
    start: Start,
    bench: BrokerBench,
    authority: Authority,
    tmp_path: Path,
) -> None:
    behind = bench.url.removeprefix("http://")
    with start(authority, tmp_path, behind, behind) as url:
        port, limits = int(url.rpartition(":")[2]), Limits()
        assert _announced(authority, port, limits.content + limits.body) != b"413"
        assert _announced(authority, port, 2 * limits.content) == b"413"


def _announced(authority: Authority, port: int, size: int) -> bytes:
    """Return the status of an upload with a wrong key, which declares that many bytes and sends none."""
    head = f"POST /v1/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer uak_x\r\nContent-Length: {size}\r\n\r\n".encode()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as raw,
        authority.trusting().wrap_socket(raw, server_hostname="localhost") as secured,
    ):
        secured.sendall(head)
        return secured.recv(4096).split(b" ")[1]


def test_a_failure_of_a_proxy_is_not_a_response_of_the_broker(home: dict[str, str], server: Loopback) -> None:
    """A proxy returns 502 with its own text if it cannot reach a broker."""
    page = Reply(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
    server.answers(page, page, page, page)
    with using(Client(broker=server.url, key="uak_x")), pytest.raises(UnifiedError) as caught:
        tasks.create(title="x", project_id="1")
    assert "whether the call was made is not known" in caught.value.message
