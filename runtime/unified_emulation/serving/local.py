"""Emulators for clients of this process: connections to all vendors, and a transport without sockets.

`unified_runtime.client.emulated` imports this module by name.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from unified_emulation.serving import addresses
from unified_emulation.serving.documents import vendors
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.seed_files import load_seed
from unified_emulation.serving.vendor import Incoming, Reply
from unified_emulation.serving.webhooks.requests import Send, send
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import TransportFailure, UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.owners import TENANT, Owner
from unified_runtime.core.responses import Response
from unified_runtime.toolkits.vendor_lookup import load_vendor


class EmulatedConnections:
    """Source of connections to the emulated vendors at an address: every user is connected to all of them."""

    tenant = TENANT

    def __init__(self, address: str, names: Iterable[str] | None = None) -> None:
        self._address = address
        self._names = frozenset(vendors() if names is None else names)
        self._made: dict[tuple[str, Owner], Connection] = {}

    def warm(self, owner: Owner) -> bool:
        """Return true: no connection is loaded from elsewhere."""
        return True

    def load(self, owner: Owner) -> None:
        """Do nothing: no connection is loaded from elsewhere."""

    def choose(self, vendors: Mapping[str, str], owner: Owner, name: str | None) -> tuple[Connection | UnifiedError, ...]:
        """Return a connection for each of the vendors that is emulated; the name of a connection selects none."""
        return tuple(self._connection(vendor, owner) for vendor in vendors if vendor in self._names)

    def _connection(self, vendor: str, owner: Owner) -> Connection:
        key = (vendor, owner)
        if key not in self._made:
            self._made[key] = addresses.connection(load_vendor(vendor), self._address, user=owner.user, team=owner.team)
        return self._made[key]


class EmulatorTransport:
    """Transport of sync and async clients to emulators in this process. Other addresses cannot be reached."""

    def __init__(self, emulators: Emulators) -> None:
        self._emulators = emulators

    def send(self, request: HTTPRequest) -> Response:
        body = request.body if request.upload is None else b"".join(request.upload)
        return self._received(request, body, wait=True)

    async def asend(self, request: HTTPRequest) -> Response:
        body = request.body if request.upload is None else b"".join([chunk async for chunk in request.upload])
        return await asyncio.to_thread(self._received, request, body, wait=True)

    def close(self) -> None:
        """Do nothing: no connection is open."""

    async def aclose(self) -> None:
        """Do nothing: no connection is open."""

    def _received(self, request: HTTPRequest, body: bytes, *, wait: bool) -> Response:
        url = request.credential.url(request.url)
        if not url.startswith(f"{addresses.DEFAULT}/"):
            raise TransportFailure(f"{urlsplit(url).netloc} is not an emulator", sent=False, permanent=True)
        parts = urlsplit(url)
        name, _, rest = parts.path.lstrip("/").partition("/")
        emulated = self._emulators.by_name.get(name)
        if emulated is None:
            raise TransportFailure(f"{name} is not emulated here", sent=False, permanent=True)
        headers = dict(_headers(request))
        reply = emulated.respond(Incoming(request.method, f"/{rest}", parts.query, headers, body, request.url))
        _failed(reply)
        pairs = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in reply.headers]
        return Response(reply.status, pairs, reply.content, request.url)


def _headers(request: HTTPRequest) -> Iterator[tuple[str, str]]:
    for name, value in (*request.headers, *request.credential.headers(request.method, request.url)):
        yield name.decode("latin-1").lower(), value.decode("latin-1")


def _failed(reply: Reply) -> None:
    """Raise the failure of a fault, or wait for a slow response."""
    if reply.fault is None:
        return
    if reply.fault.kind == "timeout":
        raise TransportFailure("ReadTimeout: the emulator was requested to send no response", sent=True)
    if reply.fault.kind == "reset":
        raise TransportFailure("ConnectionResetError: the emulator was requested to reset the connection", sent=True)
    if reply.fault.kind == "slow":
        time.sleep(reply.fault.seconds)


class LocalEmulator:
    """Emulators in this process, for `Client(emulated=…)`. Clients that are given the same one share its records.

    Args:
        names: the vendors; all if there are none.
        seed: a YAML file of the first records; by default the one that is shipped.
        send: sends a request to a receiver of webhooks; by default over HTTP.
        emulators: emulators to use, instead of new ones.

    Raises:
        InvalidInput: a vendor does not exist, or the seed is not valid.
    """

    def __init__(
        self, names: Iterable[str] = (), seed: Path | None = None, send: Send = send, *, emulators: Emulators | None = None
    ) -> None:
        self.emulators = emulators or Emulators(names, None if seed is None else load_seed(seed), send)
        self.address = addresses.DEFAULT
        self.transport = EmulatorTransport(self.emulators)

    def connections(self) -> EmulatedConnections:
        return EmulatedConnections(self.address, self.emulators.by_name)


def connections(address: str) -> tuple[str, EmulatedConnections]:
    """Return the checked address of a running emulator, and a source of connections to its vendors.

    Raises:
        InvalidInput: it is not an http URL of this machine.
    """
    checked = addresses.checked(address)
    return checked, EmulatedConnections(checked)
