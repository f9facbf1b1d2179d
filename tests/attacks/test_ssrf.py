"""Server-side request forgery: a connection's server, or a name, that leads into the network of this process.

The expected verdict on each address is written by hand. A `Tap` listens, and records everything that a client sends it, encrypted or not.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Connection, InvalidInput, Unavailable, basic, bearer, block_private_networks
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.vendors import ConnectionValue, Scheme, Vendor
from unified_runtime.http.network_policy import anywhere
from unified_runtime.http.ssrf import blocked_reason

SECRET = "sentinel-7c1e"
PUBLIC = "93.184.216.34"


class Tap:
    """Listen on this machine, and save what each connection sends."""

    def __init__(self) -> None:
        self._heard: queue.Queue[bytes] = queue.Queue()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                taken, _ = self._socket.accept()
            except OSError:
                return
            heard = b""
            taken.settimeout(5)
            with taken, contextlib.suppress(OSError):
                while data := taken.recv(65536):
                    heard += data
            self._heard.put(heard)

    def heard(self) -> list[bytes]:
        """Return what every connection has sent so far: they are accepted in order, and the last one is our own."""
        with socket.create_connection(self.address) as mark:
            mark.sendall(b"the last one")
        found = []
        while (one := self._heard.get(timeout=10)) != b"the last one":
            found.append(one)
        return found

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def tap() -> Iterator[Tap]:
    made = Tap()
    yield made
    made.close()


@pytest.fixture
def outside() -> Iterator[None]:
    """Settings of a broker or a web application, which gets servers from its users."""
    block_private_networks()
    yield
    anywhere()


Names = Callable[..., None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Resolve a name to these addresses, one response after another; the last one stays."""
    real = socket.getaddrinfo

    def lead(host: str, *responses: tuple[str, int]) -> None:
        left = [*responses]

        def looked_up(name: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            requested = name.decode() if isinstance(name, bytes) else name
            if requested != host:
                return real(name, port, *args, **kwargs)
            address = left.pop(0) if len(left) > 1 else left[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

        monkeypatch.setattr(socket, "getaddrinfo", looked_up)

    return lead


def vendor(server: str, **values: ConnectionValue) -> Vendor:
    return Vendor(name="acme", title="Acme", servers={"default": server}, schemes={"bearer": Scheme("bearer")}, connection=values)


def connect(caller: Caller, of: Vendor, **values: str) -> None:
    caller.connections = Connections()
    caller.connections.add(Connection(of, bearer(SECRET), values))


# ------------------------------------------------------------------------------------------------ addresses
INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "192.0.2.1", "::1",
    "fc00::1", "fdff::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:0a00:0001::1", "240.0.0.1", "255.255.255.255",
    "fec0::1", "64:ff9b:1::808:808", "::ffff:0:7f00:1", "::127.0.0.1", "::8.8.8.8", "2130706433", "0x7f.1", "017700000001", "10.1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "169.254.0.1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192",
    "64:ff9b:1::a9fe:a9fe", "::ffff:0:a9fe:a9fe", "::169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518", "0251.0376.0251.0376",
    "5f00::1", "3fff::1", "3fff:fff::1", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1", "2001:4:112::1",
    "2001:1::1", "2001:3::1", "::ffff:192.88.99.1", "64:ff9b::c058:6301", "2002:c058:6301::",
]  # fmt: skip
ALLOWED = [PUBLIC, "8.8.8.8", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("inside", [True, False])
def test_addresses_that_are_nobodys_server(address: str, inside: bool) -> None:
    assert blocked_reason(address, inside=inside) is not None


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_within(address: str) -> None:
    assert blocked_reason(address, inside=False) is not None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "fd12::1", "100.64.0.1", "::1"])
def test_addresses_of_self_hosted_servers(address: str) -> None:
    assert blocked_reason(address, inside=True) is None


@pytest.mark.parametrize("address", ALLOWED)
@pytest.mark.parametrize("inside", [True, False])
def test_public_addresses(address: str, inside: bool) -> None:
    assert blocked_reason(address, inside=inside) is None


# ------------------------------------------------------------------------------------------------ connections
@pytest.mark.parametrize("server", ["https://169.254.169.254", "https://[fe80::1]", "https://[::ffff:169.254.169.254]", "https://0.0.0.0"])
def test_a_server_that_is_link_local_is_never_reached(caller: Caller, server: str) -> None:
    caller.connect(server, basic("me", SECRET))
    with pytest.raises(Unavailable, match="that no vendor's server has"):
        caller.run(tasks.get, "P-1")


