"""Spellings of internal addresses in every input that accepts an address: servers, next pages, downloads, identity providers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

import unified
from tests.attacks.test_ssrf import SECRET, Tap
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.oauth.access_tokens import IssuerKeys
from unified_platform.oauth.http import checked_endpoint
from unified_runtime import AsyncClient, Client, Secret, UnifiedError, basic, block_private_networks, using
from unified_runtime.core.connections import Connection
from unified_runtime.core.origins import matches
from unified_runtime.http.network_policy import anywhere

HERE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.1", "017700000001", "0177.0.0.1", "0177.1",
    "127.0.0.1.", "00000177.0.0.01", "0x7f.0x0.0x0.0x1", "localhost", "localhost.", "LOCALHOST", "LocalHost.", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0000::0001]", "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]", "[::ffff:0:127.0.0.1]", "[::1%25lo]",
    "[::1%lo]", "[fe80::1%25lo]", "[fe80::1%lo]", "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u30020\u30020\u30021",
    "127\uff0e0\uff0e0\uff0e1", "127\uff610\uff610\uff611", "\u2460\u2461\u2466.0.0.1",
    "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54", "lo\u00adcalhost", "local\u200bhost", "loc\u0430lhost", "0", "0.0.0.0",
    "[::]", "0x0", "00",
]  # fmt: skip
METADATA = [
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "025177524776", "169.254.43518",
    "169.16689662", "169.254.169.254.", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::169.254.169.254]", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b::169.254.169.254]", "[2002:a9fe:a9fe::]", "[fd00:ec2::254]", "\uff11\uff16\uff19.254.169.254",
    "169\u3002254\u3002169\u3002254", "[fe80::a9fe:a9fe%25eth0]", "100.100.100.200", "168.63.129.16", "192.0.0.192",
]  # fmt: skip
FORMS = [
    "https://{}", "https://{}/", "https://me@{}", "https://{}:443", "https://acme.example@{}", "https://{}\\@acme.example",
    "https://{}#acme.example", "https://{}?acme.example", "https://acme.example:x@{}", "https:{}", "https:/{}", "https:///{}",
    "\thttps://{}", "https://{} ", "https://%{}", "//{}",
]  # fmt: skip


@pytest.fixture
def tap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tap]:
    """Listener that every connection to an internal address would reach, regardless of its spelling."""
    made = Tap()
    yield made
    made.close()


@pytest.fixture
def outside() -> Iterator[None]:
    block_private_networks()
    yield
    anywhere()


class Connects:
    """Record the addresses of all connections that any client library attempts, and make none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[Any] = []

        def refuse(_: Any, address: Any) -> None:
            self.seen.append(address)
            raise ConnectionRefusedError(111, "refused")

        async def refuse_later(_: Any, __: Any, address: Any) -> None:
            refuse(None, address)

        monkeypatch.setattr(socket.socket, "connect", refuse)
        for loop in (asyncio.SelectorEventLoop, asyncio.BaseEventLoop):
            monkeypatch.setattr(loop, "sock_connect", refuse_later)


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> Connects:
    return Connects(monkeypatch)


def called(caller: Caller, server: str) -> Any:
    caller.connect(server, basic("me", SECRET))
    return caller.run(tasks.get, "P-1")


@pytest.mark.parametrize("host", [*HERE, *METADATA])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_server_by_any_spelling_is_not_connected_to(caller: Caller, connects: Connects, outside: None, host: str, scheme: str) -> None:
    with pytest.raises(UnifiedError):
        called(caller, f"{scheme}://{host}:8443")
    assert connects.seen == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "[::ffff:7f00:1]", "169.254.43518", "[64:ff9b::a9fe:a9fe]"])
def test_an_address_around_the_host_hides_nothing(caller: Caller, connects: Connects, outside: None, form: str, host: str) -> None:
    with pytest.raises(UnifiedError):
        called(caller, form.format(host))
    assert connects.seen == []


@pytest.mark.parametrize("host", [*HERE, *METADATA])
def test_the_keys_of_an_identity_provider_are_not_fetched_from_it(connects: Connects, outside: None, host: str) -> None:
    """The address is in the provider's metadata, which others write."""

    async def run(url: str) -> None:
        client = AsyncClient(settings=QUICK)
        try:
            await IssuerKeys("https://login.example", client, jwks_uri=url).signed(Secret("eyJ0eXAiOiJhdCtqd3QifQ.e30.x"))
        finally:
            await client.aclose()

    for scheme in ("https", "http"):
        with pytest.raises(UnifiedError):
            asyncio.run(run(f"{scheme}://{host}:8443/keys"))
    assert connects.seen == []


@pytest.mark.parametrize("host", [*HERE, *METADATA])
def test_plain_http_is_for_the_exact_names_of_this_machine(host: str) -> None:
    if host in {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"}:
        assert checked_endpoint(f"http://{host}/token", "token endpoint")
        return
    with pytest.raises(UnifiedError):
        checked_endpoint(f"http://{host}/token", "token endpoint")


@pytest.mark.parametrize(
    "form", [*FORMS, "https://acme.example.{}", "https://{}.acme.example.evil", "https://acme.example%2e{}", "https://acme.example\u3002{}"]
)
@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "[::1]", "\uff11\uff12\uff17.0.0.1", "169.254.169.254"])
def test_an_address_of_a_response_is_one_of_the_declared_hosts(form: str, host: str) -> None:
    """Downloads and upload sessions have their addresses in responses."""
    assert not matches("https://acme.example", form.format(host))
    assert not matches("https://*.acme.example", form.format(host))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "host", ["127.1:{port}", "localhost:{port}", "2130706433:{port}", "[::1]:{port}", "\uff11\uff12\uff17.0.0.1:{port}"]
)
def test_a_next_page_by_any_spelling_is_not_fetched(server: Loopback, tap: Tap, form: str, host: str) -> None:
    address = form.format(host.format(port=tap.address[1]))
    link = f'<{address}/issues?page=2>; rel="next"'.encode("ascii", "ignore").decode()
    client = Client(settings=QUICK)
    client.connect("github", unified.bearer(SECRET), server=server.url)
    server.answers(Reply(200, b"[]", {"Link": link.strip(), "Content-Type": "application/json"}), Reply(200, b"[]"))
    with using(client), contextlib.suppress(UnifiedError):
        list(unified.tasks.list(via="github"))
    assert tap.heard() == []


def test_the_attacks_would_be_noted(caller: Caller, connects: Connects) -> None:
    caller.connections.add(Connection(VENDOR, basic("me", SECRET), {}, server="http://127.0.0.1:9"))
    with pytest.raises(UnifiedError):
        caller.run(tasks.get, "P-1")
    assert {address[1] for address in connects.seen} == {9}
