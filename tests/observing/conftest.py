"""Calls to observe: a scripted vendor on loopback, and a client that is connected to it with a secret that nothing may show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback
from unified_runtime import Client, basic, observe
from unified_runtime.observing import Observer

SECRET = "sentinel-4f7c1e9b2d-password"


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    """What a test has the process observe ends with it."""
    yield
    observe()


def client_of(server: Loopback, *observers: Observer) -> Client:
    client = Client(settings=QUICK, observer=observers)
    client.connect(VENDOR, basic("me", SECRET), server=server.url)
    return client