def test_a_self_hosted_server_on_this_machine_is_reached(caller: Caller, server: Loopback) -> None:
    caller.connect(server.url)
    server.answers(Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"


def test_a_vendors_own_name_never_leads_inside(caller: Caller, tap: Tap, names: Names) -> None:
    connect(caller, vendor("https://{site}.acme.example", site=ConnectionValue("the site")), site="mine")
    names("mine.acme.example", tap.address)
    with pytest.raises(Unavailable, match="in a private network"):
        caller.run(tasks.get, "P-1")
    assert tap.heard() == []  # not even probed


def test_a_name_that_leads_elsewhere_once_it_was_looked_at(caller: Caller, tap: Tap, names: Names) -> None:
    """DNS rebinding: a public address at the check, an internal one on connect."""
    connect(caller, vendor(f"https://{{site}}.acme.example:{tap.address[1]}", site=ConnectionValue("the site")), site="mine")
    names("mine.acme.example", (PUBLIC, 443), tap.address)
    caller.settings = replace(QUICK, attempts=1, connect_timeout=0.5)
    if caller.flavour == "default" or (caller.flavour, caller.mode) == ("lean", "async"):  # the client connects to the checked address
        with pytest.raises(Unavailable):
            caller.run(tasks.get, "P-1")
        assert tap.heard() == []
        return
    with pytest.raises(Unavailable, match="in a private network"):
        caller.run(tasks.get, "P-1")
    assert tap.heard() == [b""]  # connected, and not a byte sent, not even of TLS


@pytest.mark.parametrize(
    "server", ["http://127.0.0.1:{port}", "http://localhost:{port}", "https://127.0.0.1:{port}", "http://[::1]:{port}"]
)
def test_servers_chosen_by_users_reach_no_internal_address(caller: Caller, tap: Tap, outside: None, server: str) -> None:
    caller.connect(server.format(port=tap.address[1]), basic("me", SECRET))
    with pytest.raises(Unavailable, match="leads to an address"):
        caller.run(tasks.get, "P-1")
    assert tap.heard() == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "017700000001"])
def test_other_ways_to_write_an_address(caller: Caller, tap: Tap, outside: None, host: str) -> None:
    caller.connect(f"https://{host}:{tap.address[1]}", basic("me", SECRET))
    with pytest.raises(Unavailable):
        caller.run(tasks.get, "P-1")
    assert tap.heard() == []


def test_a_complete_server_as_a_connection_value(caller: Caller, tap: Tap, outside: None) -> None:
    connect(caller, vendor("{url}", url=ConnectionValue("its address")), url=f"http://127.0.0.1:{tap.address[1]}")
    with pytest.raises(Unavailable, match="leads to an address"):
        caller.run(tasks.get, "P-1")
    assert tap.heard() == []


def test_a_connection_that_is_open_already_is_not_borrowed(caller: Caller, server: Loopback) -> None:
    """A process shares a pool of connections: one opened with permission is not used by a client without it."""
    caller.connect(server.url)
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    block_private_networks()
    try:
        with pytest.raises(Unavailable, match="leads to an address in a private network; the setting `inside` of a broker"):
            caller.run(tasks.get, "P-1")
    finally:
        anywhere()
    assert len(server.seen) == 1


def test_hosts_that_are_named_are_reached(caller: Caller, server: Loopback) -> None:
    caller.connect(server.url)
    server.answers(Reply.of(ISSUE))
    block_private_networks(but=["127.0.0.1"])
    try:
        assert caller.run(tasks.get, "P-1").id == "P-1"
    finally:
        anywhere()


def test_a_host_that_is_named_with_a_port_is_reached_at_that_port_only(caller: Caller, server: Loopback, elsewhere: Loopback) -> None:
    block_private_networks(but=[server.url.removeprefix("http://")])
    try:
        caller.connect(server.url)
        server.answers(Reply.of(ISSUE))
        assert caller.run(tasks.get, "P-1").id == "P-1"
        caller.connect(elsewhere.url)
        with pytest.raises(Unavailable, match="in a private network"):
            caller.run(tasks.get, "P-1")
    finally:
        anywhere()
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "host",
    [
        "https://redmine.corp",
        "",
        "*.corp",
        "a b",
        "redmine.corp:",
        "redmine.corp:0",
        "redmine.corp:99999",
        "redmine.corp:x",
        ":443",
        "a:1:2",
    ],
)
def test_invalid_hosts_are_rejected(host: str) -> None:
    with pytest.raises(InvalidInput, match="is not a host name"):
        block_private_networks(but=[host])


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518", "[::ffff:169.254.169.254]"])
def test_behind_a_proxy_addresses_are_still_judged(caller: Caller, monkeypatch: pytest.MonkeyPatch, elsewhere: Loopback, host: str) -> None:
    """In every spelling: the proxy would read them as this machine does."""
    monkeypatch.setenv("HTTPS_PROXY", elsewhere.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    caller.connect(f"https://{host}", basic("me", SECRET))
    with pytest.raises(Unavailable, match="that no vendor's server has"):
        caller.run(tasks.get, "P-1")
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "site",
    [
        "acme.example/",
        "acme.example#",
        "acme.example?x=",
        "a@evil.test",
        "evil.test\\",
        "127.0.0.1:80",
        "a b",
        "a\r\nb",
        "..",
        "%2e",
        "[::1]",
        "é",
    ],
)
def test_a_value_cannot_lead_the_server_elsewhere(site: str) -> None:
    with pytest.raises(InvalidInput):
        Connection(vendor("https://{site}.acme.example", site=ConnectionValue("the site")), bearer(SECRET), {"site": site})


@pytest.mark.parametrize(
    "server",
    ["http://acme.example", "http://10.0.0.1", "ftp://127.0.0.1", "file:///etc/passwd", "https://me:pw@acme.example", "https://acme.example?x",
     "gopher://x", "//x", "https://a\\@b", "https://a b", "unix:///run/x"],
)  # fmt: skip
def test_invalid_servers(server: str) -> None:
    with pytest.raises(InvalidInput):
        Connection(VENDOR, basic("me", SECRET), {}, server=server)
