"""The runtime's own suite with every call made through a broker: its callers, and the broker in between."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.brokers import serving
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller, MemoryApprovals
from tests.unit.runtime.server import Loopback
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

OPERATIONS = {f"tasks.{name}": getattr(tasks, name) for name in ("create", "get", "delete", "archive", "update", "list")}


def find(name: str) -> Any:
    if name not in OPERATIONS:
        raise InvalidInput(f"{name!r} is no operation")
    return OPERATIONS[name]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return KeyStore(open_store(Path(tmp_path_factory.mktemp("broker"), "control.db")))


@pytest.fixture(scope="session")
def any_key(keys: KeyStore) -> str:
    """Return a key with all permissions, for any user."""
    return keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=None)[1].reveal()


@pytest.fixture(scope="session")
def running(keys: KeyStore) -> Iterator[tuple[Broker, str]]:
    """Return one broker for the session; each caller adds its own connections to it."""
    broker = Broker(Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find), Identity(keys))
    with serving(broker) as url:
        yield broker, url


class BrokerCaller(Caller):
    """Make calls through the broker, which gets the caller's settings and connections."""

    def __init__(self, mode: str, broker: Broker, url: str, key: str) -> None:
        super().__init__("default", mode)
        self.broker = broker
        self.url = url
        self.key = key

    def _within(self, call: Callable[[], Any], acall: Callable[[], Any]) -> Any:
        calls = self.broker.calls
        observer = None if self.ended is None else MemoryApprovals(self.ended)  # the broker is the one that waits
        calls.client = AsyncClient(settings=self.settings, connections=self.connections, observers=observer)
        calls.rate_limiter = self.rate_limiter if self.rate_limiter is not None else Unlimited()
        calls.enforcer = self.enforcer or PolicyEnforcer(KeyScopePolicy())
        if self.mode == "sync":
            with Client(broker=self.url, key=self.key, settings=self.settings) as client, using(client):
                try:
                    return call()
                finally:
                    client.close()

        async def within() -> Any:
            async with AsyncClient(broker=self.url, key=self.key, settings=self.settings) as client, using(client):
                try:
                    return await acall()
                finally:
                    await client.aclose()

        return asyncio.run(within())


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest, server: Loopback, running: tuple[Broker, str], any_key: str) -> BrokerCaller:
    made = BrokerCaller(request.param, *running, any_key)
    made.connect(server.url)
    return made


@pytest.fixture
def governed(caller: BrokerCaller) -> BrokerCaller:
    return caller


@pytest.fixture
def simple(server: Loopback, running: tuple[Broker, str], any_key: str) -> BrokerCaller:
    made = BrokerCaller("sync", *running, any_key)
    made.connect(server.url)
    return made


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose vault, keys and audit log are in the test's folder."""
    return {
        **os.environ,
        "UNIFIED_VAULT": str(tmp_path / "vault.db"),
        "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
        "UNIFIED_CONTROL": str(tmp_path / "control.db"),
        "UNIFIED_IDEMPOTENCY": str(tmp_path / "ledger.db"),
    }
