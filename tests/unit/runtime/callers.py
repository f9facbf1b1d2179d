"""Uniform way to make calls in tests, over each transport, sync and async."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import httpx2

from tests.unit.runtime.acme import VENDOR
from unified_runtime import AsyncClient, Client, Credential, PolicyEnforcer, Settings, basic, using
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.observers import CallRecord

UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""One context for all: loading the system's certificates for each client would be most of the suite's time."""
QUICK = Settings(backoff=0.001, longest_backoff=0.002, deadline=5)
FLAVOURS = ("default", "httpx2-client", "httpx-client", "httpx2-transport", "httpx-transport")
SYNC: dict[str, Callable[[], Any]] = {
    "default": lambda: None,
    "httpx2-client": lambda: httpx2.Client(verify=UNUSED),
    "httpx-client": lambda: httpx.Client(verify=UNUSED),
    "httpx2-transport": lambda: httpx2.HTTPTransport(verify=UNUSED),
    "httpx-transport": lambda: httpx.HTTPTransport(verify=UNUSED),
}
ASYNC: dict[str, Callable[[], Any]] = {
    "default": lambda: None,
    "httpx2-client": lambda: httpx2.AsyncClient(verify=UNUSED),
    "httpx-client": lambda: httpx.AsyncClient(verify=UNUSED),
    "httpx2-transport": lambda: httpx2.AsyncHTTPTransport(verify=UNUSED),
    "httpx-transport": lambda: httpx.AsyncHTTPTransport(verify=UNUSED),
}
WAYS = tuple(f"{flavour}-{mode}" for flavour in FLAVOURS for mode in ("sync", "async"))
"""Every transport, sync and async."""


class MemoryApprovals:
    """Save the record of every call that has ended."""

    def __init__(self, ended: list[CallRecord]) -> None:
        self._ended = ended

    def ended(self, call: CallRecord) -> None:
        self._ended.append(call)


class Caller:
    """Make calls through one kind of client. `run` returns the value, `list` all records."""

    def __init__(self, flavour: str, mode: str) -> None:
        self.flavour = flavour
        self.mode = mode
        self.connections = Connections()
        self.settings = QUICK
        self.rate_limiter: Any = None
        self.enforcer: PolicyEnforcer | None = None
        self.ended: list[CallRecord] | None = None
        """Ended calls, for tests of waiting times: measured by the reported times, not by a clock."""

    def connect(self, server: str, credential: Credential | None = None, **more: Any) -> Connection:
        vendor = more.pop("vendor", VENDOR)
        connection = Connection(vendor, credential or basic("me", "password"), more.pop("values", {}), server=server, **more)
        self.connections.add(connection)
        return connection

    def run(self, operation: Any, *args: Any, **kwargs: Any) -> Any:
        return self._within(lambda: operation(*args, **kwargs), lambda: operation.asynchronous(*args, **kwargs))

    def list(self, operation: Any, *args: Any, **kwargs: Any) -> Any:
        async def collected() -> list[Any]:
            return [record async for record in operation.asynchronous(*args, **kwargs)]

        return self._within(lambda: [*operation(*args, **kwargs)], collected)

    def _within(self, call: Callable[[], Any], acall: Callable[[], Any]) -> Any:
        options: Any = {
            "settings": self.settings,
            "connections": self.connections,
            "rate_limiter": self.rate_limiter,
            "policy": self.enforcer,
        }
        if self.ended is not None:
            options["observers"] = MemoryApprovals(self.ended)
        if self.mode == "sync":
            inner = SYNC[self.flavour]()
            with using(Client(inner, **options)):
                try:
                    return call()
                finally:
                    if inner is not None:
                        inner.close()

        async def within() -> Any:
            inner = ASYNC[self.flavour]()
            async with AsyncClient(inner, **options) as client, using(client):
                try:
                    return await acall()
                finally:
                    await client.aclose()
                    if inner is not None:
                        await inner.aclose()

        return asyncio.run(within())
