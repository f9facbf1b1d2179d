"""Calls to observe: a scripted vendor on loopback, and a client connected to it with a secret that must not be shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback
from unified_runtime import Client, basic, configure
from unified_runtime.core.observers import Observer

SECRET = "sentinel-4f7c1e9b2d-password"


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(autouse=True)
def no_one() -> Iterator[None]:
    """Observers of the process that a test adds are removed at its end."""
    yield
    configure(observers=None)


def client_of(server: Loopback, *observers: Observer) -> Client:
    client = Client(settings=QUICK, observers=observers)
    client.connect(VENDOR, basic("me", SECRET), server=server.url)
    return client
